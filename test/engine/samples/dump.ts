// A database as text that a review can read, and back. Rows come before triggers, which have done their work already.

import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'

/** The statements that make the database at `path` anew. */
export function dumpDatabase(path: string): string {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const { user_version: version } = db.prepare('pragma user_version').get() as { user_version: number }
    const objects = schemaOf(db)
    const isTable = ({ type }: SchemaObject): boolean => type === 'table'
    const tables = objects.filter(isTable)
    return [
      `pragma user_version = ${version};`,
      ...tables.map(({ sql }) => `${sql};`),
      ...tables.flatMap(({ name }) => rowsOf(db, name)),
      ...objects.filter((object) => !isTable(object)).map(({ sql }) => `${sql};`),
      '',
    ].join('\n')
  } finally {
    db.close()
  }
}

/** Makes a database at `path` of the statements. */
export function loadDatabase(path: string, text: string): void {
  const db = new DatabaseSync(path)
  db.exec(`pragma foreign_keys = off; begin; ${text} commit`)
  db.close()
}

/** What creates the tables, indexes and triggers of the database at `path`, sorted. */
export function readSchema(path: string): string[] {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    return schemaOf(db)
      .map(({ sql }) => sql)
      .sort()
  } finally {
    db.close()
  }
}

interface SchemaObject {
  type: string
  name: string
  sql: string
}

function schemaOf(db: DatabaseSync): SchemaObject[] {
  const rows = db.prepare('select type, name, sql from sqlite_schema where sql is not null').all()
  return (rows as unknown as SchemaObject[]).filter(({ name }) => !name.startsWith('sqlite_'))
}

function rowsOf(db: DatabaseSync, table: string): string[] {
  const columns = db.prepare(`select name from pragma_table_xinfo('${table}') where hidden = 0`).all()
  const names = columns.map(({ name }) => `"${String(name)}"`).join(', ')
  return db
    .prepare(`select ${names} from "${table}"`)
    .all()
    .map((row) => `insert into "${table}" (${names}) values (${Object.values(row).map(literal).join(', ')});`)
}

function literal(value: SQLOutputValue): string {
  if (value === null) return 'null'
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}
