// The tries that outlive their task's interest: they hold their slots until their processes are gone, and as long as one
// of its tries is here, a task counts as blocked: it must not run twice at once.

import type { Database } from './database.ts'

/** A try whose task has moved on while its process was still there. */
export interface EndingRow {
  run: number
  /** 0: no job waits for the process. */
  job: number
  /** The task that waits for the process; null when it is deleted. */
  task: number | null
  nodeId: string
  /** 0 when the node goes down and has forgotten its tasks. */
  slots: number
  /** To be deleted once the process is gone. */
  directory: string | null
}

export function createEndingStore(db: Database) {
  const insert = db.query<EndingRow, never>(
    `insert into endings (run, job, task, nodeId, slots, directory)
     values (:run, :job, :task, :nodeId, :slots, :directory)
     on conflict do update set directory = coalesce(excluded.directory, directory)`,
  )
  const take = db.query<{ run: number }, EndingRow>('delete from endings where run = :run returning *')
  const forget = db.query<{ nodeId: string }, never>('delete from endings where nodeId = :nodeId')
  const directories = db.query<{ nodeId: string }, { directory: string }>(
    'select directory from endings where nodeId = :nodeId and directory is not null',
  )
  const unload = db.query<{ nodeId: string }, never>(
    'update endings set job = 0, slots = 0 where nodeId = :nodeId',
  )
  const discard = db.query<{ task: number; directory: string }, never>(
    'update endings set directory = :directory where task = :task',
  )
  const adopt = db.query<{ job: number; task: number; directory: string }, never>(
    `update endings set task = :task where directory = :directory and job = :job and task is null`,
  )
  const ofTask = db.query<{ task: number }, EndingRow>('select * from endings where task = :task limit 1')
  const disown = db.query<{ job: number }, never>('update endings set job = 0 where job = :job')
  const ofJob = db.query<{ job: number }, { count: number }>(
    'select count(*) as count from endings where job = :job',
  )
  const onPool = db.query<{ pool: number }, { slots: number | null }>(
    `select sum(endings.slots) as slots from endings join nodes on nodes.id = endings.nodeId
     where nodes.pool = :pool`,
  )
  // Nearly nobody deletes tasks that run: others need not look for their processes whenever a task is added.
  let mayAdopt =
    db.query<object, object>('select 1 from endings where directory is not null limit 1').get({}) !==
    undefined
  return {
    insert(row: EndingRow): void {
      mayAdopt ||= row.directory !== null
      insert.run(row)
    },
    /** Removes and returns the ending of a try. */
    take: (run: number) => take.get({ run }),
    /** The job does not wait for its tries any more. */
    disown: (job: number) => void disown.run({ job }),
    /** The node goes down: nothing holds slots of it any more, and only tasks wait for what still runs there. */
    unloadNode: (nodeId: string) => void unload.run({ nodeId }),
    /** Those on the node that are to be deleted once their processes are gone. */
    directoriesOn: (nodeId: string) => directories.all({ nodeId }).map(({ directory }) => directory),
    /** Nothing runs on the node any more; whether anything did. */
    forgetNode: (nodeId: string) => forget.run({ nodeId }) > 0,
    /** Has the directory of a task deleted once its processes are gone; false when it has none. */
    discard(task: number, directory: string): boolean {
      const isAwaited = discard.run({ task, directory }) > 0
      mayAdopt ||= isAwaited
      return isAwaited
    },
    /** A new task waits for the processes of deleted ones that run in its directory. */
    adopt(job: number, task: number, directory: string): void {
      if (mayAdopt) adopt.run({ job, task, directory })
    },
    /** One of the processes that a task waits for. */
    ofTask: (task: number) => ofTask.get({ task }),
    /** Slots that come free on a pool once the processes are gone. */
    slotsOnPool: (pool: number) => onPool.get({ pool })?.slots ?? 0,
    countOfJob: (job: number) => ofJob.get({ job })?.count ?? 0,
  }
}
