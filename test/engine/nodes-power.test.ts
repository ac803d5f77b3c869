// Restarts, new disks, machines that are switched off or taken away.

import type { Effect, Engine } from '@malachite/emulator'
import { expect, test } from 'vitest'
import type { VirtualClock } from '../helpers/virtual-clock.ts'
import { jobBody, nodeStates, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

const MINUTE = { script: () => ({ duration: 60_000 }) }

/** An engine whose pool `p` has one idle node, with a job `j`. */
function openWithNode(options: Parameters<typeof openVirtualEngine>[0] = {}, more: object = {}) {
  const opened = openVirtualEngine(options)
  const { engine, seconds } = opened
  engine.pools.add(poolBody('p', more))
  engine.jobs.add(jobBody('j', 'p'))
  seconds(1)
  const nodeId = engine.nodes.list('p').items[0]?.id ?? ''
  const state = () => engine.nodes.get('p', nodeId).state
  const path = (ms: number): string[] => statePath(opened.clock, state, ms)
  return { ...opened, nodeId, state, path }
}

/** The states that a node is seen in, each once, while so many milliseconds go by. */
function statePath(clock: VirtualClock, state: () => string, ms: number): string[] {
  const seen = [state()]
  for (let i = 0; i < ms; i += 100) {
    clock.advance(100)
    if (state() !== seen.at(-1)) seen.push(state())
  }
  return seen
}

function code(name: string) {
  return expect.objectContaining({ code: name }) as Error
}

function addTask(engine: Engine, id = 't', more: object = {}) {
  engine.tasks.add('j', taskBody(id, more))
}

test.each([
  ['reboot', 'rebooting'],
  ['reimage', 'reimaging'],
] as const)('%s requeues running tasks unless told otherwise', (verb, during) => {
  const { engine, nodeId, seconds, state } = openWithNode(MINUTE)
  addTask(engine)
  engine.nodes[verb]('p', nodeId)
  expect(state()).toBe(during)
  expect(engine.tasks.get('j', 't')).toMatchObject({ state: 'active', executionInfo: { requeueCount: 1 } })
  seconds(1)
  expect(state()).toBe('running')
  expect(engine.tasks.get('j', 't').state).toBe('running')
})

test.each([
  ['reboot', 'nodeRebootOption'],
  ['reimage', 'nodeReimageOption'],
] as const)('%s with terminate completes running tasks', (verb, option) => {
  const { engine, nodeId, seconds, state } = openWithNode(MINUTE)
  addTask(engine)
  engine.nodes[verb]('p', nodeId, { [option]: 'Terminate' })
  expect(engine.tasks.get('j', 't')).toMatchObject({
    state: 'completed',
    executionInfo: { result: 'failure', failureInfo: { code: 'TaskEnded' } },
  })
  seconds(1)
  expect(state()).toBe('idle')
})

test.each([
  ['reboot', 'nodeRebootOption'],
  ['reimage', 'nodeReimageOption'],
] as const)('%s with taskcompletion waits for running tasks and takes no new ones', (verb, option) => {
  const { engine, nodeId, runtime, seconds, state } = openWithNode({ script: () => ({ duration: 10_000 }) })
  addTask(engine, 'a')
  engine.nodes[verb]('p', nodeId, { [option]: 'taskcompletion' })
  addTask(engine, 'b')
  seconds(9)
  expect(state()).toBe('running')
  expect(engine.tasks.get('j', 'a').state).toBe('running')
  seconds(2)
  expect(engine.tasks.get('j', 'a').executionInfo.result).toBe('success')
  expect(engine.tasks.get('j', 'b').state).toBe('running')
  expect(runtime.effects.filter(({ type }) => type === 'bootNode')).toHaveLength(2)
})

test.each([
  ['reboot', 'nodeRebootOption'],
  ['reimage', 'nodeReimageOption'],
] as const)('%s with retaineddata waits until the files of the tasks may go', (verb, option) => {
  const { engine, nodeId, seconds, state } = openWithNode()
  addTask(engine, 't', { constraints: { retentionTime: 'PT1H' } })
  engine.nodes[verb]('p', nodeId, { [option]: 'retaineddata' })
  seconds(3599)
  expect(state()).toBe('idle')
  seconds(3)
  expect(engine.nodes.get('p', nodeId).lastBootTime).toMatch(/^2026-01-01T01:00:02/)
})

test('a node without tasks restarts at once, whatever the option', () => {
  const { engine, nodeId, state } = openWithNode()
  engine.nodes.reboot('p', nodeId, { nodeRebootOption: 'taskcompletion' })
  expect(state()).toBe('rebooting')
})

test('a reboot at once replaces one that waits for tasks', () => {
  const { engine, nodeId, seconds, state } = openWithNode(MINUTE)
  addTask(engine)
  engine.nodes.reboot('p', nodeId, { nodeRebootOption: 'taskcompletion' })
  engine.nodes.reboot('p', nodeId, { nodeRebootOption: 'terminate' })
  expect(state()).toBe('rebooting')
  seconds(1)
  addTask(engine, 'next')
  expect(engine.tasks.get('j', 'next').state).toBe('running')
})

test('a node that is to leave its pool leaves instead of restarting', () => {
  const { engine, nodeId, seconds } = openWithNode(MINUTE)
  addTask(engine)
  engine.pools.removeNodes('p', { nodeList: [nodeId], nodeDeallocationOption: 'taskcompletion' })
  engine.nodes.reboot('p', nodeId)
  seconds(1)
  expect(nodeStates(engine, 'p')).toEqual([])
  expect(engine.pools.get('p').allocationState).toBe('steady')
})

test('a new node is creating, starting, waiting for its start task, idle', () => {
  const { engine, clock, seconds } = openVirtualEngine({ allocation: 1000, boot: 2000 })
  engine.pools.add(poolBody('p', { startTask: { commandLine: 'start', waitForSuccess: true } }))
  seconds(0.5)
  const state = () => nodeStates(engine, 'p')[0] ?? 'none'
  expect(statePath(clock, state, 5000)).toEqual(['none', 'starting', 'waitingforstarttask', 'idle'])
})

test.each(['reboot', 'reimage'] as const)(
  'a node is starting in a %s, and cannot be restarted then',
  (verb) => {
    const { engine, nodeId, seconds, path, state } = openWithNode({ boot: 2000 })
    seconds(5)
    engine.nodes[verb]('p', nodeId)
    seconds(1)
    expect(state()).toBe('starting')
    expect(() => engine.nodes[verb]('p', nodeId)).toThrow(code('NodeBeingStarted'))
    expect(path(2000)).toEqual(['starting', 'idle'])
  },
)

test('a node that is starting can be deallocated', () => {
  const { engine, nodeId, state, seconds } = openWithNode({ boot: 5000 })
  expect(state()).toBe('starting')
  engine.nodes.deallocate('p', nodeId)
  seconds(10)
  expect(state()).toBe('deallocated')
})

test('a reboot keeps the disk, a reimage makes a new one; both pass through starting', () => {
  const { engine, nodeId, path, runtime } = openWithNode(
    {},
    {
      startTask: { commandLine: 'start', waitForSuccess: true },
    },
  )
  path(5000)
  engine.nodes.reboot('p', nodeId)
  expect(path(5000)).toEqual(['rebooting', 'waitingforstarttask', 'idle'])
  engine.nodes.reimage('p', nodeId)
  expect(path(5000)).toEqual(['reimaging', 'waitingforstarttask', 'idle'])
  const boots = runtime.effects.filter((effect) => effect.type === 'bootNode')
  expect(boots.map(({ wipe }) => wipe)).toEqual([true, false, true])
  expect(runtime.effects.filter((effect) => effect.type === 'runStartTask')).toHaveLength(3)
})

test('a job that waits for the processes of a node goes on when the node restarts', () => {
  const { engine, nodeId, seconds, runtime } = openWithNode(MINUTE)
  addTask(engine)
  // The process does not react when it is told to end.
  runtime.ignored.add('endTask')
  engine.jobs.disable('j', { disableTasks: 'requeue' })
  seconds(1)
  expect(engine.jobs.get('j').state).toBe('disabling')
  engine.nodes.reboot('p', nodeId)
  seconds(1)
  expect(engine.jobs.get('j').state).toBe('disabled')
})

test('a deallocated node stays in the pool without taking tasks until it is started', () => {
  const { engine, nodeId, path, seconds, state } = openWithNode(MINUTE)
  addTask(engine)
  engine.nodes.deallocate('p', nodeId)
  const { stateTransitionTime } = engine.nodes.get('p', nodeId)
  expect(engine.nodes.get('p', nodeId)).toMatchObject({ state: 'deallocating', schedulingState: 'disabled' })
  expect(engine.tasks.get('j', 't')).toMatchObject({ state: 'active', executionInfo: { requeueCount: 1 } })
  seconds(10)
  expect(engine.nodes.get('p', nodeId)).toMatchObject({
    state: 'deallocated',
    schedulingState: 'disabled',
    stateTransitionTime,
  })
  expect(engine.pools.get('p').currentDedicatedNodes).toBe(1)
  expect(engine.pools.nodeCounts().items[0]?.dedicated).toMatchObject({ deallocated: 1, total: 1 })
  engine.nodes.start('p', nodeId)
  expect(engine.nodes.get('p', nodeId)).toMatchObject({
    state: 'starting',
    schedulingState: 'disabled',
    stateTransitionTime,
  })
  expect(path(1000)).toEqual(['starting', 'running'])
  expect(engine.nodes.get('p', nodeId).schedulingState).toBe('enabled')
  expect(state()).toBe('running')
})

test('deallocate waits for running tasks when it is asked to', () => {
  const { engine, nodeId, seconds, state } = openWithNode({ script: () => ({ duration: 10_000 }) })
  addTask(engine)
  engine.nodes.deallocate('p', nodeId, { nodeDeallocateOption: 'TaskCompletion' })
  seconds(5)
  expect(state()).toBe('running')
  seconds(6)
  expect(state()).toBe('deallocated')
})

test('a node whose scheduling its user disabled is offline after it was started again', () => {
  const { engine, nodeId, seconds, state } = openWithNode()
  engine.nodes.disableScheduling('p', nodeId)
  engine.nodes.deallocate('p', nodeId)
  seconds(1)
  engine.nodes.start('p', nodeId)
  seconds(1)
  expect(state()).toBe('offline')
})

test('a preempted spot node loses its tasks, stays listed and comes back as the same node', () => {
  const {
    engine,
    clock,
    nodeId: id,
    seconds,
    path,
  } = openWithNode(MINUTE, {
    targetDedicatedNodes: 0,
    targetLowPriorityNodes: 1,
  })
  const { allocationTime } = engine.nodes.get('p', id)
  addTask(engine)
  engine.nodes.preempt('p', id, { absence: 30_000 })
  expect(engine.nodes.get('p', id).state).toBe('preempted')
  expect(engine.tasks.get('j', 't')).toMatchObject({ state: 'active', executionInfo: { requeueCount: 0 } })
  seconds(29)
  expect(engine.nodes.get('p', id).state).toBe('preempted')
  expect(engine.pools.get('p')).toMatchObject({ currentLowPriorityNodes: 1, allocationState: 'steady' })
  expect(path(5000)).toEqual(['preempted', 'running'])
  expect(engine.nodes.get('p', id)).toMatchObject({ id, allocationTime })
  expect(engine.tasks.get('j', 't')).toMatchObject({ state: 'running', nodeInfo: { nodeId: id } })
  clock.advance(60_000)
  expect(engine.tasks.get('j', 't').executionInfo).toMatchObject({ result: 'success', retryCount: 0 })
})

test('a preempted node is creating anew: it has not booted yet', () => {
  const { engine, runtime, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 0, targetLowPriorityNodes: 1 }))
  seconds(1)
  const id = engine.nodes.list('p').items[0]?.id ?? ''
  // The new machine takes for ever.
  runtime.ignored.add('bootNode')
  engine.nodes.preempt('p', id)
  seconds(1)
  const node = engine.nodes.get('p', id)
  expect(node.state).toBe('creating')
  expect(node.lastBootTime).toBeUndefined()
  expect(node.nodeAgentInfo).toBeUndefined()
})

