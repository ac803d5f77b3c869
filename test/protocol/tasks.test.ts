// Tasks and task collections: status, headers, key order in every state, the exact shape of a collection's items.

import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { expectError, expectStamp, expectSuccess, PREVIOUS } from './expectations.ts'
import {
  addPoolWithNodes,
  items,
  jobOf,
  must,
  openProtocol,
  runTask,
  taskOf,
  until,
  type Answer,
  type Stamped,
} from './helpers.ts'

const { call, url } = await openProtocol()
const [nodeId = ''] = await addPoolWithNodes(call, 'p', 1)
await must(call('POST /jobs', { json: jobOf('j', 'p') }))
await must(
  call('POST /jobs', { json: jobOf('idle', 'no-such-pool', { constraints: { maxTaskRetryCount: 4 } }) }),
)

const UNLIMITED = 'P10675199DT2H48M5.4775807S'
const HEAD = [
  'odata.metadata',
  'id',
  'url',
  'eTag',
  'creationTime',
  'lastModified',
  'state',
  'stateTransitionTime',
]
const REST = ['commandLine', 'userIdentity', 'constraints', 'requiredSlots', 'executionInfo']

const add = (id: string, more?: object): Promise<Answer> =>
  must(call('POST /jobs/idle/tasks', { json: taskOf(id, 'true', more) }))
const read = async (id: string, jobId = 'idle'): Promise<Stamped> =>
  (await must(call(`GET /jobs/${jobId}/tasks/${id}`))).json()
const keys = (value: unknown): string[] => Object.keys(value as object)

test('a new task is answered with where it is', async () => {
  const answer = await add('Created')
  expectSuccess(answer, 201, 'E L D')
  const location = `${url}/jobs/idle/tasks/Created`
  expect(answer.headers).toMatchObject({ location, dataserviceid: location })
})

test('an active task has no node and only its counts', async () => {
  await add('active')
  const answer = await call('GET /jobs/idle/tasks/active')
  expectSuccess(answer, 200, 'E J')
  const body = answer.json<Stamped>()
  expect(keys(body)).toEqual([...HEAD, ...REST])
  expectStamp(answer, body)
  expect(body).toMatchObject({
    'odata.metadata': `${url}/$metadata#tasks/@Element`,
    url: `${url}/jobs/idle/tasks/active`,
    state: 'active',
    userIdentity: { autoUser: { scope: 'pool', elevationLevel: 'nonadmin' } },
    constraints: { maxWallClockTime: UNLIMITED, retentionTime: 'P7D', maxTaskRetryCount: 4 },
    requiredSlots: 1,
  })
  expect(JSON.stringify(body['executionInfo'])).toBe('{"retryCount":0,"requeueCount":0}')
})

test('what a task was given is echoed in its place', async () => {
  const uploadOptions = { uploadCondition: 'taskcompletion' }
  const container = { containerUrl: 'http://127.0.0.1:1/c?sig=x', path: 'out' }
  await add('full', {
    displayName: 'Full',
    resourceFiles: [],
    outputFiles: [{ filePattern: '*.txt', destination: { container }, uploadOptions }],
    environmentSettings: [{ name: 'A', value: 'b' }],
    applicationPackageReferences: [],
    userIdentity: { username: 'u' },
    constraints: { retentionTime: 'P1D' },
    requiredSlots: 2,
  })
  const body = await read('full')
  expect(keys(body).slice(0, 4)).toEqual(['odata.metadata', 'id', 'displayName', 'url'])
  expect(keys(body).slice(9)).toEqual([
    'commandLine',
    'resourceFiles',
    'outputFiles',
    'environmentSettings',
    'userIdentity',
    'constraints',
    'requiredSlots',
    'executionInfo',
  ])
  expect(body).toMatchObject({
    outputFiles: [{ uploadOptions: { uploadCondition: 'TaskCompletion' } }],
    userIdentity: { username: 'u' },
    constraints: { maxWallClockTime: UNLIMITED, retentionTime: 'P1D', maxTaskRetryCount: 4 },
  })
})

test('a completed task tells its outcome and its node, and keeps its ETag', async () => {
  const before = await must(call('POST /jobs/j/tasks', { json: taskOf('done') }))
  const body = await until(call, '/jobs/j/tasks/done', (task) => task['state'] === 'completed')
  expect(keys(body)).toEqual([...HEAD, ...PREVIOUS, ...REST, 'nodeInfo'])
  expect(keys(body['executionInfo'])).toEqual([
    'startTime',
    'endTime',
    'exitCode',
    'result',
    'retryCount',
    'requeueCount',
  ])
  expect(body).toMatchObject({
    eTag: before.headers['etag'],
    previousState: 'running',
    executionInfo: { endTime: body['stateTransitionTime'], exitCode: 0, result: 'success' },
  })
  const nodeUrl = `${url}/pools/p/nodes/${nodeId}`
  expect(JSON.stringify(body['nodeInfo'])).toBe(
    JSON.stringify({
      affinityId: `TVM:${nodeId}`,
      nodeUrl,
      poolId: 'p',
      nodeId,
      taskRootDirectory: 'workitems/j/job-1/done',
      taskRootDirectoryUrl: `${nodeUrl}/files/workitems/j/job-1/done`,
    }),
  )
})

