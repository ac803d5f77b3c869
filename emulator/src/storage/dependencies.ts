// Which tasks wait for which others. A task's `blocked` counts its rows here; what is satisfied has none, so that the end
// of a task costs as much as there are tasks that waited for it, however many tasks the job has.

import type { Database } from './database.ts'
import { createNumberRuns, type NumberRange } from './number-runs.ts'

/** Tasks that are let go in one change. */
const CHUNK = 500

const ALL = 1_000_000_000

type OfParent = { job: number; parent: string }
type OfTask = { job: number; id: string }
type OfNumber = { job: number; number: number }
type OfRange = { job: number } & NumberRange

export function createDependencyStore(db: Database) {
  const insert = db.query<OfParent & { task: number }, never>(
    'insert or ignore into dependencies (job, parent, task) values (:job, :parent, :task)',
  )
  const unblock = db.query<OfParent & { limit: number }, never>(
    `update tasks set blocked = blocked - 1 where key in
       (select task from dependencies where job = :job and parent = :parent order by task limit :limit + 0)`,
  )
  const forget = db.query<OfParent & { limit: number }, never>(
    `delete from dependencies where job = :job and parent = :parent and task in
       (select task from dependencies where job = :job and parent = :parent order by task limit :limit + 0)`,
  )
  const postpone = db.query<OfParent, never>(
    'insert or ignore into releases (job, parent) values (:job, :parent)',
  )
  const postponed = db.query<object, OfParent>('select job, parent from releases limit 1')
  const isPostponed = db.query<OfParent, object>(
    'select 1 from releases where job = :job and parent = :parent',
  )
  const settle = db.query<OfParent, never>('delete from releases where job = :job and parent = :parent')
  const insertRange = db.query<OfRange, never>(
    'insert or ignore into dependencyRanges (job, first, last) values (:job, :first, :last)',
  )
  const satisfy = db.query<OfTask & { number: number | null }, never>(
    'insert or ignore into satisfied (job, id, number) values (:job, :id, :number)',
  )
  const isSatisfied = db.query<OfTask, object>('select 1 from satisfied where job = :job and id = :id')
  const hasNumber = db.query<OfNumber, object>(
    'select 1 from satisfied where job = :job and number = :number',
  )
  const retract = db.query<OfTask, never>('delete from satisfied where job = :job and id = :id')
  const waitsOf = db.query<{ task: number; limit: number }, { parent: string }>(
    'select parent from dependencies where task = :task limit :limit + 0',
  )
  const takeRanges = rangeStatements(db)
  const runs = createNumberRuns(db)

  /** Some of what waits for `parent` waits for one thing less; how many there were. */
  const releaseSome = (job: number, parent: string, limit: number): number => {
    const count = unblock.run({ job, parent, limit })
    if (count > 0) forget.run({ job, parent, limit })
    return count
  }

  /** What waited for `parent` waits for one thing less, the rest of it when it is its turn; whether anything did. */
  const release = (job: number, parent: string): boolean => {
    const count = releaseSome(job, parent, CHUNK)
    if (count === CHUNK) postpone.run({ job, parent })
    return count > 0
  }

  /** Ranges that this number completes are done. */
  const releaseRanges = (job: number, number: number): boolean => {
    const run = runs.add(job, number)
    const done = run ? takeRanges(job, number, run) : []
    return done.map((range) => release(job, nameOf(range))).includes(true)
  }

  return {
    /** The ids among these whose tasks did not let their dependents go yet. */
    missingIds: (job: number, ids: readonly string[]) => ids.filter((id) => !isSatisfied.get({ job, id })),
    /** The ranges among these that have a number without such a task. */
    missingRanges: (job: number, ranges: readonly NumberRange[]) =>
      ranges.filter((range) => !runs.covers(job, range)),
    /** Up to `limit` of the ids that a task waits for; of a range the first that is missing. */
    waitsOf: (job: number, task: number, limit: number) =>
      waitsOf.all({ task, limit }).map(({ parent }) => {
        const [first, last] = parent.split('..')
        return last === undefined ? parent : String(runs.firstMissing(job, Number(first)))
      }),
    /** Lets a task wait for these ids and ranges, which are missing. */
    insert(job: number, task: number, ids: readonly string[], ranges: readonly NumberRange[]): void {
      for (const parent of ids) insert.run({ job, parent, task })
      for (const range of ranges) {
        insertRange.run({ job, ...range })
        insert.run({ job, parent: nameOf(range), task })
      }
    },
    /** A task lets its dependents go; whether any waited for it. */
    satisfy(job: number, id: string): boolean {
      const number = numberOf(id)
      satisfy.run({ job, id, number })
      const released = release(job, id)
      return (number !== null && releaseRanges(job, number)) || released
    },
    /** Whether tasks are still to be let go. */
    anyPostponed: () => postponed.get({}) !== undefined,
    /** Lets some more of them go; the key of their job. */
    releaseNext(): number | undefined {
      const next = postponed.get({})
      if (next && releaseSome(next.job, next.parent, CHUNK) < CHUNK) settle.run(next)
      return next?.job
    },
    /** A task of this id is to run (again): those that are added from now on wait for it. */
    retract(job: number, id: string): void {
      const number = numberOf(id)
      if (retract.run({ job, id }) === 0) return
      // Those that waited for its former life do not wait for this one.
      if (isPostponed.get({ job, parent: id })) releaseSome(job, id, ALL)
      if (number === null) return
      // Another task may have the same number: 4 and 004.
      if (!hasNumber.get({ job, number })) runs.remove(job, number)
    },
  }
}

/** Takes the ranges off the list that lie in `run` and have `number`, which completed them. */
function rangeStatements(db: Database) {
  const within = 'first between :first and :number and last between :number and :last'
  const take = (index: string) =>
    db.query<OfRange & { number: number }, NumberRange>(
      `delete from dependencyRanges where (job, first, last) in
         (select job, first, last from dependencyRanges indexed by ${index} where job = :job and ${within})
       returning first, last`,
    )
  const byFirst = take('dependencyRangesByFirst')
  const byLast = take('dependencyRangesByLast')
  return (job: number, number: number, run: NumberRange): NumberRange[] => {
    // Looked up by the end on whose side there are fewer numbers: chains grow at one end of a run, or at the other.
    const statement = number - run.first < run.last - number ? byFirst : byLast
    return statement.all({ job, number, ...run })
  }
}

/** The number that an id is, leading zeros ignored; null for one that is none a range can name. */
function numberOf(id: string): number | null {
  const number = /^\d+$/.test(id) ? Number(id) : NaN
  return number <= MAX_NUMBER ? number : null
}

const MAX_NUMBER = 2_147_483_647

/** How a range is named among the parents; no id of a task looks so. */
function nameOf({ first, last }: NumberRange): string {
  return `${first}..${last}`
}
