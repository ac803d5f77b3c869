// Multi-instance tasks: coordination on all nodes, then the application on the primary; what fails, ends and frees what.

import type { Engine } from '@malachite/emulator'
import { expect, test } from 'vitest'
import type { Script } from '../helpers/fake-runtime.ts'
import { jobBody, nodeStates, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

const COORDINATION = 'coordinate'
const settings = (numberOfInstances: number) => ({
  multiInstanceSettings: { numberOfInstances, coordinationCommandLine: COORDINATION },
})

interface Setting {
  nodes?: number
  pool?: object
  job?: object
  script?: (commandLine: string, tries: number) => Script
}

function openWithPool({ nodes = 3, pool = {}, job = {}, script = () => ({}) }: Setting = {}) {
  const virtual = openVirtualEngine({ script })
  const { engine, runtime } = virtual
  engine.pools.add(
    poolBody('p', { targetDedicatedNodes: nodes, enableInterNodeCommunication: true, ...pool }),
  )
  engine.jobs.add(jobBody('j', 'p', job))
  virtual.seconds(1)
  const add = (id: string, instances: number, more: object = {}) =>
    engine.tasks.add('j', taskBody(id, { ...settings(instances), ...more }))
  const task = (id: string) => engine.tasks.get('j', id)
  const subtasks = (id: string) => engine.tasks.subtasks('j', id).items
  const commands = () => runtime.started.map((run) => `${run.instance?.phase} ${run.instance?.id}`)
  return { ...virtual, add, task, subtasks, commands }
}

test('the coordination runs on every node at once, the application afterwards on the primary', () => {
  const { engine, runtime, add, task, commands, seconds } = openWithPool()
  add('t', 3)
  expect(commands()).toEqual(['coordination 0', 'coordination 1', 'coordination 2'])
  expect(new Set(runtime.started.map((run) => run.node.nodeId)).size).toBe(3)
  expect(runtime.started.map((run) => run.commandLine)).toEqual([COORDINATION, COORDINATION, COORDINATION])
  expect(task('t').state).toBe('running')
  expect(nodeStates(engine, 'p')).toEqual(['running', 'running', 'running'])
  seconds(1)
  expect(commands().slice(3)).toEqual(['application 0'])
  expect(runtime.started[3]).toMatchObject({ commandLine: 'run t', node: runtime.started[0]?.node })
  expect(nodeStates(engine, 'p')).toEqual(['running', 'running', 'running'])
  seconds(1)
  expect(task('t')).toMatchObject({ state: 'completed', executionInfo: { exitCode: 0, result: 'success' } })
  expect(nodeStates(engine, 'p')).toEqual(['idle', 'idle', 'idle'])
})

test('all commands know the addresses of the nodes, the primary first', () => {
  const { runtime, add, seconds } = openWithPool()
  add('t', 2, { resourceFiles: [{ httpUrl: 'http://h/f', filePath: 'f' }] })
  seconds(1)
  const [first, second, application] = runtime.started
  const addresses = [first?.node.ipAddress, second?.node.ipAddress]
  for (const run of runtime.started) expect(run.instance?.addresses).toEqual(addresses)
  expect(first?.resourceFiles).toEqual([])
  expect(application?.resourceFiles).toHaveLength(1)
})

test('the subtasks are listed without the primary, with their nodes and outcomes', () => {
  const { add, task, subtasks, runtime, seconds } = openWithPool({ script: () => ({ duration: 2000 }) })
  add('t', 3)
  expect(subtasks('t')).toMatchObject([
    {
      id: 1,
      state: 'running',
      nodeInfo: {
        nodeId: runtime.started[1]?.node.nodeId,
        poolId: 'p',
        taskRootDirectory: 'workitems/j/job-1/t/1',
      },
    },
    { id: 2, state: 'running' },
  ])
  seconds(3)
  const [first] = subtasks('t')
  expect(first).toMatchObject({
    state: 'completed',
    previousState: 'running',
    exitCode: 0,
    result: 'success',
  })
  expect(first?.stateTransitionTime).toBe(first?.endTime)
  expect(task('t').state).toBe('running')
})

test('each node of the task remembers its part: the primary’s the task, the others’ a subtask', () => {
  const { engine, runtime, add, seconds } = openWithPool({ script: () => ({ duration: 2000 }) })
  add('t', 2)
  seconds(3)
  const [primary, other] = runtime.started.map((run) => engine.nodes.get('p', run.node.nodeId).recentTasks)
  expect(primary).toMatchObject([{ jobId: 'j', taskId: 't', taskState: 'running' }])
  expect(primary?.[0]).not.toHaveProperty('subtaskId')
  expect(other).toMatchObject([
    {
      jobId: 'j',
      taskId: 't',
      subtaskId: 1,
      taskState: 'completed',
      executionInfo: { exitCode: 0, result: 'success', retryCount: 0 },
    },
  ])
})

test('other tasks have no subtasks, nor has one that waits', () => {
  const { engine, add, subtasks } = openWithPool()
  engine.tasks.add('j', taskBody('single'))
  add('wide', 4)
  expect([subtasks('single'), subtasks('wide')]).toEqual([[], []])
})

test('a task waits until enough nodes are free; smaller ones do not wait for it', () => {
  const { engine, add, task, seconds } = openWithPool({ nodes: 2, script: () => ({ duration: 5000 }) })
  engine.tasks.add('j', taskBody('a'))
  add('wide', 2)
  engine.tasks.add('j', taskBody('b'))
  expect([task('wide').state, task('b').state]).toEqual(['active', 'running'])
  seconds(5)
  expect(task('wide').state).toBe('running')
})

test.each<[string, object]>([
  ['without inter-node communication', { enableInterNodeCommunication: false }],
  ['with more than one slot per node', { taskSlotsPerNode: 2 }],
])('a pool %s never runs it', (_, pool) => {
  const { engine, add, task, seconds } = openWithPool({ pool })
  add('t', 2)
  engine.tasks.add('j', taskBody('plain'))
  seconds(60)
  expect([task('t').state, task('plain').state]).toEqual(['active', 'completed'])
})

test('one instance is the primary alone', () => {
  const { add, task, subtasks, commands, seconds } = openWithPool({ nodes: 1 })
  add('t', 1)
  seconds(5)
  expect(commands()).toEqual(['coordination 0', 'application 0'])
  expect(task('t').state).toBe('completed')
  expect(subtasks('t')).toEqual([])
})

test('a coordination that fails anywhere fails the task, and the others are ended', () => {
  const script = (line: string, tries: number): Script =>
    line === COORDINATION && tries === 1 ? { exitCode: 7, duration: 500 } : { duration: 9000 }
  const { engine, add, task, subtasks, seconds } = openWithPool({ script })
  add('t', 3)
  seconds(1)
  expect(task('t')).toMatchObject({
    state: 'completed',
    executionInfo: { result: 'failure', failureInfo: { code: 'FailureExitCode' } },
  })
  expect(task('t').executionInfo.exitCode).toBeUndefined()
  expect(subtasks('t')).toMatchObject([
    { id: 1, state: 'completed', exitCode: 7, failureInfo: { code: 'FailureExitCode' } },
    { id: 2, state: 'completed', result: 'failure' },
  ])
  expect(nodeStates(engine, 'p')).toEqual(['idle', 'idle', 'idle'])
})

test('a failed coordination is tried again with the whole task', () => {
  const script = (line: string, tries: number) => ({ exitCode: line === COORDINATION && tries === 1 ? 1 : 0 })
  const { add, task, commands, seconds } = openWithPool({ nodes: 2, script })
  add('t', 2, { constraints: { maxTaskRetryCount: 1 } })
  seconds(10)
  expect(task('t')).toMatchObject({
    state: 'completed',
    executionInfo: { result: 'success', retryCount: 1, exitCode: 0 },
  })
  expect(commands()).toEqual([
    'coordination 0',
    'coordination 1',
    'coordination 0',
    'coordination 1',
    'application 0',
  ])
})

test('the exit code of the application is that of the task', () => {
  const script = (line: string) => ({ exitCode: line === COORDINATION ? 0 : 3 })
  const { engine, add, task, seconds } = openWithPool({ script })
  add('t', 2)
  seconds(5)
  expect(task('t').executionInfo).toMatchObject({ exitCode: 3, result: 'failure' })
  expect(nodeStates(engine, 'p')).toEqual(['idle', 'idle', 'idle'])
})

test.each([
  ['during the coordination', 0.5],
  ['when some have finished it', 2],
  ['while the application runs', 5],
])('terminating it %s ends everything and frees all nodes', (_, when) => {
  const script = (line: string, tries: number) => ({
    duration: line === COORDINATION ? 1000 + tries * 1500 : 60_000,
  })
  const { engine, add, task, seconds } = openWithPool({ script })
  add('t', 3)
  seconds(when)
  engine.tasks.terminate('j', 't')
  expect(task('t')).toMatchObject({
    state: 'completed',
    executionInfo: { failureInfo: { code: 'TaskEnded' } },
  })
  seconds(1)
  expect(engine.nodes.list('p').items.map((node) => [node.state, node.runningTaskSlotsCount])).toEqual([
    ['idle', 0],
    ['idle', 0],
    ['idle', 0],
  ])
  add('again', 3)
  expect(task('again').state).toBe('running')
})

test('deleting it deletes its files on every node', () => {
  const { engine, runtime, add, seconds } = openWithPool({ script: () => ({ duration: 60_000 }) })
  add('t', 3)
  engine.tasks.delete('j', 't')
  seconds(1)
  const deleted = runtime.effects.filter((effect) => effect.type === 'deleteTaskFiles')
  expect(new Set(deleted.map((effect) => effect.nodeId)).size).toBe(3)
  expect(new Set(deleted.map((effect) => effect.directory))).toEqual(new Set(['workitems/j/job-1/t']))
  expect(nodeStates(engine, 'p')).toEqual(['idle', 'idle', 'idle'])
})

test('losing the node of a subtask requeues the task', () => {
  const { engine, runtime, add, task, seconds } = openWithPool({ nodes: 2 })
  add('t', 2)
  const lost = runtime.started[1]?.node.nodeId ?? ''
  engine.nodes.reboot('p', lost, { nodeRebootOption: 'requeue' })
  expect(task('t')).toMatchObject({ state: 'active', executionInfo: { requeueCount: 1 } })
  seconds(10)
  expect(task('t').state).toBe('completed')
  expect(engine.nodes.list('p').items.map((node) => node.runningTasksCount)).toEqual([0, 0])
})

test('a job that is terminated ends its instances first', () => {
  const { engine, add, seconds } = openWithPool({ script: () => ({ duration: 60_000 }) })
  add('t', 3)
  engine.jobs.terminate('j')
  seconds(1)
  expect(engine.jobs.get('j').state).toBe('completed')
  expect(nodeStates(engine, 'p')).toEqual(['idle', 'idle', 'idle'])
})

test('every node is prepared for the job first', () => {
  const { runtime, add, task, seconds } = openWithPool({
    nodes: 2,
    job: { jobPreparationTask: { commandLine: 'prepare' } },
  })
  add('t', 2)
  expect(runtime.started.map((run) => run.commandLine)).toEqual(['prepare', 'prepare'])
  expect(task('t').state).toBe('active')
  seconds(1)
  expect(task('t').state).toBe('running')
  seconds(5)
  expect(task('t').state).toBe('completed')
})

test('nodes that are prepared for it are not taken by a job of a lower priority meanwhile', () => {
  const { engine, add, task, seconds } = openWithPool({
    nodes: 2,
    job: { priority: 10, jobPreparationTask: { commandLine: 'prepare' } },
  })
  engine.jobs.add(jobBody('low', 'p'))
  add('t', 2)
  engine.tasks.add('low', taskBody('small'))
  expect(engine.tasks.get('low', 'small').state).toBe('active')
  seconds(1)
  expect(task('t').state).toBe('running')
  seconds(5)
  expect([task('t').state, engine.tasks.get('low', 'small').state]).toEqual(['completed', 'completed'])
})

test.each<[event: string, act: (engine: Engine, lost: string) => void]>([
  ['one of them is rebooted', (engine, lost) => engine.nodes.reboot('p', lost, {})],
  ['one of them takes no tasks any more', (engine, lost) => engine.nodes.disableScheduling('p', lost, {})],
  ['one of them is to leave', (engine, lost) => void engine.pools.removeNodes('p', { nodeList: [lost] })],
  ['its job is disabled', (engine) => void engine.jobs.disable('j', { disableTasks: 'wait' })],
  ['its job is terminated', (engine) => void engine.jobs.terminate('j')],
  ['it is terminated', (engine) => void engine.tasks.terminate('j', 't')],
  ['it is deleted', (engine) => engine.tasks.delete('j', 't')],
])('nodes that are prepared for it are for others when %s', (_, act) => {
  const { engine, runtime, add } = openWithPool({
    nodes: 2,
    job: { priority: 10, jobPreparationTask: { commandLine: 'prepare' } },
    script: () => ({ duration: 60_000 }),
  })
  engine.jobs.add(jobBody('low', 'p'))
  add('t', 2)
  engine.tasks.add('low', taskBody('small'))
  expect(engine.tasks.get('low', 'small').state).toBe('active')
  act(engine, runtime.started[1]?.node.nodeId ?? '')
  expect(engine.tasks.get('low', 'small').state).toBe('running')
})

test('it needs one slot of each node, and a coordination command', () => {
  const { engine, add } = openWithPool()
  const invalid = (name: string) =>
    expect.objectContaining({ details: expect.objectContaining({ PropertyName: name }) })
  expect(() => add('t', 2, { requiredSlots: 2 })).toThrow(invalid('requiredSlots'))
  expect(() => add('t', 0)).toThrow(invalid('numberOfInstances'))
  expect(() => engine.tasks.add('j', taskBody('t', { multiInstanceSettings: {} }))).toThrow(
    invalid('coordinationCommandLine'),
  )
  engine.tasks.add('j', taskBody('t', { multiInstanceSettings: { coordinationCommandLine: 'c' } }))
  expect(engine.tasks.get('j', 't').multiInstanceSettings).toEqual({
    numberOfInstances: 1,
    coordinationCommandLine: 'c',
  })
})

test('formulas count one that waits as often as it has instances', () => {
  const { engine, add, seconds } = openWithPool({ nodes: 0 })
  engine.tasks.add('j', taskBody('plain'))
  add('wide', 4)
  engine.pools.enableAutoScale('p', { autoScaleFormula: 'active = $ActiveTasks; $TargetDedicatedNodes = 0' })
  seconds(60)
  const { results } = engine.pools.evaluateAutoScale('p', {
    autoScaleFormula: 'active = $ActiveTasks.GetSample(1)',
  })
  expect(results).toContain('active=[5]')
})

test('its command has the whole milliseconds that the coordination left of its time', () => {
  const { add, runtime, seconds } = openWithPool({ nodes: 2 })
  add('t', 2, { constraints: { maxWallClockTime: 'PT1H' } })
  seconds(5)
  expect(runtime.started.map((run) => run.maxWallClockMs)).toEqual([3_600_000, 3_600_000, 3_599_000])
})

test('its output files are those of the primary', () => {
  const { add, runtime, seconds } = openWithPool({ nodes: 2 })
  const container = { containerUrl: 'http://127.0.0.1:1/c' }
  add('t', 2, { outputFiles: [{ filePattern: '*', destination: { container }, uploadOptions: {} }] })
  seconds(5)
  expect(runtime.started.map((run) => [run.instance?.phase, run.outputFiles.length])).toEqual([
    ['coordination', 0],
    ['coordination', 0],
    ['application', 1],
  ])
})

test('a coordination that failed has the consequences of a command that failed', () => {
  const script = (line: string, tries: number) => ({ exitCode: line === COORDINATION && tries === 1 ? 1 : 0 })
  const job = { usesTaskDependencies: true }
  const { engine, add, task, seconds } = openWithPool({ nodes: 2, script, job })
  const exitConditions = {
    preProcessingError: { dependencyAction: 'block' },
    default: { dependencyAction: 'satisfy' },
  }
  add('t', 2, { exitConditions })
  engine.tasks.add('j', taskBody('child', { dependsOn: { taskIds: ['t'] } }))
  seconds(5)
  expect(task('t').executionInfo.result).toBe('failure')
  expect(task('child').state).toBe('completed')
})