test('a task that failed says why, after its retries', async () => {
  const constraints = { maxTaskRetryCount: 1 }
  const body = await runTask(call, 'j', taskOf('failed', 'sh -c "exit 3"', { constraints }))
  expect(keys(body['executionInfo'])).toEqual([
    'startTime',
    'endTime',
    'exitCode',
    'failureInfo',
    'result',
    'retryCount',
    'lastRetryTime',
    'requeueCount',
  ])
  expect(body['executionInfo']).toMatchObject({
    exitCode: 3,
    result: 'failure',
    retryCount: 1,
    requeueCount: 0,
  })
  expect((body['executionInfo'] as { failureInfo: object }).failureInfo).toEqual({
    category: 'UserError',
    code: 'FailureExitCode',
    message: 'The task exited with an exit code representing a failure',
    details: [
      { name: 'Message', value: 'The task process exited with an unexpected exit code' },
      { name: 'AdditionalErrorCode', value: 'FailureExitCode' },
    ],
  })
})

test('a program that is not there fails without an exit code', async () => {
  const body = await runTask(call, 'j', taskOf('missing', '/no/such/program'))
  expect(body['executionInfo']).toMatchObject({
    failureInfo: { category: 'UserError', code: 'CommandProgramNotFound' },
    result: 'failure',
    retryCount: 0,
  })
  expect(body['executionInfo']).not.toHaveProperty('exitCode')
})

test('a running task is terminated at once and can be reactivated', async () => {
  await must(call('POST /jobs/j/tasks', { json: taskOf('long', 'sleep 60') }))
  await until(call, '/jobs/j/tasks/long', (task) => task['state'] === 'running')
  const terminated = await call('POST /jobs/j/tasks/long/terminate')
  expectSuccess(terminated, 204, 'E D')
  expect(terminated.headers['content-length']).toBe('0')
  expect(terminated.headers['dataserviceid']).toBe(`${url}/jobs/j/tasks/long/terminate`)
  const ended = await read('long', 'j')
  expectStamp(terminated, ended)
  expect(ended).toMatchObject({ state: 'completed', executionInfo: { failureInfo: { code: 'TaskEnded' } } })
  expectError(await call('POST /jobs/j/tasks/long/terminate'), 409, 'TaskCompleted', {})
  await must(call('POST /jobs/j/disable', { json: { disableTasks: 'wait' } }))
  await until(call, '/jobs/j', (job) => job['state'] === 'disabled')
  const reactivated = await call('POST /jobs/j/tasks/long/reactivate')
  expectSuccess(reactivated, 204, 'E')
  const body = await read('long', 'j')
  expect(keys(body)).toEqual([...HEAD, ...PREVIOUS, ...REST])
  expect(body).toMatchObject({
    state: 'active',
    previousState: 'completed',
    eTag: reactivated.headers['etag'],
  })
  expect(body['executionInfo']).toEqual({ retryCount: 0, requeueCount: 0 })
  await must(call('DELETE /jobs/j/tasks/long'))
  await must(call('POST /jobs/j/enable'))
})

test('a task runs from the download of its resource files on, and its directory is told', async () => {
  const { promise: asked, resolve: ask } = Promise.withResolvers<ServerResponse>()
  const server = createServer((_, response) => ask(response)).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const httpUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`
  const json = taskOf('fetches', 'cat x', { resourceFiles: [{ httpUrl, filePath: 'x' }] })
  await must(call('POST /jobs/j/tasks', { json }))
  const response = await asked
  const running = await read('fetches', 'j')
  expect(running).toMatchObject({
    state: 'running',
    executionInfo: { startTime: running['stateTransitionTime'] },
    nodeInfo: { nodeId, taskRootDirectory: 'workitems/j/job-1/fetches' },
  })
  expect(running['executionInfo']).not.toHaveProperty('endTime')
  response.end('content')
  await until(call, '/jobs/j/tasks/fetches', (task) => task['state'] === 'completed')
})

test('only the constraints of a task can be changed', async () => {
  await add('fixed')
  const answer = await call('PUT /jobs/idle/tasks/fixed', { json: { commandLine: 'false' } })
  expectError(answer, 400, 'UnsupportedProperty')
})

test('only a task that failed can be reactivated', async () => {
  await add('waiting')
  expectError(await call('POST /jobs/idle/tasks/waiting/reactivate'), 409, 'TaskNotCompleted', {})
  await runTask(call, 'j', taskOf('good'))
  expectError(await call('POST /jobs/j/tasks/good/reactivate'), 409, 'TaskSucceeded', {})
})

test('PUT replaces the constraints; without any they return to defaults', async () => {
  await must(call('POST /jobs', { json: jobOf('plain') }))
  const constraints = { maxTaskRetryCount: 1, retentionTime: 'P1D' }
  await must(call('POST /jobs/plain/tasks', { json: taskOf('t', 'true', { constraints }) }))
  const answer = await call('PUT /jobs/plain/tasks/t', { json: { constraints: { maxTaskRetryCount: 5 } } })
  expectSuccess(answer, 200, 'E D')
  expectStamp(answer, await read('t', 'plain'))
  const defaults = { maxWallClockTime: UNLIMITED, retentionTime: 'P7D' }
  expect((await read('t', 'plain'))['constraints']).toEqual({ ...defaults, maxTaskRetryCount: 5 })
  await must(call('PUT /jobs/plain/tasks/t', { json: {} }))
  expect((await read('t', 'plain'))['constraints']).toEqual({ ...defaults, maxTaskRetryCount: 0 })
})

test('a deleted task is gone at once', async () => {
  await add('gone')
  expectSuccess(await call('DELETE /jobs/idle/tasks/gone'), 200, '')
  for (const line of [
    'GET ',
    'DELETE ',
    'POST /terminate',
    'POST /reactivate',
    'GET /subtasksinfo',
    'GET /files',
  ]) {
    const [verb = '', rest = ''] = line.split(' ')
    expectError(await call(`${verb} /jobs/idle/tasks/gone${rest}`), 404, 'TaskNotFound', {})
  }
})

test('a task of one instance has no subtasks', async () => {
  await add('single')
  const answer = await call('GET /jobs/idle/tasks/single/subtasksinfo')
  expectSuccess(answer, 200, 'J')
  expect(answer.text).toBe(JSON.stringify({ 'odata.metadata': `${url}/$metadata#subtaskinfo`, value: [] }))
})

