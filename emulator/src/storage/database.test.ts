import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from './database.ts'

/** Path of a database that was left at a version of the schema. */
function databaseOf(version: number): string {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-database-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'batch.db')
  const db = new DatabaseSync(path)
  db.exec(`pragma user_version = ${version}`)
  db.close()
  return path
}

test('makes its tables in a new database, and finds them again', () => {
  const path = databaseOf(0)
  openDatabase(path).close()
  const db = openDatabase(path)
  expect(db.select('select id from pools', [])).toEqual([])
  db.close()
})

test.each([
  [true, 2],
  [false, 1],
])('with fsync %s, SQLite’s level of synchronization is %i', (fsync, level) => {
  const db = openDatabase(databaseOf(0), { fsync })
  onTestFinished(() => db.close())
  expect(db.select('pragma synchronous', [])).toEqual([{ synchronous: level }])
})

test('refuses the database of a newer release', () => {
  expect(() => openDatabase(databaseOf(1000))).toThrow(
    'was written by a newer release (schema 1000, this one',
  )
})

test('refuses the database of a build before the first release', () => {
  expect(() => openDatabase(databaseOf(1))).toThrow('was written by a build before the first release')
})
