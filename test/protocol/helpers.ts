// A client of the service that is independent of its code: raw HTTP requests, signed by its own SharedKey signer, with
// answers as they came over the wire (reason phrase, header names, framing).

import { createHmac } from 'node:crypto'
import { Agent, request, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmulator, type Emulator, type EmulatorOptions } from '@malachite/emulator'
import { afterAll } from 'vitest'

/** An answer as it came. */
export interface Answer {
  status: number
  reason: string
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  /** Names as they were written, in their order. */
  headerNames: readonly string[]
  text: string
  /** The body's JSON. Throws when it is none. */
  json: <Body = Json>() => Body
}

/** A JSON object. */
export type Json = Record<string, unknown>

/** A resource that has an ETag. */
export interface Stamped extends Json {
  eTag: string
  lastModified: string
}

/** What differs from the request that clients usually send. */
export interface CallOptions {
  /** Sent as JSON. */
  json?: unknown
  /** Sent as it is. */
  body?: string | Buffer
  /** Added before signing; `undefined` takes a usual header away. */
  headers?: Readonly<Record<string, string | undefined>>
  /** `false` leaves the api-version out. @default '2022-10-01.16.0' */
  version?: string | false
  /** Edits the headers after signing. */
  tamper?: (headers: Record<string, string>) => void
  account?: string
  key?: string
}

/** Sends `VERB /path?query`. */
export type Call = (line: string, options?: CallOptions) => Promise<Answer>

/** An emulator of a test file's own, and the client for it. */
export interface Protocol {
  call: Call
  /** `http://host:port` */
  url: string
  emulator: Emulator
}

export const API_VERSION = '2022-10-01.16.0'

/** Starts an emulator without blobs and registers its end for after the file's tests. */
export async function openProtocol(options: EmulatorOptions = {}): Promise<Protocol> {
  const emulator = await startEmulator({ batchPort: 0, blobPort: 'none', ...options })
  const { call, close } = openClient(emulator.batch)
  afterAll(async () => {
    close()
    await emulator.close()
  })
  return { call, url: emulator.batch.url, emulator }
}

/** A client for whatever emulator. */
export function openClient({ url, account, key }: Emulator['batch']): { call: Call; close: () => void } {
  const agent = new Agent({ keepAlive: true })
  const call: Call = (line, more = {}) => send(agent, url, line, { account, key, ...more })
  return { call, close: () => agent.destroy() }
}

async function send(agent: Agent, url: string, line: string, options: CallOptions): Promise<Answer> {
  const [method = '', ...rest] = line.split(' ')
  const path = withVersion(rest.join('%20'), options.version ?? API_VERSION)
  const body = options.json === undefined ? options.body : JSON.stringify(options.json)
  const headers = signedHeaders(method, path, body, options)
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const outgoing = request({ agent, hostname, port, method, path, headers }, (message) => {
      readAnswer(message).then(resolve, reject)
    })
    outgoing.on('error', reject).end(body)
  })
}

function withVersion(path: string, version: string | false): string {
  if (version === false) return path
  return `${path}${path.includes('?') ? '&' : '?'}api-version=${version}`
}

async function readAnswer(message: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  return {
    status: message.statusCode ?? 0,
    reason: message.statusMessage ?? '',
    headers: message.headers as Record<string, string>,
    headerNames: message.rawHeaders.filter((_, i) => i % 2 === 0),
    text,
    json: <Body>() => JSON.parse(text) as Body,
  }
}