test('dedicated nodes are never preempted', () => {
  const { engine, nodeId } = openWithNode()
  expect(() => engine.nodes.preempt('p', nodeId)).toThrow(code('OperationNotValidOnNode'))
})

test('a preempted node that is not wanted any more leaves', () => {
  const { engine, nodeId, seconds } = openWithNode({}, { targetDedicatedNodes: 0, targetLowPriorityNodes: 1 })
  engine.nodes.preempt('p', nodeId, { absence: 3_600_000 })
  engine.pools.resize('p', { targetLowPriorityNodes: 0 })
  seconds(1)
  expect(nodeStates(engine, 'p')).toEqual([])
  seconds(3600)
  expect(nodeStates(engine, 'p')).toEqual([])
})

// Every state that can be held with a runtime that does not answer, and what each operation says to it.
test.each([
  ['creating', 'NodeBeingCreated'],
  ['waitingforstarttask', 'NodeBeingStarted'],
  ['rebooting', 'NodeBeingRebooted'],
  ['reimaging', 'NodeBeingReimaged'],
  ['unusable', 'NodeStateUnusable'],
  ['leavingpool', 'OperationNotValidOnNode'],
  ['deallocated', 'OperationNotValidOnNode'],
  ['preempted', 'OperationNotValidOnNode'],
] as const)('a node that is %s answers %s', (state, refusal) => {
  const { engine, nodeId } = openInState(state)
  expect(engine.nodes.get('p', nodeId).state).toBe(state)
  expect(() => engine.nodes.addUser('p', nodeId, { name: 'u' })).toThrow(code(refusal))
  expect(() => engine.nodes.deallocate('p', nodeId)).toThrow(code(refusal))
})

