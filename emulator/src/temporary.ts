// The directory of a service that keeps nothing. Its name tells whose it is, so that the next one can clear away what a
// killed process left.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const NAME = /^malachite-(\d+)-[A-Za-z0-9]{6}$/

/** A new directory for this process alone, below the system's temporary directory. */
export function makeTemporary(): string {
  sweep(tmpdir())
  return mkdtempSync(join(tmpdir(), `malachite-${process.pid}-`))
}

function sweep(directory: string): void {
  for (const name of readdirSync(directory)) {
    const pid = Number(NAME.exec(name)?.[1] ?? process.pid)
    if (isGone(pid)) remove(join(directory, name))
  }
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch {
    // Another user's, or another service is clearing it away as well: not ours to insist.
  }
}
