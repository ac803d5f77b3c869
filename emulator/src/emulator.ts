// The emulator as one thing: the Batch service on a port, and Azurite for blobs beside it.

import type { Azurite } from '@malachite/azurite'
import { BatchError, systemClock, type Clock, type Quotas } from '@malachite/model'
import type { Engine } from './engine/api.ts'
import { type BatchHost, openBatchHost } from './host.ts'
import { openAccountsFile } from './http/accounts-file.ts'
import { DEVELOPMENT_ACCOUNTS, parseAccounts, type Accounts } from './http/accounts.ts'
import type { OAuth } from './http/bearer.ts'
import type { HttpLogger } from './http/context.ts'
import { requirePrivateKeys, resolveOAuth } from './http/exposure.ts'
import { createJobTokens } from './http/job-token.ts'
import type { BatchServer } from './http/server.ts'
import type { ContainerEngineChoice } from './node/container-engine.ts'
import type { Profile } from './profile/profile.ts'
import type { EmulatorWindow } from './window.ts'

/** Options of an emulator. */
export interface EmulatorOptions {
  /** Address that the Batch service listens on. @default '127.0.0.1' */
  batchHost?: string
  /** Port of the Batch service; 0 = a free one. @default 0 */
  batchPort?: number
  /** Port of Azurite, which is started beside it; 0 = a free one, 'none' = no Azurite. @default 0 */
  blobPort?: number | 'none'
  /** Directory that keeps everything across restarts. @default nothing is kept */
  location?: string
  /** What `location` keeps of the Batch service survives a loss of power, too. @default false */
  fsync?: boolean
  /** Directory that holds the application packages, `<id>/<version>.zip`. @default `applications` in `location` */
  applications?: string
  /** What runs the containers of tasks. @default 'auto': Docker or Podman, whichever answers */
  containerEngine?: ContainerEngineChoice
  /** Accounts and their base64 keys, `name:key[:key2];…`. @default the development account */
  accounts?: string
  /** A file that holds them instead, also one a line; read again when it changes. */
  accountsFile?: string
  /** Whether bearer tokens of Entra ID are taken; their signature is not verified. @default 'basic' on loopback */
  oauth?: OAuth
  /** Certificate and key in PEM: the Batch service then speaks https. @default plain http */
  tls?: { cert: string; key: string }
  /** On other addresses than loopback, take the published development key and unverified tokens. @default false */
  unsafe?: boolean
  /** Host names besides loopback under which clients reach the service, e.g. its name in docker-compose. @default [] */
  allowedHosts?: readonly string[]
  /** Refuse api-versions newer than the newest known one instead of serving them as that one. @default false */
  strictApiVersion?: boolean
  /** What all accounts together may have at most. @default unlimited */
  quotas?: Quotas
  /** How long things take that need no time here: allocation, boot, scheduling … @default 'instant' */
  profile?: Profile
  /** Which of the times of the profile 'azure' they take, a whole number. @default 0 */
  seed?: number
  /** The service's clock goes so many times faster, 1–10,000; processes and signatures keep theirs. @default 1 */
  timeScale?: number
  /** @default no log */
  logger?: HttpLogger
  /** @default the clock on the wall */
  clock?: Clock
}

