// The job manager, preparation and release tasks of a job: their defaults, and what they do with real processes.

import { expect, test } from 'vitest'
import { expectError, expectSuccess } from './expectations.ts'
import {
  addPoolWithNodes,
  items,
  jobOf,
  must,
  openProtocol,
  runTask,
  taskOf,
  until,
  type Json,
} from './helpers.ts'

const { call, url } = await openProtocol()

const UNLIMITED = 'P10675199DT2H48M5.4775807S'
const USER = { autoUser: { scope: 'pool', elevationLevel: 'nonadmin' } }
const STATUS = 'jobpreparationandreleasetaskstatus'

const add = (id: string, more: object, poolId?: string) =>
  call('POST /jobs', { json: jobOf(id, poolId, more) })
const read = async (path: string): Promise<Json> => (await must(call(`GET ${path}`))).json()

/** A shell command that adds a line to a file that all tasks of the node share. */
const log = (line: string) => `echo ${line} >> "$AZ_BATCH_NODE_SHARED_DIR/log"`
const sh = (...commands: string[]) => `/bin/sh -c '${commands.join('; ')}'`

test('GET answers the tasks of a job with the service’s defaults', async () => {
  const outputFiles = [
    {
      filePattern: '*.txt',
      destination: { container: { containerUrl: 'http://127.0.0.1:1/c' } },
      uploadOptions: { uploadCondition: 'tasksuccess' },
    },
  ]
  await must(
    add('defaults', {
      constraints: { maxTaskRetryCount: 2 },
      jobManagerTask: { id: 'm', commandLine: 'true', outputFiles },
      jobPreparationTask: { commandLine: 'true' },
      jobReleaseTask: { commandLine: 'true' },
    }),
  )
  const body = await read('/jobs/defaults')
  const constraints = { maxWallClockTime: UNLIMITED, retentionTime: 'P7D', maxTaskRetryCount: 2 }
  expect(body['jobManagerTask']).toEqual({
    id: 'm',
    commandLine: 'true',
    outputFiles: [{ ...outputFiles[0], uploadOptions: { uploadCondition: 'TaskSuccess' } }],
    constraints,
    requiredSlots: 1,
    killJobOnCompletion: true,
    userIdentity: USER,
    runExclusive: true,
    allowLowPriorityNode: true,
  })
  expect(body['jobPreparationTask']).toEqual({
    id: 'jobpreparation',
    commandLine: 'true',
    constraints,
    waitForSuccess: true,
    userIdentity: USER,
    rerunOnNodeRebootAfterSuccess: true,
  })
  expect(body['jobReleaseTask']).toEqual({
    id: 'jobrelease',
    commandLine: 'true',
    maxWallClockTime: 'PT15M',
    retentionTime: 'P7D',
    userIdentity: USER,
  })
  const names = Object.keys(body)
  expect(names.slice(names.indexOf('constraints'), names.indexOf('poolInfo'))).toEqual([
    'constraints',
    'jobManagerTask',
    'jobPreparationTask',
    'jobReleaseTask',
  ])
  expect(await read('/jobs/defaults/tasks/m')).toMatchObject({ state: 'active', constraints })
})

test.each<[string, object, string, string]>([
  [
    'a release task without a preparation task',
    { jobReleaseTask: { commandLine: 'x' } },
    'InvalidPropertyValue',
    'jobReleaseTask',
  ],
  [
    'a release task of more than 15 minutes',
    {
      jobPreparationTask: { commandLine: 'x' },
      jobReleaseTask: { commandLine: 'x', maxWallClockTime: 'PT16M' },
    },
    'InvalidPropertyValue',
    'maxWallClockTime',
  ],
  ['a job manager without an id', { jobManagerTask: { commandLine: 'x' } }, 'MissingRequiredProperty', 'id'],
  [
    'a preparation task that does nothing',
    { jobPreparationTask: {} },
    'MissingRequiredProperty',
    'commandLine',
  ],
  [
    'output files of a preparation task',
    { jobPreparationTask: { commandLine: 'x', outputFiles: [] } },
    'UnsupportedProperty',
    'outputFiles',
  ],
])('%s is refused', async (_, more, code, property) => {
  const answer = await add('refused', more)
  expectError(answer, 400, code)
  expect(answer.json<{ values: object[] }>().values).toContainEqual({ key: 'PropertyName', value: property })
})

test('tasks with the ids of the preparation and release task are refused', async () => {
  await must(add('ids', { jobPreparationTask: { commandLine: 'x' }, jobReleaseTask: { commandLine: 'x' } }))
  const addTask = (id: string) => call('POST /jobs/ids/tasks', { json: taskOf(id) })
  expectError(await addTask('jobpreparation'), 409, 'TaskIdSameAsJobPreparationTask')
  expectError(await addTask('jobrelease'), 409, 'TaskIdSameAsJobReleaseTask')
})

