// All stores of one database.

import { openDatabase } from './database.ts'
import { createJobStore } from './jobs.ts'
import { createNodeStore } from './nodes.ts'
import { createPoolStore } from './pools.ts'
import { createEndingStore, createTaskStore } from './tasks.ts'

export type Store = ReturnType<typeof openStore>

/** Opens the database at `path` (`:memory:` for none). */
export function openStore(path: string) {
  const db = openDatabase(path)
  const latest = db.query<object, { us: number | null }>(
    `select max(us) as us from (
       select max(stateAt, modifiedAt) as us from pools union all select max(stateAt) from nodes
       union all select max(stateAt, modifiedAt) from jobs union all select max(queue, stateAt, modifiedAt) from tasks)`,
  )
  return {
    pools: createPoolStore(db),
    nodes: createNodeStore(db),
    jobs: createJobStore(db),
    tasks: createTaskStore(db),
    endings: createEndingStore(db),
    transaction: <T>(body: () => T) => db.transaction(body),
    /** The latest time that was ever written, microseconds; 0 in an empty database. */
    latestTime: () => latest.get({})?.us ?? 0,
    /** Deletes every row. */
    clear: () =>
      db.exec(
        'delete from endings; delete from tasks; delete from jobs; delete from nodes; delete from pools',
      ),
    close: () => db.close(),
  }
}
