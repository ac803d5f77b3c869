// Azurite's blob service in a worker thread: ready in half a second, and gone with its parent however that ends, which
// a child process would survive.

import { createRequire } from 'node:module'

import { connectionString } from './account.ts'
import {
  accountUrl,
  azuriteArguments,
  azuriteEnvironment,
  resolveOptions,
  type AzuriteOptions,
  type ResolvedAzuriteOptions,
} from './options.ts'
import { createThread, type Thread } from './thread.ts'

/** Azurite, running. */
export interface Azurite {
  /** URL of the account, for example `http://127.0.0.1:10000/devstoreaccount1`. */
  readonly url: string
  readonly port: number
  readonly account: string
  /** Base64 key of the account. */
  readonly key: string
  readonly connectionString: string
  /** Stops Azurite and frees its port. Blobs of a `location` are on disk when it resolves. May be called repeatedly. */
  close(): Promise<void>
}

/** Longest start, milliseconds; half a second is usual. */
const START_LIMIT = 20_000

/** Longest wait for running requests at `close()`, milliseconds. */
const CLOSE_LIMIT = 5_000

const READY = /successfully listens on \S+:(\d+)/
const CLOSED = /successfully closed/
const TAKEN = /EADDRINUSE/

/**
 * Starts Azurite and resolves when it accepts requests. Rejects with an `Error` whose `code` is `EADDRINUSE` if the port
 * is taken, with Azurite's last output if it ends or is not ready in 20 seconds, or with the signal's reason.
 */
export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  const { signal } = options
  signal?.throwIfAborted()
  const resolved = resolveOptions(options)
  const thread = createThread({
    script: createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js'),
    argv: azuriteArguments(resolved),
    env: azuriteEnvironment(resolved, process.env),
  })
  try {
    const port = await waitUntilReady(thread, resolved, signal)
    return createAzurite(thread, resolved, port, signal)
  } catch (error) {
    await thread.stop()
    throw error
  }
}

async function waitUntilReady(
  thread: Thread,
  options: ResolvedAzuriteOptions,
  signal: AbortSignal | undefined,
): Promise<number> {
  const limit = createLimit(START_LIMIT, signal)
  const ready = thread.output.match(READY).then((found) => Number(found[1]))
  const failed = thread.ended.then((reason) => startError(options, thread.output.tail(), reason))
  const late = limit.passed.then(() => startError(options, thread.output.tail(), 'not ready in 20 seconds'))
  const outcome = await Promise.race([ready, failed, late]).finally(limit.cancel)
  signal?.throwIfAborted()
  if (typeof outcome === 'number') return outcome
  throw outcome
}

/** A promise that resolves after `ms` milliseconds or when `signal` is aborted, whichever comes first. */
function createLimit(ms: number, signal?: AbortSignal) {
  const { promise: passed, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  const abort = (): void => resolve()
  signal?.addEventListener('abort', abort, { once: true })
  const cancel = (): void => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
  return { passed, cancel }
}

function startError(options: ResolvedAzuriteOptions, output: string, reason: string): Error {
  const { host, port } = options
  if (TAKEN.test(output)) {
    const message = `Port ${port} of ${host} is taken: stop the program that uses it, or choose another port (0 picks a free one).`
    return Object.assign(new Error(message), { code: 'EADDRINUSE', port })
  }
  return new Error(`Azurite did not start (${reason}). Its last output: ${output === '' ? 'none' : output}`)
}

function createAzurite(
  thread: Thread,
  options: ResolvedAzuriteOptions,
  port: number,
  signal: AbortSignal | undefined,
): Azurite {
  const { host, account, location, onFailure } = options
  const url = accountUrl(host, port, account.name)
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    signal?.removeEventListener('abort', closeOnAbort)
    closing ??= location === undefined ? thread.stop() : shutDown(thread)
    return closing
  }
  const closeOnAbort = (): void => void close().catch(onFailure)
  signal?.addEventListener('abort', closeOnAbort, { once: true })
  void thread.ended.then((reason) => {
    if (closing === undefined)
      onFailure(new Error(`Azurite at ${url} ended: ${reason}. ${thread.output.tail()}`))
  })
  return {
    url,
    port,
    account: account.name,
    key: account.key,
    connectionString: connectionString(url, account),
    close,
  }
}

async function shutDown(thread: Thread): Promise<void> {
  const limit = createLimit(CLOSE_LIMIT)
  thread.send('shutdown')
  await Promise.race([thread.output.match(CLOSED), thread.ended, limit.passed]).finally(limit.cancel)
  await thread.stop()
}
