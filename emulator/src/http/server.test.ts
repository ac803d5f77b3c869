import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { BatchError, DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY } from '@malachite/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BatchEngine, NodeFiles } from './context.ts'
import { createBatchServer } from './server.ts'

const STAMP = { eTag: '0x8DA9061B2F7BB2F', lastModified: '2022-09-06T23:44:11.5153711Z' }
const bodies: unknown[] = []
const logged: string[] = []

// Only what the tests call; anything else is an InternalError, as it should be.
const engine = {
  pools: {
    idOf: (id: string) => id,
    add: (body: unknown) => (bodies.push(body), { id: 'p', ...STAMP }),
    get: (id: string) => {
      if (id !== 'p') throw new BatchError('PoolNotFound')
      return { id, ...STAMP, state: 'active' }
    },
    list: () => {
      throw new Error('the disk is full of secrets')
    },
    updateProperties: () => STAMP,
    delete: () => {},
  },
  jobs: { idOf: (id: string) => id, add: () => ({ id: 'j', ...STAMP }), enable: (_id: string) => STAMP },
  tasks: {
    addCollection: () => [
      { status: 'success', taskId: 'a', ...STAMP },
      { status: 'clienterror', taskId: 'b', error: new BatchError('TaskExists') },
    ],
    location: () => ({ taskId: 't', poolId: 'p', nodeId: 'n', directory: 'workitems/j/job-1/t' }),
  },
} as unknown as BatchEngine

const CONTENT = '0123456789'
const files: NodeFiles = {
  list: () => Promise.resolve([]),
  stat: (_node, path) => {
    if (path !== 'workitems/j/job-1/t/wd/out.txt') return Promise.reject(new BatchError('FileNotFound'))
    const lastModified = new Date(STAMP.lastModified)
    const properties = {
      lastModified,
      contentLength: CONTENT.length,
      contentType: 'text/plain',
      fileMode: '0o100644',
    }
    return Promise.resolve({ name: path, isDirectory: false, properties })
  },
  read: (_node, _path, { offset = 0, length = CONTENT.length }) =>
    new Blob([CONTENT.slice(offset, offset + length)]).stream(),
  remove: () => Promise.resolve(),
  uploadLogs: () => Promise.resolve(0),
}

const keep = (message: string): void => void logged.push(message)
const server = createBatchServer({
  engine,
  files,
  logger: { debug: keep, info: keep, warn: keep, error: keep },
})
let url = ''

