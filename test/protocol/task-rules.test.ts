// What tasks mean to each other, to their job and to several nodes: dependencies, exit conditions, multi-instance tasks,
// containers. With real processes.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { expectError, expectSuccess } from './expectations.ts'
import {
  addPoolWithNodes,
  containerMachines,
  items,
  jobOf,
  must,
  openProtocol,
  runTask,
  taskOf,
  until,
  type Json,
} from './helpers.ts'

const { call, url } = await openProtocol({ containerEngine: 'none' })
await addPoolWithNodes(call, 'p', 1, { taskSlotsPerNode: 2 })
const nodeIds = await addPoolWithNodes(call, 'mpi', 3, { enableInterNodeCommunication: true })
await must(call('POST /jobs', { json: jobOf('deps', 'p', { usesTaskDependencies: true }) }))
await must(call('POST /jobs', { json: jobOf('plain', 'p') }))
await must(call('POST /jobs', { json: jobOf('mpi', 'mpi') }))

const keys = (value: unknown): string[] => Object.keys(value as object)
const execution = (task: Json): Json => task['executionInfo'] as Json
const read = async (path: string): Promise<string> => (await must(call(`GET ${path}`))).text

test('dependencies are answered in their place and kept', async () => {
  const dependsOn = { taskIds: ['first'], taskIdRanges: [{ start: 1, end: 2 }] }
  const commandLine = `sh -c 'cat ../../first/wd/out'`
  await must(call('POST /jobs/deps/tasks', { json: taskOf('last', commandLine, { dependsOn }) }))
  const waiting = (await must(call('GET /jobs/deps/tasks/last'))).json()
  expect(waiting).toMatchObject({ state: 'active', dependsOn })
  expect(keys(waiting).slice(-5)).toEqual([
    'userIdentity',
    'dependsOn',
    'constraints',
    'requiredSlots',
    'executionInfo',
  ])
  for (const id of ['1', '02']) await must(call('POST /jobs/deps/tasks', { json: taskOf(id) }))
  await must(call('POST /jobs/deps/tasks', { json: taskOf('first', `sh -c 'sleep .2; echo hi > out'`) }))
  const done = await until(call, '/jobs/deps/tasks/last', (task) => task['state'] === 'completed')
  expect(execution(done)).toMatchObject({ exitCode: 0, result: 'success' })
  expect(await read('/jobs/deps/tasks/last/files/stdout.txt')).toBe('hi\n')
})

test('dependencies need a job that uses them', async () => {
  const json = taskOf('t', 'true', { dependsOn: { taskIds: ['a'] } })
  expectError(await call('POST /jobs/plain/tasks', { json }), 400, 'TaskDependenciesNotSpecifiedOnJob')
  const answer = await must(call('POST /jobs/plain/addtaskcollection', { json: { value: [json] } }))
  expect(items(answer.json())).toMatchObject([
    { status: 'ClientError', error: { code: 'TaskDependenciesNotSpecifiedOnJob' } },
  ])
})

test('a list of dependencies has a bound', async () => {
  const taskIds = Array.from({ length: 1001 }, (_, i) => `${i}`.padStart(64, 'x'))
  const json = taskOf('t', 'true', { dependsOn: { taskIds } })
  expectError(await call('POST /jobs/deps/tasks', { json }), 400, 'TaskDependencyListTooLong')
})

test('exit conditions are answered with the default and act on the job', async () => {
  const job = jobOf('acts', 'p', { onTaskFailure: 'performexitoptionsjobaction' })
  await must(call('POST /jobs', { json: job }))
  const exitConditions = { exitCodes: [{ code: 3, exitOptions: { jobAction: 'terminate' } }] }
  await runTask(call, 'acts', taskOf('t', `sh -c 'exit 3'`, { exitConditions }))
  const task = (await must(call('GET /jobs/acts/tasks/t'))).json()
  expect(task['exitConditions']).toEqual({
    ...exitConditions,
    default: { jobAction: 'terminate', dependencyAction: 'block' },
  })
  const ended = await until(call, '/jobs/acts', (body) => body['state'] === 'completed')
  expect(ended['executionInfo']).toMatchObject({ terminateReason: 'TaskFailed' })
})

test('a job action is refused in a job without them', async () => {
  const exitConditions = { default: { jobAction: 'none' } }
  const answer = await call('POST /jobs/plain/tasks', { json: taskOf('t', 'true', { exitConditions }) })
  expectError(answer, 400, 'InvalidPropertyValue')
  expect(answer.json()['values']).toContainEqual({ key: 'PropertyName', value: 'jobAction' })
})

