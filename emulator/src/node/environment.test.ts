import { dirname } from 'node:path'
import type { UserIdentity } from '@malachite/model'
import { expect, test } from 'vitest'
import { commandEnvironment, expandVariables, mergeSettings } from './environment.ts'
import { CommandFailure } from './failures.ts'
import { instancePlace, startTaskPlace, taskPlace } from './layout.ts'

const account = { name: 'local', url: 'http://127.0.0.1:10003/' }
const node = { poolId: 'Pool', nodeId: 'tvmps_1_d', isDedicated: true, ipAddress: '10.0.0.4' }

test('a task sees the variables of its account, node, job and directories', () => {
  const environment = commandEnvironment(
    {
      account,
      node,
      place: taskPlace('/n', 'job', 'task'),
      userIdentity: {},
      task: { jobId: 'job', taskId: 'task' },
    },
    [],
  )
  expect(environment).toEqual({
    PATH: `${dirname(process.execPath)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    LANG: 'C.UTF-8',
    HOME: '/n/workitems/job/job-1/task/wd',
    AZ_BATCH_ACCOUNT_NAME: 'local',
    AZ_BATCH_ACCOUNT_URL: 'http://127.0.0.1:10003/',
    AZ_BATCH_POOL_ID: 'Pool',
    AZ_BATCH_NODE_ID: 'tvmps_1_d',
    AZ_BATCH_NODE_IS_DEDICATED: 'true',
    AZ_BATCH_NODE_ROOT_DIR: '/n',
    AZ_BATCH_NODE_SHARED_DIR: '/n/shared',
    AZ_BATCH_NODE_STARTUP_DIR: '/n/startup',
    AZ_BATCH_NODE_STARTUP_WORKING_DIR: '/n/startup/wd',
    AZ_BATCH_NODE_MOUNTS_DIR: '/n/fsmounts',
    AZ_BATCH_JOB_ID: 'job',
    AZ_BATCH_TASK_ID: 'task',
    AZ_BATCH_TASK_DIR: '/n/workitems/job/job-1/task',
    AZ_BATCH_TASK_WORKING_DIR: '/n/workitems/job/job-1/task/wd',
    AZ_BATCH_CERTIFICATES_DIR: '/n/workitems/job/job-1/task/certs',
    AZ_BATCH_TASK_USER: '_azbatch',
    AZ_BATCH_TASK_USER_IDENTITY: 'PoolNonAdmin',
    AZ_BATCH_TASK_RESERVED_EPHEMERAL_DISK_SPACE_BYTES: '1000000',
    AZ_BATCH_RESERVED_DISK_SPACE_BYTES: '1000000',
  })
})

test('a task on a spot node, of a job that a schedule made, is told so', () => {
  const environment = commandEnvironment(
    {
      account,
      node: { ...node, isDedicated: false },
      place: taskPlace('/n', 'nightly:job-3', 'task'),
      userIdentity: {},
      task: { jobId: 'nightly:job-3', taskId: 'task' },
    },
    [],
  )
  expect(environment).toMatchObject({
    AZ_BATCH_NODE_IS_DEDICATED: 'false',
    AZ_BATCH_JOB_ID: 'nightly:job-3',
    AZ_BATCH_TASK_DIR: '/n/workitems/nightly/job-3/task',
  })
})

test.each<[string, UserIdentity, string, string]>([
  ['the automatic user of the pool', { autoUser: { scope: 'pool' } }, '_azbatch', 'PoolNonAdmin'],
  ['the same with rights', { autoUser: { elevationLevel: 'admin' } }, '_azbatch', 'PoolAdmin'],
  ['an automatic user of the task', { autoUser: { scope: 'task' } }, '_azbatch', 'TaskNonAdmin'],
  [
    'the same with rights of its own',
    { autoUser: { scope: 'task', elevationLevel: 'admin' } },
    '_azbatch',
    'TaskAdmin',
  ],
  ['a named user', { username: 'ada' }, 'ada', 'ada'],
])('%s has a name', (_, userIdentity, user, identity) => {
  const context = { account, node, place: taskPlace('/n', 'job', 'task'), userIdentity }
  expect(commandEnvironment(context, [])).toMatchObject({
    AZ_BATCH_TASK_USER: user,
    AZ_BATCH_TASK_USER_IDENTITY: identity,
  })
})

test('the commands of a multi-instance task know each other', () => {
  const addresses = ['10.0.0.4', '10.0.0.5']
  const environmentOf = (id: number) =>
    commandEnvironment(
      {
        account,
        node,
        place: instancePlace('/n', 'job', 'task', id),
        userIdentity: {},
        task: {
          jobId: 'job',
          taskId: 'task',
          instance: { id, phase: 'application', commonResourceFiles: [], addresses },
        },
      },
      [],
    )
  const common = {
    AZ_BATCH_HOST_LIST: '10.0.0.4,10.0.0.5',
    AZ_BATCH_NODE_LIST: '10.0.0.4;10.0.0.5',
    AZ_BATCH_MASTER_NODE: '10.0.0.4:6000',
    AZ_BATCH_TASK_SHARED_DIR: '/n/workitems/job/job-1/task',
    CCP_NODES: '2 10.0.0.4 1 10.0.0.5 1',
  }
  expect(environmentOf(0)).toMatchObject({
    ...common,
    AZ_BATCH_IS_CURRENT_NODE_MASTER: 'true',
    AZ_BATCH_TASK_DIR: '/n/workitems/job/job-1/task',
  })
  expect(environmentOf(1)).toMatchObject({
    ...common,
    AZ_BATCH_IS_CURRENT_NODE_MASTER: 'false',
    AZ_BATCH_TASK_DIR: '/n/workitems/job/job-1/task/1',
  })
})

test('a task of a job with a preparation finds what that left on the node', () => {
  const context = { account, node, place: taskPlace('/n', 'job', 'task'), userIdentity: {} }
  const preparation = taskPlace('/n', 'job', 'before')
  expect(commandEnvironment({ ...context, preparation }, [])).toMatchObject({
    AZ_BATCH_JOB_PREP_DIR: '/n/workitems/job/job-1/before',
    AZ_BATCH_JOB_PREP_WORKING_DIR: '/n/workitems/job/job-1/before/wd',
  })
  expect(commandEnvironment(context, [])).not.toHaveProperty('AZ_BATCH_JOB_PREP_DIR')
})

test('a start task has no job and no task', () => {
  const environment = commandEnvironment(
    {
      account,
      node,
      place: startTaskPlace('/n'),
      userIdentity: { autoUser: { scope: 'task', elevationLevel: 'admin' } },
    },
    [],
  )
  expect(environment).not.toHaveProperty('AZ_BATCH_JOB_ID')
  expect(environment).not.toHaveProperty('AZ_BATCH_TASK_ID')
  expect(environment).toMatchObject({
    HOME: '/n/startup/wd',
    AZ_BATCH_NODE_MOUNTS_DIR: '/n/fsmounts',
    AZ_BATCH_TASK_DIR: '/n/startup',
    AZ_BATCH_TASK_WORKING_DIR: '/n/startup/wd',
    AZ_BATCH_CERTIFICATES_DIR: '/n/startup/certs',
    AZ_BATCH_TASK_USER_IDENTITY: 'TaskAdmin',
  })
})

test.for<[string, Record<string, string>, [string, string?][], Record<string, string>]>([
  ['a setting wins over a built-in variable', { A: '1' }, [['A', '2']], { A: '2' }],
  ['a setting without a value is empty', {}, [['A']], { A: '' }],
  [
    'the last of two settings of a name counts',
    {},
    [
      ['A', '1'],
      ['A', '2'],
    ],
    { A: '2' },
  ],
  ['both forms of reference are expanded', { A: '1' }, [['B', '$A-${A}b']], { A: '1', B: '1-1b' }],
  [
    'a setting may refer to a later one',
    {},
    [
      ['A', '$B!'],
      ['B', '$C'],
      ['C', '3'],
    ],
    { A: '3!', B: '3', C: '3' },
  ],
  ['a setting that names itself means the built-in value', { P: '/bin' }, [['P', '/x:$P']], { P: '/x:/bin' }],
  ['an unknown reference and a lone dollar stay', {}, [['A', 'p$w0rd ${X} $ 5$']], { A: 'p$w0rd ${X} $ 5$' }],
  [
    'what a value brings along is not expanded again',
    { A: '$B' },
    [
      ['C', '$A'],
      ['B', '1'],
    ],
    {
      A: '$B',
      B: '1',
      C: '$B',
    },
  ],
])('%s', ([, base, settings, expected]) => {
  const merged = mergeSettings(
    base,
    settings.map(([name, value]) => ({ name, ...(value !== undefined && { value }) })),
  )
  expect(merged).toEqual(expected)
})

test('settings that refer to each other in a circle are refused', () => {
  const refuse = (...settings: [string, string][]): void => {
    expect(() =>
      mergeSettings(
        {},
        settings.map(([name, value]) => ({ name, value })),
      ),
    ).toThrow(CommandFailure)
  }
  refuse(['A', '$B'], ['B', '$C'], ['C', '$A'])
  refuse(['A', '$A'])
})

test('names end at the first character that cannot belong to one', () => {
  expect(expandVariables('$A/$AB.${A}B', (name) => ({ A: '1', AB: '2' })[name])).toBe('1/2.1B')
})
