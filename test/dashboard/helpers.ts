// A browser's half of the conversation with a dashboard, without a browser: raw requests, so that every header can be wrong.

import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { startDashboard, type Dashboard, type DashboardOptions } from '@malachite/dashboard'
import { startEmulator, type Emulator, type EmulatorOptions } from '@malachite/emulator'
import { afterAll, expect } from 'vitest'

/** An answer as it came. */
export interface Answer {
  status: number
  headers: IncomingMessage['headers']
  text: string
  json: <Body = Record<string, unknown>>() => Body
}

/** What differs from the request of a page. */
export interface CallOptions {
  json?: unknown
  body?: string
  /** `undefined` takes a usual header away. */
  headers?: Readonly<Record<string, string | undefined>>
}

/** Sends `VERB /path?query` as a page of the dashboard does. */
export type Call = (line: string, options?: CallOptions) => Promise<Answer>

/** A page that is open. */
export interface Page {
  url: string
  token: string
  call: Call
  /** The head of the answer, its body still to be read. */
  open: (line: string, options?: CallOptions) => Promise<IncomingMessage>
}

/** Loads the page of a dashboard. */
export async function openPage(url: string): Promise<Page> {
  const html = await text(await send(url, '', 'GET /', {}))
  const token = /<meta name="malachite-token" content="([^"]+)">/.exec(html)?.[1] ?? ''
  expect(token).not.toBe('')
  const open: Page['open'] = (line, options = {}) => send(url, token, line, options)
  const call: Call = async (line, options) => {
    const message = await open(line, options)
    const body = await text(message)
    return {
      status: message.statusCode ?? 0,
      headers: message.headers,
      text: body,
      json: <Body>() => JSON.parse(body) as Body,
    }
  }
  return { url, token, call, open }
}

async function send(
  url: string,
  token: string,
  line: string,
  { json, body = json === undefined ? '' : JSON.stringify(json), headers = {} }: CallOptions,
): Promise<IncomingMessage> {
  const [method = '', ...path] = line.split(' ')
  const { hostname, port, host } = new URL(url)
  const usual = {
    host,
    'x-malachite-token': token,
    'content-type': body === '' ? undefined : 'application/json; odata=minimalmetadata',
    'content-length': body === '' && method === 'GET' ? undefined : String(Buffer.byteLength(body)),
  }
  const given = Object.entries({ ...usual, ...headers }).filter(([, value]) => value !== undefined)
  const outgoing = request({
    hostname,
    port,
    method,
    path: path.join('%20'),
    headers: Object.fromEntries(given) as Record<string, string>,
    agent: false,
  })
  outgoing.end(body)
  const [message] = (await once(outgoing, 'response')) as [IncomingMessage]
  return message
}

/** An emulator, the dashboard on it, and a page; they end with the test file. */
export async function openDashboard(
  options: Omit<DashboardOptions, 'upstream'> = {},
  emulatorOptions: EmulatorOptions = {},
): Promise<{ emulator: Emulator; dashboard: Dashboard; page: Page }> {
  const emulator = await startEmulator({ batchPort: 0, blobPort: 'none', ...emulatorOptions })
  const upstream = await emulator.openWindow()
  const dashboard = await startDashboard({ upstream, ...options })
  afterAll(async () => {
    await dashboard.close()
    upstream.close()
    await emulator.close()
  })
  return { emulator, dashboard, page: await openPage(dashboard.url) }
}

/** The body of a pool. */
export function poolBody(id: string, targetDedicatedNodes = 0) {
  return {
    id,
    vmSize: 'standard_d2s_v3',
    targetDedicatedNodes,
    virtualMachineConfiguration: {
      imageReference: { publisher: 'canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts' },
      nodeAgentSKUId: 'batch.node.ubuntu 22.04',
    },
  }
}

/** Waits until a condition holds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(condition, { timeout: 20_000, interval: 20 }).toBe(true)
}
