// The dashboard over HTTP: the service's protocol without a key, the emulator's own operations, files, and what changes.

import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { startDashboard, type Upstream } from '@malachite/dashboard'
import { expect, onTestFinished, test } from 'vitest'
import { openDashboard, openPage, poolBody, until, type Page } from './helpers.ts'

const { page, emulator, dashboard } = await openDashboard()
const { call } = page

/** What has come in so far. */
function collect(message: IncomingMessage): { text: string; last: () => unknown } {
  const collected = {
    text: '',
    last: () => JSON.parse(/data: (.*)\n\n$/.exec(collected.text)?.[1] ?? 'null') as unknown,
  }
  message.setEncoding('utf8').on('data', (chunk: string) => (collected.text += chunk))
  return collected
}

async function openEvents(
  from: Page,
): Promise<{ message: IncomingMessage; seen: ReturnType<typeof collect> }> {
  const message = await from.open('GET /api/events')
  const seen = collect(message)
  await until(() => seen.text.includes('event: hello'))
  return { message, seen }
}

test('says what it looks at', async () => {
  expect((await call('GET /api/settings')).json()).toEqual({
    title: 'Malachite',
    account: 'devbatchaccount1',
    url: emulator.batch.url,
    backend: 'emulator',
    readOnly: false,
    instance: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
  })
})

test('is the REST API of the account, without a key', async () => {
  const added = await call('POST /api/batch/pools', { json: poolBody('rest') })
  expect(added.status).toBe(201)
  expect(added.headers['etag']).toMatch(/^0x/)
  const pool = await call('GET /api/batch/pools/rest?$select=id,state')
  expect(pool.json()).toMatchObject({ id: 'rest', state: 'active' })
  expect((await call('DELETE /api/batch/pools/rest')).status).toBe(202)
})

test('speaks the newest version, whatever the page asks for', async () => {
  const { status } = await call('GET /api/batch/pools?api-version=1999-01-01.0.0')
  expect(status).toBe(200)
})

test('passes the refusals of the service on as they are', async () => {
  const { status, json } = await call('GET /api/batch/jobs/none')
  expect(status).toBe(404)
  expect(json()).toMatchObject({ code: 'JobNotFound', message: { lang: 'en-US' } })
  const condition = await call('POST /api/batch/pools', { body: '{' })
  expect(condition.json()).toMatchObject({ code: 'InvalidRequestBody' })
})

test('leads from page to page of a list', async () => {
  for (const id of ['list-1', 'list-2', 'list-3']) await call('POST /api/batch/pools', { json: poolBody(id) })
  const ids: string[] = []
  let path: string | undefined = "/api/batch/pools?maxresults=1&$filter=startswith(id,'list-')&$select=id"
  while (path !== undefined) {
    expect(path).toMatch(/^\/api\/batch\/pools\?/)
    const answer = await call(`GET ${path}`)
    const { value, 'odata.nextLink': next } = answer.json<{
      value: { id: string }[]
      'odata.nextLink'?: string
    }>()
    ids.push(...value.map(({ id }) => id))
    path = next
  }
  expect(ids).toEqual(['list-1', 'list-2', 'list-3'])
})

test('streams files of nodes, in parts as well', async () => {
  await call('POST /api/batch/pools', { json: poolBody('files', 1) })
  await call('POST /api/batch/jobs', { json: { id: 'files', poolInfo: { poolId: 'files' } } })
  const commandLine = '/bin/sh -c \'printf "<script>alert(1)</script>"\''
  await call('POST /api/batch/jobs/files/tasks', { json: { id: 't', commandLine } })
  await until(async () => (await call('GET /api/batch/jobs/files/tasks/t')).json()['state'] === 'completed')
  const file = '/api/batch/jobs/files/tasks/t/files/stdout.txt'
  const whole = await call(`GET ${file}`)
  expect(whole.text).toBe('<script>alert(1)</script>')
  expect(whole.headers['content-security-policy']).toContain('sandbox')
  expect(whole.headers).toMatchObject({
    'content-disposition': 'attachment',
    'x-content-type-options': 'nosniff',
  })
  expect((await call(`GET ${file}`, { headers: { 'ocp-range': 'bytes=1-6' } })).text).toBe('script')
  const head = await call(`HEAD ${file}`)
  expect(head.headers).toMatchObject({ 'ocp-batch-file-isdirectory': 'False', 'content-length': '25' })
  expect(
    (await call('GET /api/batch/jobs/files/tasks/t/files/..%2f..%2f..%2f..%2fetc%2fpasswd')).status,
  ).toBe(404)
})