test('a container task completes with ContainerPoolNotSupported on a pool that is not made for it', async () => {
  const task = taskOf('container', '', { containerSettings: { imageName: 'alpine' } })
  const done = await runTask(call, 'plain', task)
  expect(execution(done)).toMatchObject({
    result: 'failure',
    failureInfo: { category: 'UserError', code: 'ContainerPoolNotSupported' },
  })
  expect(keys(execution(done))).not.toContain('exitCode')
  expect(done['containerSettings']).toEqual({ imageName: 'alpine' })
})

test('on a container pool it fails without a container engine, and says what is missing', async () => {
  const machines = containerMachines({
    containerImageNames: ['alpine'],
    containerRegistries: [{ username: 'u', password: 'secret', registryServer: 'r.example' }],
  })
  await addPoolWithNodes(call, 'containers', 1, machines)
  const pool = (await must(call('GET /pools/containers'))).json()
  expect(pool['virtualMachineConfiguration']).toMatchObject({
    containerConfiguration: { containerRegistries: [{ username: 'u', registryServer: 'r.example' }] },
  })
  expect(JSON.stringify(pool)).not.toContain('secret')
  await must(call('POST /jobs', { json: jobOf('containers', 'containers') }))
  const done = await runTask(
    call,
    'containers',
    taskOf('t', 'true', { containerSettings: { imageName: 'alpine' } }),
  )
  expect(execution(done)).toMatchObject({
    failureInfo: {
      code: 'ContainerMiscError',
      details: expect.arrayContaining([
        { name: 'Message', value: expect.stringContaining('--containerEngine none') },
      ]),
    },
  })
})

test('a start task in a container fails the node of a pool that is not made for it', async () => {
  const startTask = { commandLine: 'true', containerSettings: { imageName: 'alpine' } }
  const json = { id: 'start', vmSize: 'standard_d1_v2', targetDedicatedNodes: 1, startTask }
  const pool = { ...(await must(call('GET /pools/p'))).json(), ...json }
  const { virtualMachineConfiguration } = pool as Json
  await must(call('POST /pools', { json: { ...json, virtualMachineConfiguration } }))
  const nodes = await until(call, '/pools/start/nodes', (body) =>
    items(body).some((node) => node['state'] === 'starttaskfailed'),
  )
  expect(items(nodes)[0]).toMatchObject({
    startTaskInfo: { failureInfo: { code: 'ContainerPoolNotSupported' } },
  })
})

test('a task that asks for access to its job gets a token that opens the job and nothing else', async () => {
  const authenticationTokenSettings = { access: ['job'] }
  const print = `sh -c 'echo $AZ_BATCH_AUTHENTICATION_TOKEN'`
  const done = await runTask(call, 'plain', taskOf('trusted', print, { authenticationTokenSettings }))
  expect(done['authenticationTokenSettings']).toEqual(authenticationTokenSettings)
  const token = (await read('/jobs/plain/tasks/trusted/files/stdout.txt')).trim()
  const bearer = (value: string) => ({
    tamper: (headers: Record<string, string>) => void (headers['authorization'] = `Bearer ${value}`),
  })
  const added = await call('POST /jobs/plain/tasks', { json: taskOf('child'), ...bearer(token) })
  expect(added.status).toBe(201)
  expect((await call('GET /jobs/PLAIN/tasks', bearer(token))).status).toBe(200)
  expectError(await call('GET /jobs/deps', bearer(token)), 403, 'Forbidden')
  expectError(await call('GET /jobs', bearer(token)), 403, 'Forbidden')
  expectError(await call('DELETE /pools/p', bearer(token)), 403, 'Forbidden')
  const forged = bearer(`${token.slice(0, -4)}AAAA`)
  expect((await call('GET /jobs/plain', forged)).status).toBe(401)
})

test('other tasks get none', async () => {
  await runTask(call, 'plain', taskOf('untrusted', 'env'))
  expect(await read('/jobs/plain/tasks/untrusted/files/stdout.txt')).not.toContain('AUTHENTICATION_TOKEN')
})

const SEE = [
  'AZ_BATCH_HOST_LIST',
  'AZ_BATCH_NODE_LIST',
  'AZ_BATCH_MASTER_NODE',
  'AZ_BATCH_IS_CURRENT_NODE_MASTER',
  'CCP_NODES',
]
const PRINT = SEE.map((name) => `echo ${name}=$${name}`).join('; ')

