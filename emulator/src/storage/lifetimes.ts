// Which jobs may have tasks that became too old: one row for each job, so that tasks cost nothing for it.

import type { Database } from './database.ts'
import type { TaskRow } from './tasks.ts'

const UNFINISHED = "job = :job and state in ('active', 'preparing', 'running')"

export function createLifetimeStore(db: Database) {
  const insert = db.query<{ due: number; job: number }, never>(
    'insert into lifetimes (due, job) values (:due, :job)',
  )
  const move = db.query<{ due: number; job: number }, never>(
    'update lifetimes set due = :due where job = :job',
  )
  const due = db.query<{ now: number }, { job: number }>(
    'select job from lifetimes where due <= :now order by due',
  )
  const next = db.query<object, { due: number }>('select due from lifetimes order by due limit 1')
  const added = db.query<{ job: number; until: number; limit: number }, TaskRow>(
    `select * from namedTasks where ${UNFINISHED} and createdAt <= :until limit :limit + 0`,
  )
  const oldest = db.query<{ job: number }, { createdAt: number | null }>(
    `select min(createdAt) as createdAt from tasks where ${UNFINISHED}`,
  )
  return {
    /** None of the job's tasks is too old before this time. */
    insert: (job: number, time: number) => void insert.run({ job, due: time }),
    /** The same of a job that was looked at. */
    move: (job: number, time: number) => void move.run({ job, due: time }),
    /** Keys of the jobs that are to be looked at. */
    due: (now: number) => due.all({ now }).map(({ job }) => job),
    /** When the next job is to be looked at. */
    next: () => next.get({})?.due,
    /** Up to `limit` tasks of a job that were added until this time and are not done; it reads all that are not. */
    unfinished: (job: number, until: number, limit: number) => added.all({ job, until, limit }),
    /** When the oldest task of a job that is not done was added; it reads all of them. */
    oldestOf: (job: number) => oldest.get({ job })?.createdAt ?? undefined,
  }
}