test('the status of a job without such tasks is refused, that of one that ran nowhere is empty', async () => {
  await must(add('plain', {}))
  expectError(await call(`GET /jobs/plain/${STATUS}`), 409, 'JobPreparationTaskOrReleaseTaskNotSpecified')
  expectError(await call(`GET /jobs/none/${STATUS}`), 404, 'JobNotFound')
  await must(add('unused', { jobPreparationTask: { commandLine: 'x' } }))
  const answer = await call(`GET /jobs/unused/${STATUS}`)
  expectSuccess(answer, 200, 'J')
  expect(answer.json()).toEqual({
    'odata.metadata': `${url}/$metadata#jobpreparationandreleasetaskstatuslist`,
    value: [],
  })
})

test('the preparation runs once on a node before its tasks, the release task at the end of the job', async () => {
  const [nodeId] = await addPoolWithNodes(call, 'p', 1)
  const node = `/pools/p/nodes/${nodeId}`
  await must(
    add(
      'real',
      {
        jobPreparationTask: { commandLine: sh(log('prepared'), 'echo data > input') },
        jobReleaseTask: {
          commandLine: sh(log('released'), log('$(cat "$AZ_BATCH_JOB_PREP_WORKING_DIR/input")')),
        },
      },
      'p',
    ),
  )
  const commandLine = sh(log('$AZ_BATCH_TASK_ID'), 'cat "$AZ_BATCH_JOB_PREP_DIR/wd/input"')
  await runTask(call, 'real', taskOf('a', commandLine))
  await runTask(call, 'real', taskOf('b', commandLine))
  expect((await call('GET /jobs/real/tasks/b/files/stdout.txt')).text).toBe('data\n')
  await must(call('POST /jobs/real/terminate'))
  await until(call, '/jobs/real', (job) => job['state'] === 'completed')
  const shared = await call(`GET ${node}/files/shared%2Flog`)
  expect(shared.text).toBe('prepared\na\nb\nreleased\ndata\n')

  const nodeUrl = `${url}${node}`
  const info = (id: string) => ({
    startTime: expect.any(String) as string,
    endTime: expect.any(String) as string,
    state: 'completed',
    taskRootDirectory: `workitems/real/job-1/${id}`,
    taskRootDirectoryUrl: `${nodeUrl}/files/workitems/real/job-1/${id}`,
    exitCode: 0,
  })
  const [status = {}] = items(await read(`/jobs/real/${STATUS}`))
  expect(status).toEqual({
    poolId: 'p',
    nodeId,
    nodeUrl,
    jobPreparationTaskExecutionInfo: { ...info('jobpreparation'), retryCount: 0, result: 'success' },
    jobReleaseTaskExecutionInfo: { ...info('jobrelease'), result: 'success' },
  })
  expect(Object.keys(status['jobPreparationTaskExecutionInfo'] as Json)).toEqual([
    ...Object.keys(info('jobpreparation')),
    'retryCount',
    'result',
  ])
  const file = `${node}/files/workitems/real/job-1/jobpreparation/wd/input`
  expect((await call(`GET ${file}`)).text).toBe('data\n')
  const selected = await read(`/jobs/real/${STATUS}?$select=nodeUrl&$filter=nodeId%20eq%20'${nodeId}'`)
  expect(items(selected)).toEqual([{ nodeUrl }])
})

test('a preparation whose file is not there fails with the reason, and its task waits', async () => {
  await addPoolWithNodes(call, 'q', 1)
  const resourceFiles = [{ httpUrl: `${url}/no/such/file`, filePath: 'x' }]
  await must(add('broken', { jobPreparationTask: { commandLine: 'true', resourceFiles } }, 'q'))
  await must(call('POST /jobs/broken/tasks', { json: taskOf('t') }))
  const list = await until(call, `/jobs/broken/${STATUS}`, (body) =>
    items(body).some(
      (node) => (node['jobPreparationTaskExecutionInfo'] as Json | undefined)?.['state'] === 'completed',
    ),
  )
  expect(items(list)).toMatchObject([
    {
      jobPreparationTaskExecutionInfo: {
        result: 'failure',
        failureInfo: { code: 'BlobDownloadMiscError' },
      },
    },
  ])
  expect(await read('/jobs/broken/tasks/t')).toMatchObject({ state: 'active' })
})

test('force is known from 2024-07-01.20.0 on, and ends a job without waiting for its nodes', async () => {
  await addPoolWithNodes(call, 'r', 1)
  const slow = { commandLine: 'sleep 60' }
  await must(add('forced', { jobPreparationTask: { commandLine: 'true' }, jobReleaseTask: slow }, 'r'))
  await runTask(call, 'forced', taskOf('t'))
  expectError(await call('POST /jobs/forced/terminate?force=true'), 400, 'UnsupportedQueryParameter')
  const version = '2024-07-01.20.0'
  await must(call('POST /jobs/forced/terminate?force=true', { version }))
  expect(await read('/jobs/forced')).toMatchObject({ state: 'completed' })
  await must(call('DELETE /jobs/forced?force=true', { version }))
  await until(call, '/jobs/forced', (_, answer) => answer.status === 404)
})
