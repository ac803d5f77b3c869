// A damaged database is refused before anything is written: whoever wants to save what is in it finds it as it was.

import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/**
 * Reads through the database at `path`, if there is one, without changing it: 2 ms per MB.
 * @throws Error when it is damaged or no database at all
 */
export function requireIntact(path: string): void {
  const { size = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {}
  if (size === 0) return
  const damage = findDamage(path)
  if (damage === undefined) return
  const advice = 'nothing in it was changed; put a copy in its place, or use another --location'
  throw new Error(`${path} is damaged (${damage}); ${advice}`)
}

function findDamage(path: string): string | undefined {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const { quick_check: result } = db.prepare('pragma quick_check(1)').get() as { quick_check: string }
    return result === 'ok' ? undefined : firstLine(result)
  } catch (error) {
    if (DAMAGES.has(codeOf(error))) return (error as Error).message
    throw error
  } finally {
    db.close()
  }
}

/** SQLite's SQLITE_CORRUPT and SQLITE_NOTADB. */
const DAMAGES: ReadonlySet<number> = new Set([11, 26])

/** SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN. */
const REFUSALS: ReadonlySet<number> = new Set([8, 10, 13, 14])

/** Whether the disk, and not the program, is why a change failed: it is full, read-only or broken. */
export function isDiskFailure(error: unknown): boolean {
  return REFUSALS.has(codeOf(error))
}

/** SQLite's code of an error without what it adds to it; 0 for other errors. */
function codeOf(error: unknown): number {
  const { code, errcode = 0 } = error as { code?: string; errcode?: number }
  return code === 'ERR_SQLITE_ERROR' ? errcode & 0xff : 0
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => !line.startsWith('***')) ?? text
}
