// An emulator with its dashboard, and a browser that looks at it: what browser tests play on.

import { startDashboard, type Dashboard } from '@malachite/dashboard'
import { type Emulator, startEmulator, type EmulatorOptions } from '@malachite/emulator'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

/** An emulator with its dashboard. */
export interface Stage {
  emulator: Emulator
  dashboard: Dashboard
  /** Sends a request of the Batch service, e.g. `send('POST', '/pools', {…})`; rejects when it is refused. */
  send: (method: string, path: string, body?: object) => Promise<unknown>
  close: () => Promise<void>
}

/** What the emulator and the dashboard are started with. */
export interface StageOptions {
  emulator?: EmulatorOptions
  /** Of the dashboard. @default 0 */
  port?: number
  readOnly?: boolean
}

/** Starts an emulator with a dashboard. */
export async function openStage({
  emulator: options,
  port = 0,
  readOnly = false,
}: StageOptions = {}): Promise<Stage> {
  const emulator = await startEmulator({ blobPort: 'none', ...options })
  const upstream = await emulator.openWindow()
  const dashboard = await startDashboard({ upstream, port, readOnly })
  return {
    emulator,
    dashboard,
    async send(method, path, body) {
      const bytes = body && new TextEncoder().encode(JSON.stringify(body))
      const headers = { 'content-type': 'application/json; odata=minimalmetadata' }
      const answer = await upstream.request({
        method,
        path,
        query: '',
        headers,
        ...(bytes && { body: bytes }),
      })
      if (answer.status >= 400)
        throw new Error(
          `${method} ${path}: ${answer.status} ${typeof answer.body === 'string' ? answer.body : ''}`,
        )
      return typeof answer.body === 'string' && answer.body !== '' ? JSON.parse(answer.body) : undefined
    },
    async close() {
      await dashboard.close()
      upstream.close()
      await emulator.close()
    },
  }
}

/** Starts the browser. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

/** A page of the browser that remembers what went wrong in it. */
export interface Look {
  page: Page
  /** Messages of errors in the console, and errors that nobody caught. */
  errors: string[]
  /** Addresses that were asked for outside of the dashboard. */
  strangers: string[]
  close: () => Promise<void>
}

/** Opens a page of a dashboard. */
export async function look(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Look> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: 1280, height: 860 },
    ...options,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const errors: string[] = []
  const strangers: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('request', (request) => {
    const address = request.url()
    if (!address.startsWith(url) && !/^(data|blob):/.test(address)) strangers.push(address)
  })
  return { page, errors, strangers, close: () => context.close() }
}

const IMAGE = {
  imageReference: { publisher: 'canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts' },
  nodeAgentSKUId: 'batch.node.ubuntu 22.04',
}

/** A pool as `POST /pools` takes it. */
export function pool(id: string, more: object = {}): object {
  return {
    id,
    vmSize: 'standard_d2s_v3',
    virtualMachineConfiguration: IMAGE,
    targetDedicatedNodes: 1,
    ...more,
  }
}

/** A command line of a shell. */
export function shell(script: string): string {
  return `/bin/bash -c '${script}'`
}
