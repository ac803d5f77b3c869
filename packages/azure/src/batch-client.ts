// The client of `@azure/batch`, set up so that retries, connections and errors are ours: `call` is the only way through
// which the backend reaches the service.

import type { Agent } from 'node:http'
import { text } from 'node:stream/consumers'
import type { BatchServiceClient } from '@azure/batch'
import type { HttpClient, ServiceClientCredentials, WebResourceLike } from '@azure/ms-rest-js'
import type { TokenCredential } from '@azure/identity'
import type { CallOptions, Clock } from '@malachite/model'
import { BATCH_SCOPE, createDefaultCredential, createTokenSource } from './credentials.ts'
import { isLoopback } from './endpoint.ts'
import {
  isNetworkError,
  isTemporaryNetworkError,
  parseRetryAfter,
  retryAfterOf,
  toBatchError,
  type ErrorContext,
} from './errors.ts'
import {
  createRetry,
  isTransientStatus,
  resolveRetryPolicy,
  waitingClock,
  type Failure,
  type RetryOptions,
} from './retry.ts'

/** How to reach a Batch account. */
export interface BatchClientOptions {
  /** Name of the account. */
  account: string
  /** Where the account's API is: `https://ACCOUNT.REGION.batch.azure.com`, or an emulator's `http://127.0.0.1:10003`. */
  endpoint: string
  /** Access key, base64. Without it Microsoft Entra ID is used. */
  key?: string
  /** Source of tokens when there is no key. @default DefaultAzureCredential, loaded when needed */
  credential?: TokenCredential
  /** How often failed requests are repeated. */
  retry?: RetryOptions
  /** Longest wait for the head of an answer, milliseconds. @default 100 000 */
  timeout?: number
  /** Time for retries. @default the system's */
  clock?: Clock
  /** Numbers in [0, 1) for jitter. @default Math.random */
  random?: () => number
}

/** Options that every operation of the client takes. */
export interface RequestOptions {
  abortSignal?: AbortSignal
}

export interface BatchClient {
  /** Sends a request, repeats it while that makes sense; rejects with a `BatchError` or with the signal's reason. */
  call: <Result>(
    options: CallOptions | undefined,
    request: (client: BatchServiceClient, options: RequestOptions) => Promise<Result>,
  ) => Promise<Result>
  /** An error that came after `call`, while an answer was read, as `call` would have thrown it. */
  toError: (error: unknown, signal?: AbortSignal) => unknown
  /** Drops the connections. */
  close: () => Promise<void>
}

/** Requests sent to a service of this machine, and to a host whose name is unknown, before giving up. */
const LOOPBACK_ATTEMPTS = 3
const UNKNOWN_HOST_ATTEMPTS = 5

/** A client of one account. The SDK is loaded by the first call. */
export function createBatchClient(options: BatchClientOptions): BatchClient {
  const { endpoint, clock = waitingClock, random = Math.random } = options
  const context = errorContext(endpoint)
  const explain = (error: unknown): Failure => explainFailure(error, context, endpoint, clock.now())
  const retry = createRetry({ policy: resolveRetryPolicy(options.retry), clock, random, explain })
  let connection: Promise<Connection> | undefined

  return {
    async call({ signal } = {}, request) {
      signal?.throwIfAborted()
      connection ??= connect(options)
      const { client } = await connection
      return retry(() => request(client, signal ? { abortSignal: signal } : {}), signal)
    },
    toError: (error, signal) => (signal?.aborted ? signal.reason : toBatchError(error, context)),
    async close() {
      for (const agent of (await connection)?.agents ?? []) agent.destroy()
    },
  }
}

function errorContext(endpoint: string): ErrorContext {
  const hint = isLoopback(endpoint)
    ? 'Is the emulator running? Start it with `malachite emulator`.'
    : 'Check the endpoint (AZURE_BATCH_ENDPOINT) and the network.'
  return { service: `The Batch service at ${endpoint}`, hint }
}

function explainFailure(error: unknown, context: ErrorContext, endpoint: string, now: number): Failure {
  const retryAfter = parseRetryAfter(retryAfterOf(error) ?? '', now)
  const network = isNetworkError(error)
  const temporary = isTemporaryNetworkError(error)
  const mapped = toBatchError(error, context)
  return {
    error: mapped,
    transient: network ? temporary : isTransientStatus(mapped.status) && mapped.code !== 'InvalidResponse',
    ...(retryAfter !== undefined && { retryAfter }),
    ...(network && isLoopback(endpoint) && { maxAttempts: LOOPBACK_ATTEMPTS }),
    ...(mapped.details['Reason'] === 'ENOTFOUND' && { maxAttempts: UNKNOWN_HOST_ATTEMPTS }),
  }
}

interface Connection {
  client: BatchServiceClient
  agents: readonly Agent[]
}

async function connect(options: BatchClientOptions): Promise<Connection> {
  const [{ BatchServiceClient, BatchSharedKeyCredentials }, rest, http, https] = await Promise.all([
    import('@azure/batch'),
    import('@azure/ms-rest-js'),
    import('node:http'),
    import('node:https'),
  ])
  const { account, key, endpoint, timeout = 100_000 } = options
  const credentials = key ? new BatchSharedKeyCredentials(account, key) : tokenCredentials(options)
  const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) }
  // With agents of our own the client would ignore a proxy of the environment; this machine needs none.
  const direct = isLoopback(endpoint) || !rest.getDefaultProxySettings()
  const client = new BatchServiceClient(credentials, endpoint, {
    noRetryPolicy: true,
    httpClient: createHttpClient(new rest.DefaultHttpClient(), timeout),
    ...(direct && { agentSettings: agents }),
  })
  return { client, agents: [agents.http, agents.https] }
}

function tokenCredentials({
  credential = createDefaultCredential(),
}: BatchClientOptions): ServiceClientCredentials {
  const token = createTokenSource(credential, BATCH_SCOPE)
  return {
    async signRequest(request) {
      request.headers.set('authorization', `Bearer ${await token()}`)
      return request
    },
  }
}

// Two things the client lacks: an end to waiting for an answer, and the body of a refusal when a file was asked for.
function createHttpClient(inner: HttpClient, timeout: number): HttpClient {
  return {
    async sendRequest(request) {
      const response = await sendWithin(inner, request, timeout)
      if (response.status < 300 || !response.readableStreamBody) return response
      const bodyAsText = await text(response.readableStreamBody)
      request.streamResponseBody = false // makes the client parse the body
      return { ...response, bodyAsText }
    },
  }
}

async function sendWithin(
  inner: HttpClient,
  request: WebResourceLike,
  timeout: number,
): ReturnType<HttpClient['sendRequest']> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), timeout)
  const given = request.abortSignal as AbortSignal | undefined
  request.abortSignal = given ? AbortSignal.any([given, late.signal]) : late.signal
  try {
    return await inner.sendRequest(request)
  } finally {
    clearTimeout(timer)
  }
}
