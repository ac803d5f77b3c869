// Operations of the emulator's own, below /malachite.

import { expect, test } from 'vitest'
import { expectError, expectSuccess, JSON_TYPE } from './expectations.ts'
import {
  addPoolWithNodes,
  items,
  jobOf,
  must,
  openProtocol,
  poolOf,
  scheduleOf,
  taskOf,
  until,
} from './helpers.ts'

const { call, url, emulator } = await openProtocol()
const [nodeId = ''] = await addPoolWithNodes(call, 'p', 1)
await must(call('POST /jobs', { json: jobOf('j', 'p') }))
await must(call('POST /jobs', { json: jobOf('lost') }))
await must(call('POST /jobs/lost/tasks', { json: taskOf('t') }))
await must(call('POST /jobschedules', { json: scheduleOf('s') }))

/** They need no version. */
const OWN = { version: false } as const

test.each([
  ['/malachite/why/jobs/lost/tasks/t', 'task t of job lost', 'active', 'PoolNotFound'],
  ['/malachite/why/jobs/lost', 'job lost', 'active', 'PoolNotFound'],
  ['/malachite/why/jobs/j', 'job j', 'active', 'JobHasNoTasks'],
  ['/malachite/why/pools/p', 'pool p', 'steady', 'PoolSteady'],
  [`/malachite/why/pools/P/nodes/${nodeId}`, `node ${nodeId} of pool p`, 'idle', 'NodeUsable'],
  ['/malachite/why/jobschedules/s', 'job schedule s', 'active', 'NotBeforeStart'],
])('GET %s tells the cause', async (path, subject, state, cause) => {
  const answer = await call(`GET ${path}`, OWN)
  expectSuccess(answer, 200, 'J')
  expect(answer.headers['content-type']).toBe(JSON_TYPE)
  const body = answer.json()
  expect(body).toMatchObject({ subject, state, cause })
  expect(Object.keys(body)).toEqual(['subject', 'state', 'cause', 'sentence', 'fix', 'details'])
})

test('a version does no harm', async () => {
  expect((await call('GET /malachite/why/pools/p')).status).toBe(200)
})

test('a program that is not there is told with what to do', async () => {
  await must(call('POST /jobs/j/tasks', { json: taskOf('lost', 'no-such-program --flag') }))
  await until(call, '/jobs/j/tasks/lost', ({ state }) => state === 'completed')
  const answer = await call('GET /malachite/why/jobs/j/tasks/lost', OWN)
  expect(answer.json()).toMatchObject({
    state: 'completed',
    cause: 'CommandProgramNotFound',
    sentence: 'Task lost failed: the program that the command line names is not on the node.',
    details: { CommandLine: 'no-such-program --flag', nodeId },
  })
})

test('the signature of a resource file is not told', async () => {
  const resourceFiles = [{ httpUrl: `${url}/none.txt?sv=1&sig=secret`, filePath: 'none.txt' }]
  await must(call('POST /jobs/j/tasks', { json: taskOf('unsigned', 'true', { resourceFiles }) }))
  await until(call, '/jobs/j/tasks/unsigned', ({ state }) => state === 'completed')
  const answer = await call('GET /malachite/why/jobs/j/tasks/unsigned', OWN)
  expect(answer.json()['sentence']).toContain(`${url}/none.txt`)
  expect(answer.text).not.toContain('secret')
})

test.each([
  ['jobs/none', 'JobNotFound'],
  ['jobs/j/tasks/none', 'TaskNotFound'],
  ['pools/none', 'PoolNotFound'],
  ['pools/p/nodes/none', 'NodeNotFound'],
  ['jobschedules/none', 'JobScheduleNotFound'],
  ['nothing', 'ResourceNotFound'],
])('GET /malachite/why/%s: %s', async (path, code) => {
  expectError(await call(`GET /malachite/why/${path}`, OWN), 404, code)
})

test('they are signed and come from known hosts as all others', async () => {
  const unsigned = await call('GET /malachite/why/pools/p', {
    ...OWN,
    tamper: (headers) => delete headers['authorization'],
  })
  expectError(unsigned, 400, 'MissingRequiredHeader')
  const key = Buffer.from('wrong').toString('base64')
  expectError(await call('GET /malachite/why/pools/p', { ...OWN, key }), 403, 'AuthenticationFailed')
  const host = await call('GET /malachite/why/pools/p', { ...OWN, headers: { host: 'evil.example' } })
  expectError(host, 400, 'InvalidHostInfo')
})

test('another verb, another parameter', async () => {
  expectError(await call('DELETE /malachite/why/pools/p', OWN), 405, 'UnsupportedHttpVerb')
  expectError(await call('GET /malachite/why/pools/p?$select=id', OWN), 400, 'UnsupportedQueryParameter')
})