test('offers what only an emulator can', async () => {
  const { json } = await call('GET /api/malachite/why/jobs/files')
  expect(json()).toMatchObject({ subject: 'job files' })
  const failed = await call('POST /api/malachite/fail/pools/later?code=AllocationFailed')
  expect(failed.status).toBe(200)
})

test.each([
  '/api/batch/malachite/why/jobs/files',
  '/api/batch//malachite/fail/pools/p',
  '/api/other',
  '/api',
])('knows nothing at %s', async (path) => expect((await call(`GET ${path}`)).status).toBe(404))

test('takes no body that is larger than the service takes', async () => {
  const { status, json } = await call('POST /api/batch/pools', { body: 'x'.repeat(1_048_577) })
  expect(status).toBe(413)
  expect(json()).toMatchObject({ code: 'RequestBodyTooLarge' })
})

test('only looks when it is read-only', async () => {
  const { page: looking, emulator: untouched } = await openDashboard({ readOnly: true })
  expect((await looking.call('GET /api/settings')).json()).toMatchObject({ readOnly: true })
  const lines = [
    'POST /api/batch/pools',
    'PATCH /api/batch/pools/p',
    'PUT /api/batch/jobs/j',
    'DELETE /api/batch/jobs/j',
    'POST /api/malachite/fail/pools/p',
  ]
  for (const line of lines) {
    const answer = await looking.call(line, { json: poolBody('p') })
    expect(`${line} ${answer.status}`).toBe(`${line} 403`)
    expect(answer.json()).toMatchObject({ code: 'ReadOnly' })
  }
  expect(untouched.engine.pools.list().items).toEqual([])
  expect((await looking.call('GET /api/batch/pools')).status).toBe(200)
})

test('remembers which states things have left for which', async () => {
  await call('POST /api/batch/pools', { json: poolBody('past', 1) })
  const nodes = await untilIdle('past')
  const id = `past/${nodes[0]}`
  const { json } = await call(`GET /api/history?kind=node&id=${id}`)
  const moves = json<{ from?: string; to: string; time: string }[]>().map(({ from, to }) => [from, to])
  expect(moves).toEqual([
    ['starting', 'idle'],
    ['creating', 'starting'],
    [undefined, 'creating'],
  ])
  const pool = (await call('GET /api/history?kind=pool&id=PAST')).json<{ id: string; to: string }[]>()
  expect(pool.map(({ to }) => to)).toEqual(['steady', 'resizing', 'active'])
})

async function untilIdle(poolId: string): Promise<string[]> {
  type Nodes = { value: { id: string; state: string }[] }
  const list = async () => (await call(`GET /api/batch/pools/${poolId}/nodes`)).json<Nodes>().value
  await until(async () => (await list()).some(({ state }) => state === 'idle'))
  return (await list()).map(({ id }) => id)
}

test('remembers what a formula made of the size of a pool', async () => {
  const { targetDedicatedNodes: _, ...body } = poolBody('scaled')
  const autoScaleFormula = '$TargetDedicatedNodes = 0;'
  await call('POST /api/batch/pools', { json: { ...body, enableAutoScale: true, autoScaleFormula } })
  const { json } = await call('GET /api/history?kind=autoscale&id=scaled')
  const detail = expect.stringContaining('$TargetDedicatedNodes=0') as string
  expect(json()).toEqual([
    { time: expect.any(String) as string, kind: 'autoscale', id: 'scaled', to: 'evaluated', detail },
  ])
})

test('tells pages what changes', async () => {
  const { message, seen } = await openEvents(page)
  await call('POST /api/batch/jobs', { json: { id: 'told', poolInfo: { poolId: 'files' } } })
  await until(() => seen.text.includes('event: change'))
  expect(seen.last()).toEqual({ jobs: ['told'] })
  await call('POST /api/batch/jobs/told/tasks', { json: { id: 't', commandLine: 'true' } })
  await until(() => seen.text.includes('"tasks":["told"]'))
  message.destroy()
})

