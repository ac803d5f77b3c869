// Tokens, keys that are replaced, https, and addresses that are not for everybody: as clients see them.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmulator } from '@malachite/emulator'
import { DEVELOPMENT_KEY } from '@malachite/model'
import { expect, onTestFinished, test } from 'vitest'
import { makeCertificate } from './certificate.ts'
import { expectError } from './expectations.ts'
import { openProtocol } from './helpers.ts'

const { call } = await openProtocol()
const closed = await openProtocol({ oauth: 'none' })

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function tokenOf(more: object = {}): string {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    aud: 'https://batch.core.windows.net/',
    iss: 'https://sts.windows.net/3f2504e0-4f89-11d3-9a0c-0305e82c3301/',
    nbf: now,
    exp: now + 3600,
    ...more,
  }
  return `${encode({ typ: 'JWT', alg: 'RS256' })}.${encode(claims)}.c2lnbmF0dXJl`
}

/** Sends the token instead of a signature; nor is there a date. */
const withToken = (token: string) => ({
  headers: { 'ocp-date': undefined },
  tamper: (headers: Record<string, string>): void => void (headers['authorization'] = `Bearer ${token}`),
})

test('a bearer token of Entra ID is taken', async () => {
  expect((await call('GET /pools', withToken(tokenOf()))).status).toBe(200)
})

test('a token that is not for the Batch service is answered with 401 and the challenge', async () => {
  const token = tokenOf({ aud: 'https://management.azure.com/' })
  const answer = await call('GET /pools', withToken(token))
  expect([answer.status, answer.json()['code']]).toEqual([401, 'AuthenticationFailed'])
  expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
  expect(answer.text).toContain('audience')
  expect(answer.text).not.toContain(token)
  const head = await call('HEAD /pools/p', withToken(token))
  expect([head.status, head.text, head.headers['www-authenticate']]).toEqual([
    401,
    '',
    'Bearer error="invalid_token"',
  ])
})

test('an expired token is answered with 401', async () => {
  const answer = await call('GET /pools', withToken(tokenOf({ exp: 1_700_000_000 })))
  expect(answer.status).toBe(401)
  expect(answer.text).toContain('expired')
})

test('with --oauth none no token is taken, while keys are', async () => {
  const answer = await closed.call('GET /pools', withToken(tokenOf()))
  expectError(answer, 403, 'AuthenticationFailed')
  expect((await closed.call('GET /pools')).status).toBe(200)
})

test('no other failure has a challenge', async () => {
  const answer = await call('GET /pools', { account: 'nobody' })
  expect([answer.status, answer.headers['www-authenticate']]).toEqual([403, undefined])
})

async function temporaryFile(content: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'malachite-test-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const path = join(directory, 'accounts')
  await writeFile(path, content)
  return path
}

const base64 = (value: string): string => Buffer.from(value).toString('base64')

test('keys are replaced one after the other without a restart', async () => {
  const [first, second, third] = ['first', 'second', 'third'].map(base64)
  const accountsFile = await temporaryFile(`mine:${first}:${second}\n`)
  const warnings: string[] = []
  const logger = { debug() {}, info() {}, warn: (line: string) => void warnings.push(line), error() {} }
  const { call, emulator } = await openProtocol({ accountsFile, logger })
  expect(emulator.batch).toMatchObject({ account: 'mine', key: first })
  const statuses = (): Promise<number[]> =>
    Promise.all(
      [first, second, third].map(async (key) => (await call('GET /pools', { key: key ?? '' })).status),
    )
  expect(await statuses()).toEqual([200, 200, 403])
  await writeFile(accountsFile, `mine:${second}:${third}\n`)
  await sleep(1100)
  expect(await statuses()).toEqual([403, 200, 200])
  await writeFile(accountsFile, 'mine')
  await sleep(1100)
  expect(await statuses()).toEqual([403, 200, 200])
  expect(warnings).toEqual([expect.stringContaining('The accounts stay as they were')])
})

test.each([
  ['the published key', {}, /published development key.*--unsafe/],
  [
    'the published key under another name',
    { accounts: `mine:${DEVELOPMENT_KEY}` },
    /published development key/,
  ],
  ['unverified tokens', { accounts: 'mine:a2V5', oauth: 'basic' }, /not verified/],
] as const)('other machines are not let in with %s', async (_, options, message) => {
  const starting = startEmulator({ batchHost: '0.0.0.0', blobPort: 'none', ...options })
  await expect(starting).rejects.toMatchObject({
    code: 'ConfigurationError',
    message: expect.stringMatching(message),
  })
})

test('https answers with https URLs', async () => {
  const tls = makeCertificate()
  const { emulator } = await openProtocol({ tls })
  expect(emulator.batch.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  const path = '/pools/none?api-version=2022-10-01.16.0'
  const answer = await new Promise<string>((resolve, reject) => {
    const headers = { authorization: `Bearer ${tokenOf()}` }
    request(`${emulator.batch.url}${path}`, { ca: tls.cert, headers, agent: false }, (message) => {
      text(message).then(resolve, reject)
    })
      .on('error', reject)
      .end()
  })
  const body = JSON.parse(answer) as Record<string, string>
  expect(body['code']).toBe('PoolNotFound')
  expect(body['odata.metadata']).toContain(`${emulator.batch.url}/$metadata`)
})

test.each([
  ['no certificate', () => ({ ...makeCertificate(), cert: 'nonsense' })],
  ['another key', () => ({ ...makeCertificate(), key: makeCertificate().key })],
])('%s is a mistake that is told', async (_, make) => {
  const tls = make()
  await expect(startEmulator({ blobPort: 'none', tls })).rejects.toMatchObject({
    code: 'ConfigurationError',
    message: expect.stringContaining('The certificate and its key cannot be used'),
  })
})
