// Batch accounts the emulator answers for: one that is published, and those of MALACHITE_ACCOUNTS.

import { BatchError, DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY } from '@malachite/model'

/** Account names (lower case) with their base64 keys: one, or two so that one can be replaced while in use. */
export type Accounts = ReadonlyMap<string, readonly string[]>

/** The account every emulator has unless others are named. */
export const DEVELOPMENT_ACCOUNTS: Accounts = new Map([[DEVELOPMENT_ACCOUNT, [DEVELOPMENT_KEY]]])

/**
 * Accounts of `name:key[:key2];…`. Throws a `BatchError` `ConfigurationError` that says which entry is wrong and why;
 * keys are never in it.
 */
export function parseAccounts(text: string): Accounts {
  const entries = text
    .split(';')
    .map((entry) => entry.trim())
    .filter(Boolean)
  if (entries.length === 0) throw invalid('no account is named')
  const accounts = new Map<string, readonly string[]>()
  for (const [index, entry] of entries.entries()) {
    const [name = '', ...keys] = entry.split(':')
    requireEntry(name, keys, index)
    if (accounts.has(name)) throw invalid(`account ${name} is named twice`)
    accounts.set(name, keys)
  }
  return accounts
}

function requireEntry(name: string, keys: readonly string[], index: number): void {
  // A text without a colon may be a key by mistake: it is not repeated in the message.
  if (keys.length === 0) throw invalid(`entry ${index + 1} has no key`)
  if (!/^[a-z0-9]{3,24}$/.test(name))
    throw invalid(`the name of entry ${index + 1} must be 3 to 24 lower-case letters and digits`)
  if (keys.length > 2) throw invalid(`account ${name} has ${keys.length} keys; one or two are allowed`)
  if (!keys.every(isBase64)) throw invalid(`a key of account ${name} is not base64 text`)
}

function isBase64(key: string): boolean {
  return key !== '' && Buffer.from(key, 'base64').toString('base64') === key
}

function invalid(reason: string): BatchError {
  const message = `Accounts must be written as name:key[:key2];name:key…, but ${reason}.`
  return new BatchError('ConfigurationError', {}, { message, status: 400 })
}
