// One SQLite database holds everything but the bytes of files. Synchronous: nothing runs between a read and a write.

import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { requireIntact } from './integrity.ts'
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

/** How much a database survives. */
export interface Durability {
  /**
   * Each change is on the disk before it is told, so that it survives a loss of power and not just the end of this
   * process. Costs a wait for the disk at every change: see docs/durability.md. @default false
   */
  fsync?: boolean
}

/** Memory for the pages of a database, KiB: of a million tasks only a small part is worked on at a time. */
const CACHE = 64 * 1024

/**
 * The same for `:memory:`. Small, because each commit goes through all pages that were changed since SQLite wrote them,
 * which it does when they are a quarter of these: a commit takes 7 us with 1 MB, as without a file, and 40 us with 4 MB.
 */
const TEMPORARY_CACHE = 1024

/**
 * Opens (and creates or upgrades) the database at `path`. `:memory:` keeps nothing: what does not fit into its cache is in a
 * file of the system's temporary directory that has no name, so that a million tasks take no memory of this process.
 */
export function openDatabase(path: string, { fsync = false }: Durability = {}) {
  requireIntact(path)
  // An empty path is SQLite's for such a file; its own `:memory:` would keep all of it in memory.
  const db = new DatabaseSync(path === TEMPORARY ? '' : path)
  configure(db, path, fsync)
  migrate(db, path)
  const dynamic = new Map<string, StatementSync>()
  const [begin, commit] = [db.prepare('begin immediate'), db.prepare('commit')]
  return {
    /**
     * Prepares a statement with named parameters (`:name`). Write `limit :limit + 0`: a bare parameter there makes
     * SQLite plan the statement anew at every call (35 µs instead of 5 µs), because the number may change the plan.
     */
    query<Params extends object, Row>(sql: string): Query<Params, Row> {
      return query<Params, Row>(db, sql)
    },
    /** Prepares a change with positional parameters (`?`), for rows of many columns; answers the key of a new row. */
    write(sql: string): (params: SqlValue[]) => number {
      const statement = db.prepare(sql)
      return (params) => Number(statement.run(...params).lastInsertRowid)
    },
    /** Rows of a statement made at run time with positional parameters; statements are kept for reuse. */
    select<Row>(sql: string, params: SqlValue[]): Row[] {
      return cached(dynamic, db, sql).all(...params) as Row[]
    },
    /** All changes of `body` or none. */
    transaction<T>(body: () => T): T {
      begin.run()
      try {
        const result = body()
        commit.run()
        return result
      } catch (error) {
        // A full disk has undone it already.
        if (db.isTransaction) db.exec('rollback')
        throw error
      }
    },
    exec: (sql: string) => db.exec(sql),
    close: () => db.close(),
  }
}

const TEMPORARY = ':memory:'

function configure(db: DatabaseSync, path: string, fsync: boolean): void {
  const isTemporary = path === TEMPORARY
  // Exclusive: a second emulator on the same file is refused instead of undoing the work of the first.
  // Normal: a change is with the system before it is told, which survives SIGKILL; the disk gets it when it likes.
  db.exec(`
    pragma locking_mode = ${isTemporary ? 'normal' : 'exclusive'};
    pragma journal_mode = ${isTemporary ? 'memory' : 'wal'};
    pragma cache_size = -${isTemporary ? TEMPORARY_CACHE : CACHE};
    pragma synchronous = ${fsync ? 'full' : 'normal'};
    pragma foreign_keys = on;
    pragma temp_store = memory;
  `)
}

/** Schema versions up to this one are of builds before the first release: they are not carried over. */
const UNRELEASED = 1

function migrate(db: DatabaseSync, path: string): void {
  const { user_version: version } = db.prepare('pragma user_version').get() as { user_version: number }
  const newest = UNRELEASED + MIGRATIONS.length
  if (version > newest) {
    const known = `(schema ${version}, this one knows ${newest})`
    refuse(db, `${path} was written by a newer release ${known}; use that release or another --location`)
  }
  if (version > 0 && version <= UNRELEASED)
    refuse(db, `${path} was written by a build before the first release; delete it or use another --location`)
  const first = Math.max(version, UNRELEASED)
  MIGRATIONS.slice(first - UNRELEASED).forEach((sql, i) => {
    db.exec(`begin; ${sql}; pragma user_version = ${first + i + 1}; commit`)
  })
}

function refuse(db: DatabaseSync, reason: string): never {
  db.close()
  throw new Error(reason)
}

/**
 * Names are given to SQLite as places: with eight of them a call takes 0.6 µs instead of 2.0. Of a task that runs that is
 * too little to be seen.
 */
function query<Params extends object, Row>(db: DatabaseSync, sql: string): Query<Params, Row> {
  const names = Array.from(sql.matchAll(NAME), ([, name = '']) => name)
  const statement = db.prepare(sql.replaceAll(NAME, '?'))
  const bind = (params: Params): SQLInputValue[] => {
    const named = params as Record<string, SQLInputValue>
    return names.map((name) => named[name] as SQLInputValue)
  }
  return {
    get: (params) => statement.get(...bind(params)) as Row | undefined,
    all: (params) => statement.all(...bind(params)) as Row[],
    run: (params) => Number(statement.run(...bind(params)).changes),
  }
}

const NAME = /:(\w+)/g

function cached(cache: Map<string, StatementSync>, db: DatabaseSync, sql: string): StatementSync {
  const known = cache.get(sql)
  if (known) return known
  if (cache.size >= 200) cache.clear()
  const statement = db.prepare(sql)
  cache.set(sql, statement)
  return statement
}
