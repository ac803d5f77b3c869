// The database as a killed emulator leaves it: sound, and without rows of what is gone.

import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createLeftoverCheck } from '../engine/model/invariants.ts'

/** What is wrong with a copy of the database of a location; the next start finds the log of the last life as it was. */
export function checkDatabase(location: string): string[] {
  if (!existsSync(join(location, 'batch.db'))) return []
  const directory = mkdtempSync(join(tmpdir(), 'malachite-torture-database-'))
  try {
    for (const name of ['batch.db', 'batch.db-wal'])
      if (existsSync(join(location, name))) copyFileSync(join(location, name), join(directory, name))
    return checkCopy(join(directory, 'batch.db'))
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function checkCopy(path: string): string[] {
  const db = new DatabaseSync(path)
  try {
    const rows = db.prepare('pragma integrity_check').all() as { integrity_check: string }[]
    const wrong = rows.map((row) => row.integrity_check).filter((text) => text !== 'ok')
    if (wrong.length === 0 && hasTables(db)) createLeftoverCheck(db)()
    return wrong.map((text) => `the database is damaged: ${text}`)
  } catch (error) {
    if (!(error instanceof assert.AssertionError)) throw error
    return [`the database has ${error.message}: ${JSON.stringify(error.actual)}`]
  } finally {
    db.close()
  }
}

/** Not if the emulator was killed before it had made them. */
function hasTables(db: DatabaseSync): boolean {
  return db.prepare("select 1 from sqlite_schema where name = 'tasks'").get() !== undefined
}