/** A running emulator, and what clients need to reach it. */
export interface Emulator {
  /** Where the Batch service answers, and with which account; the key is in base64. */
  batch: { url: string; account: string; key: string }
  /** Absent with `blobPort: 'none'`. */
  blob?: { url: string; account: string; key: string; connectionString: string }
  /** The directory that holds the application packages, absolute; it is read whenever they matter. */
  applications: string
  /** The service without HTTP. */
  engine: Engine
  /** A view of it for a dashboard in this process, which remembers what changes until it is closed. */
  openWindow(): Promise<EmulatorWindow>
  /** Ends all tasks and forgets all pools and jobs. Blobs stay. */
  reset(): Promise<void>
  /** Ends all tasks, frees the ports, deletes temporary files. Calling it again does nothing. */
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'

/**
 * Starts an emulator and resolves when both services answer.
 * A port that is taken, a location that cannot be used, or an address where strangers could run programs rejects with a
 * `BatchError` that says so.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { accounts, oauth } = openAccounts(options)
  const [[account, keys] = ['', []]] = accounts()
  const parts: Parts = {}
  // What ran before a restart runs again at once, with files of the blob service and the address of this one.
  const ready = Promise.withResolvers<void>()
  const close = closer(parts, ready.resolve)
  try {
    const pace = pick(options, 'clock', 'profile', 'seed', 'timeScale')
    const host = (parts.host = openBatchHost({
      ...pick(options, 'location', 'fsync', 'applications', 'containerEngine', 'quotas'),
      ...pace,
      account,
      ready: ready.promise,
    }))
    const { createBatchServer } = await import('./http/server.ts')
    const jobTokens = createJobTokens()
    host.account.jobToken = jobTokens.issue
    const server = (parts.server = createBatchServer({
      engine: host.engine,
      files: host.files,
      accounts,
      oauth,
      jobTokens,
      ...pick(options, 'clock', 'logger', 'allowedHosts', 'strictApiVersion', 'tls'),
    }))
    const [listening, blobs] = await Promise.allSettled([listen(server, options), startBlobs(options)])
    // Whatever was started is closed, also when the other failed.
    const azurite = (parts.azurite = blobs.status === 'fulfilled' ? blobs.value : undefined)
    const url = fulfilled(listening)
    fulfilled(blobs)
    host.account.url = `${url}/`
    // The blobs beside are the storage account that is linked to the Batch account.
    if (azurite) host.account.autoStorage = azurite.connectionString
    ready.resolve()
    return {
      batch: { url, account, key: keys[0] ?? '' },
      ...(azurite && { blob: pick(azurite, 'url', 'account', 'key', 'connectionString') }),
      applications: host.applications,
      engine: host.engine,
      async openWindow() {
        const { openWindow } = await import('./window.ts')
        return openWindow({ engine: host.engine, handle: server.handle, account, url })
      },
      reset: () => host.reset(),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Who is let in. Throws when that would be everybody on the network. */
function openAccounts(options: EmulatorOptions): { accounts: () => Accounts; oauth: OAuth } {
  const { accounts, accountsFile, batchHost: host = LOOPBACK, unsafe = false, clock = systemClock } = options
  const exposure = { host, unsafe, ...pick(options, 'oauth') }
  const oauth = resolveOAuth(exposure)
  const check = (found: Accounts): void => requirePrivateKeys(found, exposure)
  if (accountsFile !== undefined) {
    const warn = (message: string): void => options.logger?.warn(message)
    return { accounts: openAccountsFile(accountsFile, { now: () => clock.now(), warn, check }), oauth }
  }
  const fixed = accounts === undefined ? DEVELOPMENT_ACCOUNTS : parseAccounts(accounts)
  check(fixed)
  return { accounts: () => fixed, oauth }
}

function fulfilled<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'fulfilled') return result.value
  throw result.reason
}

interface Parts {
  host?: BatchHost
  server?: BatchServer
  azurite?: Azurite | undefined
}

/**
 * Closes what was opened, in the order in which nobody misses anything: no more requests, then tasks, then blobs. `release` is
 * called when the tasks are being ended: whoever waits for a start that failed need not wait any more.
 */
function closer(parts: Parts, release: () => void): () => Promise<void> {
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    await parts.server?.close()
    const ended = parts.host?.close()
    release()
    await ended
    await parts.azurite?.close()
  }
  return () => (closing ??= close())
}

async function listen(
  server: BatchServer,
  { batchHost = LOOPBACK, batchPort = 0 }: EmulatorOptions,
): Promise<string> {
  try {
    return await server.listen({ host: batchHost, port: batchPort })
  } catch (cause) {
    throw portError('Batch', batchHost, batchPort, '--batchPort', cause)
  }
}

async function startBlobs({ blobPort = 0, location }: EmulatorOptions): Promise<Azurite | undefined> {
  if (blobPort === 'none') return undefined
  const { startAzurite } = await import('@malachite/azurite')
  try {
    return await startAzurite({
      port: blobPort,
      ...(location !== undefined && { location: `${location}/blobs` }),
    })
  } catch (cause) {
    throw portError('Blob', '127.0.0.1', blobPort, '--blobPort', cause)
  }
}

function portError(service: string, host: string, port: number, flag: string, cause: unknown): BatchError {
  const { code, message } = cause as { code?: string; message?: string }
  const taken = `${service} service: port ${port} on ${host} is taken; stop what listens there or choose another with ${flag} (0 = a free one)`
  return new BatchError(
    'ConfigurationError',
    {},
    { message: code === 'EADDRINUSE' ? taken : `${service} service: ${message}`, cause },
  )
}

function pick<T extends object, Name extends keyof T>(from: T, ...names: Name[]): Pick<T, Name> {
  return Object.fromEntries(
    names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]),
  ) as Pick<T, Name>
}