test.each([
  ['creating', 'NodeBeingCreated'],
  ['waitingforstarttask', 'NodeBeingStarted'],
  ['rebooting', 'NodeBeingRebooted'],
  ['reimaging', 'NodeBeingReimaged'],
  ['leavingpool', 'OperationNotValidOnNode'],
  ['preempted', 'OperationNotValidOnNode'],
] as const)('a node that is %s cannot be restarted: %s', (state, refusal) => {
  const { engine, nodeId } = openInState(state)
  for (const verb of ['reboot', 'reimage', 'start'] as const)
    expect(() => engine.nodes[verb]('p', nodeId)).toThrow(code(refusal))
})

test.each([
  ['unusable', 'idle'],
  ['starttaskfailed', 'starttaskfailed'],
  ['offline', 'offline'],
] as const)('a node that is %s can be rebooted, and is %s then', (state, after) => {
  const { engine, nodeId, runtime, seconds } = openInState(state)
  const { lastBootTime } = engine.nodes.get('p', nodeId)
  runtime.ignored.clear()
  engine.nodes.reboot('p', nodeId)
  expect(engine.nodes.get('p', nodeId).errors).toBeUndefined()
  seconds(2)
  expect(engine.nodes.get('p', nodeId).state).toBe(after)
  expect(engine.nodes.get('p', nodeId).lastBootTime).not.toBe(lastBootTime)
})

