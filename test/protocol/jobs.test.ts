// Jobs: status, headers and key order of every operation, and what the states allow.

import { expect, test } from 'vitest'
import { expectError, expectStamp, expectSuccess, HEAD, PREVIOUS } from './expectations.ts'
import {
  addStubbornTask,
  addPoolWithNodes,
  jobOf,
  must,
  openProtocol,
  taskOf,
  until,
  type Answer,
  type Json,
  type Stamped,
} from './helpers.ts'

const { call, url } = await openProtocol()

const UNLIMITED = 'P10675199DT2H48M5.4775807S'
const REST = [
  'priority',
  'maxParallelTasks',
  'usesTaskDependencies',
  'allowTaskPreemption',
  'constraints',
  'poolInfo',
  'executionInfo',
  'onAllTasksComplete',
  'onTaskFailure',
]

const add = (id: string, more?: object): Promise<Answer> =>
  must(call('POST /jobs', { json: jobOf(id, 'no-such-pool', more) }))
const read = async (id: string): Promise<Stamped> => (await must(call(`GET /jobs/${id}`))).json()
const inState = (id: string, state: string): Promise<Json> =>
  until(call, `/jobs/${id}`, (job) => job['state'] === state)

test('a new job is said to be at job-1, whatever its id', async () => {
  const answer = await add('created')
  expectSuccess(answer, 201, 'E L D')
  expect(answer.headers).toMatchObject({ location: `${url}/jobs/job-1`, dataserviceid: `${url}/jobs/job-1` })
})

test('GET answers the members in the service’s order, defaults filled in', async () => {
  await add('read')
  const answer = await call('GET /jobs/read')
  expectSuccess(answer, 200, 'E J')
  const body = answer.json<Stamped>()
  expect(Object.keys(body)).toEqual([...HEAD, ...REST])
  expectStamp(answer, body)
  expect(body).toMatchObject({
    'odata.metadata': `${url}/$metadata#jobs/@Element`,
    url: `${url}/jobs/read`,
    state: 'active',
    priority: 0,
    maxParallelTasks: -1,
    usesTaskDependencies: false,
    allowTaskPreemption: false,
    constraints: { maxWallClockTime: UNLIMITED, maxTaskRetryCount: 0 },
    poolInfo: { poolId: 'no-such-pool' },
    executionInfo: { startTime: body.lastModified, poolId: 'no-such-pool' },
    onAllTasksComplete: 'noaction',
    onTaskFailure: 'noaction',
  })
})

test('what a job was given is echoed in its place', async () => {
  await add('full', {
    displayName: 'Full',
    priority: -5,
    constraints: { maxWallClockTime: 'P3Y6M4DT12H30M5S', maxTaskRetryCount: 2 },
    commonEnvironmentSettings: [],
    metadata: [{ name: 'k', value: 'v' }],
    onAllTasksComplete: 'NoAction',
  })
  const body = await read('full')
  expect(Object.keys(body).slice(0, 4)).toEqual(['odata.metadata', 'id', 'displayName', 'url'])
  expect(Object.keys(body).slice(13)).toEqual([
    'constraints',
    'commonEnvironmentSettings',
    'poolInfo',
    'metadata',
    'executionInfo',
    'onAllTasksComplete',
    'onTaskFailure',
  ])
  expect(body).toMatchObject({
    priority: -5,
    constraints: { maxWallClockTime: 'P1279DT12H30M5S', maxTaskRetryCount: 2 },
    commonEnvironmentSettings: [],
  })
})

test('a job that does not exist is told so by every operation', async () => {
  const lines = [
    'GET ',
    'DELETE ',
    'POST /enable',
    'POST /terminate',
    'GET /taskcounts',
    'GET /tasks',
    'GET /tasks/t',
  ]
  for (const line of lines) {
    const [verb = '', rest = ''] = line.split(' ')
    expectError(await call(`${verb} /jobs/none${rest}`), 404, 'JobNotFound', {})
  }
})

