// The emulator as one thing: the Batch service on a port, and Azurite for blobs beside it.

import { startAzurite, type Azurite } from '@malachite/azurite'
import { BatchError, type Clock } from '@malachite/model'
import type { Engine } from './engine/api.ts'
import { type BatchHost, openBatchHost } from './host.ts'
import { DEVELOPMENT_ACCOUNTS, parseAccounts } from './http/accounts.ts'
import type { HttpLogger } from './http/context.ts'
import type { BatchServer } from './http/server.ts'

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
  /** Accounts and their base64 keys, `name:key[:key2];…`. @default the development account */
  accounts?: string
  /** Host names besides loopback under which clients reach the service, e.g. its name in docker-compose. @default [] */
  allowedHosts?: readonly string[]
  /** @default no log */
  logger?: HttpLogger
  /** @default the clock on the wall */
  clock?: Clock
}

/** A running emulator, and what clients need to reach it. */
export interface Emulator {
  batch: { url: string; account: string; key: string }
  /** Absent with `blobPort: 'none'`. */
  blob?: { url: string; account: string; key: string; connectionString: string }
  /** The service without HTTP. */
  engine: Engine
  /** Ends all tasks and forgets all pools and jobs. Blobs stay. */
  reset(): Promise<void>
  /** Ends all tasks, frees the ports, deletes temporary files. Calling it again does nothing. */
  close(): Promise<void>
}

/**
 * Starts an emulator and resolves when both services answer.
 * A port that is taken, or a location that cannot be used, rejects with a `BatchError` that says so.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const accounts = options.accounts === undefined ? DEVELOPMENT_ACCOUNTS : parseAccounts(options.accounts)
  const [[account, keys] = ['', []]] = accounts
  const parts: Parts = {}
  const close = closer(parts)
  try {
    const host = (parts.host = openBatchHost({ ...pick(options, 'location', 'clock'), account }))
    const { createBatchServer } = await import('./http/server.ts')
    const server = (parts.server = createBatchServer({
      engine: host.engine,
      files: host.files,
      accounts,
      ...pick(options, 'clock', 'logger', 'allowedHosts'),
    }))
    const [listening, blobs] = await Promise.allSettled([listen(server, options), startBlobs(options)])
    // Whatever was started is closed, also when the other failed.
    const azurite = (parts.azurite = blobs.status === 'fulfilled' ? blobs.value : undefined)
    const url = fulfilled(listening)
    fulfilled(blobs)
    host.account.url = `${url}/`
    return {
      batch: { url, account, key: keys[0] ?? '' },
      ...(azurite && { blob: pick(azurite, 'url', 'account', 'key', 'connectionString') }),
      engine: host.engine,
      reset: () => host.reset(),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
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

/** Closes what was opened, in the order in which nobody misses anything: no more requests, then tasks, then blobs. */
function closer(parts: Parts): () => Promise<void> {
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    await parts.server?.close()
    await parts.host?.close()
    await parts.azurite?.close()
  }
  return () => (closing ??= close())
}

async function listen(
  server: BatchServer,
  { batchHost = '127.0.0.1', batchPort = 0 }: EmulatorOptions,
): Promise<string> {
  try {
    return await server.listen({ host: batchHost, port: batchPort })
  } catch (cause) {
    throw portError('Batch', batchHost, batchPort, '--batchPort', cause)
  }
}

async function startBlobs({ blobPort = 0, location }: EmulatorOptions): Promise<Azurite | undefined> {
  if (blobPort === 'none') return undefined
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
