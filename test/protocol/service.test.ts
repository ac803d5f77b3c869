// What every request has in common: headers of each answer, the order of the checks, authentication, bodies, routes.

import { ROUTES } from '@malachite/emulator'
import { expect, test } from 'vitest'
import { expectError, JSON_TYPE } from './expectations.ts'
import { API_VERSION, must, openProtocol, poolOf } from './helpers.ts'

const { call, url } = await openProtocol()
await must(call('POST /pools', { json: poolOf('p') }))

const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
const AUTHORIZATION = { HeaderName: 'Authorization' }
const detail = (text: string): object => ({ AuthenticationErrorDetail: expect.stringContaining(text) })

test.each([
  ['a list', 'GET /pools', 200],
  ['an existence check', 'HEAD /pools/p', 200],
  ['an empty 200', 'PATCH /pools/p', 200],
  ['an empty 204', 'POST /pools/p/updateproperties', 204],
  ['an error', 'GET /pools/none', 404],
  ['an error of HEAD', 'HEAD /pools/none', 404],
] as const)('%s has the headers that every answer has', async (_, line, status) => {
  const update = { certificateReferences: [], applicationPackageReferences: [], metadata: [] }
  const json = { PATCH: {}, POST: update }[line.split(' ')[0] ?? '']
  const answer = await call(line, json ? { json } : {})
  expect(answer.status).toBe(status)
  expect(answer.headers).toMatchObject({
    server: 'Microsoft-HTTPAPI/2.0',
    dataserviceversion: '3.0',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'request-id': expect.stringMatching(GUID),
    date: new Date(answer.headers['date'] ?? '').toUTCString(),
  })
})

test('header names are written as the service writes them', async () => {
  const { headerNames } = await call('GET /pools/p')
  expect(headerNames).toEqual(
    expect.arrayContaining([
      'Transfer-Encoding',
      'Content-Type',
      'Last-Modified',
      'ETag',
      'Server',
      'request-id',
      'Strict-Transport-Security',
      'X-Content-Type-Options',
      'DataServiceVersion',
      'Date',
    ]),
  )
})

test('a body that succeeds is chunked, without blank or charset in its type', async () => {
  const { headers } = await call('GET /pools')
  expect(headers['transfer-encoding']).toBe('chunked')
  expect(headers['content-length']).toBeUndefined()
  expect(headers['content-type']).toBe(JSON_TYPE)
})

test('every answer has a request id of its own', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => call('GET /pools')))
  expect(new Set(answers.map(({ headers }) => headers['request-id'])).size).toBe(10)
})

test.each([
  ['true', true],
  ['True', true],
  ['false', false],
  [undefined, false],
])('return-client-request-id: %s decides about the echo', async (wanted, echoed) => {
  const headers = { 'client-request-id': 'mine', 'return-client-request-id': wanted }
  for (const path of ['/pools', '/pools/none']) {
    const answer = await call(`GET ${path}`, { headers })
    expect(answer.headers['client-request-id']).toBe(echoed ? 'mine' : undefined)
  }
})

test('a missing api-version is told before the signature is looked at', async () => {
  const unsigned = await call('GET /jobs', { version: false, tamper: (h) => delete h['authorization'] })
  expectError(unsigned, 400, 'MissingRequiredQueryParameter', { QueryParameterName: 'api-version' })
})

test.each(['latest', '2022-10-01.16', '16.0', "' or 1"])(
  'the api-version %s is refused before the signature is looked at',
  async (version) => {
    const answer = await call('GET /jobs', {
      version: encodeURIComponent(version),
      tamper: (h) => delete h['authorization'],
    })
    expectError(answer, 400, 'InvalidQueryParameterValue', {
      QueryParameterName: 'api-version',
      QueryParameterValue: version,
      Reason: expect.any(String),
    })
  },
)

test.each(['2018-12-01.8.0', '2020-09-01.12.0', API_VERSION, '2024-07-01.20.0', '2025-06-01'])(
  'clients of api-version %s are served',
  async (version) => {
    expect((await call('GET /pools', { version })).status).toBe(200)
  },
)

test('a request without Authorization lacks a header', async () => {
  const answer = await call('GET /pools', { tamper: (h) => delete h['authorization'] })
  expectError(answer, 400, 'MissingRequiredHeader', AUTHORIZATION)
})

test.each(['SharedKey', 'SharedKey devbatchaccount1', 'Basic YTpi', 'SharedKey :abc'])(
  'the Authorization "%s" cannot be read',
  async (authorization) => {
    const answer = await call('GET /pools', { tamper: (h) => (h['authorization'] = authorization) })
    expectError(answer, 400, 'InvalidAuthenticationInfo')
  },
)

test('an account that does not exist fails to authenticate', async () => {
  const answer = await call('GET /pools', { account: 'nobody' })
  const text = 'Cannot find the claimed account when trying to GetProperties for the account nobody.'
  expectError(answer, 403, 'AuthenticationFailed', { AuthenticationErrorDetail: text })
})