test('spot nodes are preempted, by name and by number', async () => {
  await must(call('POST /pools', { json: poolOf('spot', { targetLowPriorityNodes: 3 }) }))
  const nodes = await until(call, '/pools/spot/nodes', (body) => {
    const states = items(body).map(({ state }) => state)
    return states.length === 3 && states.every((state) => state === 'idle')
  })
  const [first] = items(nodes).map(({ id }) => String(id))
  const one = await call(`POST /malachite/preempt/pools/spot/nodes/${first}?absence=PT1H`, OWN)
  expectSuccess(one, 200, 'J')
  expect(one.json()).toEqual({ nodes: [first] })
  expect((await call(`GET /malachite/why/pools/spot/nodes/${first}`, OWN)).json()).toMatchObject({
    state: 'preempted',
    cause: 'NodePreempted',
  })
  const rest = await call('POST /malachite/preempt/pools/spot?count=5', OWN)
  expect(rest.json()['nodes']).toHaveLength(2)
  await until(call, '/pools/spot/nodes', (body) => {
    const states = items(body).map(({ state }) => state)
    return states.filter((state) => state === 'idle').length === 2
  })
  expect(emulator.engine.nodes.get('spot', first ?? '').state).toBe('preempted')
})

test.each([
  [`pools/p/nodes/${nodeId}`, 409, 'OperationNotValidOnNode'],
  ['pools/none', 404, 'PoolNotFound'],
  ['pools/p?count=0', 400, 'InvalidQueryParameterValue'],
  ['pools/p?absence=soon', 400, 'InvalidQueryParameterValue'],
])('POST /malachite/preempt/%s: %i %s', async (path, status, code) => {
  expectError(await call(`POST /malachite/preempt/${path}`, OWN), status, code)
})

test('an allocation fails when it was asked to, once', async () => {
  const asked = await call('POST /malachite/fail/pools/poor?code=AccountCoreQuotaReached&nodes=1', OWN)
  expectSuccess(asked, 200, 'J')
  expect(asked.json()).toEqual({ poolId: 'poor', code: 'AccountCoreQuotaReached', nodes: 1, times: 1 })
  await must(call('POST /pools', { json: poolOf('poor', { targetDedicatedNodes: 2 }) }))
  const isSteady = ({ allocationState }: { allocationState?: unknown }) => allocationState === 'steady'
  expect(await until(call, '/pools/poor', isSteady)).toMatchObject({
    currentDedicatedNodes: 1,
    targetDedicatedNodes: 2,
    resizeErrors: [
      { code: 'AccountCoreQuotaReached', message: 'The specified account has reached core quota' },
    ],
  })
  await must(call('POST /pools/poor/resize', { json: { targetDedicatedNodes: 2 } }))
  const pool = await until(call, '/pools/poor', isSteady)
  expect(pool).toMatchObject({ currentDedicatedNodes: 2 })
  expect(pool).not.toHaveProperty('resizeErrors')
})

test('a node fails when it is asked to, and restarts in its time', async () => {
  const [node = ''] = await addPoolWithNodes(call, 'frail', 1)
  const path = `/malachite/fail/pools/frail/nodes/${node}`
  const lost = await call(`POST ${path}?lost=true`, OWN)
  expectSuccess(lost, 200, 'J')
  expect(lost.json()).toEqual({ nodeId: node, state: 'unknown' })
  expect((await call(`GET /pools/frail/nodes/${node}`)).json()).not.toHaveProperty('errors')
  const broken = await call(`POST ${path}?code=DiskFull&recovery=PT0.2S`, OWN)
  expect(broken.json()).toEqual({ nodeId: node, state: 'unusable' })
  expect((await call(`GET /pools/frail/nodes/${node}`)).json()).toMatchObject({
    errors: [{ code: 'DiskFull' }],
  })
  await until(call, `/pools/frail/nodes/${node}`, ({ state }) => state === 'idle')
})

test('the processes of a node that fails are ended', async () => {
  const [node = ''] = await addPoolWithNodes(call, 'busy', 1)
  await must(call('POST /jobs', { json: jobOf('busy', 'busy') }))
  const command =
    '/bin/sh -c "echo run >> $AZ_BATCH_NODE_SHARED_DIR/runs; cat $AZ_BATCH_NODE_SHARED_DIR/runs; sleep 60"'
  await must(call('POST /jobs/busy/tasks', { json: taskOf('t', command) }))
  const output = async () => (await call('GET /jobs/busy/tasks/t/files/stdout.txt')).text
  await expect.poll(output).toBe('run\n')
  await must(call(`POST /malachite/fail/pools/busy/nodes/${node}?recovery=PT0.1S`, OWN))
  // It runs anew on the disk that the node had.
  await expect.poll(output, { timeout: 10_000 }).toBe('run\nrun\n')
})

test.each([
  ['pools/p?nodes=-1', 400, 'InvalidQueryParameterValue'],
  ['pools/p?times=often', 400, 'InvalidQueryParameterValue'],
  ['pools/p?code=two%20words', 400, 'InvalidQueryParameterValue'],
  ['pools/p?absence=PT1S', 400, 'UnsupportedQueryParameter'],
  ['pools/none/nodes/n', 404, 'PoolNotFound'],
  ['pools/p/nodes/none', 404, 'NodeNotFound'],
  [`pools/p/nodes/${nodeId}?recovery=soon`, 400, 'InvalidQueryParameterValue'],
  [`pools/p/nodes/${nodeId}?lost=perhaps`, 400, 'InvalidQueryParameterValue'],
])('POST /malachite/fail/%s: %i %s', async (path, status, code) => {
  expectError(await call(`POST /malachite/fail/${path}`, OWN), status, code)
})