test('an id that is in use is refused, in any case', async () => {
  await add('Twice')
  expectError(await call('POST /jobs', { json: jobOf('TWICE') }), 409, 'JobExists', {})
})

test('PATCH replaces the members it names, whole', async () => {
  await add('patch', { priority: 7, constraints: { maxTaskRetryCount: 5 } })
  const answer = await call('PATCH /jobs/patch', {
    json: { constraints: { maxWallClockTime: 'PT01H00M00S' } },
  })
  expectSuccess(answer, 200, 'E D')
  expect(answer.headers['dataserviceid']).toBe(`${url}/jobs/patch`)
  const body = await read('patch')
  expectStamp(answer, body)
  expect(body).toMatchObject({
    priority: 7,
    constraints: { maxWallClockTime: 'PT1H', maxTaskRetryCount: 0 },
  })
})

test('PUT returns members it leaves out to their defaults', async () => {
  const environment = [{ name: 'a', value: 'b' }]
  await add('put', { priority: 7, metadata: [], commonEnvironmentSettings: environment })
  const answer = await call('PUT /jobs/put', { json: { poolInfo: { poolId: 'no-such-pool' } } })
  expectSuccess(answer, 200, 'E D')
  const body = await read('put')
  expect(body).toMatchObject({ priority: 0, commonEnvironmentSettings: environment })
  expect(body).not.toHaveProperty('metadata')
})

test('metadata that an update adds stands where the service writes it', async () => {
  await add('order')
  await must(call('PATCH /jobs/order', { json: { metadata: [{ name: 'k', value: 'v' }] } }))
  const names = Object.keys(await read('order'))
  expect(names.slice(names.indexOf('poolInfo'))).toEqual([
    'poolInfo',
    'metadata',
    'executionInfo',
    'onAllTasksComplete',
    'onTaskFailure',
  ])
})

test('a job is disabled at once in name, and previousState skips what lies between', async () => {
  await add('states')
  const disabled = await call('POST /jobs/states/disable', { json: { disableTasks: 'Requeue' } })
  expectSuccess(disabled, 202, 'E D')
  expect(disabled.headers['dataserviceid']).toBe(`${url}/jobs/states/disable`)
  const body = await inState('states', 'disabled')
  expect(Object.keys(body)).toEqual([...HEAD, ...PREVIOUS, ...REST])
  expect(body).toMatchObject({ previousState: 'active', eTag: disabled.headers['etag'] })
  const enabled = await call('POST /jobs/states/enable')
  expectSuccess(enabled, 202, 'E D')
  expect(await inState('states', 'active')).toMatchObject({
    previousState: 'disabled',
    eTag: enabled.headers['etag'],
  })
})

test('a terminated job keeps its reason, ends, and its id stays taken', async () => {
  await add('end')
  const answer = await call('POST /jobs/end/terminate', { json: { terminateReason: 'enough' } })
  expectSuccess(answer, 202, 'E D')
  const body = await inState('end', 'completed')
  expect(Object.keys(body['executionInfo'] as object)).toEqual([
    'startTime',
    'endTime',
    'poolId',
    'terminateReason',
  ])
  expect(body).toMatchObject({
    previousState: 'active',
    eTag: answer.headers['etag'],
    executionInfo: { endTime: body['stateTransitionTime'], terminateReason: 'enough' },
  })
  for (const verb of ['terminate', 'enable'])
    expectError(await call(`POST /jobs/end/${verb}`), 409, 'JobCompleted', {})
  expectError(
    await call('POST /jobs/end/disable', { json: { disableTasks: 'wait' } }),
    409,
    'JobCompleted',
    {},
  )
  expectError(await call('POST /jobs', { json: jobOf('end') }), 409, 'JobCompleted', {})
  expectError(await call('POST /jobs/end/tasks', { json: taskOf('t') }), 409, 'JobCompleted', {})
})