test('a wrong key is answered with the signature and what the server signed instead', async () => {
  const answer = await call('GET /pools?maxresults=5', {
    key: Buffer.from('wrong').toString('base64'),
    headers: { 'content-type': 'application/json', 'ocp-date': undefined, date: new Date().toUTCString() },
  })
  expectError(answer, 403, 'AuthenticationFailed', detail('The MAC signature found in the HTTP request'))
  const [{ value = '' } = {}] = answer.json<{ values: { value?: string }[] }>().values
  expect(value).toContain(String.raw`Server used following string to sign: 'GET\n\n\n\n\napplication/json\n`)
  expect(value).toMatch(/\\n\/devbatchaccount1\/pools\\napi-version:[^']*\\nmaxresults:5'$/)
})

test('a header that is signed cannot be changed on the way', async () => {
  const answer = await call('GET /pools/p', {
    headers: { 'if-match': '"a"' },
    tamper: (h) => (h['if-match'] = '*'),
  })
  expectError(answer, 403, 'AuthenticationFailed')
})

test.each([
  ['ocp-date', -14, 200],
  ['ocp-date', 14, 200],
  ['ocp-date', -16, 403],
  ['ocp-date', 16, 403],
  ['date', -14, 200],
  ['date', -16, 403],
] as const)('a request whose %s is %i minutes off is answered with %i', async (name, minutes, status) => {
  const time = new Date(Date.now() + minutes * 60_000).toUTCString()
  const answer = await call('GET /pools', { headers: { 'ocp-date': undefined, [name]: time } })
  expect(answer.status).toBe(status)
})

test('a request without any date fails to authenticate', async () => {
  expectError(await call('GET /pools', { headers: { 'ocp-date': undefined } }), 403, 'AuthenticationFailed')
})

test.each(['evil.example', 'evil.example:10000', 'localhost.evil.example', 'a b'])(
  'the Host %s is refused before anything else',
  async (host) => {
    const answer = await call('GET /pools', { version: false, headers: { host } })
    expectError(answer, 400, 'InvalidHostInfo', { HeaderName: 'Host', HeaderValue: host })
  },
)

test.each(['localhost:1234', 'emulator.localhost'])('URLs are those of the Host %s', async (host) => {
  const { url, 'odata.metadata': metadata } = (await call('GET /pools/p', { headers: { host } })).json()
  expect([url, metadata]).toEqual([`http://${host}/pools/p`, `http://${host}/$metadata#pools/@Element`])
})

test.each(['/', '/nothing', '/pools/p/nothing', '/devbatchaccount1/pools', '/jobs/j/tasks/t/nothing'])(
  '%s is no resource',
  async (path) => {
    expectError(await call(`GET ${path}`), 404, 'ResourceNotFound')
  },
)

test.each(['HEAD /jobs/j', 'PATCH /jobs/j/tasks/t', 'PUT /pools', 'DELETE /pools', 'GET /pools/p/resize'])(
  '%s has a verb that its resource does not support',
  async (line) => {
    const answer = await call(line)
    expect(answer.status).toBe(405)
    expect(answer.reason).toBe('The resource does not support the specified HTTP verb.')
  },
)

test('every operation of the service is offered', () => {
  expect(ROUTES.filter(({ supported }) => !supported).map(({ operation }) => operation)).toEqual([])
})

test('the health checks need neither signature nor version', async () => {
  for (const check of ['live', 'ready']) {
    const answer = await fetch(`${url}/_malachite/health/${check}`)
    expect([answer.status, await answer.json()]).toEqual([200, { status: check }])
  }
})

test('a body of more than 1 MiB is refused with the limit', async () => {
  const body = JSON.stringify({ value: 'x'.repeat(1_048_576) })
  expectError(await call('POST /jobs/j/addtaskcollection', { body }), 413, 'RequestBodyTooLarge', {
    MaxLimit: '1048576',
  })
})

test('a large body of an unknown account is refused for the account', async () => {
  const answer = await call('POST /pools', { body: ' '.repeat(1_100_000), account: 'nobody' })
  expectError(answer, 403, 'AuthenticationFailed')
})

test.each(['{"id": "p"', 'id=p', '{"id":"s3cret'])(
  'the body %s is no JSON and is not repeated',
  async (body) => {
    const answer = await call('POST /pools', { body })
    expectError(answer, 400, 'InvalidRequestBody')
    expect(answer.text).not.toContain('s3cret')
  },
)

test.each(['[]', '"p"', '1', 'null', ''])('the body %s is no object', async (body) => {
  expectError(await call('POST /pools', { body }), 400, 'InvalidRequestBody')
})

test.each([
  'application/json',
  'application/json;odata=minimalmetadata',
  'application/json; odata=minimalmetadata',
  'application/json; odata=minimalmetadata; charset=utf-8',
  undefined,
])('a body of the type %s is taken', async (type) => {
  const answer = await call('PATCH /pools/p', { json: {}, headers: { 'content-type': type } })
  expect(answer.status).toBe(200)
})

test.each(['GET /pools', 'HEAD /pools/p', 'POST /jobs/none/terminate', 'DELETE /jobs/none'])(
  'a JSON type without a body is no mistake: %s',
  async (line) => {
    const answer = await call(line, { headers: { 'content-type': 'application/json; charset=utf-8' } })
    expect([200, 404]).toContain(answer.status)
  },
)

test.each([
  ['a leading slash of the path is encoded', '%2Fpools/p', 404],
  ['the names of options are encoded', 'pools?%24select=id', 200],
  ['a blank is a plus', 'pools?$filter=state+eq+%27active%27', 200],
  ['an option has no value', 'pools?maxresults=', 200],
  ['the timeout is given', 'pools?timeout=30', 200],
  ['the timeout is no number', 'pools?timeout=soon', 400],
  ['the encoding is broken', 'pools/%zz', 400],
])('requests are understood as they are signed when %s', async (_, path, status) => {
  expect((await call(`GET /${path}`)).status).toBe(status)
})
