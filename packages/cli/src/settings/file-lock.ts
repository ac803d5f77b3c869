// A lock that ends with its process, however that ends: SQLite holds it, with whatever the system has for that. A file
// with a pid would have to be judged after a crash, when the pid may be another process's.

import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** Takes the lock; gives the function that releases it, or undefined when another process has it. */
export function takeLock(path: string): (() => void) | undefined {
  const database = new DatabaseSync(path)
  try {
    database.exec('pragma journal_mode = off; pragma locking_mode = exclusive; begin exclusive')
  } catch (error) {
    database.close()
    if (/locked|busy/.test((error as Error).message)) return undefined
    throw error
  }
  return () => {
    database.close()
    rmSync(path, { force: true })
  }
}
