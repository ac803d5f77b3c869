// Files of tasks and of nodes: headers, ranges, the forms of a path, listings, removal.

import { expect, test } from 'vitest'
import { expectError, expectSuccess, JSON_TYPE, ownHeaders } from './expectations.ts'
import { addPoolWithNodes, items, jobOf, must, openProtocol, runTask, taskOf } from './helpers.ts'

const { call, url } = await openProtocol()
const [nodeId = ''] = await addPoolWithNodes(call, 'p', 1)
await must(call('POST /jobs', { json: jobOf('j', 'p') }))
const SCRIPT =
  'printf 0123456789; mkdir -p a/b; echo x > a/b/x.bin; echo hi > out.txt; ln -s /etc/passwd link.txt'
await runTask(call, 'j', taskOf('t', `sh -c "${SCRIPT}"`))

const TASK = '/jobs/j/tasks/t/files'
const NODE = `/pools/p/nodes/${nodeId}/files`
const ROOT = 'workitems/j/job-1/t'
const F = [
  'content-type',
  'last-modified',
  'ocp-batch-file-isdirectory',
  'ocp-batch-file-mode',
  'ocp-batch-file-url',
]

test('GET answers the bytes, chunked, with the properties in headers', async () => {
  const answer = await call(`GET ${TASK}/stdout.txt`)
  expect([answer.status, answer.text]).toEqual([200, '0123456789'])
  expect(ownHeaders(answer)).toEqual([...F, 'transfer-encoding'])
  expect(answer.headers).toMatchObject({
    'content-type': 'text/plain',
    'ocp-batch-file-isdirectory': 'False',
    'ocp-batch-file-mode': expect.stringMatching(/^0o100\d{3}$/),
    'ocp-batch-file-url': encodeURIComponent(`${url}${TASK}/stdout.txt`),
    'last-modified': expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/),
  })
})

test('HEAD answers the same headers and the length', async () => {
  const answer = await call(`HEAD ${TASK}/stdout.txt`)
  expect([answer.status, answer.text]).toEqual([200, ''])
  expect(ownHeaders(answer)).toEqual(['content-length', ...F])
  expect(answer.headers['content-length']).toBe('10')
})

test('a file without a known extension is bytes', async () => {
  const { headers } = await call(`HEAD ${TASK}/wd%2Fa%2Fb%2Fx.bin`)
  expect(headers['content-type']).toBe('application/octet-stream')
})

test('an empty file has no bytes and a length of 0', async () => {
  expect(await call(`GET ${TASK}/stderr.txt`)).toMatchObject({ status: 200, text: '' })
  expect((await call(`HEAD ${TASK}/stderr.txt`)).headers['content-length']).toBe('0')
})

test.each([
  ['bytes=1-2', '12'],
  ['bytes=7-', '789'],
  ['bytes=0-0', '0'],
  ['bytes=8-99', '89'],
])('ocp-range %s is answered with 200 and just these bytes', async (range, bytes) => {
  const answer = await call(`GET ${TASK}/stdout.txt`, { headers: { 'ocp-range': range } })
  expect([answer.status, answer.text]).toEqual([200, bytes])
  expect(answer.headers).not.toHaveProperty('content-range')
})

test('a range behind the end, and one that is none, are refused', async () => {
  const behind = await call(`GET ${TASK}/stdout.txt`, { headers: { 'ocp-range': 'bytes=10-' } })
  expectError(behind, 416, 'InvalidRange')
  const none = await call(`GET ${TASK}/stdout.txt`, { headers: { 'ocp-range': 'lines=1-2' } })
  expectError(none, 400, 'InvalidHeaderValue', { HeaderName: 'ocp-range', HeaderValue: 'lines=1-2' })
})

test('the standard Range header has no meaning', async () => {
  const answer = await call(`GET ${TASK}/stdout.txt`, { headers: { range: 'bytes=1-2' } })
  expect([answer.status, answer.text]).toEqual([200, '0123456789'])
})

