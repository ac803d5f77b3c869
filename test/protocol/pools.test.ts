// Pools: status, headers and key order of every operation, and what changes a pool.

import { expect, test } from 'vitest'
import { eTagOf, expectError, expectStamp, expectSuccess } from './expectations.ts'
import {
  addStubbornTask,
  addPoolWithNodes,
  items,
  jobOf,
  must,
  openProtocol,
  poolOf,
  taskOf,
  until,
  type Answer,
  type Json,
  type Stamped,
} from './helpers.ts'

const { call, url } = await openProtocol()

const PLAIN = [
  'odata.metadata',
  'id',
  'url',
  'eTag',
  'lastModified',
  'creationTime',
  'state',
  'stateTransitionTime',
  'allocationState',
  'allocationStateTransitionTime',
  'vmSize',
  'resizeTimeout',
  'currentDedicatedNodes',
  'targetDedicatedNodes',
  'currentLowPriorityNodes',
  'targetLowPriorityNodes',
  'enableAutoScale',
  'enableInterNodeCommunication',
  'taskSlotsPerNode',
  'taskSchedulingPolicy',
  'virtualMachineConfiguration',
]

/** Body of updateproperties: its members are required. */
const EVERYTHING = { certificateReferences: [], applicationPackageReferences: [], metadata: [] }

const add = (id: string, more?: object): Promise<Answer> =>
  must(call('POST /pools', { json: poolOf(id, more) }))
const read = async (id: string): Promise<Stamped> => (await must(call(`GET /pools/${id}`))).json()
const steady = (id: string): Promise<Json> =>
  until(call, `/pools/${id}`, (pool) => pool['allocationState'] === 'steady')

test('a new pool is answered with where it is', async () => {
  const answer = await add('New_Pool-1')
  expectSuccess(answer, 201, 'E L D')
  expect(answer.headers['location']).toBe(`${url}/pools/New_Pool-1`)
  expect(answer.headers['dataserviceid']).toBe(`${url}/pools/New_Pool-1`)
})

test('GET answers the members in the service’s order, defaults filled in', async () => {
  const added = await add('read')
  const answer = await call('GET /pools/read')
  expectSuccess(answer, 200, 'E J')
  const body = answer.json<Stamped>()
  expect(Object.keys(body).filter((name) => name !== 'currentNodeCommunicationMode')).toEqual(PLAIN)
  expectStamp(answer, body)
  expect(body).toMatchObject({
    'odata.metadata': `${url}/$metadata#pools/@Element`,
    url: `${url}/pools/read`,
    eTag: added.headers['etag'],
    creationTime: body.lastModified,
    state: 'active',
    stateTransitionTime: body.lastModified,
    vmSize: 'standard_d1_v2',
    resizeTimeout: 'PT15M',
    currentDedicatedNodes: 0,
    targetDedicatedNodes: 0,
    enableAutoScale: false,
    enableInterNodeCommunication: false,
    taskSlotsPerNode: 1,
    taskSchedulingPolicy: { nodeFillType: 'Spread' },
    virtualMachineConfiguration: {
      imageReference: { publisher: 'Canonical', offer: 'UbuntuServer', sku: '18.04-LTS', version: 'latest' },
      nodeAgentSKUId: 'batch.node.ubuntu 18.04',
    },
  })
})

test('the ETag is unquoted: the ticks of lastModified', async () => {
  await add('ticks')
  const { eTag, lastModified } = await read('ticks')
  expect(eTag).toMatch(/^0x[\dA-F]{15}$/)
  expect(eTag).toBe(eTagOf(lastModified))
})

test('what a pool was given is echoed in its place, secrets are not', async () => {
  await add('full', {
    displayName: 'Full',
    resizeTimeout: 'PT06M00S',
    startTask: { commandLine: 'true', environmentSettings: [], resourceFiles: [] },
    userAccounts: [{ name: 'u', password: 's3cret', linuxUserConfiguration: { uid: 1, gid: 2 } }],
    certificateReferences: [],
    applicationPackageReferences: [],
    metadata: [
      { name: 'b', value: '1' },
      { name: 'a', value: '' },
    ],
    taskSlotsPerNode: 4,
    taskSchedulingPolicy: { nodeFillType: 'pack' },
    targetNodeCommunicationMode: 'Simplified',
  })
  const answer = await call('GET /pools/full')
  expect(answer.text).not.toContain('s3cret')
  const body = answer.json()
  expect(Object.keys(body).slice(0, 4)).toEqual(['odata.metadata', 'id', 'displayName', 'url'])
  expect(
    Object.keys(body)
      .slice(18)
      .filter((name) => name !== 'currentNodeCommunicationMode'),
  ).toEqual([
    'enableInterNodeCommunication',
    'startTask',
    'userAccounts',
    'certificateReferences',
    'metadata',
    'taskSlotsPerNode',
    'taskSchedulingPolicy',
    'virtualMachineConfiguration',
    'targetNodeCommunicationMode',
  ])
  expect(body).toMatchObject({
    resizeTimeout: 'PT6M',
    userAccounts: [{ name: 'u', elevationLevel: 'nonadmin', linuxUserConfiguration: { uid: 1, gid: 2 } }],
    certificateReferences: [],
    metadata: [
      { name: 'b', value: '1' },
      { name: 'a', value: '' },
    ],
    taskSchedulingPolicy: { nodeFillType: 'Pack' },
    targetNodeCommunicationMode: 'simplified',
  })
  expect(body['startTask']).toEqual({
    commandLine: 'true',
    resourceFiles: [],
    environmentSettings: [],
    userIdentity: { autoUser: { scope: 'pool', elevationLevel: 'nonadmin' } },
    maxTaskRetryCount: 0,
    waitForSuccess: true,
  })
})