test.each(['leavingpool', 'deallocated', 'preempted'] as const)(
  'scheduling cannot be switched on a node that is %s',
  (state) => {
    const { engine, nodeId } = openInState(state)
    expect(() => engine.nodes.disableScheduling('p', nodeId)).toThrow(code('OperationNotValidOnNode'))
  },
)

type Held =
  | 'creating'
  | 'waitingforstarttask'
  | 'rebooting'
  | 'reimaging'
  | 'unusable'
  | 'leavingpool'
  | 'deallocated'
  | 'preempted'
  | 'starttaskfailed'
  | 'offline'

/** Brings a spot node of the pool `p` into a state and holds it there. */
function openInState(state: Held) {
  const startTask = { commandLine: 'start', waitForSuccess: true }
  const more = state === 'waitingforstarttask' || state === 'starttaskfailed' ? { startTask } : {}
  const script = () => (state === 'starttaskfailed' ? { exitCode: 1 } : { duration: 3_600_000 })
  const opened = openVirtualEngine({ script })
  const { engine, runtime, seconds } = opened
  if (state === 'creating' || state === 'unusable') runtime.ignored.add('bootNode')
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 0, targetLowPriorityNodes: 1, ...more }))
  seconds(5)
  const nodeId = engine.nodes.list('p').items[0]?.id ?? ''
  if (state === 'unusable') failBoot(engine, runtime.effects)
  if (state in HOLD) runtime.ignored.add('bootNode').add('removeNode')
  HOLD[state]?.(engine, nodeId)
  seconds(1)
  return { ...opened, nodeId }
}

function failBoot(engine: Engine, effects: readonly Effect[]): void {
  const boot = effects.find((effect) => effect.type === 'bootNode')
  const error = { code: 'NodeCreationFailed', message: 'no disk' }
  engine.reports.nodeBootFailed(boot?.node.nodeId ?? '', boot?.boot ?? 0, error)
}

const HOLD: Partial<Record<Held, (engine: Engine, nodeId: string) => void>> = {
  rebooting: (engine, nodeId) => engine.nodes.reboot('p', nodeId),
  reimaging: (engine, nodeId) => engine.nodes.reimage('p', nodeId),
  leavingpool: (engine, nodeId) => engine.pools.removeNodes('p', { nodeList: [nodeId] }),
  deallocated: (engine, nodeId) => engine.nodes.deallocate('p', nodeId),
  preempted: (engine, nodeId) => engine.nodes.preempt('p', nodeId, { absence: 3_600_000 }),
  offline: (engine, nodeId) => engine.nodes.disableScheduling('p', nodeId),
}