test.each(['wd%2Fout.txt', 'wd/out.txt', 'wd%5Cout.txt', '%2Fwd%2Fout.txt', 'wd%2Fa%5Cb%2Fx.bin'])(
  'the path %s is understood, and named with slashes',
  async (path) => {
    const clean = decodeURIComponent(path).replaceAll('\\', '/').replace(/^\//, '')
    const answer = await call(`GET ${TASK}/${path}`)
    expect([answer.status, answer.text]).toEqual([200, clean.endsWith('.txt') ? 'hi\n' : 'x\n'])
    expect(answer.headers['ocp-batch-file-url']).toBe(encodeURIComponent(`${url}${TASK}/${clean}`))
  },
)

test.each(['GET', 'HEAD'])('%s reads the files of a node by their paths below its root', async (verb) => {
  const path = `${ROOT}/wd/out.txt`
  for (const form of [path, path.replaceAll('/', '%2F'), path.replaceAll('/', '%5C')]) {
    const answer = await call(`${verb} ${NODE}/${form}`)
    expect([answer.status, answer.text]).toEqual([200, verb === 'GET' ? 'hi\n' : ''])
    expect(answer.headers['ocp-batch-file-url']).toBe(encodeURIComponent(`${url}${NODE}/${path}`))
  }
})

test.each([
  '..%2Fdone%2Fstdout.txt',
  'wd%2F..%2F..%2F..%2Fjob-1',
  'wd%5C..%5C..%5Cx',
  '%2Fetc%2Fpasswd',
  'wd%2Flink.txt',
  '..%2F..%2F..%2F..%2F..%2Fetc%2Fpasswd',
  'none.txt',
  'a%00b',
])('what is not below the directory is not found: %s', async (path) => {
  // Below the task's directory there is no etc.
  const code = path.startsWith('%2Fetc') ? 'PathNotFound' : 'FileNotFound'
  for (const verb of ['GET', 'DELETE'].slice(0, path.includes('link') ? 1 : 2))
    expectError(await call(`${verb} ${TASK}/${path}`), 404, code)
  expect((await call(`HEAD ${TASK}/${path}`)).status).toBe(404)
})

test('dots that the client did not encode do not lead out either', async () => {
  const answer = await call(`GET ${NODE}/../../../../etc/passwd`)
  expect(answer.status).toBe(404)
})

test('a directory cannot be read as a file', async () => {
  expectError(await call(`GET ${TASK}/wd`), 404, 'FileNotFound')
})

test('a task’s files are listed one level deep', async () => {
  const answer = await call(`GET ${TASK}`)
  expectSuccess(answer, 200, 'J')
  const body = answer.json()
  expect(body['odata.metadata']).toBe(`${url}/$metadata#files`)
  const files = items(body)
  expect(files.map((file) => String(file['name'])).sort()).toEqual([
    'certs',
    'stderr.txt',
    'stdout.txt',
    'wd',
  ])
  expect(files.find((file) => file['name'] === 'wd')).toEqual({
    name: 'wd',
    url: `${url}${TASK}/wd`,
    isDirectory: true,
  })
  const stdout = files.find((file) => file['name'] === 'stdout.txt')
  expect(Object.keys(stdout ?? {})).toEqual(['name', 'url', 'isDirectory', 'properties'])
  expect(Object.entries(stdout?.['properties'] as object)).toEqual([
    ['lastModified', expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*[1-9])?Z$/)],
    ['contentLength', '10'],
    ['contentType', 'text/plain'],
    ['fileMode', expect.stringMatching(/^0o100\d{3}$/)],
  ])
})

