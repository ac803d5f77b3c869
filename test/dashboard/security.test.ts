// Who may look through the window, and what cannot come in or out of it.

import { DEVELOPMENT_KEY } from '@malachite/model'
import { expect, test } from 'vitest'
import { openDashboard, openPage, poolBody } from './helpers.ts'

const { page, emulator } = await openDashboard()

test.each(['evil.example', 'evil.example:11003', '192.168.0.1', 'localhost.evil.example'])(
  'refuses every request for the host "%s"',
  async (host) => {
    for (const line of [
      'GET /',
      'GET /assets/app.js',
      'GET /api/settings',
      'GET /api/events',
      'POST /api/batch/jobs',
    ]) {
      const { status, text } = await page.call(line, { headers: { host } })
      expect(`${line} ${status}`).toBe(`${line} 421`)
      expect(text).not.toContain(page.token)
    }
  },
)

test.each(['localhost', '127.0.0.1', '[::1]', 'localhost:8080'])('is reached as %s', async (host) => {
  expect((await page.call('GET /api/settings', { headers: { host } })).status).toBe(200)
})

const PROTECTED = [
  'GET /api/settings',
  'GET /api/history',
  'GET /api/events',
  'GET /api/batch/pools',
  'POST /api/batch/pools',
  'DELETE /api/batch/pools/p',
  'GET /api/malachite/why/pools/p',
  'POST /api/malachite/preempt/pools/p',
  'GET /api/nothing',
]

test.each(PROTECTED)('%s needs the token of the page', async (line) => {
  for (const token of [undefined, '', 'wrong', page.token.slice(0, -1), `${page.token}x`]) {
    const answer = await page.call(line, { headers: { 'x-malachite-token': token } })
    expect(answer.status).toBe(403)
    expect(answer.json()).toMatchObject({ code: 'Token' })
  }
})

test.each([
  { origin: 'http://evil.example' },
  { origin: 'null' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
])('refuses a page of somebody else even with the token: %o', async (headers) => {
  expect((await page.call('POST /api/batch/pools', { headers, json: poolBody('evil') })).status).toBe(403)
  expect(emulator.engine.pools.list().items).toEqual([])
})

test('gives each start of the server another token', async () => {
  const other = await openDashboard()
  expect(other.page.token).not.toBe(page.token)
  expect(
    (await page.call('GET /api/settings', { headers: { 'x-malachite-token': other.page.token } })).status,
  ).toBe(403)
})

test.each(['GET /', 'GET /pools/p', 'GET /jobs/j/tasks/t', 'GET /assets/app.js', 'GET /assets/app.css'])(
  '%s is bound by a strict policy',
  async (line) => {
    const { status, headers } = await page.call(line)
    expect(status).toBe(200)
    const policy = headers['content-security-policy']
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    })
    expect(headers).not.toHaveProperty('access-control-allow-origin')
  },
)

test('answers of the API can run nothing, whoever opens them', async () => {
  const { headers } = await page.call('GET /api/batch/pools')
  expect(headers['content-security-policy']).toContain('sandbox')
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['cache-control']).toBe('no-store')
})

test('allows no other origin to ask', async () => {
  const answer = await page.call('OPTIONS /api/batch/pools', {
    headers: {
      origin: 'http://evil.example',
      'access-control-request-method': 'POST',
      'x-malachite-token': undefined,
    },
  })
  expect(answer.status).toBe(403)
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
})

test.each([
  '/assets/../../src/handler.ts',
  '/assets/..%2f..%2fsrc%2fhandler.ts',
  '/assets/%2e%2e/package.json',
  '/assets/....//package.json',
  '/assets//etc/passwd',
  '/assets/..\\..\\package.json',
  '/assets/app.js%00',
  '/assets/',
  '/assets/constructor',
  '/assets/__proto__',
])('serves no file beside its own: %s', async (path) => {
  const { status, text } = await page.call(`GET ${path}`)
  expect(status).toBe(404)
  expect(text).toBe('There is no such file.\n')
})

test.each(['POST /', 'PUT /assets/app.js', 'DELETE /api/settings', 'POST /api/history'])(
  '%s is not allowed',
  async (line) => {
    expect((await page.call(line)).status).toBe(405)
  },
)

test('the key of the account is in no answer', async () => {
  const { call } = page
  await call('POST /api/batch/pools', { json: poolBody('p') })
  const lines = ['GET /api/settings', 'GET /api/batch/pools', 'GET /api/batch/pools/none', 'GET /api/history']
  for (const line of lines) {
    const { text, headers } = await call(line)
    const all = JSON.stringify(headers) + text
    expect(all).not.toContain(DEVELOPMENT_KEY)
    expect(all).not.toContain('SharedKey')
    expect(all.includes(page.token)).toBe(false)
  }
})

test('signatures in the addresses of files are in no answer', async () => {
  const signature = 'q0FzBabcDEF0123456789xyz%3D'
  const httpUrl = `https://acct.blob.core.windows.net/in/a.txt?sv=2024-11-04&sig=${signature}`
  await page.call('POST /api/batch/jobs', { json: { id: 'signed', poolInfo: { poolId: 'none' } } })
  const task = { id: 't', commandLine: `fetch "${httpUrl}"`, resourceFiles: [{ httpUrl, filePath: 'a.txt' }] }
  await page.call('POST /api/batch/jobs/signed/tasks', { json: task })
  for (const line of ['GET /api/batch/jobs/signed/tasks/t', 'GET /api/batch/jobs/signed/tasks']) {
    const { text } = await page.call(line)
    expect(text).not.toContain(signature)
    expect(text).toContain('sig=***')
  }
})

test('has nothing but the page and its files without the token', async () => {
  const fresh = await openPage(page.url)
  expect(fresh.token).toBe(page.token)
  const { headers } = await fresh.call('GET /jobs', { headers: { 'x-malachite-token': undefined } })
  expect(headers['content-type']).toBe('text/html; charset=utf-8')
  expect(headers['cache-control']).toBe('no-store')
})