test('a job terminated without a reason says who did it', async () => {
  await add('unreasoned')
  await must(call('POST /jobs/unreasoned/terminate'))
  expect(await inState('unreasoned', 'completed')).toMatchObject({
    executionInfo: { terminateReason: 'UserTerminate' },
  })
})

test('a job that ends with its tasks names that as the reason', async () => {
  await add('alone', { onAllTasksComplete: 'terminatejob' })
  expect(await inState('alone', 'completed')).toMatchObject({
    executionInfo: { terminateReason: 'AllTasksCompleted' },
  })
})

test('a deleted job keeps its ETag, refuses a second delete, and then is gone', async () => {
  await addPoolWithNodes(call, 'p', 1)
  await must(call('POST /jobs', { json: jobOf('gone', 'p') }))
  await addStubbornTask(call, 'gone', 't')
  const before = await read('gone')
  const answer = await call('DELETE /jobs/gone')
  expectSuccess(answer, 202, '')
  expect(await read('gone')).toMatchObject({ state: 'deleting', previousState: 'active', eTag: before.eTag })
  expectError(await call('DELETE /jobs/gone'), 409, 'JobBeingDeleted', {})
  expectError(await call('PATCH /jobs/gone', { json: {} }), 409, 'JobBeingDeleted', {})
  await until(call, '/jobs/gone', (_, { status }) => status === 404)
})

test('the pool of a job can change only while the job is disabled', async () => {
  await add('moved')
  const json = { poolInfo: { poolId: 'elsewhere' } }
  const refused = await call('PATCH /jobs/moved', { json })
  expect(refused.status).toBe(409)
  await must(call('POST /jobs/moved/disable', { json: { disableTasks: 'wait' } }))
  await inState('moved', 'disabled')
  await must(call('PATCH /jobs/moved', { json }))
  expect(await read('moved')).toMatchObject({ ...json, executionInfo: { poolId: 'elsewhere' } })
})

test('terminatejob cannot be taken back', async () => {
  await add('forward', { onAllTasksComplete: 'terminatejob' })
  const json = { onAllTasksComplete: 'noaction' }
  const answer = await call('PATCH /jobs/forward', { json })
  expect([400, 409]).toContain(answer.status)
})

test('task counts are those of tasks and of slots', async () => {
  await add('counts')
  await must(call('POST /jobs/counts/tasks', { json: taskOf('a', 'true', { requiredSlots: 3 }) }))
  const answer = await call('GET /jobs/counts/taskcounts')
  expectSuccess(answer, 200, 'J')
  const none = { running: 0, completed: 0, succeeded: 0, failed: 0 }
  expect(answer.text).toBe(
    JSON.stringify({
      'odata.metadata': `${url}/$metadata#taskcountsresult/@Element`,
      taskCounts: { active: 1, ...none },
      taskSlotCounts: { active: 3, ...none },
    }),
  )
})

test.each([
  ['a priority out of range', { priority: 1001 }, 'OutOfRangePriority', 'priority'],
  ['no parallel tasks', { maxParallelTasks: 0 }, 'InvalidPropertyValue', 'maxParallelTasks'],
  ['an unknown member', { pool: 'p' }, 'UnsupportedProperty', 'pool'],
  ['no pool', { poolInfo: undefined }, 'MissingRequiredProperty', 'poolInfo'],
] as const)('a new job with %s is refused by the name of the member', async (_, more, code, name) => {
  const answer = await call('POST /jobs', { json: jobOf('bad', 'p', more) })
  expectError(answer, 400, code)
  expect(answer.json()['values']).toContainEqual({ key: 'PropertyName', value: name })
})

test('PATCH changes the network of a job from 2024-07-01.20.0 on', async () => {
  await add('network')
  const json = { networkConfiguration: { subnetId: '/subscriptions/s/subnets/n' } }
  expectError(await call('PATCH /jobs/network', { json }), 400, 'UnsupportedProperty')
  await must(call('PATCH /jobs/network', { json, version: '2024-07-01.20.0' }))
  expect(await read('network')).toMatchObject(json)
})
