// Every arrow between the states of a node, seen by somebody who looks often at an emulator that takes some time.

import { expect, test } from 'vitest'
import { jobBody, nodeStates, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

const START = { startTask: { commandLine: 'start', waitForSuccess: true } }

function code(name: string) {
  return expect.objectContaining({ code: name }) as Error
}

/** A pool `p` of spot nodes whose commands take a minute, start tasks a second. */
function open(pool: object = {}, nodes = 1) {
  const script = (line: string) => ({ duration: line === 'start' ? 1000 : 60_000 })
  const opened = openVirtualEngine({ profile: 'fast', script })
  const { engine, clock, seconds } = opened
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 0, targetLowPriorityNodes: nodes, ...pool }))
  engine.jobs.add(jobBody('j', 'p'))
  const state = (): string => engine.nodes.list('p').items[0]?.state ?? 'none'
  /** The states that the first node is seen in within so many seconds, each once. */
  const path = (limit = 10): string[] => {
    const seen = [state()]
    for (let ms = 0; ms < limit * 1000; ms += 20) {
      clock.advance(20)
      if (state() !== seen.at(-1)) seen.push(state())
    }
    return seen
  }
  const up = () => {
    seconds(10)
    return engine.nodes.list('p').items[0]?.id ?? ''
  }
  return { ...opened, state, path, up }
}

const BOOT = ['creating', 'starting', 'idle']
const AWAITED = ['creating', 'starting', 'waitingforstarttask', 'idle']

test('a new node is creating, starting, then idle; with a start task it waits for that', () => {
  expect(open().path()).toEqual(['none', ...BOOT])
  expect(open(START).path()).toEqual(['none', ...AWAITED])
})

test('a node is running while a task runs on it, then idle', () => {
  const { engine, path, up, seconds } = open()
  up()
  engine.tasks.add('j', taskBody('t'))
  seconds(10)
  expect(path(60)).toEqual(['running', 'idle'])
})

test.each([
  ['reboot', 'rebooting'],
  ['reimage', 'reimaging'],
] as const)(
  'in a %s an idle or running node is %s, starting, and waits for its start task again',
  (verb, during) => {
    for (const isBusy of [false, true]) {
      const { engine, path, up, seconds } = open(START)
      const nodeId = up()
      if (isBusy) engine.tasks.add('j', taskBody('t'))
      seconds(5)
      expect(engine.nodes.get('p', nodeId).state).toBe(isBusy ? 'running' : 'idle')
      engine.nodes[verb]('p', nodeId)
      const last = isBusy ? ['idle', 'running'] : ['idle']
      const seen = path(15)
      expect(seen.slice(0, 3)).toEqual([during, 'starting', 'waitingforstarttask'])
      expect(last).toContain(seen.at(-1))
    }
  },
)

test('a preempted node is creating, starting and idle again, with the same id', () => {
  const { engine, path, up } = open()
  const nodeId = up()
  engine.nodes.preempt('p', nodeId, { absence: 1000 })
  expect(path()).toEqual(['preempted', ...BOOT])
  expect(engine.nodes.list('p').items.map(({ id }) => id)).toEqual([nodeId])
})

test('a node is deallocating, then deallocated; when it is started it is starting, then idle', () => {
  const { engine, path, up } = open()
  const nodeId = up()
  engine.nodes.deallocate('p', nodeId)
  expect(path()).toEqual(['deallocating', 'deallocated'])
  engine.nodes.start('p', nodeId)
  expect(path()).toEqual(['starting', 'idle'])
})