test('ids keep their case and are found in any', async () => {
  await add('CamelCase')
  expect(await read('camelcase')).toMatchObject({ id: 'CamelCase', url: `${url}/pools/CamelCase` })
  expectError(await call('POST /pools', { json: poolOf('CAMELCASE') }), 409, 'PoolExists', {})
})

test('HEAD tells whether a pool exists, without a body', async () => {
  await add('head')
  const found = await call('HEAD /pools/head')
  expectSuccess(found, 200, 'E')
  const missing = await call('HEAD /pools/none')
  expect([missing.status, missing.text, missing.headers['transfer-encoding']]).toEqual([404, '', 'chunked'])
  expect(missing.headers['content-type']).toBeUndefined()
  expect(missing.reason).toBe('The specified pool does not exist.')
})

test('a pool that does not exist is told so by every operation', async () => {
  for (const line of [
    'GET /pools/none',
    'DELETE /pools/none',
    'GET /pools/none/nodes',
    'POST /pools/none/stopresize',
  ])
    expectError(await call(line), 404, 'PoolNotFound', {})
  expectError(await call('PATCH /pools/none', { json: {} }), 404, 'PoolNotFound', {})
})

test.each([
  ['PATCH', '', 200, {}],
  ['POST', '/updateproperties', 204, EVERYTHING],
  ['POST', '/resize', 202, { targetDedicatedNodes: 0 }],
] as const)('%s of a pool%s is answered with %i and names its URL', async (verb, rest, status, json) => {
  const id = `verb${status}`
  await add(id)
  await steady(id)
  const answer = await call(`${verb} /pools/${id}${rest}`, { json })
  expectSuccess(answer, status, 'E D')
  expectStamp(answer, await read(id))
  expect(answer.headers['dataserviceid']).toBe(`${url}/pools/${id}${rest}`)
})

test('DELETE is answered with 202, no ETag and no URL', async () => {
  await add('delete')
  expectSuccess(await call('DELETE /pools/delete'), 202, '')
})

test('PATCH replaces the members it names, whole, and keeps their places', async () => {
  await add('patch', {
    startTask: { commandLine: 'a', maxTaskRetryCount: 3 },
    metadata: [{ name: 'a', value: '1' }],
  })
  const answer = await must(call('PATCH /pools/patch', { json: { startTask: { commandLine: 'b' } } }))
  const body = await read('patch')
  expectStamp(answer, body)
  expect(body).toMatchObject({
    startTask: { commandLine: 'b', maxTaskRetryCount: 0 },
    metadata: [{ name: 'a', value: '1' }],
  })
})

test('members that an update adds stand where the service writes them', async () => {
  await add('order')
  await must(call('PATCH /pools/order', { json: { metadata: [], startTask: { commandLine: 'true' } } }))
  await must(
    call('POST /pools/order/updateproperties', {
      json: { ...EVERYTHING, startTask: { commandLine: 'true' }, targetNodeCommunicationMode: 'classic' },
    }),
  )
  const names = Object.keys(await read('order'))
  expect(names.slice(17, 24)).toEqual([
    'enableInterNodeCommunication',
    'startTask',
    'certificateReferences',
    'metadata',
    'taskSlotsPerNode',
    'taskSchedulingPolicy',
    'virtualMachineConfiguration',
  ])
  expect(names[24]).toBe('targetNodeCommunicationMode')
})

test('updateproperties replaces everything: an absent start task is gone', async () => {
  await add('update', { startTask: { commandLine: 'a' }, metadata: [{ name: 'a', value: '1' }] })
  await must(call('POST /pools/update/updateproperties', { json: EVERYTHING }))
  const body = await read('update')
  expect(body).not.toHaveProperty('startTask')
  expect(body).toMatchObject({ metadata: [], certificateReferences: [] })
})

