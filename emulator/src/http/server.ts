// The service on a port: the only file that knows fastify. It reads bodies, writes answers and ends connections;
// routing, checks and headers are the service's own, because the protocol fixes them to the byte.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createSecureContext } from 'node:tls'
import { BatchError, systemClock, type Clock } from '@malachite/model'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { DEVELOPMENT_ACCOUNTS, type Accounts } from './accounts.ts'
import type { HttpAnswer } from './answer.ts'
import type { OAuth } from './bearer.ts'
import type { JobTokens } from './job-token.ts'
import { NO_BODY, readBody, type Body } from './body.ts'
import type { HttpLogger, RequestHeaders, Services } from './context.ts'
import { createHostCheck } from './hosts.ts'
import { refuseMalformed } from './malformed.ts'
import { createService, type BatchService } from './service.ts'

/** What a server needs to know. */
export interface BatchServerOptions extends Services {
  /** Asked at every request, so that keys may change while the server runs. @default the development account */
  accounts?: () => Accounts
  /** @default 'basic' */
  oauth?: OAuth
  /** Tokens of tasks for their jobs. @default none */
  jobTokens?: JobTokens
  /** Certificate and key in PEM; clients then use https. @default plain http */
  tls?: { cert: string; key: string }
  /** @default the clock on the wall */
  clock?: Clock
  /** @default no log */
  logger?: HttpLogger
  /** Host names besides loopback and the listen address under which clients reach the server; `*` = any. @default [] */
  allowedHosts?: readonly string[]
  /** What the readiness check answers. @default always true */
  isReady?: () => boolean
  /** Refuse api-versions newer than the newest known one instead of serving them as that one. @default false */
  strictApiVersion?: boolean
}

/** A Batch service on a port of this machine. */
export interface BatchServer {
  /** Listens (port 0 = a free one) and resolves to the URL. Rejects with node's error, e.g. code `EADDRINUSE`. */
  listen(address: { host: string; port: number }): Promise<string>
  /** Stops listening and ends all connections, idle or not. Calling it again does nothing. */
  close(): Promise<void>
}

const SILENT: HttpLogger = { debug() {}, info() {}, warn() {}, error() {} }

/** The REST service over an engine and the files of its nodes. */
export function createBatchServer(options: BatchServerOptions): BatchServer {
  const {
    accounts = () => DEVELOPMENT_ACCOUNTS,
    oauth = 'basic',
    jobTokens,
    clock = systemClock,
    logger = SILENT,
  } = options
  const scheme = options.tls ? 'https' : 'http'
  let isAllowedHost = createHostCheck('', [])
  const service = createService({
    engine: options.engine,
    files: options.files,
    authentication: { accounts, oauth, jobTokens },
    scheme,
    clock,
    logger,
    isAllowedHost: (host) => isAllowedHost(host),
    isReady: options.isReady ?? (() => true),
    strictApiVersion: options.strictApiVersion ?? false,
  })
  const app = createApp(service, logger, options.tls)
  return {
    async listen({ host, port }) {
      isAllowedHost = createHostCheck(host, options.allowedHosts)
      await app.listen({ host, port })
      return urlOf(scheme, host, app.server.address())
    },
    close: () => app.close(),
  }
}

/** Milliseconds within which a request must have come in whole, so that half ones do not stay for ever. */
const REQUEST_TIMEOUT = 300_000

/** A `ConfigurationError` for a certificate and a key that are none, or do not belong together. */
function requireTls(tls: BatchServerOptions['tls']): void {
  if (!tls) return
  try {
    createSecureContext(tls)
  } catch (cause) {
    const message = `The certificate and its key cannot be used: ${(cause as Error).message}`
    throw new BatchError('ConfigurationError', {}, { message, cause })
  }
}

function createApp(service: BatchService, logger: HttpLogger, tls: BatchServerOptions['tls']) {
  requireTls(tls)
  const app = Fastify({
    https: tls ?? null,
    // Every request takes the one route: fastify would decode the path and refuse some that the service takes.
    rewriteUrl: () => '/',
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    requestTimeout: REQUEST_TIMEOUT,
    clientErrorHandler: refuseMalformed,
  })
  const exchange = (request: FastifyRequest, reply: FastifyReply): Promise<void> =>
    answerRequest(service, logger, request, reply, (request.body as Body | undefined) ?? NO_BODY)
  // Clients send a JSON content type without a body, which fastify's own parser refuses.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_: FastifyRequest, payload: IncomingMessage) => readBody(payload))
  app.route({ method: app.supportedMethods, url: '/', handler: exchange })
  app.setNotFoundHandler(exchange)
  app.setErrorHandler((error, request, reply) =>
    answerRequest(service, logger, request, reply, refusedBody(request, error)),
  )
  return app
}

// Fastify itself fails a request only over its body: a content type that is none, or a connection that ended.
function refusedBody({ headers }: FastifyRequest, cause: unknown): Body {
  const details = { HeaderName: 'Content-Type', HeaderValue: headers['content-type'] ?? '' }
  return { refused: new BatchError('InvalidHeaderValue', details, { cause }) }
}

// Of two hosts node hands over the first, where others on the way may have looked at the second: both are refused.
function headersOf({ headers, rawHeaders }: IncomingMessage): RequestHeaders {
  const hosts = rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === 'host')
  const sent = headers as RequestHeaders
  return hosts.length > 1 ? { ...sent, host: hosts.join(', ') } : sent
}

async function answerRequest(
  service: BatchService,
  logger: HttpLogger,
  request: FastifyRequest,
  reply: FastifyReply,
  body: Body,
): Promise<void> {
  reply.hijack()
  const { method, originalUrl: url } = request
  const { socket } = reply.raw
  const answer = await service({ method, url, headers: headersOf(request.raw), body })
  await endOfTurn()
  try {
    await write(reply.raw, answer)
    if ('refused' in body && body.isEndless) socket?.destroySoon()
  } catch (error) {
    // The head is out: all that is left is to end the connection, so that the client sees an incomplete answer.
    logger.warn(`${method} ${url} ended early: ${String(error)}`)
    reply.raw.destroy()
  }
}

// All requests that are there are worked on before the first answer goes out: each answer wakes a client that sleeps,
// which costs as much as the answer itself. GET of a task over 8 connections: 7,600/s instead of 5,750.
function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

// Writing the head first keeps node from adding a Content-Length: the service's successes are chunked.
async function write(response: ServerResponse, answer: HttpAnswer): Promise<void> {
  const { status, reason, headers, body } = answer
  if (reason === undefined) response.writeHead(status, headers)
  else response.writeHead(status, reason, headers)
  if (body instanceof ReadableStream) await pipeline(Readable.fromWeb(body), response)
  else response.end(body)
}

function urlOf(scheme: string, host: string, address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string')
    throw new BatchError('InternalError', {}, { message: 'The server listens on no port.' })
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${address.port}`
}
