// Why things are as they are: one situation for each cause.

import { type Engine, openStore } from '@malachite/emulator'
import type { Explanation, FailureInfo } from '@malachite/model'
import { expect, test } from 'vitest'
import { CAUSES } from '../../emulator/src/engine/explain/causes.ts'
import { FAILURE_CAUSES } from '../../emulator/src/engine/explain/failure-causes.ts'
import { openWithScripts, PREPARE, RELEASE } from '../helpers/job-tasks.ts'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

const LONG = { script: () => ({ duration: 3_600_000 }) }
const seen = new Set<string>()

/** An engine with the pool `p` and the job `j`, a second later. */
function open(
  { pool = {}, job = {} }: { pool?: object; job?: object } = {},
  options: Parameters<typeof openVirtualEngine>[0] = LONG,
) {
  const virtual = openVirtualEngine(options)
  const { engine } = virtual
  engine.pools.add(poolBody('p', pool))
  engine.jobs.add(jobBody('j', 'p', job))
  virtual.seconds(1)
  return { ...virtual, add: (id = 't', more: object = {}) => engine.tasks.add('j', taskBody(id, more)) }
}

/** Notes the cause, and that the sentences are whole. */
function note(explanation: Explanation): Explanation {
  const { cause, sentence, fix } = explanation
  seen.add(cause)
  for (const text of [sentence, fix]) expect(text).toMatch(/^[A-Z0-9"][^{}\n]*[^.]\.$/)
  expect(sentence).not.toMatch(/undefined|unknown|NaN|\.\./)
  return explanation
}

const why = (engine: Engine, taskId = 't', jobId = 'j') => note(engine.explain.task(jobId, taskId))
const whyJob = (engine: Engine, jobId = 'j') => note(engine.explain.job(jobId))
const whyPool = (engine: Engine, poolId = 'p') => note(engine.explain.pool(poolId))
const whyNode = (engine: Engine, poolId = 'p') =>
  note(engine.explain.node(poolId, engine.nodes.list(poolId).items[0]?.id ?? ''))
const whySchedule = (engine: Engine, id = 's') => note(engine.explain.jobSchedule(id))
const firstNode = (engine: Engine) => engine.nodes.list('p').items[0]?.id ?? ''

test('the pool of a job does not exist', () => {
  const { engine } = openVirtualEngine()
  engine.jobs.add(jobBody('j', 'gone'))
  engine.tasks.add('j', taskBody('t'))
  expect(why(engine)).toEqual({
    subject: 'task t of job j',
    state: 'active',
    cause: 'PoolNotFound',
    sentence: 'Pool gone of job j does not exist.',
    fix: 'Add a pool of this id, or name another one in the poolInfo of the job.',
    details: { poolId: 'gone', jobId: 'j' },
  })
})

test('ids are found and told as they were written first', () => {
  const { engine, add } = open({ pool: { targetDedicatedNodes: 0 } })
  add('Task')
  expect(engine.explain.task('J', 'TASK').subject).toBe('task Task of job j')
  expect(engine.explain.pool('P').subject).toBe('pool p')
})

test('a pool without nodes', () => {
  const { engine, add } = open({ pool: { targetDedicatedNodes: 0 } })
  add()
  expect(why(engine).cause).toBe('PoolEmpty')
  expect(whyPool(engine)).toMatchObject({ state: 'steady', cause: 'PoolEmpty' })
})

test('machines that have not come yet', () => {
  const { engine, add, seconds } = open({ pool: { targetDedicatedNodes: 2 } }, { allocation: 60_000 })
  add()
  expect(why(engine)).toMatchObject({
    cause: 'PoolAllocating',
    sentence: 'Pool p has 0 nodes and waits for 2 more that were asked for.',
  })
  expect(whyPool(engine)).toMatchObject({ state: 'resizing', cause: 'PoolAllocating' })
  seconds(70)
  expect(whyPool(engine).cause).toBe('PoolSteady')
})

test('a resize that was given up', () => {
  const { engine, add, seconds } = open({ pool: { resizeTimeout: 'PT5M' } }, { allocation: 3_600_000 })
  add()
  seconds(301)
  const resize = { cause: 'PoolResizeFailed', details: { code: 'AllocationTimedout' } }
  expect(why(engine)).toMatchObject(resize)
  expect(whyPool(engine)).toMatchObject({ ...resize, state: 'steady' })
  expect(whyPool(engine).sentence).toMatch(/^The last resize of pool p ended with 0 of 1 node: Allocation/)
})

test('a quota of cores that lets only some of the nodes come', () => {
  const pool = { targetDedicatedNodes: 5, targetLowPriorityNodes: 2 }
  const { engine } = open({ pool }, { quotas: { dedicatedCores: 7 } })
  expect(whyPool(engine)).toMatchObject({
    state: 'steady',
    cause: 'CoreQuotaReached',
    sentence:
      'The last resize of pool p ended with 5 of 7 nodes: AccountCoreQuotaReached; the quota is 7 cores, and a node of this size has 2.',
  })
})

test('nodes that leave once their tasks are done, and a resize that was stopped meanwhile', () => {
  const { engine, add, seconds } = open()
  add()
  engine.pools.resize('p', { targetDedicatedNodes: 0, nodeDeallocationOption: 'taskcompletion' })
  seconds(1)
  expect(whyPool(engine)).toMatchObject({
    cause: 'PoolShrinking',
    sentence: 'Pool p waits for 1 node to leave, with 1 running task.',
  })
  expect(whyNode(engine)).toMatchObject({
    cause: 'NodeDraining',
    sentence: expect.stringMatching(
      /to be removed as soon as its running tasks \(1\) have ended\.$/,
    ) as string,
  })
  add('u')
  expect(why(engine, 'u').cause).toBe('NodeDraining')
  engine.pools.stopResize('p')
  seconds(1)
  expect(whyPool(engine)).toMatchObject({
    cause: 'PoolNotAtTarget',
    sentence: 'Pool p has 1 node where 0 are wanted: its last resize was not carried through.',
  })
})

test('a pool that is being deleted', () => {
  const { engine, add, runtime } = open()
  runtime.ignored.add('removeNode')
  engine.pools.delete('p')
  add()
  expect(why(engine).cause).toBe('PoolBeingDeleted')
  expect(whyPool(engine)).toMatchObject({ state: 'deleting', cause: 'PoolBeingDeleted' })
  expect(whyNode(engine)).toMatchObject({ state: 'leavingpool', cause: 'NodeLeaving' })
})

const FORMULA = { enableAutoScale: true, targetDedicatedNodes: undefined }

test('a formula that asks for no nodes', () => {
  const { engine, add } = open({ pool: { ...FORMULA, autoScaleFormula: '$TargetDedicatedNodes = 0;' } })
  add()
  expect(why(engine)).toMatchObject({
    cause: 'PoolEmptyByFormula',
    fix: 'Change the formula, or wait for its next evaluation at 2026-01-01T00:15:00.000001Z.',
  })
})

test('a formula that fails', () => {
  const { engine, add } = open({ pool: { ...FORMULA, autoScaleFormula: '$TargetDedicatedNodes = 1 / 0;' } })
  add()
  expect(why(engine).cause).toBe('AutoScaleFailed')
  expect(whyPool(engine).cause).toBe('AutoScaleFailed')
})

test('nodes that are starting', () => {
  const { engine, add } = open({}, { boot: 60_000 })
  add()
  expect(why(engine)).toMatchObject({ cause: 'NodeStarting', details: { states: { starting: 1 } } })
  expect(whyNode(engine)).toMatchObject({ state: 'starting', cause: 'NodeStarting' })
})

const START = { startTask: { commandLine: 'start', waitForSuccess: true } }

test('a start task that runs', () => {
  const { engine, add } = open({ pool: START })
  add()
  expect(why(engine).cause).toBe('StartTaskRunning')
  expect(whyNode(engine).cause).toBe('StartTaskRunning')
})

test('a start task that failed on every node', () => {
  const { engine, add, seconds } = open(
    { pool: { ...START, targetDedicatedNodes: 2 } },
    { script: () => ({ exitCode: 3 }) },
  )
  add()
  seconds(1)
  expect(why(engine)).toMatchObject({
    cause: 'StartTaskFailed',
    sentence: expect.stringMatching(
      /^None of the 2 nodes of pool p takes tasks: The start task of node \S+ failed: the command line ended with exit code 3\.$/,
    ) as string,
    fix: 'Read startup/stderr.txt on the node, correct the start task of the pool, then reboot the node.',
    details: { exitCode: 3, file: 'startup/stderr.txt', states: { starttaskfailed: 2 } },
  })
  expect(whyNode(engine)).toMatchObject({ state: 'starttaskfailed', cause: 'StartTaskFailed' })
  expect(whyPool(engine)).toMatchObject({
    cause: 'StartTaskFailed',
    sentence: expect.stringMatching(/^2 of the 2 nodes of pool p take no tasks: The start task/) as string,
    details: { notUsable: 2 },
  })
})

test('a start task that never ran', () => {
  const failure = {
    category: 'UserError',
    code: 'CommandProgramNotFound',
    message: 'The specified command program is not found',
  } as const
  const { engine, seconds } = open({ pool: START }, { script: () => ({ failure }) })
  seconds(1)
  expect(whyNode(engine)).toMatchObject({
    cause: 'StartTaskFailed',
    sentence: expect.stringContaining('failed: the program that the command line names is not on') as string,
    fix: expect.stringMatching(/^Name its full path .*, then reboot the node\.$/) as string,
    details: { code: 'CommandProgramNotFound' },
  })
})

test('a start task that failed and was not awaited', () => {
  const pool = { startTask: { commandLine: 'start', waitForSuccess: false } }
  const { engine, seconds } = open({ pool }, { script: () => ({ exitCode: 1 }) })
  seconds(1)
  expect(whyNode(engine)).toMatchObject({ state: 'idle', cause: 'StartTaskFailureIgnored' })
})

test('a node that could not be brought up', () => {
  const { engine, add, seconds, runtime } = open({ pool: { targetDedicatedNodes: 0 } })
  runtime.ignored.add('bootNode')
  engine.pools.resize('p', { targetDedicatedNodes: 1 })
  seconds(1)
  const boot = runtime.effects.find((effect) => effect.type === 'bootNode')
  const error = { code: 'NodeCreationFailed', message: 'No space.' }
  if (boot?.type === 'bootNode') engine.reports.nodeBootFailed(boot.node.nodeId, boot.boot, error)
  add()
  expect(why(engine).cause).toBe('NodeUnusable')
  expect(whyNode(engine)).toMatchObject({
    cause: 'NodeUnusable',
    sentence: expect.stringMatching(/ is unusable: NodeCreationFailed, No space\.$/) as string,
  })
})

test('a node that is not heard of any more', () => {
  const { engine, add } = open()
  add()
  engine.nodes.fail('p', firstNode(engine), { lost: true, recovery: 300_000 })
  expect(why(engine).cause).toBe('NodeLost')
  expect(whyPool(engine).cause).toBe('NodeLost')
  expect(whyNode(engine)).toMatchObject({
    state: 'unknown',
    sentence: expect.stringMatching(
      / has lost contact with node \S+, which restarts by itself at 2026-01-01T00:05:/,
    ) as string,
  })
})

test('a node whose scheduling is disabled', () => {
  const { engine, add } = open()
  engine.nodes.disableScheduling('p', firstNode(engine))
  add()
  expect(why(engine)).toMatchObject({ cause: 'NodeOffline', fix: 'Enable scheduling on the node.' })
  expect(whyNode(engine)).toMatchObject({ state: 'offline', cause: 'NodeOffline' })
})

test('a spot node that was preempted', () => {
  const { engine, add } = open({ pool: { targetDedicatedNodes: 0, targetLowPriorityNodes: 1 } })
  engine.nodes.preempt('p', firstNode(engine), { absence: 60_000 })
  add()
  expect(why(engine)).toMatchObject({
    cause: 'NodePreempted',
    sentence: expect.stringMatching(/another one is expected at 2026-01-01T00:01:01/) as string,
  })
  expect(whyPool(engine).cause).toBe('NodePreempted')
})

test('a node that is switched off', () => {
  const { engine, add, seconds } = open()
  engine.nodes.deallocate('p', firstNode(engine))
  seconds(1)
  add()
  expect(why(engine)).toMatchObject({ cause: 'NodeDeallocated', fix: 'Start the node.' })
  expect(whyNode(engine)).toMatchObject({ state: 'deallocated', cause: 'NodeDeallocated' })
})

test('of nodes in several states the one counts that will take tasks first', () => {
  const { engine, add } = open({ pool: { targetDedicatedNodes: 2 } }, { boot: 0 })
  const [one, two] = engine.nodes.list('p').items.map(({ id }) => id)
  engine.nodes.disableScheduling('p', one ?? '')
  engine.nodes.reboot('p', two ?? '')
  add()
  expect(why(engine)).toMatchObject({
    cause: 'NodeStarting',
    details: { nodeId: two, states: { offline: 1, rebooting: 1 } },
  })
})

test('all slots are taken', () => {
  const { engine, add } = open()
  add('first')
  add()
  expect(why(engine)).toMatchObject({
    cause: 'AllSlotsTaken',
    sentence: 'Task t waits because all slots of the 1 node of pool p that take tasks are taken.',
  })
  expect(whyNode(engine)).toMatchObject({ state: 'running', cause: 'NodeFull' })
  expect(why(engine, 'first')).toMatchObject({ state: 'running', cause: 'TaskRunning' })
})

test('a node and a task that are well', () => {
  const { engine, add, seconds } = open({}, {})
  expect(whyNode(engine)).toMatchObject({ state: 'idle', cause: 'NodeUsable' })
  add()
  seconds(2)
  expect(why(engine)).toMatchObject({ state: 'completed', cause: 'TaskSucceeded' })
})

test('waiting tasks of another job go first', () => {
  const { engine, add } = open()
  add('first')
  add()
  engine.jobs.add(jobBody('urgent', 'p', { priority: 100 }))
  engine.tasks.add('urgent', taskBody('u'))
  expect(why(engine)).toMatchObject({
    cause: 'OtherJobsFirst',
    sentence:
      'Pool p has no free slot, and the waiting tasks of job urgent (priority 100) come before those of job j (priority 0).',
  })
  expect(why(engine, 'u', 'urgent').cause).toBe('AllSlotsTaken')
  engine.jobs.patch('urgent', { maxParallelTasks: 1 })
  expect(why(engine).cause).toBe('OtherJobsFirst')
})

test('more slots than a node has, and more than are free on one', () => {
  const { engine, add } = open({ pool: { taskSlotsPerNode: 4 } })
  add('large', { requiredSlots: 5 })
  expect(why(engine, 'large')).toMatchObject({
    cause: 'TaskNeedsMoreSlots',
    sentence: 'Task large needs 5 slots, and a node of pool p has 4.',
  })
  add('first', { requiredSlots: 3 })
  add('t', { requiredSlots: 2 })
  expect(why(engine)).toMatchObject({ cause: 'SlotsScattered', details: { free: 1 } })
})

test('small tasks pass a large one as long as there are any', () => {
  const { engine, add, runtime } = open({ pool: { taskSlotsPerNode: 2 } })
  for (const id of ['a', 'b']) add(id)
  add('large', { requiredSlots: 2 })
  expect(why(engine, 'large').cause).toBe('AllSlotsTaken')
  for (const id of ['c', 'd']) add(id)
  expect(why(engine, 'large')).toMatchObject({
    cause: 'SlotsScattered',
    sentence:
      'Task large needs 2 slots of one node, and no node of pool p has more than 0 free; tasks that need fewer go first meanwhile.',
  })
  engine.tasks.terminate('j', 'a')
  expect(why(engine, 'large').cause).toBe('SlotsScattered')
  expect(runtime.started.map(({ taskId }) => taskId)).not.toContain('large')
})

test('the process of a former try that does not end', () => {
  const { engine, add, runtime, seconds } = open()
  runtime.ignored.add('endTask')
  add()
  engine.jobs.disable('j', { disableTasks: 'requeue' })
  engine.jobs.enable('j')
  seconds(1)
  expect(engine.jobs.get('j').state).toBe('active')
  expect(why(engine)).toMatchObject({
    state: 'active',
    cause: 'FormerTryEnding',
    sentence: `Task t waits until the process of its former try on node ${firstNode(engine)} is gone.`,
  })
})

test('as many tasks as maxParallelTasks allows', () => {
  const { engine, add } = open({ pool: { targetDedicatedNodes: 3 }, job: { maxParallelTasks: 1 } })
  add('first')
  add()
  expect(why(engine)).toMatchObject({
    cause: 'MaxParallelTasks',
    sentence: 'Job j has 1 running task, as many as its maxParallelTasks allows.',
  })
})

test('a disabled job, and one that has ended', () => {
  const { engine, add, seconds } = open({ pool: { targetDedicatedNodes: 0 } })
  add()
  engine.jobs.disable('j', { disableTasks: 'requeue' })
  seconds(1)
  expect(why(engine)).toMatchObject({ cause: 'JobDisabled', fix: 'Enable the job.' })
  expect(whyJob(engine)).toMatchObject({ state: 'disabled', cause: 'JobStaysDisabled' })
  engine.jobs.terminate('j')
  seconds(1)
  expect(why(engine)).toMatchObject({
    cause: 'JobEnded',
    sentence: 'Job j is completed, so task t never starts.',
  })
  expect(whyJob(engine)).toMatchObject({ cause: 'JobCompleted', details: { reason: 'UserTerminate' } })
})

const DEPENDENT = { job: { usesTaskDependencies: true } }
const after = (...taskIds: string[]) => ({ dependsOn: { taskIds } })

test('a dependency that is not there', () => {
  const { engine, add } = open(DEPENDENT)
  add('t', after('nobody'))
  expect(why(engine)).toMatchObject({
    cause: 'DependencyMissing',
    sentence: 'Task t depends on task nobody, which job j does not have.',
  })
  expect(whyJob(engine)).toMatchObject({ state: 'active', cause: 'DependencyMissing' })
})

test('a number of a range that is not there', () => {
  const { engine, add, seconds } = open(DEPENDENT, {})
  add('1')
  add('2')
  add('t', { dependsOn: { taskIdRanges: [{ start: 1, end: 9 }] } })
  seconds(5)
  expect(why(engine).sentence).toBe('Task t depends on task 3, which job j does not have.')
})

test('a dependency that still runs, also by way of others', () => {
  const { engine, add } = open(DEPENDENT)
  add('a')
  add('b', after('a'))
  add('t', after('b'))
  expect(why(engine, 'b')).toMatchObject({ cause: 'DependencyNotCompleted' })
  expect(why(engine)).toMatchObject({
    sentence: 'Task t depends (by way of b) on task a, which is running.',
    fix: 'Wait; "malachite why task j a" tells what that waits for.',
    details: { chain: ['b'], waitsFor: 1 },
  })
})

test('a dependency that failed', () => {
  const { engine, add, seconds } = open(DEPENDENT, { script: () => ({ exitCode: 1 }) })
  add('a')
  add('b', after('a'))
  add('t', after('b'))
  seconds(2)
  expect(why(engine)).toMatchObject({
    cause: 'DependencyBlocks',
    sentence:
      'Task t depends (by way of b) on task a, which ended with failure and blocks those that depend on it.',
  })
  expect(whyJob(engine)).toMatchObject({
    state: 'active',
    cause: 'DependencyBlocks',
    details: { taskId: 'b', parentId: 'a', waiting: 2 },
  })
})

test('tasks that wait for each other', () => {
  const { engine, add } = open(DEPENDENT)
  add('t', after('a'))
  add('a', after('b'))
  add('b', after('a'))
  expect(why(engine)).toMatchObject({
    cause: 'DependencyCycle',
    sentence: 'Task t waits for itself by its dependencies: a → b → a.',
  })
})

const instances = (numberOfInstances: number) => ({
  multiInstanceSettings: { numberOfInstances, coordinationCommandLine: 'coordinate' },
})

test('a multi-instance task on nodes that may not talk, or with several slots', () => {
  const { engine, add } = open()
  add('t', instances(1))
  expect(why(engine).cause).toBe('InterNodeCommunicationDisabled')
  engine.pools.add(poolBody('q', { taskSlotsPerNode: 2, enableInterNodeCommunication: true }))
  engine.jobs.add(jobBody('k', 'q'))
  engine.tasks.add('k', taskBody('t', instances(1)))
  expect(why(engine, 't', 'k').cause).toBe('MultiInstanceNeedsSingleSlots')
})

test('a multi-instance task without enough nodes', () => {
  const pool = { targetDedicatedNodes: 2, enableInterNodeCommunication: true }
  const { engine, add } = open({ pool })
  add('three', instances(3))
  expect(why(engine, 'three')).toMatchObject({
    cause: 'MultiInstanceNeedsMoreNodes',
    sentence: 'Task three needs 3 nodes at once, and pool p has 2 that take tasks.',
  })
  add('one')
  add('two', instances(2))
  expect(why(engine, 'two')).toMatchObject({
    cause: 'MultiInstanceNeedsIdleNodes',
    sentence:
      'Task two needs 2 idle nodes at once, and pool p has 1; tasks that need fewer go first meanwhile.',
  })
})

const manager = (more: object) => ({ job: { jobManagerTask: { id: 'm', commandLine: 'manage', ...more } } })

test('the job manager goes first, and needs a node for itself', () => {
  const { engine, add, seconds } = openWithScripts({ other: { duration: 60_000 } }, { taskSlotsPerNode: 2 })
  add({}, 'before')
  engine.tasks.add('before', taskBody('t', { commandLine: 'other' }))
  add(manager({}).job)
  engine.tasks.add('j', taskBody('t'))
  seconds(1)
  expect(why(engine)).toMatchObject({ cause: 'JobManagerFirst', details: { managerId: 'm' } })
  expect(why(engine, 'm').cause).toBe('JobManagerNeedsEmptyNode')
  expect(whyJob(engine)).toMatchObject({ cause: 'JobManagerNeedsEmptyNode', details: { taskId: 'm' } })
})

test('a job manager for dedicated nodes only', () => {
  const { engine } = open({
    pool: { targetDedicatedNodes: 0, targetLowPriorityNodes: 1 },
    ...manager({ allowLowPriorityNode: false }),
  })
  expect(why(engine, 'm').cause).toBe('JobManagerNeedsDedicatedNode')
})

test('a job preparation that runs', () => {
  const { engine, add, nodeId } = openWithScripts({ prepare: { duration: 60_000 } })
  add(PREPARE)
  engine.tasks.add('j', taskBody('t'))
  expect(why(engine)).toMatchObject({
    state: 'preparing',
    cause: 'JobPreparationRunning',
    details: { nodes: [nodeId()], directory: 'workitems/j/job-1/jobpreparation' },
  })
})

test('a job preparation that runs for a multi-instance task', () => {
  const { engine, add } = openWithScripts(
    { prepare: { duration: 60_000 } },
    { targetDedicatedNodes: 2, enableInterNodeCommunication: true },
  )
  add(PREPARE)
  engine.tasks.add('j', taskBody('t', instances(2)))
  expect(why(engine)).toMatchObject({ state: 'active', cause: 'JobPreparationRunning' })
})

test('a job preparation that failed', () => {
  const { engine, add, seconds, nodeId } = openWithScripts({ prepare: { exitCode: 5 } })
  add(PREPARE)
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  expect(why(engine)).toMatchObject({
    state: 'active',
    cause: 'JobPreparationFailed',
    details: { nodeId: nodeId(), reason: 'the command line ended with exit code 5' },
  })
})

test('a task that nothing keeps is about to start', () => {
  const store = openStore(':memory:')
  const { engine, add } = open({}, { ...LONG, store })
  const node = store.nodes.byId(firstNode(engine))
  // Behind the back of the engine, which would start the task in the same change.
  if (node) store.nodes.save({ ...node, enabled: 0 })
  add()
  expect(why(engine).cause).toBe('NodeOffline')
  if (node) store.nodes.save(node)
  expect(why(engine)).toMatchObject({ state: 'active', cause: 'TaskAboutToStart' })
})

function failed(failure: FailureInfo | undefined, exitCode = 1): Explanation {
  const { engine, add, seconds } = open({}, { script: () => (failure ? { failure } : { exitCode }) })
  add()
  seconds(2)
  return why(engine)
}

test.each([
  [1, 'Task t failed: the command line ended with exit code 1.', 'Read stdout.txt'],
  [127, 'Task t failed: the command line ended with exit code 127 (a command that the shell', 'Install'],
  [-9, 'Task t failed: the command line ended with exit code -9 (SIGKILL).', 'Something ended it'],
])('a task that ended with exit code %i', (exitCode, sentence, fix) => {
  const explanation = failed(undefined, exitCode)
  expect(explanation).toMatchObject({ state: 'completed', cause: 'FailureExitCode', details: { exitCode } })
  expect(explanation.sentence).toContain(sentence)
  expect(explanation.fix).toContain(fix)
  expect(explanation.details).toMatchObject({ directory: 'workitems/j/job-1/t' })
})

const DETAILS = [
  { name: 'FilePath', value: 'in.txt' },
  { name: 'BlobSource', value: 'http://127.0.0.1/in.txt' },
  { name: 'Message', value: 'It went\nwrong.' },
]

test.each(
  Object.keys(FAILURE_CAUSES).filter((code) => !['MaxWallClockTime', 'FailureExitCode'].includes(code)),
)('a task that failed with %s', (code) => {
  const failure = { category: 'UserError', code, message: 'Of the service', details: DETAILS } as const
  expect(failed(failure)).toMatchObject({ cause: code, details: { category: 'UserError' } })
})

test('a blob that is not there, a program that is not there, a time limit', () => {
  const of = (code: string, details = DETAILS) =>
    failed({ category: 'UserError', code, message: 'M', details })
  expect(of('BlobNotFound').sentence).toBe(
    'Task t failed: there is nothing at http://127.0.0.1/in.txt for resource file in.txt.',
  )
  expect(of('CommandProgramNotFound').fix).toContain('a command line has no shell')
  const overdue = { name: 'Message', value: 'The maximum execution time configured on the task was exceeded' }
  expect(of('TaskEnded', [overdue]).cause).toBe('MaxWallClockTime')
  expect(of('SomethingNew')).toMatchObject({ cause: 'SomethingNew', sentence: 'Task t failed: M.' })
})

test('a task that waits after tries tells how many there were', () => {
  const { engine, add, seconds } = open({}, { script: () => ({ exitCode: 1 }) })
  add('t', { constraints: { maxTaskRetryCount: 5 } })
  engine.nodes.disableScheduling('p', firstNode(engine), { nodeDisableSchedulingOption: 'taskcompletion' })
  seconds(2)
  expect(why(engine)).toMatchObject({ cause: 'NodeOffline', details: { retryCount: 1, requeueCount: 0 } })
})

test('a job whose tasks run', () => {
  const { engine, add } = open()
  add()
  expect(whyJob(engine)).toMatchObject({
    cause: 'TasksRunning',
    sentence: 'Job j is active and has 1 running task.',
  })
})

test('a job that nobody ends', () => {
  const { engine, add, seconds } = open({}, {})
  expect(whyJob(engine).cause).toBe('JobHasNoTasks')
  add()
  seconds(2)
  expect(whyJob(engine)).toMatchObject({ cause: 'NoActionOnCompletion', details: { succeeded: 1 } })
  engine.jobs.patch('j', { onAllTasksComplete: 'terminatejob' })
  expect(whyJob(engine)).toMatchObject({ state: 'active', cause: 'JobInTransit' })
  seconds(1)
  expect(whyJob(engine).cause).toBe('JobCompleted')
})

test('a job that waits for processes', () => {
  const { engine, add, runtime } = open()
  add()
  runtime.ignored.add('endTask')
  engine.jobs.terminate('j')
  expect(whyJob(engine)).toMatchObject({
    state: 'terminating',
    cause: 'TasksEnding',
    sentence: 'Job j is terminating and waits for 1 process of its tasks to end.',
  })
})

test('a job that waits for its preparation task to end', () => {
  const { engine, add, runtime, seconds } = openWithScripts({ prepare: { duration: 60_000 } })
  add(PREPARE)
  engine.tasks.add('j', taskBody('t'))
  runtime.ignored.add('endTask')
  engine.jobs.terminate('j')
  seconds(1)
  expect(whyJob(engine)).toMatchObject({ state: 'terminating', cause: 'JobPreparationEnding' })
})

test('a job that waits for its release tasks', () => {
  const { engine, add, seconds, nodeId } = openWithScripts({ release: { duration: 60_000 } })
  add(RELEASE)
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.jobs.terminate('j')
  seconds(1)
  expect(whyJob(engine)).toMatchObject({
    state: 'terminating',
    cause: 'ReleaseTasksRunning',
    details: { nodes: [nodeId()] },
  })
})

test('a job whose own pool could not be made', () => {
  const { engine } = openVirtualEngine()
  const pool = {
    vmSize: 'standard_d2s_v3',
    virtualMachineConfiguration: poolBody('x').virtualMachineConfiguration,
    targetDedicatedNodes: 1,
    applicationPackageReferences: [{ applicationId: 'none' }],
  }
  engine.jobs.add({ id: 'j', poolInfo: { autoPoolSpecification: { poolLifetimeOption: 'job', pool } } })
  expect(whyJob(engine)).toMatchObject({ state: 'completed', cause: 'AutoPoolFailed' })
})

/** A schedule of jobs for a pool that is not there; they stay until they are terminated. */
function openSchedule(schedule: object) {
  const virtual = openVirtualEngine()
  const jobSpecification = { poolInfo: { poolId: 'p' } }
  virtual.engine.jobSchedules.add({ id: 's', schedule, jobSpecification })
  virtual.seconds(1)
  return virtual
}

test('a job schedule that has not begun, and one that is disabled', () => {
  const { engine } = openSchedule({ doNotRunUntil: '2026-02-01T00:00:00Z' })
  expect(whySchedule(engine)).toMatchObject({
    subject: 'job schedule s',
    cause: 'NotBeforeStart',
    sentence: 'Job schedule s makes its first job at 2026-02-01T00:00:00Z (doNotRunUntil).',
  })
  engine.jobSchedules.disable('s')
  expect(whySchedule(engine)).toMatchObject({ state: 'disabled', cause: 'ScheduleDisabled' })
})

test('a job schedule whose job is not over', () => {
  const { engine, seconds } = openSchedule({ recurrenceInterval: 'PT1H' })
  expect(whySchedule(engine)).toMatchObject({
    cause: 'PreviousJobActive',
    details: { jobId: 's:job-1', jobState: 'active', jobCause: 'JobHasNoTasks' },
  })
  engine.jobs.terminate('s:job-1')
  seconds(1)
  expect(whySchedule(engine)).toMatchObject({
    cause: 'NextJobLater',
    details: { nextRun: expect.stringMatching(/^2026-01-01T01:00:00/) as string },
  })
})

test('a job schedule whose next job is due after the end of time', () => {
  const { engine, seconds } = openSchedule({ recurrenceInterval: 'P200000D' })
  engine.jobs.terminate('s:job-1')
  seconds(1)
  expect(whySchedule(engine)).toMatchObject({ state: 'active', cause: 'NoMoreJobs' })
})

test('a job schedule that is over', () => {
  const { engine, seconds } = openSchedule({})
  engine.jobSchedules.terminate('s')
  expect(whySchedule(engine)).toMatchObject({ state: 'terminating', cause: 'ScheduleEnding' })
  seconds(1)
  expect(whySchedule(engine)).toMatchObject({ state: 'completed', cause: 'ScheduleCompleted' })
})

test('what does not exist is told with the code of the service', () => {
  const { engine } = open()
  const code = (name: string) => expect.objectContaining({ code: name }) as Error
  expect(() => engine.explain.task('none', 't')).toThrow(code('JobNotFound'))
  expect(() => engine.explain.task('j', 'none')).toThrow(code('TaskNotFound'))
  expect(() => engine.explain.job('none')).toThrow(code('JobNotFound'))
  expect(() => engine.explain.pool('none')).toThrow(code('PoolNotFound'))
  expect(() => engine.explain.node('p', 'none')).toThrow(code('NodeNotFound'))
  expect(() => engine.explain.jobSchedule('none')).toThrow(code('JobScheduleNotFound'))
})

test('every cause has its test', () => {
  const missing = [...Object.keys(CAUSES), ...Object.keys(FAILURE_CAUSES)].filter((code) => !seen.has(code))
  expect(missing).toEqual([])
})

test('spot nodes are preempted some at a time, the same node twice only once it is back', () => {
  const { engine, seconds } = open({ pool: { targetDedicatedNodes: 1, targetLowPriorityNodes: 3 } })
  const absent = { absence: 60_000 }
  expect(engine.nodes.preemptSome('p', 2, absent)).toHaveLength(2)
  expect(engine.nodes.preemptSome('p', 2, absent)).toHaveLength(1)
  expect(engine.nodes.preemptSome('p', 2, absent)).toEqual([])
  const states = () => engine.nodes.list('p').items.map(({ state }) => state)
  expect(states().filter((state) => state === 'preempted')).toHaveLength(3)
  seconds(61)
  expect(states()).toEqual(['idle', 'idle', 'idle', 'idle'])
})
