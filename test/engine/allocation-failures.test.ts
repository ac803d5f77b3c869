// Machines that do not come, or break, because somebody wants to see what follows.

import { openStore } from '@malachite/emulator'
import { expect, test } from 'vitest'
import { jobBody, nodeStates, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

function code(name: string) {
  return expect.objectContaining({ code: name }) as Error
}

test('the first allocation of a pool can fail before there is a pool', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.failAllocation('P')
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 2 }))
  expect(engine.pools.get('p')).not.toHaveProperty('resizeErrors')
  seconds(1)
  expect(engine.pools.get('p')).toMatchObject({
    allocationState: 'steady',
    targetDedicatedNodes: 2,
    currentDedicatedNodes: 0,
    resizeErrors: [{ code: 'AllocationFailed', message: 'Desired number of nodes could not be allocated' }],
  })
  expect(engine.explain.pool('p')).toMatchObject({
    cause: 'PoolResizeFailed',
    details: { code: 'AllocationFailed' },
  })
  engine.pools.resize('p', { targetDedicatedNodes: 2 })
  seconds(1)
  expect(engine.pools.get('p')).toMatchObject({ currentDedicatedNodes: 2 })
  expect(engine.pools.get('p').resizeErrors).toBeUndefined()
})

test('some machines may come before an allocation fails, and as many allocations fail as were asked for', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.failAllocation('p', { code: 'OverconstrainedAllocationRequestError', nodes: 2, times: 2 })
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 1, targetLowPriorityNodes: 4 }))
  const counts = () => {
    const { currentDedicatedNodes, currentLowPriorityNodes, resizeErrors } = engine.pools.get('p')
    return [currentDedicatedNodes, currentLowPriorityNodes, resizeErrors?.map((error) => error.code)]
  }
  seconds(1)
  expect(counts()).toEqual([1, 1, ['OverconstrainedAllocationRequestError']])
  engine.pools.resize('p', { targetLowPriorityNodes: 4 })
  seconds(1)
  expect(counts()).toEqual([1, 3, ['OverconstrainedAllocationRequestError']])
  engine.pools.resize('p', { targetLowPriorityNodes: 9 })
  seconds(1)
  expect(counts()).toEqual([1, 9, undefined])
})

test('a resize that asks for no machines, or no more than may come, uses no failure up', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 2 }))
  seconds(1)
  engine.pools.failAllocation('p', { nodes: 1 })
  for (const targetDedicatedNodes of [1, 2]) {
    engine.pools.resize('p', { targetDedicatedNodes })
    seconds(1)
    expect(engine.pools.get('p').resizeErrors).toBeUndefined()
  }
  engine.pools.resize('p', { targetDedicatedNodes: 4 })
  seconds(1)
  expect(engine.pools.get('p')).toMatchObject({
    currentDedicatedNodes: 3,
    resizeErrors: [{ code: 'AllocationFailed' }],
  })
})

test('the latest demand counts, and can be taken back', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.failAllocation('p', { code: 'Unknown', times: 5 })
  engine.pools.failAllocation('p', { times: 0 })
  engine.pools.add(poolBody('p'))
  seconds(1)
  expect(nodeStates(engine, 'p')).toEqual(['idle'])
})

test('a failure that was asked for outlives a restart, and ends with a reset', () => {
  const store = openStore(':memory:')
  openVirtualEngine({ store }).engine.pools.failAllocation('p', { times: 2 })
  const { engine, seconds } = openVirtualEngine({ store: { ...store, close: () => {} } })
  engine.pools.add(poolBody('p'))
  seconds(1)
  expect(engine.pools.get('p').resizeErrors).toHaveLength(1)
  engine.reset()
  engine.pools.add(poolBody('p'))
  seconds(1)
  expect(nodeStates(engine, 'p')).toEqual(['idle'])
})

test('a failed allocation of a job’s own pool leaves the job waiting', () => {
  const { engine, seconds } = openVirtualEngine()
  const { id: _, ...pool } = poolBody('')
  engine.jobs.add({ id: 'j', poolInfo: { autoPoolSpecification: { poolLifetimeOption: 'job', pool } } })
  engine.tasks.add('j', taskBody('t'))
  engine.pools.failAllocation(engine.pools.list().items[0]?.id ?? '')
  seconds(1)
  expect(engine.jobs.get('j').state).toBe('active')
  expect(engine.explain.task('j', 't').cause).toBe('PoolResizeFailed')
})

/** A pool `p` whose node runs the task `t` of a minute. */
function openWithTask(more: object = {}) {
  const opened = openVirtualEngine({ script: () => ({ duration: 60_000 }) })
  const { engine, seconds } = opened
  engine.pools.add(poolBody('p', more))
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.add('j', taskBody('t'))
  seconds(1)
  const nodeId = engine.nodes.list('p').items[0]?.id ?? ''
  return { ...opened, nodeId, node: () => engine.nodes.get('p', nodeId) }
}

test('a node whose disk is full is unusable, and its tasks wait anew', () => {
  const { engine, nodeId, node, seconds, runtime } = openWithTask()
  engine.nodes.fail('p', nodeId)
  expect(node()).toMatchObject({
    state: 'unusable',
    errors: [{ code: 'DiskFull', message: 'There is not enough space left on the disk of the node.' }],
  })
  expect(node().runningTasksCount).toBe(0)
  expect(engine.tasks.get('j', 't')).toMatchObject({ state: 'active', executionInfo: { requeueCount: 0 } })
  expect(runtime.effects.at(-1)?.type).toBe('wakeAt')
  expect(runtime.effects.map(({ type }) => type)).toContain('stopNode')
  seconds(3600)
  expect(node().state).toBe('unusable')
  expect(engine.tasks.get('j', 't').state).toBe('active')
  expect(engine.explain.task('j', 't')).toMatchObject({
    cause: 'NodeUnusable',
    sentence: expect.stringContaining('is unusable: DiskFull, There is not enough space') as string,
  })
  engine.nodes.reboot('p', nodeId)
  expect(node()).not.toHaveProperty('errors')
  seconds(1)
  expect(engine.tasks.get('j', 't')).toMatchObject({ state: 'running', nodeInfo: { nodeId } })
})