test.each<[name: string, leave: (engine: ReturnType<typeof open>['engine'], nodeId: string) => void]>([
  ['a resize', (engine) => engine.pools.resize('p', { targetLowPriorityNodes: 0 })],
  ['a request for the node', (engine, nodeId) => engine.pools.removeNodes('p', { nodeList: [nodeId] })],
  ['the deletion of its pool', (engine) => engine.pools.delete('p')],
  [
    'a formula',
    (engine) => engine.pools.enableAutoScale('p', { autoScaleFormula: '$TargetLowPriorityNodes = 0' }),
  ],
])('a node that goes by %s is leavingpool, then gone', (_, leave) => {
  const { engine, up, clock } = open()
  const nodeId = up()
  leave(engine, nodeId)
  clock.advance(0)
  expect(engine.nodes.get('p', nodeId).state).toBe('leavingpool')
  clock.advance(20_000)
  expect(() => engine.nodes.get('p', nodeId)).toThrow(expect.objectContaining({ status: 404 }) as Error)
})

test.each<[state: string, bring: (engine: ReturnType<typeof open>['engine'], nodeId: string) => void]>([
  ['creating', (engine, nodeId) => engine.nodes.preempt('p', nodeId)],
  ['starting', (engine, nodeId) => engine.nodes.reboot('p', nodeId)],
  ['waitingforstarttask', (engine, nodeId) => engine.nodes.reboot('p', nodeId)],
  ['idle', () => {}],
  ['offline', (engine, nodeId) => engine.nodes.disableScheduling('p', nodeId)],
  ['rebooting', (engine, nodeId) => engine.nodes.reboot('p', nodeId)],
  ['reimaging', (engine, nodeId) => engine.nodes.reimage('p', nodeId)],
  ['preempted', (engine, nodeId) => engine.nodes.preempt('p', nodeId, { absence: 3_600_000 })],
  ['deallocating', (engine, nodeId) => engine.nodes.deallocate('p', nodeId)],
  ['deallocated', (engine, nodeId) => engine.nodes.deallocate('p', nodeId)],
  ['unusable', (engine, nodeId) => engine.nodes.fail('p', nodeId)],
  ['unknown', (engine, nodeId) => engine.nodes.fail('p', nodeId, { lost: true })],
])('a node that is %s can be removed', (wanted, bring) => {
  const { engine, clock, state, up, seconds } = open(START)
  const nodeId = up()
  bring(engine, nodeId)
  for (let i = 0; i < 1000 && state() !== wanted; i++) clock.advance(20)
  expect(state()).toBe(wanted)
  engine.pools.removeNodes('p', { nodeList: [nodeId] })
  seconds(30)
  expect(nodeStates(engine, 'p')).toEqual([])
  expect(engine.pools.get('p')).toMatchObject({ allocationState: 'steady', targetLowPriorityNodes: 0 })
})

test('a node whose start task has failed can be removed, takes no tasks before, and counts among the nodes', () => {
  const script = (line: string) => ({ exitCode: line === 'start' ? 1 : 0 })
  const { engine, seconds } = openVirtualEngine({ script })
  engine.pools.add(poolBody('p', START))
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.add('j', taskBody('t'))
  seconds(3600)
  expect(nodeStates(engine, 'p')).toEqual(['starttaskfailed'])
  expect(engine.tasks.get('j', 't').state).toBe('active')
  expect(engine.pools.get('p')).toMatchObject({ allocationState: 'steady', currentDedicatedNodes: 1 })
  const [node] = engine.nodes.list('p').items
  engine.pools.removeNodes('p', { nodeList: [node?.id] })
  seconds(1)
  expect(nodeStates(engine, 'p')).toEqual([])
})

test('a new node may take tasks, has an affinity id of its own and keeps the time of its allocation', () => {
  const { engine, up, seconds } = open()
  const nodeId = up()
  const node = engine.nodes.get('p', nodeId)
  expect(node).toMatchObject({ schedulingState: 'enabled', affinityId: `TVM:${nodeId}` })
  engine.nodes.reimage('p', nodeId)
  seconds(10)
  const after = engine.nodes.get('p', nodeId)
  expect(after.allocationTime).toBe(node.allocationTime)
  expect(after.lastBootTime).not.toBe(node.lastBootTime)
})

