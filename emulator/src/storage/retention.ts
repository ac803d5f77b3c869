// Whose files are to go when. Rows are written when tasks complete and looked at when they are due: by then the task
// may be gone or wait anew, so it is asked again.

import type { Database } from './database.ts'
import type { TaskRow } from './tasks.ts'

/** A completed task whose files are over their time. */
export type ExpiredTask = Pick<TaskRow, 'key' | 'id' | 'nodeId' | 'nodes'> & { jobId: string }

export function createRetentionStore(db: Database) {
  const insert = db.query<{ due: number; task: number }, never>(
    'insert or ignore into retained (due, task) values (:due, :task)',
  )
  const take = db.query<{ now: number; limit: number }, { task: number }>(
    `delete from retained where (due, task) in
       (select due, task from retained where due <= :now order by due, task limit :limit + 0) returning task`,
  )
  const expired = db.query<{ task: number; now: number }, ExpiredTask>(
    `select tasks.key as key, tasks.id as id, nodeId, nodes, jobs.id as jobId from namedTasks as tasks join jobs on jobs.key = tasks.job
     where tasks.key = :task and tasks.state = 'completed' and tasks.endedAt + retention <= :now`,
  )
  const next = db.query<object, { due: number }>('select due from retained order by due limit 1')
  const ofNode = db.query<{ nodeId: string }, { until: number | null }>(
    `select max(until) as until from (
       select max(endedAt + retention) as until from tasks
         where node = (select key from nodeNames where nodeId = :nodeId) and state = 'completed'
       union all select max(tasks.endedAt + retention) from instances join tasks on tasks.key = instances.task
       where instances.nodeId = :nodeId and tasks.state = 'completed')`,
  )
  return {
    /** The files of a task may go at this time. */
    insert: (due: number, task: number) => void insert.run({ due, task }),
    /** Takes up to `limit` due rows off the list; the keys of their tasks. */
    take: (now: number, limit: number) => take.all({ now, limit }).map(({ task }) => task),
    /** The task, if its files are to go indeed. */
    expired: (task: number, now: number) => expired.get({ task, now }),
    /** When the next files may go. */
    next: () => next.get({})?.due,
    /** When the last files of a node's tasks may go; it reads all of them. */
    untilOfNode: (nodeId: string) => ofNode.get({ nodeId })?.until ?? 0,
  }
}
