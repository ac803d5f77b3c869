// Nodes and their counts: status, headers and key order of every operation.

import { expect, test } from 'vitest'
import { expectError, expectSuccess } from './expectations.ts'
import {
  addPoolWithNodes,
  items,
  jobOf,
  must,
  openProtocol,
  poolOf,
  runTask,
  taskOf,
  until,
} from './helpers.ts'

const { call, url } = await openProtocol()
const nodes = await addPoolWithNodes(call, 'p', 2, { targetDedicatedNodes: 1, targetLowPriorityNodes: 1 })
const [nodeId = '', spotId = ''] = ['_d', '_p'].map((end) => nodes.find((id) => id.endsWith(end)))
const NODE = `/pools/p/nodes/${nodeId}`

const IDLE = [
  'odata.metadata',
  'id',
  'url',
  'state',
  'schedulingState',
  'stateTransitionTime',
  'lastBootTime',
  'allocationTime',
  'ipAddress',
  'affinityId',
  'vmSize',
  'totalTasksRun',
  'totalTasksSucceeded',
  'runningTasksCount',
  'runningTaskSlotsCount',
  'certificateReferences',
  'isDedicated',
  'endpointConfiguration',
  'nodeAgentInfo',
  'virtualMachineInfo',
]

test('an idle node has the members in the service’s order and no ETag', async () => {
  const answer = await call(`GET ${NODE}`)
  expectSuccess(answer, 200, 'J')
  const body = answer.json()
  expect(Object.keys(body)).toEqual(IDLE)
  expect(body).toMatchObject({
    'odata.metadata': `${url}/$metadata#nodes/@Element`,
    id: nodeId,
    url: `${url}${NODE}`,
    state: 'idle',
    schedulingState: 'enabled',
    ipAddress: '10.0.0.4',
    affinityId: `TVM:${nodeId}`,
    vmSize: 'standard_d1_v2',
    totalTasksRun: 0,
    certificateReferences: [],
    isDedicated: true,
  })
})

test('the id says whether a node is dedicated', async () => {
  expect(nodeId).toMatch(/^tvmps_[\da-f]{64}_d$/)
  expect(spotId).toMatch(/^tvmps_[\da-f]{64}_p$/)
  expect((await call(`GET /pools/p/nodes/${spotId}`)).json()).toMatchObject({ isDedicated: false })
})

test('nodes are listed as they are read, without metadata of their own', async () => {
  const answer = await call('GET /pools/p/nodes')
  expectSuccess(answer, 200, 'J')
  const body = answer.json()
  expect(body['odata.metadata']).toBe(`${url}/$metadata#nodes`)
  expect(items(body).map((node) => Object.keys(node))).toEqual([IDLE.slice(1), IDLE.slice(1)])
})

test('a node tells its latest tasks and the outcome of its start task', async () => {
  const [id = ''] = await addPoolWithNodes(call, 'started', 1, { startTask: { commandLine: 'true' } })
  await must(call('POST /jobs', { json: jobOf('j', 'started') }))
  await runTask(call, 'j', taskOf('t'))
  const path = `/pools/started/nodes/${id}`
  const body = await until(call, path, (node) => node['state'] === 'idle')
  expect(Object.keys(body).slice(14, 19)).toEqual([
    'runningTaskSlotsCount',
    'recentTasks',
    'startTask',
    'startTaskInfo',
    'certificateReferences',
  ])
  expect(body).toMatchObject({ totalTasksRun: 1, totalTasksSucceeded: 1 })
  const [recent = {}] = body['recentTasks'] as object[]
  expect(Object.entries(recent).slice(0, 4)).toEqual([
    ['taskUrl', `${url}/jobs/j/tasks/t`],
    ['jobId', 'j'],
    ['taskId', 't'],
    ['taskState', 'completed'],
  ])
  const info = { state: 'completed', exitCode: 0, result: 'success', retryCount: 0 }
  expect(body['startTaskInfo']).toMatchObject(info)
})

test('a node that does not exist is told so by every operation', async () => {
  for (const line of ['GET ', 'POST /reboot', 'POST /disablescheduling', 'GET /files', 'GET /files/a']) {
    const [verb = '', rest = ''] = line.split(' ')
    expectError(await call(`${verb} /pools/p/nodes/none${rest}`), 404, 'NodeNotFound', {})
  }
})

test('scheduling is switched off and on; a second time is refused', async () => {
  for (const [verb, state] of [
    ['disablescheduling', 'disabled'],
    ['enablescheduling', 'enabled'],
  ] as const) {
    const answer = await call(`POST ${NODE}/${verb}`)
    expectSuccess(answer, 200, 'D')
    expect(answer.headers['dataserviceid']).toBe(`${url}${NODE}/${verb}`)
    expectError(await call(`POST ${NODE}/${verb}`), 409, 'NodeAlreadyInTargetSchedulingState', {})
    expect((await call(`GET ${NODE}?$select=schedulingState`)).json()['schedulingState']).toBe(state)
  }
})

test('a reboot is answered at once, then the node boots again', async () => {
  const before = (await call(`GET /pools/p/nodes/${spotId}`)).json()
  const answer = await call(`POST /pools/p/nodes/${spotId}/reboot`, { json: { nodeRebootOption: 'Requeue' } })
  expectSuccess(answer, 202, 'D')
  const after = await until(call, `/pools/p/nodes/${spotId}`, (node) => node['state'] === 'idle')
  expect(after['lastBootTime']).not.toBe(before['lastBootTime'])
})

test('node counts have a member for every state, two words in camel case', async () => {
  await must(call('POST /pools', { json: poolOf('empty') }))
  const answer = await call("GET /nodecounts?$filter=poolId eq 'p'")
  expectSuccess(answer, 200, 'J')
  const [counts, ...others] = items(answer.json())
  expect(others).toEqual([])
  expect(Object.keys(counts ?? {})).toEqual(['poolId', 'dedicated', 'lowPriority'])
  const names =
    'creating idle leavingPool offline preempted rebooting reimaging running starting startTaskFailed unusable unknown waitingForStartTask total'
  expect(Object.keys(counts?.['dedicated'] ?? {})).toEqual(names.split(' '))
  expect(counts).toMatchObject({ dedicated: { idle: 1, total: 1 }, lowPriority: { total: 1 } })
})

test('supported images name a reference and its agent', async () => {
  const answer = await call("GET /supportedimages?$filter=osType eq 'linux'&maxresults=2")
  expectSuccess(answer, 200, 'J')
  const body = answer.json()
  expect(body['odata.metadata']).toBe(`${url}/$metadata#supportedimages`)
  const [image = {}] = items(body)
  const optional = ['capabilities', 'batchSupportEndOfLife']
  expect(Object.keys(image).filter((name) => !optional.includes(name))).toEqual([
    'imageReference',
    'verificationType',
    'nodeAgentSKUId',
    'osType',
  ])
})