test('tells pages when everything is gone', async () => {
  const { page: own, emulator: other } = await openDashboard()
  const { seen } = await openEvents(own)
  await other.reset()
  await until(() => seen.text.includes('event: change'))
  expect(seen.last()).toEqual({ pools: true, nodes: true, jobs: true, tasks: true, jobSchedules: true })
})

test('tells of nothing that did not happen', async () => {
  const { message, seen } = await openEvents(page)
  await call('POST /api/batch/jobs', {
    json: { id: 'none', poolInfo: { poolId: 'files' }, onAllTasksComplete: 'x' },
  })
  await call('POST /api/batch/jobs', { json: { id: 'told', poolInfo: { poolId: 'files' } } })
  await call('DELETE /api/batch/jobs/told/tasks/none')
  await call('POST /api/batch/jobs', { json: { id: 'last', poolInfo: { poolId: 'files' } } })
  await until(() => seen.text.includes('last'))
  expect(seen.last()).toEqual({ jobs: ['last'] })
  message.destroy()
})

test('stays small when 20,000 tasks are added under an open page', async () => {
  await call('POST /api/batch/jobs', { json: { id: 'many', poolInfo: { poolId: 'list-1' } } })
  const { message, seen } = await openEvents(page)
  for (let chunk = 0; chunk < 200; chunk++) {
    const value = Array.from({ length: 100 }, (_, i) => ({ id: `t-${chunk}-${i}`, commandLine: 'true' }))
    await call('POST /api/batch/jobs/many/addtaskcollection', { json: { value } })
  }
  await until(() => seen.text.includes('"many"'))
  expect(seen.text.length).toBeLessThan(20_000)
  message.destroy()
  expect((await call('GET /api/history')).json<unknown[]>()).toHaveLength(200)
  const kinds = (await call('GET /api/history?kind=pool')).json<{ kind: string }[]>()
  expect(kinds.length).toBeGreaterThan(0)
})

test('closing ends every stream, and frees the port', async () => {
  const { dashboard: closing, page: own, emulator: rest } = await openDashboard()
  const { message } = await openEvents(own)
  const ended = once(message, 'end')
  await Promise.all([closing.close(), closing.close()])
  await ended
  await expect(own.call('GET /')).rejects.toThrow('ECONNREFUSED')
  const port = Number(new URL(closing.url).port)
  const next = await startDashboard({ upstream: await rest.openWindow(), port })
  onTestFinished(() => next.close())
  expect((await (await openPage(next.url)).call('GET /api/settings')).status).toBe(200)
})

test('rejects when its port is taken', async () => {
  const port = Number(new URL(dashboard.url).port)
  await expect(startDashboard({ upstream: await emulator.openWindow(), port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
})

test('says when nobody answers behind it', async () => {
  const upstream: Upstream = {
    backend: 'azure',
    account: 'a',
    url: 'https://a.westeurope.batch.azure.com',
    request: () => Promise.reject(new Error('The Batch service does not answer')),
  }
  const broken = await startDashboard({ upstream, title: 'Broken' })
  onTestFinished(() => broken.close())
  const { call: ask } = await openPage(broken.url)
  const answer = await ask('GET /api/batch/pools')
  expect(answer.status).toBe(502)
  expect(answer.json()).toEqual({ code: 'Unreachable', message: 'The Batch service does not answer' })
  expect((await ask('GET /api/malachite/why/pools/p')).status).toBe(501)
  expect((await ask('GET /api/history')).json()).toEqual([])
})

test('sends its files packed, and lets browsers keep them by content', async () => {
  const html = (await call('GET /')).text
  const [, script = ''] = /<script type="module" src="([^"]+)">/.exec(html) ?? []
  expect(script).toMatch(/^\/assets\/app\.js\?v=/)
  const packed = await call(`GET ${script}`, { headers: { 'accept-encoding': 'br, gzip' } })
  expect(packed.headers).toMatchObject({
    'content-encoding': 'br',
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  })
  const plain = await call('GET /assets/app.js')
  expect(plain.headers['cache-control']).toBe('no-cache')
  expect(packed.text.length).toBeLessThan(plain.text.length)
  const again = await call('GET /assets/app.js', { headers: { 'if-none-match': plain.headers['etag'] } })
  expect(again.status).toBe(304)
})
