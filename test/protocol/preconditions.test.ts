// Conditional requests: 412 for writes, 304 for reads, on every resource that has an ETag.

import { expect, test } from 'vitest'
import { expectError } from './expectations.ts'
import { jobOf, must, openProtocol, poolOf, taskOf } from './helpers.ts'

const { call } = await openProtocol()

const OLD = new Date(Date.now() - 3_600_000).toUTCString()
const LATER = new Date(Date.now() + 3_600_000).toUTCString()
let count = 0

/** Paths of a pool, a job and a task that are new, by what they are. */
async function addAll(): Promise<Record<string, string>> {
  const id = `x${count++}`
  await must(call('POST /pools', { json: poolOf(id) }))
  await must(call('POST /jobs', { json: jobOf(id) }))
  await must(call(`POST /jobs/${id}/tasks`, { json: taskOf(id) }))
  return { pool: `/pools/${id}`, job: `/jobs/${id}`, task: `/jobs/${id}/tasks/${id}` }
}

const eTagOf = async (path: string): Promise<string> => (await call(`GET ${path}`)).headers['etag'] ?? ''

/** Every operation that has conditions, with what it is done to and its body. */
const OPERATIONS = [
  ['GET', 'pool', '', undefined],
  ['HEAD', 'pool', '', undefined],
  ['PATCH', 'pool', '', {}],
  ['POST', 'pool', '/stopresize', undefined],
  ['POST', 'pool', '/resize', { targetDedicatedNodes: 0 }],
  ['POST', 'pool', '/removenodes', { nodeList: ['n'] }],
  ['DELETE', 'pool', '', undefined],
  ['GET', 'job', '', undefined],
  ['PATCH', 'job', '', {}],
  ['PUT', 'job', '', { poolInfo: { poolId: 'no-such-pool' } }],
  ['POST', 'job', '/disable', { disableTasks: 'wait' }],
  ['POST', 'job', '/enable', undefined],
  ['POST', 'job', '/terminate', undefined],
  ['DELETE', 'job', '', undefined],
  ['GET', 'task', '', undefined],
  ['PUT', 'task', '', {}],
  ['POST', 'task', '/terminate', undefined],
  ['POST', 'task', '/reactivate', undefined],
  ['DELETE', 'task', '', undefined],
] as const

const FAILING = [
  ['if-match', '0x8DA9061B2F7BB2F'],
  ['if-unmodified-since', OLD],
] as const

test.each(OPERATIONS)(
  '%s of a %s%s refuses a stale condition with 412 and changes nothing',
  async (...operation) => {
    const [verb, kind, rest, json] = operation
    const path = (await addAll())[kind] ?? ''
    const before = (await call(`GET ${path}`)).text
    for (const [name, value] of FAILING) {
      const answer = await call(`${verb} ${path}${rest}`, {
        headers: { [name]: value },
        ...(json && { json }),
      })
      expect([answer.status, answer.reason]).toEqual([
        412,
        'The condition specified using HTTP conditional header(s) is not met.',
      ])
      if (verb !== 'HEAD') expectError(answer, 412, 'ConditionNotMet', {})
      expect(answer.headers).not.toHaveProperty('etag')
    }
    const after = (await call(`GET ${path}`)).json()
    expect({ state: after['state'], eTag: after['eTag'] }).toEqual({
      state: JSON.parse(before).state,
      eTag: JSON.parse(before).eTag,
    })
  },
)

const UPDATES = OPERATIONS.filter(([verb]) => verb === 'PATCH' || verb === 'PUT')

test.each(UPDATES)('%s of a %s%s goes ahead when its condition holds', async (verb, kind, _, json) => {
  const path = (await addAll())[kind] ?? ''
  for (const [name, value] of [
    ['if-match', await eTagOf(path)],
    ['if-match', '*'],
    ['if-unmodified-since', LATER],
  ] as const)
    expect((await call(`${verb} ${path}`, { headers: { [name]: value }, json })).status).toBe(200)
})

const READS = OPERATIONS.filter(([verb]) => verb === 'GET' || verb === 'HEAD')

test.each(READS)('%s of a %s is answered with 304 and no body when nothing changed', async (verb, kind) => {
  const path = (await addAll())[kind] ?? ''
  const { headers } = await call(`GET ${path}`)
  for (const [name, value] of [
    ['if-none-match', headers['etag']],
    ['if-modified-since', headers['last-modified']],
  ] as const) {
    const answer = await call(`${verb} ${path}`, { headers: { [name]: value } })
    expect([answer.status, answer.text]).toEqual([304, ''])
    expect(answer.headers).not.toHaveProperty('content-type')
    expect(answer.headers).toHaveProperty('request-id')
  }
})

test.each(READS)('%s of a %s is answered in full when something changed', async (verb, kind) => {
  const path = (await addAll())[kind] ?? ''
  for (const [name, value] of [
    ['if-none-match', '0x8DA9061B2F7BB2F'],
    ['if-modified-since', OLD],
    ['if-match', await eTagOf(path)],
  ] as const)
    expect((await call(`${verb} ${path}`, { headers: { [name]: value } })).status).toBe(200)
})

test('a write with a matching If-None-Match is 412, not 304', async () => {
  const { job = '' } = await addAll()
  const headers = { 'if-none-match': await eTagOf(job) }
  expectError(await call(`PATCH ${job}`, { headers, json: {} }), 412, 'ConditionNotMet', {})
})

test('If-Unmodified-Since compares whole seconds', async () => {
  const { job = '' } = await addAll()
  const time = (await call(`GET ${job}`)).headers['last-modified']
  expect((await call(`PATCH ${job}`, { headers: { 'if-unmodified-since': time }, json: {} })).status).toBe(
    200,
  )
})

test('the ETag of an update is the one that the next update needs', async () => {
  const { job = '' } = await addAll()
  const first = await eTagOf(job)
  const { headers } = await must(
    call(`PATCH ${job}`, { headers: { 'if-match': first }, json: { priority: 1 } }),
  )
  expectError(
    await call(`PATCH ${job}`, { headers: { 'if-match': first }, json: {} }),
    412,
    'ConditionNotMet',
    {},
  )
  expect((await call(`PATCH ${job}`, { headers: { 'if-match': headers['etag'] }, json: {} })).status).toBe(
    200,
  )
})

test('a client that quotes the ETag means the same', async () => {
  const { job = '' } = await addAll()
  const headers = { 'if-match': `"${await eTagOf(job)}"` }
  expect((await call(`PATCH ${job}`, { headers, json: {} })).status).toBe(200)
})

test('more than one condition is refused', async () => {
  const { job = '' } = await addAll()
  const headers = { 'if-match': '*', 'if-unmodified-since': LATER }
  expectError(await call(`GET ${job}`, { headers }), 400, 'MultipleConditionHeadersNotSupported')
})

test('a date that is none is refused', async () => {
  const { job = '' } = await addAll()
  const headers = { 'if-modified-since': 'yesterday' }
  expectError(await call(`GET ${job}`, { headers }), 400, 'InvalidHeaderValue', {
    HeaderName: 'if-modified-since',
    HeaderValue: 'yesterday',
  })
})

test('what does not exist is 404 whatever the condition', async () => {
  expectError(await call('GET /jobs/none', { headers: { 'if-match': '*' } }), 404, 'JobNotFound', {})
})
