// What a caller may choose about Azurite, and what follows from it.

import { developmentAccount, parseAccounts, type StorageAccount } from './account.ts'

/** How `startAzurite()` runs Azurite. */
export interface AzuriteOptions {
  /** Address to listen at. @default '127.0.0.1' */
  host?: string | undefined
  /** Port to listen at; 0 picks a free one. @default 0 */
  port?: number | undefined
  /** Directory that keeps the blobs; without it they live in memory and end with Azurite. */
  location?: string | undefined
  /** Accounts as `name:key[:key2];…`; the first is the one returned. @default the development account */
  accounts?: string | undefined
  /** Ends the start, or closes Azurite when it is already running. */
  signal?: AbortSignal | undefined
  /**
   * Called once with the reason if Azurite ends although nobody closed it.
   * @default the reason becomes a process warning
   */
  onFailure?: ((error: Error) => void) | undefined
}

/** `AzuriteOptions` with every default filled in. */
export interface ResolvedAzuriteOptions {
  readonly host: string
  readonly port: number
  readonly location: string | undefined
  readonly accounts: string | undefined
  readonly account: StorageAccount
  readonly onFailure: (error: Error) => void
}

/** Fills in the defaults. Throws an `Error` if the list of accounts cannot be read. */
export function resolveOptions(options: AzuriteOptions): ResolvedAzuriteOptions {
  const { host = '127.0.0.1', port = 0, location, accounts, onFailure = warn } = options
  const [account = developmentAccount] = accounts === undefined ? [] : parseAccounts(accounts)
  return { host, port, location, accounts, account, onFailure }
}

function warn(error: Error): void {
  process.emitWarning(error.message, 'AzuriteWarning')
}

/** The command line of Azurite's blob service. The version check is off because SDKs are newer than Azurite. */
export function azuriteArguments({ host, port, location }: ResolvedAzuriteOptions): string[] {
  const flags = [
    '--blobHost',
    host,
    '--blobPort',
    String(port),
    '--skipApiVersionCheck',
    '--disableTelemetry',
  ]
  const storage = location === undefined ? ['--inMemoryPersistence'] : ['--location', location]
  return [...flags, '--silent', ...storage]
}

/**
 * The environment of Azurite's thread: of `environment`, without the settings of another Azurite (accounts, SQL
 * database) that would contradict the options.
 */
export function azuriteEnvironment(
  { accounts }: ResolvedAzuriteOptions,
  environment: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const { AZURITE_ACCOUNTS: _accounts, AZURITE_DB: _database, ...rest } = environment
  return accounts === undefined ? rest : { ...rest, AZURITE_ACCOUNTS: accounts }
}

/** The URL under which clients on this machine reach `account`; a wildcard address becomes the loopback one. */
export function accountUrl(host: string, port: number, account: string): string {
  const address = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}/${account}`
}