test('a resize is answered at once, moves the ETag and ends steady', async () => {
  await add('resize')
  const before = await steady('resize')
  const answer = await must(call('POST /pools/resize/resize', { json: { targetDedicatedNodes: 1 } }))
  expect(answer.headers['etag']).not.toBe(before['eTag'])
  const after = await steady('resize')
  expect(after).toMatchObject({
    eTag: answer.headers['etag'],
    currentDedicatedNodes: 1,
    targetDedicatedNodes: 1,
    targetLowPriorityNodes: 0,
    currentNodeCommunicationMode: 'classic',
  })
  expect(Object.keys(after).at(-1)).toBe('currentNodeCommunicationMode')
})

test('a pool that is being resized refuses another resize; stopresize keeps the ETag', async () => {
  await addPoolWithNodes(call, 'busy', 1)
  await must(call('POST /jobs', { json: jobOf('busy', 'busy') }))
  await must(call('POST /jobs/busy/tasks', { json: taskOf('t', 'sleep 60') }))
  await until(call, '/jobs/busy/tasks/t', (task) => task['state'] === 'running')
  const json = { targetDedicatedNodes: 0, nodeDeallocationOption: 'taskcompletion' }
  const resized = await must(call('POST /pools/busy/resize', { json }))
  expectError(await call('POST /pools/busy/resize', { json }), 409, 'PoolBeingResized', {})
  const stopped = await call('POST /pools/busy/stopresize')
  expectSuccess(stopped, 202, 'E D')
  expect(stopped.headers['etag']).toBe(resized.headers['etag'])
  expect(stopped.headers['dataserviceid']).toBe(`${url}/pools/busy/stopresize`)
  await steady('busy')
  expectError(await call('POST /pools/busy/stopresize'), 409, 'OperationInvalidForCurrentState', {})
})

test('a deleted pool is deleting, refuses changes, and then is gone', async () => {
  await addPoolWithNodes(call, 'gone', 1)
  await must(call('POST /jobs', { json: jobOf('gone', 'gone') }))
  await addStubbornTask(call, 'gone', 't')
  const before = await read('gone')
  await must(call('DELETE /pools/gone'))
  const pool = await read('gone')
  expectError(await call('DELETE /pools/gone'), 409, 'PoolBeingDeleted', {})
  expectError(await call('PATCH /pools/gone', { json: {} }), 409, 'PoolBeingDeleted', {})
  expect(pool).toMatchObject({ state: 'deleting', allocationState: 'resizing', targetDedicatedNodes: 0 })
  expect(pool.eTag).not.toBe(before.eTag)
  await until(call, '/pools/gone', (_, answer) => answer.status === 404)
})

test('removenodes lets these nodes go and moves the target', async () => {
  const [first = ''] = await addPoolWithNodes(call, 'remove', 2)
  const unknown = await call('POST /pools/remove/removenodes', { json: { nodeList: ['none'] } })
  expectError(unknown, 404, 'NodeNotFound')
  const answer = await call('POST /pools/remove/removenodes', { json: { nodeList: [first] } })
  expectSuccess(answer, 202, 'E D')
  expect(answer.headers['dataserviceid']).toBe(`${url}/pools/remove/removenodes`)
  expect(await steady('remove')).toMatchObject({ targetDedicatedNodes: 1, currentDedicatedNodes: 1 })
  const nodes = items((await call('GET /pools/remove/nodes')).json())
  expect(nodes.map((node) => node['id'])).not.toContain(first)
})

test.each([
  ['an id with a blank', { id: 'a b' }, 'InvalidPropertyValue', 'id'],
  ['a wrong number', { taskSlotsPerNode: 300 }, 'InvalidPropertyValue', 'taskSlotsPerNode'],
  ['a short timeout', { resizeTimeout: 'PT1M' }, 'InvalidPropertyValue', 'resizeTimeout'],
  ['an unknown member', { tragetDedicatedNodes: 1 }, 'UnsupportedProperty', 'tragetDedicatedNodes'],
  ['a member left out', { vmSize: undefined }, 'MissingRequiredProperty', 'vmSize'],
] as const)('a new pool with %s is refused by the name of the member', async (_, more, code, name) => {
  const answer = await call('POST /pools', { json: poolOf('bad', more) })
  expectError(answer, 400, code)
  expect(answer.json()['values']).toContainEqual({ key: 'PropertyName', value: name })
})

test('what is not emulated is refused, not ignored', async () => {
  const json = poolOf('mounted', { mountConfiguration: [{}] })
  expectError(await call('POST /pools', { json }), 501, 'NotImplemented')
})
