// The numbers of satisfied tasks of each job, as runs without a gap: whether a range has all of its numbers is one look
// into an index, however long it is.

import type { Database } from './database.ts'

/** Numbers from `first` to `last`, both included. */
export interface NumberRange {
  first: number
  last: number
}

type OfJob = { job: number }

export function createNumberRuns(db: Database) {
  const before = db.query<OfJob & { number: number }, NumberRange>(
    'select first, last from numberRuns where job = :job and first <= :number order by first desc limit 1',
  )
  const startingAt = db.query<OfJob & { first: number }, NumberRange>(
    'select first, last from numberRuns where job = :job and first = :first',
  )
  const insert = db.query<OfJob & NumberRange, never>(
    'insert or replace into numberRuns (job, first, last) values (:job, :first, :last)',
  )
  const remove = db.query<OfJob & { first: number }, never>(
    'delete from numberRuns where job = :job and first = :first',
  )

  const runOf = (job: number, number: number): NumberRange | undefined => {
    const run = before.get({ job, number })
    return run && run.last >= number ? run : undefined
  }
  return {
    /** Adds a number; the run that it is part of now, `undefined` if it was there before. */
    add(job: number, number: number): NumberRange | undefined {
      if (runOf(job, number)) return undefined
      const left = runOf(job, number - 1)
      const right = startingAt.get({ job, first: number + 1 })
      const run = { first: left?.first ?? number, last: right?.last ?? number }
      if (right) remove.run({ job, first: right.first })
      insert.run({ job, ...run })
      return run
    },
    /** Takes a number out, wherever in its run it is. */
    remove(job: number, number: number): void {
      const run = runOf(job, number)
      if (!run) return
      remove.run({ job, first: run.first })
      if (run.first < number) insert.run({ job, first: run.first, last: number - 1 })
      if (run.last > number) insert.run({ job, first: number + 1, last: run.last })
    },
    /** The first number from `first` on that is not there. */
    firstMissing: (job: number, first: number) => (runOf(job, first)?.last ?? first - 1) + 1,
    /** Whether all numbers of the range are there. */
    covers: (job: number, { first, last }: NumberRange) => (runOf(job, first)?.last ?? -1) >= last,
  }
}
