// Accounts in a file: keys are replaced by writing it anew, without a restart.

import { readFileSync, statSync } from 'node:fs'
import { BatchError } from '@malachite/model'
import { parseAccounts, type Accounts } from './accounts.ts'

/** What reading a file of accounts needs. */
export interface AccountsFileOptions {
  /** Milliseconds since 1970. */
  now: () => number
  /** Told once per change of the file that it could not be taken over. */
  warn: (message: string) => void
  /** Throws for accounts that may not be used. @default all may */
  check?: (accounts: Accounts) => void
}

/** Milliseconds between two looks at the file. */
const INTERVAL = 1000

/**
 * The accounts of a file, looked at anew at most once a second and only when somebody asks. A file that goes or becomes
 * wrong changes nothing but the log. Throws a `ConfigurationError` when it cannot be read at first.
 */
export function openAccountsFile(path: string, options: AccountsFileOptions): () => Accounts {
  const { now, warn, check = () => {} } = options
  const read = (): Accounts => {
    const accounts = readAccounts(path)
    check(accounts)
    return accounts
  }
  let seen = fingerprint(path)
  let looked = now()
  let accounts = read()
  return () => {
    const time = now()
    if (Math.abs(time - looked) < INTERVAL) return accounts
    looked = time
    const current = fingerprint(path)
    if (current === seen) return accounts
    seen = current
    try {
      accounts = read()
    } catch (error) {
      warn(`The accounts stay as they were: ${(error as Error).message}`)
    }
    return accounts
  }
}

/** What changes whenever the file does; empty when there is none. */
function fingerprint(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false, bigint: true })
  return stats ? `${stats.ino} ${stats.size} ${stats.mtimeNs}` : ''
}

function readAccounts(path: string): Accounts {
  const text = readText(path)
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'))
  try {
    return parseAccounts(lines.join(';'))
  } catch (cause) {
    throw invalid(`${path}: ${(cause as Error).message}`, cause)
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw invalid(`The file of accounts cannot be read: ${(cause as Error).message}`, cause)
  }
}

function invalid(message: string, cause: unknown): BatchError {
  return new BatchError('ConfigurationError', {}, { message, cause })
}