test('each task of a collection has a result of its own, in the service’s shape', async () => {
  await add('Taken')
  const value = [taskOf('new'), taskOf('taken'), taskOf('bad', 'true', { colour: 'red' }), taskOf('new')]
  const answer = await call('POST /jobs/idle/addtaskcollection', { json: { value } })
  expectSuccess(answer, 200, 'J')
  const body = answer.json()
  expect(body['odata.metadata']).toBe(`${url}/$metadata#taskaddresult`)
  const results = items(body)
  const { eTag, lastModified } = await read('new')
  const location = `${url}/jobs/idle/tasks/new`
  expect(results.map((result) => JSON.stringify(result))).toContain(
    JSON.stringify({ status: 'Success', taskId: 'new', eTag, lastModified, location }),
  )
  const failed = results.filter((result) => result['status'] === 'ClientError')
  const sentence = 'The specified task already exists.'
  expect(failed.map(keys)).toEqual(
    Array.from({ length: 3 }, () => ['error@odata.navigationLinkUrl', 'error', 'status', 'taskId']),
  )
  expect(failed).toContainEqual({
    'error@odata.navigationLinkUrl': `${url}/jobs/idle/tasks/taken/error`,
    error: {
      code: 'TaskExists',
      message: {
        lang: 'en-US',
        value: expect.stringMatching(
          `^${sentence}\nRequestId:${answer.headers['request-id']}\nTime:\\S{28}$`,
        ),
      },
    },
    status: 'ClientError',
    taskId: 'taken',
  })
  expect(failed.map((result) => (result['error'] as { code: string }).code).sort()).toEqual([
    'TaskExists',
    'TaskExists',
    'UnsupportedProperty',
  ])
})

test.each([
  ['no task', []],
  ['101 tasks', Array.from({ length: 101 }, (_, i) => taskOf(`t${i}`))],
])('a collection of %s is refused as a whole', async (_, value) => {
  const answer = await call('POST /jobs/idle/addtaskcollection', { json: { value } })
  expectError(answer, 400, 'InvalidPropertyValue')
  expect(answer.json()['values']).toContainEqual({ key: 'PropertyName', value: 'value' })
})

test('100 tasks are taken at once', async () => {
  const value = Array.from({ length: 100 }, (_, i) => taskOf(`many-${i}`))
  const answer = await must(call('POST /jobs/idle/addtaskcollection', { json: { value } }))
  expect(items(answer.json()).map((result) => result['status'])).toEqual(value.map(() => 'Success'))
})

test('a collection for a job that does not exist fails as a whole', async () => {
  const json = { value: [taskOf('t')] }
  expectError(await call('POST /jobs/none/addtaskcollection', { json }), 404, 'JobNotFound', {})
})

test.each([
  ['an unknown member', { colour: 'red' }, 400, 'UnsupportedProperty'],
  ['no command line', { commandLine: undefined }, 400, 'MissingRequiredProperty'],
  ['an empty command line', { commandLine: '' }, 400, 'InvalidPropertyValue'],
  [
    'a resource file outside',
    { resourceFiles: [{ httpUrl: 'http://h/a', filePath: '../a' }] },
    400,
    'InvalidPropertyValue',
  ],
  [
    'access to more than its job',
    { authenticationTokenSettings: { access: ['pool'] } },
    400,
    'InvalidPropertyValue',
  ],
  ['an id that is in use', { id: 'used' }, 409, 'TaskExists'],
] as const)('a new task with %s is refused', async (_, more, status, code) => {
  await call('POST /jobs/idle/tasks', { json: taskOf('used') })
  expectError(await call('POST /jobs/idle/tasks', { json: taskOf('fresh', 'true', more) }), status, code)
})
