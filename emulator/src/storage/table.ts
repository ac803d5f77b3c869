// What every table has: insert a row, save a row, read a page of a list.

import { BatchError } from '@malachite/model'
import type { ListQuery } from '../engine/api.ts'
import { compileFilter, type ColumnMap } from '../odata/compile.ts'
import type { Database, SqlValue } from './database.ts'

/** Largest page the service answers. */
export const MAX_PAGE = 1000

/** What pools, jobs and tasks can all be filtered by. */
export const RESOURCE_COLUMNS: ColumnMap = {
  id: { sql: 'id', type: 'text' },
  state: { sql: 'state', type: 'text', ignoreCase: true },
  stateTransitionTime: { sql: 'stateAt', type: 'time' },
  creationTime: { sql: 'createdAt', type: 'time' },
  lastModified: { sql: 'modifiedAt', type: 'time' },
  displayName: { sql: "body ->> '$.displayName'", type: 'text' },
}

/**
 * Statements that write rows. `fixed` columns are written by `insert` only: SQLite rewrites every index that has a
 * column of the SET list, changed or not, and a task is saved twice in its life (0.12 ms less for each task).
 * Generated columns and those kept by triggers are in neither list.
 */
export function writeStatements<Row extends { key: number }>(
  db: Database,
  table: string,
  fixed: readonly (keyof Row & string)[],
  changing: readonly (keyof Row & string)[],
) {
  const columns = [...fixed, ...changing]
  const insert = db.query<Omit<Row, 'key'>, { key: number }>(
    `insert into ${table} (${columns.join(', ')}) values (${columns.map((c) => `:${c}`).join(', ')}) returning key`,
  )
  const update = db.query<Row, never>(
    `update ${table} set ${changing.map((c) => `${c} = :${c}`).join(', ')} where key = :key`,
  )
  const remove = db.query<{ key: number }, never>(`delete from ${table} where key = :key`)
  return {
    insert: (row: Omit<Row, 'key'>): number => insert.get(row)?.key ?? 0,
    save: (row: Row): void => void update.run(row),
    delete: (row: { key: number }): void => void remove.run(row),
  }
}

/** A page of rows in the order of their ids (ordinal, as the service lists them). */
export function selectPage<Row extends { id: string }>(
  db: Database,
  from: string,
  columns: ColumnMap,
  query: ListQuery,
  scope?: { sql: string; value: SqlValue },
): { rows: Row[]; next?: string } {
  const filter = compileFilter(query.filter, columns)
  const size = requirePageSize(query.maxResults)
  const where = [scope?.sql ?? '1', filter.where, query.skipToken ? 'id collate binary > ?' : '1']
  const params = [...(scope ? [scope.value] : []), ...filter.params, ...readToken(query.skipToken), size + 1]
  const rows = db.select<Row>(
    `select * from ${from} where ${where.map((w) => `(${w})`).join(' and ')} order by id collate binary limit ? + 0`,
    params,
  )
  if (rows.length <= size) return { rows }
  const page = rows.slice(0, size)
  return { rows: page, next: writeToken(page.at(-1)?.id ?? '') }
}

function requirePageSize(size = MAX_PAGE): number {
  if (size >= 1 && size <= MAX_PAGE) return size
  throw new BatchError('InvalidQueryParameterValue', {
    QueryParameterName: 'maxresults',
    QueryParameterValue: String(size),
    Reason: size < 1 ? 'MaxResults cannot be less than 1' : `MaxResults cannot be greater than ${MAX_PAGE}`,
  })
}

const TOKEN = /^M1:([A-Za-z0-9_-]+)$/

function writeToken(id: string): string {
  return `M1:${Buffer.from(id).toString('base64url')}`
}

function readToken(token: string | undefined): string[] {
  if (token === undefined) return []
  const match = TOKEN.exec(token)
  if (match?.[1]) return [Buffer.from(match[1], 'base64url').toString()]
  throw new BatchError('InvalidQueryParameterValue', {
    QueryParameterName: '$skiptoken',
    QueryParameterValue: token,
    Reason: 'The token is not one that this service gave out.',
  })
}

/** The members named by `select`, in the view's own order; all of them without a `select`. */
export function project<View extends object>(view: View, select: readonly string[] | undefined): View {
  if (!select) return view
  return Object.fromEntries(Object.entries(view).filter(([name]) => select.includes(name))) as View
}

/** Parses a JSON column; `undefined` for null. */
export function json<T>(text: string | null): T | undefined {
  return text === null ? undefined : (JSON.parse(text) as T)
}

/** The object without its undefined members: the service never writes nulls. */
export function compact<T extends object>(view: T): T {
  for (const [name, value] of Object.entries(view)) if (value === undefined) delete view[name as keyof T]
  return view
}