test('addresses are 10.0.0.4 and up, and those of nodes that have gone are given again', () => {
  const { engine, up, seconds } = open({}, 3)
  up()
  const addresses = () =>
    engine.nodes
      .list('p')
      .items.map(({ ipAddress }) => ipAddress)
      .sort()
  expect(addresses()).toEqual(['10.0.0.4', '10.0.0.5', '10.0.0.6'])
  const gone = engine.nodes.list('p').items.find(({ ipAddress }) => ipAddress === '10.0.0.5')?.id
  engine.pools.removeNodes('p', { nodeList: [gone] })
  seconds(20)
  engine.pools.resize('p', { targetLowPriorityNodes: 4 })
  seconds(20)
  expect(addresses()).toEqual(['10.0.0.4', '10.0.0.5', '10.0.0.6', '10.0.0.7'])
})

test('start and release tasks are no tasks of a node; a job manager is', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p', START))
  const jobManagerTask = { id: 'manager', commandLine: 'manage' }
  const more = { jobPreparationTask: { commandLine: 'prepare' }, jobReleaseTask: { commandLine: 'release' } }
  engine.jobs.add(jobBody('j', 'p', { jobManagerTask, ...more }))
  seconds(10)
  expect(engine.jobs.get('j').state).toBe('completed')
  expect(engine.nodes.list('p').items[0]).toMatchObject({
    totalTasksRun: 1,
    totalTasksSucceeded: 1,
    recentTasks: [{ taskId: 'manager' }],
  })
})

test('a node counts its running tasks with their slots, and in total those that have ended', () => {
  const { engine, up, seconds } = open({ taskSlotsPerNode: 4 })
  const nodeId = up()
  engine.tasks.addCollection('j', { value: [taskBody('a', { requiredSlots: 3 }), taskBody('b')] })
  seconds(10)
  expect(engine.nodes.get('p', nodeId)).toMatchObject({
    state: 'running',
    runningTasksCount: 2,
    runningTaskSlotsCount: 4,
    totalTasksRun: 0,
    totalTasksSucceeded: 0,
  })
  seconds(60)
  expect(engine.nodes.get('p', nodeId)).toMatchObject({ totalTasksRun: 2, totalTasksSucceeded: 2 })
})

test.each([
  ['requeue', undefined, { state: 'active', executionInfo: { requeueCount: 1 } }],
  [
    'terminate',
    { nodeDisableSchedulingOption: 'Terminate' },
    { state: 'completed', executionInfo: { failureInfo: { code: 'TaskEnded' } } },
  ],
])('disabling scheduling with %s empties the node at once', (_, options, task) => {
  const { engine, up, seconds } = open()
  const nodeId = up()
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.nodes.disableScheduling('p', nodeId, options)
  expect(engine.nodes.get('p', nodeId).schedulingState).toBe('disabled')
  expect(engine.tasks.get('j', 't')).toMatchObject(task)
  seconds(5)
  expect(engine.nodes.get('p', nodeId).state).toBe('offline')
  engine.tasks.add('j', taskBody('next'))
  seconds(5)
  expect(engine.tasks.get('j', 'next').state).toBe('active')
})

test('scheduling is enabled on nodes where it is disabled, and only there', () => {
  const { engine, up, seconds } = open()
  const nodeId = up()
  const already = code('NodeAlreadyInTargetSchedulingState')
  expect(() => engine.nodes.enableScheduling('p', nodeId)).toThrow(already)
  engine.nodes.disableScheduling('p', nodeId)
  seconds(1)
  engine.nodes.enableScheduling('p', nodeId)
  expect(engine.nodes.get('p', nodeId)).toMatchObject({ state: 'idle', schedulingState: 'enabled' })
})

test('only a deallocated node can be started', () => {
  const { engine, up } = open()
  expect(() => engine.nodes.start('p', up())).toThrow(code('OperationNotValidOnNode'))
})

test('scheduling cannot be disabled until files may go', () => {
  const { engine, up } = open()
  const nodeId = up()
  expect(() =>
    engine.nodes.disableScheduling('p', nodeId, { nodeDisableSchedulingOption: 'retaineddata' }),
  ).toThrow(code('InvalidPropertyValue'))
  expect(engine.nodes.get('p', nodeId).schedulingState).toBe('enabled')
})