test('recursive lists level by level, directories too, names from the root of the listing', async () => {
  const names = items((await call(`GET ${TASK}?recursive=true`)).json()).map((file) => String(file['name']))
  expect(names).toEqual(expect.arrayContaining(['wd', 'wd/a', 'wd/a/b', 'wd/a/b/x.bin', 'wd/out.txt']))
  const levels = names.map((name) => name.split('/').length)
  expect(levels).toEqual(levels.toSorted((a, b) => a - b))
  expect(names).not.toContain('wd/link.txt')
})

test('the root of a node holds the service’s directories', async () => {
  const files = items((await call(`GET ${NODE}?recursive=false`)).json())
  const names = files.map((file) => file['name'])
  expect(names).toEqual(['applications', 'fsmounts', 'shared', 'startup', 'volatile', 'workitems'])
  expect(files.every((file) => file['isDirectory'])).toBe(true)
})

test('a listing is filtered by the beginning of names and paged', async () => {
  const filtered = await call(`GET ${TASK}?recursive=true&$filter=startswith(name,'wd/a')`)
  expect(items(filtered.json()).map((file) => file['name'])).toEqual(['wd/a', 'wd/a/b', 'wd/a/b/x.bin'])
  const page = (await call(`GET ${TASK}?maxresults=3`)).json()
  expect(items(page)).toHaveLength(3)
  expect(Object.keys(page).at(-1)).toBe('odata.nextLink')
})

test.each([
  ['a flag that is none', '?recursive=maybe', 'recursive'],
  ['another filter', "?$filter=name eq 'a'", '$filter'],
])('a listing with %s is refused', async (_, search, name) => {
  const answer = await call(`GET ${TASK}${search}`)
  expectError(answer, 400, 'InvalidQueryParameterValue')
  expect(answer.json()['values']).toContainEqual({ key: 'QueryParameterName', value: name })
})

test('a task without a node has no files yet', async () => {
  await must(call('POST /jobs', { json: jobOf('waiting') }))
  await must(call('POST /jobs/waiting/tasks', { json: taskOf('t') }))
  const path = '/jobs/waiting/tasks/t/files'
  for (const line of [`GET ${path}`, `GET ${path}/stdout.txt`])
    expectError(await call(line), 409, 'OperationInvalidForCurrentState', {})
  expect((await call(`HEAD ${path}/stdout.txt`)).status).toBe(409)
})

test('a deleted file is gone; a directory needs recursive', async () => {
  await runTask(call, 'j', taskOf('del', 'sh -c "mkdir d; echo > d/f; echo > g"'))
  const path = '/jobs/j/tasks/del/files'
  expectSuccess(await call(`DELETE ${path}/wd%2Fg`), 200, '')
  expectError(await call(`GET ${path}/wd%2Fg`), 404, 'FileNotFound')
  expect((await call(`DELETE ${path}/wd%2Fd?recursive=false`)).status).toBeGreaterThanOrEqual(400)
  expectSuccess(await call(`DELETE ${path}/wd%2Fd?recursive=true`), 200, '')
  const node = `/pools/p/nodes/${nodeId}/files/workitems%2Fj%2Fjob-1%2Fdel%2Fstdout.txt`
  expectSuccess(await call(`DELETE ${node}`), 200, '')
  expectError(await call(`DELETE ${node}`), 404, 'FileNotFound')
})

test('a file that did not change is not read again', async () => {
  const { headers } = await call(`HEAD ${TASK}/stdout.txt`)
  const time = headers['last-modified']
  const unchanged = await call(`GET ${TASK}/stdout.txt`, { headers: { 'if-modified-since': time } })
  expect([unchanged.status, unchanged.text]).toEqual([304, ''])
  const earlier = { 'if-unmodified-since': new Date(0).toUTCString() }
  expectError(await call(`GET ${TASK}/stdout.txt`, { headers: earlier }), 412, 'ConditionNotMet')
})

test('errors of files are JSON, too', async () => {
  const { headers } = await call(`GET ${TASK}/none.bin`)
  expect(headers['content-type']).toBe(JSON_TYPE)
})
