// `malachite ui`: the same pages for an account that is reached over the network, here an emulator in its place; and the
// dashboard that `malachite emulator` serves by itself.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startEmulator } from '@malachite/emulator'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { openPage, poolBody, until } from './helpers.ts'

const BIN = resolve(import.meta.dirname, '../../packages/cli/bin/malachite.mjs')
const emulator = await startEmulator({ batchPort: 0, blobPort: 'none' })
afterAll(() => emulator.close())

const ACCOUNT = {
  AZURE_BATCH_ACCOUNT: emulator.batch.account,
  AZURE_BATCH_ACCESS_KEY: emulator.batch.key,
  AZURE_BATCH_ENDPOINT: emulator.batch.url,
}

interface Command {
  child: ChildProcess
  output: { text: string; errors: string }
  /** Resolves to the exit code. */
  end(this: void): Promise<unknown>
}

/** Starts the command; it ends with the test. */
function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Command {
  const { MALACHITE_HEADLESS: _, MALACHITE_UI_PORT: __, ...inherited } = process.env
  const child = spawn(process.execPath, [BIN, ...args], { env: { ...inherited, ...environment } })
  const output = { text: '', errors: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output.text += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output.errors += chunk))
  const exited = once(child, 'exit')
  const end = async (): Promise<unknown> => {
    child.kill('SIGTERM')
    const [code] = (await exited) as [number | null]
    return code
  }
  onTestFinished(async () => void (await end()))
  return { child, output, end }
}

async function openUi(args: readonly string[]) {
  const { output, end } = start(['ui', ...args], ACCOUNT)
  await until(() => /is at http/.test(output.text))
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(output.text) ?? []
  return { page: await openPage(url), output, end }
}

test('shows an account of Azure, and only looks', async () => {
  const { page, output, end } = await openUi(['--backend', 'azure'])
  expect(output.text).toMatch(/^Dashboard of devbatchaccount1 is at http:\/\/127\.0\.0\.1:\d+\n$/)
  expect((await page.call('GET /api/settings')).json()).toMatchObject({ backend: 'azure', readOnly: true })
  emulator.engine.pools.add(poolBody('seen'))
  const pool = await page.call('GET /api/batch/pools/seen')
  expect(pool.json()).toMatchObject({ id: 'seen' })
  expect(pool.headers['etag']).toBe(pool.json()['eTag'])
  expect((await page.call('DELETE /api/batch/pools/seen')).json()).toMatchObject({ code: 'ReadOnly' })
  expect((await page.call('GET /api/malachite/why/pools/seen')).status).toBe(501)
  expect((await page.call('GET /api/history')).json()).toEqual([])
  expect((await page.call('GET /api/batch/jobs/none')).json()).toMatchObject({ code: 'JobNotFound' })
  expect(await end()).toBe(0)
})

test('changes things in Azure when it may', async () => {
  const { page } = await openUi(['--backend', 'azure', '--write'])
  expect((await page.call('GET /api/settings')).json()).toMatchObject({ readOnly: false })
  const added = await page.call('POST /api/batch/pools', { json: poolBody('written') })
  expect(added.status).toBe(201)
  expect((await page.call('GET /api/batch/pools?maxresults=1')).json()['odata.nextLink']).toMatch(
    /^\/api\/batch\/pools\?/,
  )
  expect(
    (await page.call('POST /api/batch/pools/written/resize', { json: { targetDedicatedNodes: 1 } })).status,
  ).toBe(202)
  expect((await page.call('DELETE /api/batch/pools/written')).status).toBe(202)
})

test('shows files of nodes in Azure', async () => {
  emulator.engine.pools.add(poolBody('files', 1))
  emulator.engine.jobs.add({ id: 'files', poolInfo: { poolId: 'files' } })
  emulator.engine.tasks.add('files', { id: 't', commandLine: "/bin/sh -c 'printf hello'" })
  await until(() => emulator.engine.tasks.get('files', 't').state === 'completed')
  const { page } = await openUi(['--backend', 'azure'])
  const file = '/api/batch/jobs/files/tasks/t/files/stdout.txt'
  expect((await page.call(`GET ${file}`)).text).toBe('hello')
  expect((await page.call(`GET ${file}`, { headers: { 'ocp-range': 'bytes=1-2' } })).text).toBe('el')
  expect((await page.call(`HEAD ${file}`)).headers).toMatchObject({ 'ocp-batch-file-isdirectory': 'False' })
})

test('of an emulator it shows what only that can tell', async () => {
  const { page } = await openUi([])
  expect((await page.call('GET /api/settings')).json()).toMatchObject({
    backend: 'emulator',
    readOnly: false,
  })
  emulator.engine.pools.add(poolBody('why'))
  expect((await page.call('GET /api/malachite/why/pools/why')).json()).toMatchObject({ subject: 'pool why' })
})

test('comes with the emulator, on a port of its own, and the endpoints file names it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-ui-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const endpointsFile = join(directory, 'endpoints.json')
  const { output, end } = start([
    'emulator',
    '--batchPort',
    '0',
    '--blobPort',
    'none',
    '--endpointsFile',
    endpointsFile,
  ])
  await until(() => output.text.includes('successfully listening'))
  const [, url = ''] = /^Dashboard: +(http:\/\/127\.0\.0\.1:\d+)$/m.exec(output.text) ?? []
  expect((JSON.parse(readFileSync(endpointsFile, 'utf8')) as { ui: unknown }).ui).toEqual({ url })
  const { call, open } = await openPage(url)
  expect((await call('GET /api/settings')).json()).toMatchObject({ backend: 'emulator' })
  expect(output.text).not.toContain('/api/')
  const events = (await open('GET /api/events')).resume()
  const ended = once(events, 'end')
  expect(await end()).toBe(0)
  await ended
})

test.each([
  [['--headless'], {}],
  [[], { MALACHITE_HEADLESS: '1' }],
] as const)('can be left out: %o %o', async (flags, environment) => {
  const { output } = start(['emulator', '--batchPort', '0', '--blobPort', 'none', ...flags], environment)
  await until(() => output.text.includes('successfully listening'))
  expect(output.text).toMatch(/^Dashboard: +none$/m)
})

async function takePort(port = 0): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

test('a port that was asked for and is taken stops the emulator, and says so', async () => {
  const port = await takePort()
  const { child, output } = start([
    'emulator',
    '--batchPort',
    '0',
    '--blobPort',
    'none',
    '--uiPort',
    `${port}`,
  ])
  const [code] = (await once(child, 'exit')) as [number]
  expect(code).toBe(2)
  expect(output.errors).toContain(
    `Dashboard: port ${port} on 127.0.0.1 is taken; choose another with --uiPort`,
  )
})

test('without its usual port the emulator goes on without a dashboard', async () => {
  const usual = await takePort()
  const { output } = start(['emulator', '--batchPort', `${usual - 1000}`, '--blobPort', 'none'])
  await until(() => output.text.includes('successfully listening'))
  expect(output.text).toContain(`warning: Dashboard: port ${usual} on 127.0.0.1 is taken`)
  expect(output.text).toMatch(/^Dashboard: +none$/m)
})