beforeAll(async () => {
  url = await server.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => server.close())

interface Options {
  headers?: Record<string, string>
  body?: string
  /** Leave the Authorization header away. */
  anonymous?: boolean
}

async function send(
  method: string,
  target: string,
  options: Options = {},
): Promise<IncomingMessage & { text: string }> {
  const headers: Record<string, string> = { 'ocp-date': new Date().toUTCString(), ...options.headers }
  if (options.body !== undefined) headers['content-length'] = String(Buffer.byteLength(options.body))
  if (!options.anonymous) headers['authorization'] = sign(method, target, headers)
  const outgoing = httpRequest(url + target, { method, headers, agent: false })
  outgoing.end(options.body)
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  return Object.assign(response, { text: await text(response) })
}

function sign(method: string, target: string, headers: Record<string, string>): string {
  const { pathname, searchParams } = new URL(url + target)
  const plain = ['content-length', 'content-type'].map((name) => headers[name] ?? '')
  const ocp = Object.keys(headers)
    .filter((name) => name.startsWith('ocp-'))
    .sort()
    .map((name) => `${name}:${headers[name]}\n`)
  const conditions = ['if-modified-since', 'if-match', 'if-none-match', 'if-unmodified-since'].map(
    (name) => headers[name] ?? '',
  )
  const query = Array.from(searchParams, ([name, value]) => `\n${name}:${value}`).sort()
  const lines = [method, '', '', plain[0], '', plain[1], '', ...conditions, '', ''].join('\n')
  const content = `${lines}${ocp.join('')}/${DEVELOPMENT_ACCOUNT}${pathname}${query.join('')}`
  const key = Buffer.from(DEVELOPMENT_KEY, 'base64')
  return `SharedKey ${DEVELOPMENT_ACCOUNT}:${createHmac('sha256', key).update(content).digest('base64')}`
}

const VERSION = 'api-version=2022-10-01.16.0'
const JSON_TYPE = 'application/json;odata=minimalmetadata'

test('a create is answered with 201, no body, and where the new resource is', async () => {
  const response = await send('POST', `/pools?${VERSION}`, {
    body: '{"id":"p"}',
    headers: { 'content-type': 'application/json; odata=minimalmetadata; charset=utf-8' },
  })
  expect(response.statusCode).toBe(201)
  expect(bodies.pop()).toEqual({ id: 'p' })
  expect(response.text).toBe('')
  expect(response.headers).toEqual({
    etag: '0x8DA9061B2F7BB2F',
    'last-modified': 'Tue, 06 Sep 2022 23:44:11 GMT',
    location: `${url}/pools/p`,
    dataserviceid: `${url}/pools/p`,
    'request-id': expect.stringMatching(/^[\da-f-]{36}$/),
    server: 'Microsoft-HTTPAPI/2.0',
    dataserviceversion: '3.0',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'transfer-encoding': 'chunked',
    date: expect.any(String),
    connection: 'close',
  })
})

test('a job is said to be at job-1, as the service says it', async () => {
  const { headers } = await send('POST', `/jobs?${VERSION}`, { body: '{}' })
  expect([headers.location, headers['dataserviceid']]).toEqual([`${url}/jobs/job-1`, `${url}/jobs/job-1`])
})

test('a resource is answered as JSON with its metadata first, chunked', async () => {
  const response = await send('GET', `/pools/p?${VERSION}`)
  expect(response.statusCode).toBe(200)
  expect(response.headers).toMatchObject({
    'content-type': JSON_TYPE,
    'transfer-encoding': 'chunked',
    etag: STAMP.eTag,
  })
  expect(response.headers['dataserviceid']).toBeUndefined()
  expect(response.text).toBe(
    `{"odata.metadata":"${url}/$metadata#pools/@Element","id":"p","url":"${url}/pools/p",` +
      `"eTag":"0x8DA9061B2F7BB2F","lastModified":"2022-09-06T23:44:11.5153711Z","state":"active"}`,
  )
})

test('the headers of the resource stay when $select leaves its members out', async () => {
  const response = await send('GET', `/pools/p?${VERSION}&$select=state`)
  expect(response.headers.etag).toBe(STAMP.eTag)
  expect(Object.keys(JSON.parse(response.text) as object)).toEqual(['odata.metadata', 'state'])
})

test('HEAD answers 200 or 404 without a body', async () => {
  const found = await send('HEAD', `/pools/p?${VERSION}`)
  expect([found.statusCode, found.headers.etag, found.headers['content-type']]).toEqual([
    200,
    STAMP.eTag,
    undefined,
  ])
  const missing = await send('HEAD', `/pools/q?${VERSION}`)
  expect([missing.statusCode, missing.text, missing.headers['content-type']]).toEqual([404, '', undefined])
  expect(missing.headers['transfer-encoding']).toBe('chunked')
})

test('204 has a length of 0; a verb names its own URL', async () => {
  const updated = await send('POST', `/pools/p/updateproperties?${VERSION}`, { body: '{}' })
  expect([updated.statusCode, updated.headers['content-length']]).toEqual([204, '0'])
  const enabled = await send('POST', `/jobs/j/enable?${VERSION}`)
  expect([enabled.statusCode, enabled.headers['dataserviceid']]).toEqual([202, `${url}/jobs/j/enable`])
})

test('a JSON content type without a body is no mistake', async () => {
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  expect((await send('POST', `/jobs/j/enable?${VERSION}`, { headers })).statusCode).toBe(202)
  expect((await send('DELETE', `/pools/p?${VERSION}`, { headers })).statusCode).toBe(202)
})

test('an error has the service’s envelope, and its sentence as the reason phrase', async () => {
  const response = await send('GET', `/pools/q?${VERSION}`)
  expect([response.statusCode, response.statusMessage]).toEqual([404, 'The specified pool does not exist.'])
  expect(response.headers).toMatchObject({
    'content-type': JSON_TYPE,
    'content-length': String(response.text.length),
  })
  const id = response.headers['request-id'] as string
  const body = JSON.parse(response.text) as { message: { value: string } }
  expect(Object.keys(body)).toEqual(['odata.metadata', 'code', 'message'])
  expect(body).toMatchObject({
    'odata.metadata': `${url}/$metadata#Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element`,
    code: 'PoolNotFound',
    message: { lang: 'en-US' },
  })
  expect(body.message.value).toMatch(
    new RegExp(
      `^The specified pool does not exist\\.\nRequestId:${id}\nTime:\\d{4}-\\d\\d-\\d\\dT[\\d:]{8}\\.\\d{7}Z$`,
    ),
  )
})

test('the client request id is echoed only when asked for', async () => {
  const asked = { 'client-request-id': 'mine', 'return-client-request-id': 'true' }
  expect((await send('GET', `/pools/p?${VERSION}`, { headers: asked })).headers['client-request-id']).toBe(
    'mine',
  )
  const unasked = { ...asked, 'return-client-request-id': 'false' }
  expect(
    (await send('GET', `/pools/p?${VERSION}`, { headers: unasked })).headers['client-request-id'],
  ).toBeUndefined()
})

test.each([
  [
    'a missing version comes before a missing signature',
    '/pools',
    true,
    400,
    'MissingRequiredQueryParameter',
  ],
  ['a broken version, too', '/pools?api-version=latest', true, 400, 'InvalidQueryParameterValue'],
  [
    'a missing signature comes before an unknown path',
    `/nothing?${VERSION}`,
    true,
    400,
    'MissingRequiredHeader',
  ],
  ['an unknown path', `/nothing?${VERSION}`, false, 404, 'ResourceNotFound'],
  ['a wrong timeout', `/pools/p?timeout=x&${VERSION}`, false, 400, 'InvalidQueryParameterValue'],
])('%s', async (_title, target, anonymous, status, code) => {
  const response = await send('GET', target, { anonymous })
  expect([response.statusCode, (JSON.parse(response.text) as { code: string }).code]).toEqual([status, code])
})

test('unknown verbs are answered, too', async () => {
  expect((await send('PUT', `/pools/p?${VERSION}`)).statusCode).toBe(405)
  expect((await send('PROPFIND', `/pools/p?${VERSION}`)).statusCode).toBe(405)
  expect((await send('OPTIONS', `/pools/p?${VERSION}`)).statusCode).toBe(405)
})

test('another host name is refused before anything else', async () => {
  const response = await send('GET', '/pools', { headers: { host: 'evil.example' }, anonymous: true })
  expect([response.statusCode, (JSON.parse(response.text) as { code: string }).code]).toEqual([
    400,
    'InvalidHostInfo',
  ])
})

test('a body that is not JSON is refused without repeating it', async () => {
  const response = await send('POST', `/pools?${VERSION}`, { body: '{"sas": secret' })
  expect(response.statusCode).toBe(400)
  expect(JSON.parse(response.text)).toMatchObject({ code: 'InvalidRequestBody' })
  expect(response.text).not.toContain('secret')
  expect(bodies).toEqual([])
})

test('a body of 1 MiB is taken, one more byte is too large', async () => {
  const large = JSON.stringify('x'.repeat(1_048_574))
  expect((await send('POST', `/pools?${VERSION}`, { body: large })).statusCode).toBe(201)
  bodies.length = 0
  const response = await send('POST', `/pools?${VERSION}`, { body: `${large} ` })
  expect(response.statusCode).toBe(413)
  expect(JSON.parse(response.text)).toMatchObject({
    code: 'RequestBodyTooLarge',
    values: [
      { key: 'MaxLimit', value: '1048576' },
      { key: 'Hint', value: expect.stringContaining('halve') as string },
    ],
  })
  expect(bodies).toEqual([])
})

test('a content type that is none is refused and the body not taken', async () => {
  const headers = { 'content-type': 'nonsense' }
  const response = await send('POST', `/pools?${VERSION}`, { body: '{}', headers })
  expect(JSON.parse(response.text)).toMatchObject({ code: 'InvalidHeaderValue' })
  expect(bodies).toEqual([])
})

test('what nobody expected is an InternalError: logged, not told', async () => {
  const response = await send('GET', `/pools?${VERSION}`)
  expect(response.statusCode).toBe(500)
  expect(response.text).not.toContain('secrets')
  expect(logged.some((line) => line.includes(response.headers['request-id'] as string))).toBe(true)
})

test('a condition that is not met: 304 without a body for reads, 412 for writes', async () => {
  const read = await send('GET', `/pools/p?${VERSION}`, { headers: { 'if-none-match': STAMP.eTag } })
  expect([read.statusCode, read.text]).toEqual([304, ''])
  const write = await send('DELETE', `/pools/p?${VERSION}`, { headers: { 'if-match': '0x1' } })
  expect([write.statusCode, write.statusMessage]).toEqual([
    412,
    'The condition specified using HTTP conditional header(s) is not met.',
  ])
})

test('each task of a collection has its own result', async () => {
  const response = await send('POST', `/jobs/j/addtaskcollection?${VERSION}`, { body: '{"value":[]}' })
  expect(JSON.parse(response.text)).toEqual({
    'odata.metadata': `${url}/$metadata#taskaddresult`,
    value: [
      { status: 'Success', taskId: 'a', ...STAMP, location: `${url}/jobs/j/tasks/a` },
      {
        'error@odata.navigationLinkUrl': `${url}/jobs/j/tasks/b/error`,
        error: {
          code: 'TaskExists',
          message: {
            lang: 'en-US',
            value: expect.stringMatching(/^The specified task already exists\.\nRequestId:.*\nTime:/),
          },
        },
        status: 'ClientError',
        taskId: 'b',
      },
    ],
  })
})

test('a file is read whole or in part, with its properties in headers', async () => {
  const target = `/jobs/j/tasks/t/files/wd%2Fout.txt?${VERSION}`
  const whole = await send('GET', target)
  expect([whole.statusCode, whole.text]).toEqual([200, CONTENT])
  expect(whole.headers).toMatchObject({
    'content-type': 'text/plain',
    'transfer-encoding': 'chunked',
    'last-modified': 'Tue, 06 Sep 2022 23:44:11 GMT',
    'ocp-batch-file-isdirectory': 'False',
    'ocp-batch-file-mode': '0o100644',
    'ocp-batch-file-url': encodeURIComponent(`${url}/jobs/j/tasks/t/files/wd/out.txt`),
  })
  const part = await send('GET', target, { headers: { 'ocp-range': 'bytes=1-2' } })
  expect([part.statusCode, part.text]).toEqual([200, '12'])
  const head = await send('HEAD', target)
  expect([head.statusCode, head.headers['content-length'], head.headers['transfer-encoding']]).toEqual([
    200,
    '10',
    undefined,
  ])
})

test.each(['wd/out.txt', 'wd%5Cout.txt', '%2Fwd%2Fout.txt'])('finds the file as %s', async (path) => {
  expect((await send('GET', `/jobs/j/tasks/t/files/${path}?${VERSION}`)).text).toBe(CONTENT)
})

test('a path does not leave the task’s directory', async () => {
  const response = await send('GET', `/jobs/j/tasks/t/files/..%2Ft%2Fwd%2Fout.txt?${VERSION}`)
  expect(response.statusCode).toBe(404)
})

test('health needs no signature', async () => {
  const response = await send('GET', '/_malachite/health/ready', { anonymous: true })
  expect([response.statusCode, response.text]).toEqual([200, '{"status":"ready"}'])
})

test('the log holds no credentials', () => {
  expect(logged.length).toBeGreaterThan(0)
  expect(logged.join('\n')).not.toMatch(/SharedKey|secret/)
})

test('a port that is taken is node’s own error', async () => {
  const second = createBatchServer({ engine, files })
  const port = Number(new URL(url).port)
  await expect(second.listen({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await second.close()
})

test('closing ends connections that clients keep open, and may be repeated', async () => {
  const second = createBatchServer({ engine, files, isReady: () => false })
  const address = await second.listen({ host: '127.0.0.1', port: 0 })
  const agent = new Agent({ keepAlive: true })
  const outgoing = httpRequest(`${address}/_malachite/health/ready`, { agent }).end()
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  expect(response.statusCode).toBe(503)
  const closed = once(response.socket, 'close')
  response.resume()
  await second.close()
  await closed
  await second.close()
  agent.destroy()
})