/** The usual headers as current clients send them, then `Authorization` over exactly these. */
function signedHeaders(
  method: string,
  path: string,
  body: string | Buffer | undefined,
  { headers, account = '', key = '', tamper }: CallOptions,
): Record<string, string> {
  const usual = {
    'content-type': body === undefined ? undefined : 'application/json; odata=minimalmetadata; charset=utf-8',
    'content-length': contentLength(method, body),
    'ocp-date': new Date().toUTCString(),
    ...headers,
  }
  const sent = Object.fromEntries(
    Object.entries(usual).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  const signature = createHmac('sha256', Buffer.from(key, 'base64'))
    .update(stringToSign(method, path, sent, account), 'utf8')
    .digest('base64')
  const all = { ...sent, authorization: `SharedKey ${account}:${signature}` }
  tamper?.(all)
  return all
}

function contentLength(method: string, body: string | Buffer | undefined): string | undefined {
  if (body !== undefined) return String(Buffer.byteLength(body))
  return method === 'GET' || method === 'HEAD' ? undefined : '0'
}

const SIGNED =
  'content-encoding content-language content-length content-md5 content-type date if-modified-since if-match if-none-match if-unmodified-since range'

/** The text a client signs. */
export function stringToSign(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  account: string,
): string {
  const [path = '', search = ''] = target.split('?')
  const values = SIGNED.split(' ').map((name) => headers[name] ?? '')
  const ocp = Object.entries(headers)
    .filter(([name]) => name.startsWith('ocp-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
  const query = Array.from(new URLSearchParams(search))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `\n${name}:${value}`)
  return `${[method, ...values].join('\n')}\n${ocp.join('')}/${account}${path}${query.join('')}`
}

/** Body of a small pool. */
export function poolOf(id: string, more: object = {}): object {
  return {
    id,
    vmSize: 'STANDARD_D1_V2',
    virtualMachineConfiguration: {
      imageReference: { publisher: 'Canonical', offer: 'UbuntuServer', sku: '18.04-LTS' },
      nodeAgentSKUId: 'batch.node.ubuntu 18.04',
    },
    ...more,
  }
}

/** The machines of a pool for containers. */
export function containerMachines(configuration: object = {}): object {
  return {
    virtualMachineConfiguration: {
      imageReference: {
        publisher: 'microsoft-azure-batch',
        offer: 'ubuntu-server-container',
        sku: '20-04-lts',
      },
      nodeAgentSKUId: 'batch.node.ubuntu 20.04',
      containerConfiguration: { type: 'dockerCompatible', ...configuration },
    },
  }
}

/** Body of a job. */
export function jobOf(id: string, poolId = 'no-such-pool', more: object = {}): object {
  return { id, poolInfo: { poolId }, ...more }
}

/** Body of a job schedule whose first job is due in 2100. */
export function scheduleOf(id: string, more: object = {}): object {
  return {
    id,
    schedule: { doNotRunUntil: '2100-01-01T00:00:00Z', startWindow: 'PT06M00S' },
    jobSpecification: { poolInfo: { poolId: 'no-such-pool' } },
    ...more,
  }
}

/** Body of a task. */
export function taskOf(id: string, commandLine = 'true', more: object = {}): object {
  return { id, commandLine, ...more }
}

/** Sends a request that a test needs to succeed before it begins. */
export async function must(answer: Promise<Answer>): Promise<Answer> {
  const done = await answer
  if (done.status >= 300) throw new Error(`${done.status} ${done.text}`)
  return done
}

/** Reads a resource until it is as wanted. Gives up after 10 s. */
export async function until(
  call: Call,
  path: string,
  wanted: (body: Json, answer: Answer) => boolean,
): Promise<Json> {
  for (let left = 500; left > 0; left--) {
    const answer = await call(`GET ${path}`)
    const body = answer.json()
    if (wanted(body, answer)) return body
    await sleep(20)
  }
  throw new Error(`${path} never was as wanted`)
}

/** Adds a pool and waits for its nodes to be idle; their ids in order. */
export async function addPoolWithNodes(
  call: Call,
  id: string,
  count: number,
  more: object = {},
): Promise<string[]> {
  await must(call('POST /pools', { json: poolOf(id, { targetDedicatedNodes: count, ...more }) }))
  const nodes = await until(call, `/pools/${id}/nodes`, (body) => {
    const states = items(body).map((node) => node['state'])
    return states.length === count && states.every((state) => state === 'idle')
  })
  await until(call, `/pools/${id}`, (pool) => pool['allocationState'] === 'steady')
  return items(nodes).map((node) => String(node['id']))
}

/** Adds a task to a job and waits for its end. */
export async function runTask(call: Call, jobId: string, task: object): Promise<Json> {
  await must(call(`POST /jobs/${jobId}/tasks`, { json: task }))
  const { id } = task as { id: string }
  return until(call, `/jobs/${jobId}/tasks/${id}`, (body) => body['state'] === 'completed')
}

/** Adds a task that stays for 2 s after it was asked to end, so that what waits for its end can be watched. */
export async function addStubbornTask(call: Call, jobId: string, id: string): Promise<void> {
  const commandLine = `sh -c "trap '' TERM; echo ready; sleep 60"`
  await must(call(`POST /jobs/${jobId}/tasks`, { json: taskOf(id, commandLine) }))
  const isReady = async (): Promise<boolean> =>
    (await call(`GET /jobs/${jobId}/tasks/${id}/files/stdout.txt`)).text === 'ready\n'
  for (let left = 500; left > 0 && !(await isReady()); left--) await sleep(20)
}

/** The `value` of a list. */
export function items(body: Json): Json[] {
  return body['value'] as Json[]
}