test('a node that the service has lost is unknown, shows no error and comes back in its time', () => {
  const { engine, nodeId, node, seconds } = openWithTask()
  engine.nodes.fail('p', nodeId, { lost: true, recovery: 300_000 })
  expect(node().state).toBe('unknown')
  expect(node().errors).toBeUndefined()
  expect(() => engine.nodes.addUser('p', nodeId, { name: 'u' })).toThrow(code('NodeStateUnusable'))
  seconds(299)
  expect(node().state).toBe('unknown')
  seconds(2)
  expect(engine.tasks.get('j', 't')).toMatchObject({ state: 'running', nodeInfo: { nodeId } })
})

test('a recovered node has the disk that it had and runs its start task again', () => {
  const { engine, nodeId, seconds, runtime } = openWithTask({
    startTask: { commandLine: 'start', waitForSuccess: false },
  })
  engine.nodes.fail('p', nodeId, { code: 'Strange', recovery: 1000 })
  expect(engine.nodes.get('p', nodeId).errors).toEqual([
    { code: 'Strange', message: 'The node failed because it was asked to.' },
  ])
  seconds(5)
  const boots = runtime.effects.filter((effect) => effect.type === 'bootNode')
  expect(boots.map(({ wipe }) => wipe)).toEqual([true, false])
  expect(runtime.effects.filter(({ type }) => type === 'runStartTask')).toHaveLength(2)
})

test.each(['creating', 'starting', 'waitingforstarttask'] as const)(
  'a node that is %s can fail, and what it reports late is void',
  (state) => {
    const startTask = { commandLine: 'start', waitForSuccess: true }
    const opened = openVirtualEngine({ boot: 2000, script: () => ({ duration: 2000 }) })
    const { engine, seconds, runtime } = opened
    if (state === 'creating') runtime.ignored.add('bootNode')
    engine.pools.add(poolBody('p', { startTask }))
    seconds(state === 'waitingforstarttask' ? 3 : 1)
    expect(nodeStates(engine, 'p')).toEqual([state])
    engine.nodes.fail('p', engine.nodes.list('p').items[0]?.id ?? '')
    seconds(60)
    expect(nodeStates(engine, 'p')).toEqual(['unusable'])
  },
)

test('a node that was to leave after its tasks leaves when it fails', () => {
  const { engine, nodeId, seconds } = openWithTask()
  engine.pools.resize('p', { targetDedicatedNodes: 0, nodeDeallocationOption: 'taskcompletion' })
  engine.nodes.fail('p', nodeId)
  seconds(1)
  expect(nodeStates(engine, 'p')).toEqual([])
  expect(engine.pools.get('p').allocationState).toBe('steady')
})

test('a failed node can be removed; a preempted one cannot fail', () => {
  const { engine, nodeId, seconds } = openWithTask({ targetLowPriorityNodes: 1 })
  const spot = engine.nodes.list('p').items.find(({ isDedicated }) => !isDedicated)?.id ?? ''
  engine.nodes.preempt('p', spot, { absence: 3_600_000 })
  expect(() => engine.nodes.fail('p', spot)).toThrow(code('OperationNotValidOnNode'))
  engine.nodes.fail('p', nodeId)
  engine.pools.removeNodes('p', { nodeList: [nodeId] })
  seconds(1)
  expect(nodeStates(engine, 'p')).toEqual(['preempted'])
})

test('a failed node restarts with the emulator', () => {
  const store = openStore(':memory:')
  const kept = { ...store, close: () => {} }
  const { engine, seconds } = openVirtualEngine({ store: kept })
  engine.pools.add(poolBody('p'))
  seconds(1)
  const nodeId = engine.nodes.list('p').items[0]?.id ?? ''
  engine.nodes.fail('p', nodeId)
  const next = openVirtualEngine({ store })
  expect(next.engine.nodes.get('p', nodeId)).toMatchObject({ state: 'rebooting' })
  expect(next.engine.nodes.get('p', nodeId).errors).toBeUndefined()
  next.seconds(1)
  expect(nodeStates(next.engine, 'p')).toEqual(['idle'])
})

test('a preparation task of a job runs again on a node that failed', () => {
  const { engine, seconds, runtime } = openVirtualEngine({ script: () => ({ duration: 5000 }) })
  engine.pools.add(poolBody('p'))
  engine.jobs.add(jobBody('j', 'p', { jobPreparationTask: { commandLine: 'prepare' } }))
  engine.tasks.add('j', taskBody('t'))
  seconds(8)
  const nodeId = engine.nodes.list('p').items[0]?.id ?? ''
  expect(engine.nodes.get('p', nodeId).state).toBe('running')
  engine.nodes.fail('p', nodeId, { recovery: 1000 })
  seconds(20)
  expect(engine.tasks.get('j', 't').executionInfo.result).toBe('success')
  expect(runtime.started.map(({ commandLine }) => commandLine)).toEqual([
    'prepare',
    'run t',
    'prepare',
    'run t',
  ])
})
