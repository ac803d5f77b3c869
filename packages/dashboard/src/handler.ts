// One request in, one answer out, on node's own streams. Who may ask is checked before anything else.

import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { refusal, type Answer } from './answer.ts'
import { createAssets } from './assets.ts'
import { createEventStreams, type EventStreams } from './events.ts'
import { answerApi, answerPage, refuseStranger, type PageRequest, type Window } from './requests.ts'
import { API_HEADERS, isOwnHost } from './security.ts'
import type { Upstream } from './upstream.ts'

/** What a window shows. */
export interface WindowOptions {
  /** The account that it looks at. */
  upstream: Upstream
  /** Refuse every request that could change something. @default false */
  readOnly?: boolean
  /** Of the page. @default 'Malachite' */
  title?: string
}

/** Answers requests. */
export interface Handler {
  /** Rejects when the client is gone before its answer is complete. */
  answer(message: IncomingMessage, response: ServerResponse): Promise<void>
  /** Ends the streams of events. */
  close(): void
}

/** What answers the requests to a window. */
export function createHandler({ upstream, readOnly = false, title = 'Malachite' }: WindowOptions): Handler {
  const [instance, token] = [randomBytes(8).toString('hex'), randomBytes(32).toString('base64url')]
  const window = { upstream, readOnly, title, instance, token, assets: createAssets() }
  const streams = createEventStreams(upstream, instance)
  return {
    answer: (message, response) => respond(window, streams, message, response),
    close: () => streams.close(),
  }
}

async function respond(
  window: Window,
  streams: EventStreams,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = toRequest(message)
  if (request.method === 'GET' && request.path === '/api/events') {
    const refused = refuse(window, request)
    if (refused) return write(message, response, refused)
    if (streams.open(response, API_HEADERS)) return
    return write(message, response, refusal(503, 'TooManyStreams', 'Too many pages are open.'))
  }
  await write(message, response, await answer(window, request))
}

function refuse(window: Window, request: PageRequest): Answer | undefined {
  if (!isOwnHost(request.headers.host)) return WRONG_HOST
  return refuseStranger(window, request.headers)
}

const WRONG_HOST = refusal(421, 'InvalidHostInfo', 'This server is reached as localhost or 127.0.0.1 only.')

async function answer(window: Window, request: PageRequest): Promise<Answer> {
  if (!isOwnHost(request.headers.host)) return WRONG_HOST
  if (request.path !== '/api' && !request.path.startsWith('/api/')) return answerPage(window, request)
  return refuseStranger(window, request.headers) ?? (await answerApi(window, request))
}

function toRequest(message: IncomingMessage): PageRequest {
  const { method = '', url = '', headers } = message
  const [, path = '', search = ''] = /^([^?#]*)(\?[^#]*)?/.exec(url) ?? []
  return { method, path, search, headers, body: () => readBody(message) }
}

/** As the service takes at most. */
const MAX_BODY_BYTES = 1_048_576

async function readBody(message: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

async function write(message: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const { status, headers, body } = answer
  response.writeHead(status, headers)
  if (message.method === 'HEAD' || body === undefined || isBodiless(status)) {
    if (body instanceof ReadableStream) await body.cancel()
    response.end()
  } else if (body instanceof ReadableStream) await pipeline(Readable.fromWeb(body), response)
  else response.end(body)
}

function isBodiless(status: number): boolean {
  return status === 204 || status === 304
}
