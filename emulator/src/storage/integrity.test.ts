import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from './database.ts'
import { isDiskFailure } from './integrity.ts'

/** Path of a database with some megabytes in it. */
function makeDatabase(): string {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-integrity-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'batch.db')
  const db = openDatabase(path)
  db.exec('create table filler (text)')
  for (let i = 0; i < 100; i++) db.select('insert into filler values (?) returning 1', ['x'.repeat(20_000)])
  db.close()
  return path
}

const DAMAGES: [what: string, damage: (path: string) => void][] = [
  ['that is something else', (path) => writeFileSync(path, 'This is no database. '.repeat(1000))],
  ['that lacks its end', (path) => truncateSync(path, Math.floor(statSync(path).size / 2))],
  ['whose first page is overwritten', (path) => overwrite(path, 100)],
  ['with a page overwritten', (path) => overwrite(path, 20 * 4096)],
]

test.each(DAMAGES)('refuses a file %s, and leaves it as it is', (_, damage) => {
  const path = makeDatabase()
  damage(path)
  const before = readFileSync(path)
  expect(() => openDatabase(path)).toThrow(/batch\.db is damaged \(.+\); nothing in it was changed/)
  expect(readFileSync(path).equals(before)).toBe(true)
})

test('an empty file becomes a database, as a new one does', () => {
  const path = makeDatabase()
  writeFileSync(path, '')
  openDatabase(path).close()
  expect(readFileSync(path, 'latin1')).toMatch(/^SQLite format 3/)
})

test('a transaction that does not fit on the disk is undone whole, and the next one that fits is done', () => {
  const db = openDatabase(makeDatabase())
  onTestFinished(() => db.close())
  const insert = (): unknown => db.select('insert into filler values (?) returning 1', ['y'.repeat(20_000)])
  const count = (): unknown => db.select('select count(*) as count from filler', [])
  const [size] = db.select<{ page_count: number }>('pragma page_count', [])
  db.exec(`pragma max_page_count = ${Number(size?.page_count) + 20}`)
  const failed = catchError(() => db.transaction(() => Array.from({ length: 20 }, insert)))
  expect(isDiskFailure(failed)).toBe(true)
  expect(failed).toMatchObject({ message: 'database or disk is full' })
  expect(count()).toEqual([{ count: 100 }])
  db.transaction(insert)
  expect(count()).toEqual([{ count: 101 }])
})

test('a database that may only be read is the disk’s fault, a broken rule is not', () => {
  const db = openDatabase(makeDatabase())
  onTestFinished(() => db.close())
  db.exec('create unique index once on filler (text) where length(text) < 10')
  const insert = (): unknown => db.select('insert into filler values (?) returning 1', ['same'])
  insert()
  expect(isDiskFailure(catchError(insert))).toBe(false)
  db.exec('pragma query_only = on')
  expect(isDiskFailure(catchError(insert))).toBe(true)
  expect(isDiskFailure(new Error('something else'))).toBe(false)
})

function overwrite(path: string, from: number): void {
  const bytes = readFileSync(path)
  bytes.fill(0xa5, from, from + 4096)
  writeFileSync(path, bytes)
}

function catchError(body: () => unknown): unknown {
  try {
    body()
    return undefined
  } catch (error) {
    return error
  }
}
