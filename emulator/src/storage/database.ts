// One SQLite database holds everything but the bytes of files. Synchronous: nothing runs between a read and a write.

import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { MIGRATIONS } from './schema.ts'

/** A prepared statement whose parameters and rows have types. */
export interface Query<Params, Row> {
  get(params: Params): Row | undefined
  all(params: Params): Row[]
  run(params: Params): number
}

/** A value SQLite takes as a parameter. */
export type SqlValue = string | number | null

export type Database = ReturnType<typeof openDatabase>

/** Opens (and creates or upgrades) the database at `path`; `:memory:` is the same code without a file. */
export function openDatabase(path: string) {
  const db = new DatabaseSync(path)
  configure(db, path)
  migrate(db, path)
  const dynamic = new Map<string, StatementSync>()
  return {
    /**
     * Prepares a statement with named parameters (`:name`). Write `limit :limit + 0`: a bare parameter there makes
     * SQLite plan the statement anew at every call (35 µs instead of 5 µs), because the number may change the plan.
     */
    query<Params extends object, Row>(sql: string): Query<Params, Row> {
      return query<Params, Row>(prepare(db, sql))
    },
    /**
     * Prepares a statement with positional parameters (`?`). For rows of many columns: to look up the names of 30
     * parameters takes as long as to write a task (12 µs).
     */
    statement<Row>(sql: string): (params: SqlValue[]) => Row | undefined {
      const statement = db.prepare(sql)
      return (params) => statement.get(...params) as Row | undefined
    },
    /** Rows of a statement made at run time with positional parameters; statements are kept for reuse. */
    select<Row>(sql: string, params: SqlValue[]): Row[] {
      return cached(dynamic, db, sql).all(...params) as Row[]
    },
    /** Runs a statement made at run time, as above, that gives no rows. */
    run(sql: string, params: SqlValue[]): void {
      cached(dynamic, db, sql).run(...params)
    },
    /** All changes of `body` or none. */
    transaction<T>(body: () => T): T {
      db.exec('begin immediate')
      try {
        const result = body()
        db.exec('commit')
        return result
      } catch (error) {
        db.exec('rollback')
        throw error
      }
    },
    exec: (sql: string) => db.exec(sql),
    close: () => db.close(),
  }
}

function configure(db: DatabaseSync, path: string): void {
  // Exclusive: a second emulator on the same file is refused instead of undoing the work of the first.
  db.exec(`
    pragma locking_mode = ${path === ':memory:' ? 'normal' : 'exclusive'};
    pragma journal_mode = wal;
    pragma synchronous = normal;
    pragma foreign_keys = on;
    pragma temp_store = memory;
  `)
}

function migrate(db: DatabaseSync, path: string): void {
  const { user_version: version } = db.prepare('pragma user_version').get() as { user_version: number }
  if (version > MIGRATIONS.length) {
    db.close()
    throw new Error(
      `${path} was written by a newer release (schema ${version}, this one knows ${MIGRATIONS.length}); use that release or another --location`,
    )
  }
  MIGRATIONS.slice(version).forEach((sql, i) => {
    db.exec(`begin; ${sql}; pragma user_version = ${version + i + 1}; commit`)
  })
}

function prepare(db: DatabaseSync, sql: string): StatementSync {
  const statement = db.prepare(sql)
  statement.setAllowUnknownNamedParameters(true)
  return statement
}

function query<Params extends object, Row>(statement: StatementSync): Query<Params, Row> {
  type Named = Record<string, SQLInputValue>
  return {
    get: (params) => statement.get(params as Named) as Row | undefined,
    all: (params) => statement.all(params as Named) as Row[],
    run: (params) => Number(statement.run(params as Named).changes),
  }
}

function cached(cache: Map<string, StatementSync>, db: DatabaseSync, sql: string): StatementSync {
  const known = cache.get(sql)
  if (known) return known
  if (cache.size >= 200) cache.clear()
  const statement = db.prepare(sql)
  cache.set(sql, statement)
  return statement
}
