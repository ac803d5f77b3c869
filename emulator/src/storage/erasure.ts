// What a job leaves behind, deleted a part at a time: with a million tasks it takes seconds, and nobody is to wait so long.

import type { Database } from './database.ts'

/** What may be many rows of one job, and the columns that name one; what others refer to comes after those. */
const TABLES = [
  ['dependencies', 'job, parent, task'],
  ['tasks', 'key'],
  ['satisfied', 'job, id'],
  ['numberRuns', 'job, first'],
  ['dependencyRanges', 'rowid'],
  ['releases', 'job, parent'],
  ['jobNodes', 'key'],
] as const

/** Deletes up to `limit` rows of what belongs to a job; how many there were: less than `limit` when nothing is left. */
export function createErasure(db: Database): (job: number, limit: number) => number {
  const statements = TABLES.map(([table, key]) =>
    db.query<{ job: number; limit: number }, never>(
      `delete from ${table} where (${key}) in (select ${key} from ${table} where job = :job limit :limit + 0)`,
    ),
  )
  return (job, limit) => {
    let count = 0
    for (const statement of statements) {
      count += statement.run({ job, limit: limit - count })
      if (count === limit) break
    }
    return count
  }
}
