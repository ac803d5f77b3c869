// A Batch service for tests that records every request and answers what it was told to.

import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export const ACCOUNT = 'testaccount'
export const KEY = Buffer.from('a key for tests').toString('base64')

export interface RecordedRequest {
  method: string
  /** As sent, still encoded. */
  path: string
  query: Record<string, string>
  headers: IncomingMessage['headers']
  /** Parsed JSON, or the text that is none; `undefined` when there was no body. */
  body: unknown
  /** True when the signature is the one that the account's key gives. */
  signed: boolean
}

export interface Answer {
  status: number
  body?: unknown
  headers?: Record<string, string>
  /** Closes the connection without an answer. */
  hangUp?: boolean
  /** Waits before the answer, milliseconds. */
  delay?: number
  /** Sends the body, but not its end. */
  unfinished?: boolean
  /** Sends the body and closes the connection before its end. */
  cut?: boolean
}

export interface Recorder {
  url: string
  requests: RecordedRequest[]
  /** Answers to the next requests, in order. */
  answers: Answer[]
  /** How many connections there were, and are. */
  connections: () => { opened: number; open: number }
  close(): Promise<void>
}

/** Starts a recorder on a free port of this machine. */
export async function startRecorder(): Promise<Recorder> {
  const requests: RecordedRequest[] = []
  const answers: Answer[] = []
  const sockets = { opened: 0, open: 0 }
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      requests.push(record(request, body))
      const answer = answers.shift() ?? { status: 500 }
      if (answer.hangUp) request.socket.destroy()
      else setTimeout(() => respond(response, answer), answer.delay ?? 0)
    })
  })
  server.on('connection', (socket) => {
    sockets.opened++
    sockets.open++
    socket.on('close', () => sockets.open--)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answers,
    connections: () => ({ ...sockets }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function respond(response: ServerResponse, { status, body, headers, unfinished, cut }: Answer): void {
  const type = typeof body === 'string' ? 'text/plain' : 'application/json;odata=minimalmetadata'
  response.writeHead(status, { ...(body !== undefined && { 'content-type': type }), ...headers })
  if (body !== undefined) response.write(typeof body === 'string' ? body : JSON.stringify(body))
  if (cut) setTimeout(() => response.destroy(), 10)
  else if (!unfinished) response.end()
}

function record(request: IncomingMessage, body: string): RecordedRequest {
  const url = new URL(request.url ?? '/', 'http://recorder')
  return {
    method: request.method ?? '',
    path: (request.url ?? '').split('?')[0] ?? '',
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: body === '' ? undefined : body.startsWith('{') ? JSON.parse(body) : body,
    signed: request.headers.authorization === `SharedKey ${ACCOUNT}:${sign(request, url)}`,
  }
}

const SIGNED_HEADERS = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-md5',
  'content-type',
  'date',
  'if-modified-since',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'range',
]

function sign({ method, headers, url: raw }: IncomingMessage, url: URL): string {
  const value = (name: string): string => String(headers[name] ?? '')
  const ocp = Object.keys(headers)
    .filter((name) => name.startsWith('ocp-'))
    .sort()
    .map((name) => `${name}:${value(name)}\n`)
  const query = [...url.searchParams]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, v]) => `\n${name}:${v}`)
  const head = [method, ...SIGNED_HEADERS.map(value)].map((line) => `${line}\n`).join('')
  const path = (raw ?? '').split('?')[0]
  const stringToSign = `${head}${ocp.join('')}/${ACCOUNT}${path}${query.join('')}`
  return createHmac('sha256', Buffer.from(KEY, 'base64')).update(stringToSign).digest('base64')
}

/** An error as the service writes it. */
export function errorBody(code: string, message: string, values?: { key: string; value: string }[]): unknown {
  const value = `${message}\nRequestId:9e5fe2d0-1234-4321-8888-000000000000\nTime:2026-01-02T03:04:05.0000000Z`
  return {
    'odata.metadata':
      'https://a.batch.azure.com/$metadata#Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element',
    code,
    message: { lang: 'en-US', value },
    ...(values && { values }),
  }
}