test('a multi-instance task coordinates its nodes, then runs on the primary', async () => {
  const files = createServer((_, response) => response.end('content')).listen(0, '127.0.0.1')
  onTestFinished(() => void files.close())
  await once(files, 'listening')
  const source = `http://127.0.0.1:${(files.address() as AddressInfo).port}/file`
  const multiInstanceSettings = {
    numberOfInstances: 3,
    coordinationCommandLine: `sh -c '${PRINT}; pwd; ls $AZ_BATCH_TASK_SHARED_DIR; echo made > left'`,
    commonResourceFiles: [{ httpUrl: source, filePath: 'common.txt' }],
  }
  const more = { multiInstanceSettings, resourceFiles: [{ httpUrl: source, filePath: 'own.txt' }] }
  const task = taskOf('wide', `sh -c 'echo application; cat left; ls own.txt ../common.txt'`, more)
  const done = await runTask(call, 'mpi', task)
  expect(execution(done)).toMatchObject({ exitCode: 0, result: 'success' })
  expect(done['multiInstanceSettings']).toEqual(multiInstanceSettings)
  const stdout = await read('/jobs/mpi/tasks/wide/files/stdout.txt')
  const [hosts = '', list, master, isMaster, ccp] = stdout.split('\n')
  const addresses = hosts.replace('AZ_BATCH_HOST_LIST=', '').split(',')
  expect(addresses).toHaveLength(3)
  expect([list, master, isMaster, ccp]).toEqual([
    `AZ_BATCH_NODE_LIST=${addresses.join(';')}`,
    `AZ_BATCH_MASTER_NODE=${addresses[0]}:6000`,
    'AZ_BATCH_IS_CURRENT_NODE_MASTER=true',
    `CCP_NODES=3 ${addresses.map((address) => `${address} 1`).join(' ')}`,
  ])
  expect(stdout).toContain('common.txt')
  expect(stdout.endsWith('application\nmade\n../common.txt\nown.txt\n')).toBe(true)
})

test('its subtasks are listed with their nodes, where their files are', async () => {
  const answer = await call('GET /jobs/mpi/tasks/wide/subtasksinfo')
  expectSuccess(answer, 200, 'J')
  const body = answer.json()
  expect(body['odata.metadata']).toBe(`${url}/$metadata#subtaskinfo`)
  const subtasks = items(body)
  expect(subtasks.map((subtask) => subtask['id'])).toEqual([1, 2])
  const [first] = subtasks
  expect(keys(first)).toEqual([
    'id',
    'nodeInfo',
    'startTime',
    'endTime',
    'exitCode',
    'state',
    'stateTransitionTime',
    'previousState',
    'previousStateTransitionTime',
    'result',
  ])
  const { nodeId, nodeUrl, taskRootDirectory, taskRootDirectoryUrl } = (first?.['nodeInfo'] ?? {}) as Json
  expect(nodeIds).toContain(nodeId)
  expect(nodeUrl).toBe(`${url}/pools/mpi/nodes/${String(nodeId)}`)
  expect(taskRootDirectory).toBe('workitems/mpi/job-1/wide/1')
  expect(taskRootDirectoryUrl).toBe(`${String(nodeUrl)}/files/workitems/mpi/job-1/wide/1`)
  const stdout = await read(`/pools/mpi/nodes/${String(nodeId)}/files/workitems/mpi/job-1/wide/1/stdout.txt`)
  expect(stdout).toContain('AZ_BATCH_IS_CURRENT_NODE_MASTER=false')
  expect(stdout).toContain('/workitems/mpi/job-1/wide/1/wd\n')
  expect(stdout).toContain('common.txt')
})

test('a single-instance task has none, a task that is not there is not found', async () => {
  await runTask(call, 'plain', taskOf('single'))
  const answer = await must(call('GET /jobs/plain/tasks/single/subtasksinfo'))
  expect(answer.json()['value']).toEqual([])
  expectError(await call('GET /jobs/plain/tasks/none/subtasksinfo'), 404, 'TaskNotFound', {})
})

test('a coordination command that fails fails the task and ends the others', async () => {
  const coordinationCommandLine = `sh -c '[ $AZ_BATCH_IS_CURRENT_NODE_MASTER = true ] || exit 4; sleep 60'`
  const multiInstanceSettings = { numberOfInstances: 2, coordinationCommandLine }
  const done = await runTask(call, 'mpi', taskOf('broken', 'true', { multiInstanceSettings }))
  expect(execution(done)).toMatchObject({ result: 'failure', failureInfo: { code: 'FailureExitCode' } })
  const body = (await must(call('GET /jobs/mpi/tasks/broken/subtasksinfo'))).json()
  expect(items(body)).toMatchObject([{ id: 1, state: 'completed', exitCode: 4, result: 'failure' }])
  await until(call, '/pools/mpi/nodes', (nodes) => items(nodes).every((node) => node['state'] === 'idle'))
})
