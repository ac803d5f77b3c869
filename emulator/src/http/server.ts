// The service on a port: the only file that knows fastify. It reads bodies, writes answers and ends connections;
// routing, checks and headers are the service's own, because the protocol fixes them to the byte.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { BatchError, systemClock, type Clock } from '@malachite/model'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { DEVELOPMENT_ACCOUNTS, type Accounts } from './accounts.ts'
import type { HttpAnswer } from './answer.ts'
import { NO_BODY, readBody, type Body } from './body.ts'
import type { HttpLogger, RequestHeaders, Services } from './context.ts'
import { createHostCheck } from './hosts.ts'
import { createService, type BatchService } from './service.ts'

/** What a server needs to know. */
export interface BatchServerOptions extends Services {
  /** Read at every request, so that the map may change while the server runs. @default the development account */
  accounts?: Accounts
  /** @default the clock on the wall */
  clock?: Clock
  /** @default no log */
  logger?: HttpLogger
  /** Host names besides loopback and the listen address under which clients reach the server; `*` = any. @default [] */
  allowedHosts?: readonly string[]
  /** What the readiness check answers. @default always true */
  isReady?: () => boolean
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
  const { accounts = DEVELOPMENT_ACCOUNTS, clock = systemClock, logger = SILENT } = options
  let isAllowedHost = createHostCheck('', [])
  const service = createService({
    engine: options.engine,
    files: options.files,
    accounts,
    clock,
    logger,
    isAllowedHost: (host) => isAllowedHost(host),
    isReady: options.isReady ?? (() => true),
  })
  const app = createApp(service, logger)
  return {
    async listen({ host, port }) {
      isAllowedHost = createHostCheck(host, options.allowedHosts)
      await app.listen({ host, port })
      return urlOf(host, app.server.address())
    },
    close: () => app.close(),
  }
}

function createApp(service: BatchService, logger: HttpLogger) {
  const app = Fastify({
    // Every request takes the one route: fastify would decode the path and refuse some that the service takes.
    rewriteUrl: () => '/',
    exposeHeadRoutes: false,
    forceCloseConnections: true,
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

async function answerRequest(
  service: BatchService,
  logger: HttpLogger,
  request: FastifyRequest,
  reply: FastifyReply,
  body: Body,
): Promise<void> {
  reply.hijack()
  const { method, originalUrl: url } = request
  const answer = await service({ method, url, headers: request.headers as RequestHeaders, body })
  try {
    await write(reply.raw, answer)
  } catch (error) {
    // The head is out: all that is left is to end the connection, so that the client sees an incomplete answer.
    logger.warn(`${method} ${url} ended early: ${String(error)}`)
    reply.raw.destroy()
  }
}

// Writing the head first keeps node from adding a Content-Length: the service's successes are chunked.
async function write(response: ServerResponse, answer: HttpAnswer): Promise<void> {
  const { status, reason, headers, body } = answer
  if (reason === undefined) response.writeHead(status, headers)
  else response.writeHead(status, reason, headers)
  if (body instanceof ReadableStream) await pipeline(Readable.fromWeb(body), response)
  else response.end(body)
}

function urlOf(host: string, address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string')
    throw new BatchError('InternalError', {}, { message: 'The server listens on no port.' })
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
}
