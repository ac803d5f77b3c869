// The tries that outlive their task's interest: they hold their slots until their processes are gone.

import type { Database } from './database.ts'

/** A try whose task has moved on while its process was still there. */
export interface EndingRow {
  run: number
  job: number
  nodeId: string
  slots: number
  /** To be deleted once the process is gone. */
  directory: string | null
}

export function createEndingStore(db: Database) {
  const insert = db.query<EndingRow, never>(
    `insert into endings (run, job, nodeId, slots, directory) values (:run, :job, :nodeId, :slots, :directory)
     on conflict do update set directory = coalesce(excluded.directory, directory)`,
  )
  const take = db.query<{ run: number }, EndingRow>('delete from endings where run = :run returning *')
  const forget = db.query<{ nodeId: string }, never>('delete from endings where nodeId = :nodeId')
  const disown = db.query<{ job: number }, never>('update endings set job = 0 where job = :job')
  const ofJob = db.query<{ job: number }, { count: number }>(
    'select count(*) as count from endings where job = :job',
  )
  const onPool = db.query<{ pool: number }, { slots: number | null }>(
    `select sum(endings.slots) as slots from endings join nodes on nodes.id = endings.nodeId
     where nodes.pool = :pool`,
  )
  return {
    insert: (row: EndingRow) => void insert.run(row),
    /** Removes and returns the ending of a try. */
    take: (run: number) => take.get({ run }),
    /** The job does not wait for its tries any more. */
    disown: (job: number) => void disown.run({ job }),
    forgetNode: (nodeId: string) => void forget.run({ nodeId }),
    /** Slots that come free on a pool once the processes are gone. */
    slotsOnPool: (pool: number) => onPool.get({ pool })?.slots ?? 0,
    countOfJob: (job: number) => ofJob.get({ job })?.count ?? 0,
  }
}
