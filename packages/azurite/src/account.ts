// Storage accounts as Azurite knows them: the well-known development account, or a list in AZURITE_ACCOUNTS format.

/** Name of the storage account that every storage emulator has. */
export const DEVELOPMENT_ACCOUNT = 'devstoreaccount1'

/** Base64 key of the development account: published by Microsoft and the same everywhere, so it protects nothing. */
export const DEVELOPMENT_ACCOUNT_KEY =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

/** A storage account: its name and its first key in base64. */
export interface StorageAccount {
  readonly name: string
  readonly key: string
}

/** The account that clients get when no list of accounts is given. */
export const developmentAccount: StorageAccount = {
  name: DEVELOPMENT_ACCOUNT,
  key: DEVELOPMENT_ACCOUNT_KEY,
}

/**
 * Parses `name:key[:key2];…` and returns the accounts in that order. Throws an `Error` that names the faulty entry by
 * its position, never by its content: Azurite itself would silently fall back to the development account.
 */
export function parseAccounts(accounts: string): StorageAccount[] {
  const entries = accounts.split(';').filter((entry) => entry.trim() !== '')
  if (entries.length === 0)
    throw new Error('The list of storage accounts is empty; expected "name:key[:key2];…".')
  return entries.map((entry, index) => parseAccount(entry.trim(), index + 1))
}

function parseAccount(entry: string, position: number): StorageAccount {
  const [name = '', ...keys] = entry.split(':')
  if (!/^[a-z0-9]{3,24}$/.test(name)) {
    throw new Error(`Storage account ${position}: a name has 3 to 24 lower case letters and digits.`)
  }
  const [key] = keys
  if (key === undefined || keys.length > 2 || !keys.every(isBase64)) {
    throw new Error(`Storage account ${position}: expected one or two base64 keys after the name.`)
  }
  return { name, key }
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text)
}

/** The connection string of `account` behind `url`, its blob service URL without a SAS. */
export function connectionString(url: string, account: StorageAccount): string {
  const protocol = new URL(url).protocol.slice(0, -1)
  return (
    `DefaultEndpointsProtocol=${protocol};AccountName=${account.name};` +
    `AccountKey=${account.key};BlobEndpoint=${url};`
  )
}

/** The connection string of the development account behind `url`, for example `http://127.0.0.1:10000/devstoreaccount1`. */
export function developmentConnectionString(url: string): string {
  return connectionString(url, developmentAccount)
}
