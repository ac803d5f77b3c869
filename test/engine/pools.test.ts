import { expect, test } from 'vitest'
import { jobBody, nodeStates, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

test('a new pool is resizing, then steady with its nodes', () => {
  const { engine, seconds } = openVirtualEngine({ allocation: 45_000 })
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 2, targetLowPriorityNodes: 1 }))
  expect(engine.pools.get('p')).toMatchObject({ allocationState: 'resizing', currentDedicatedNodes: 0 })
  seconds(46)
  expect(engine.pools.get('p')).toMatchObject({
    allocationState: 'steady',
    currentDedicatedNodes: 2,
    currentLowPriorityNodes: 1,
  })
  expect(nodeStates(engine, 'p')).toEqual(['idle', 'idle', 'idle'])
})

test('pool ids are unique regardless of case and answered as given', () => {
  const { engine } = openVirtualEngine()
  engine.pools.add(poolBody('MyPool'))
  expect(() => engine.pools.add(poolBody('mypool'))).toThrow(expect.objectContaining({ code: 'PoolExists' }))
  expect(engine.pools.get('MYPOOL').id).toBe('MyPool')
})

test('a pool that is being resized refuses another resize', () => {
  const { engine } = openVirtualEngine({ allocation: 1000 })
  engine.pools.add(poolBody('p'))
  expect(() => engine.pools.resize('p', { targetDedicatedNodes: 2 })).toThrow(
    expect.objectContaining({ code: 'PoolBeingResized', status: 409 }),
  )
})

test('shrinking removes idle nodes and requeues the tasks of the others', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ duration: 60_000 }) })
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 3 }))
  seconds(1)
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.addCollection('j', { value: [taskBody('a'), taskBody('b')] })
  engine.pools.resize('p', { targetDedicatedNodes: 1 })
  seconds(1)
  expect(engine.pools.get('p')).toMatchObject({ allocationState: 'steady', currentDedicatedNodes: 1 })
  const states = engine.tasks.list('j').items.map((task) => [task.state, task.executionInfo.requeueCount])
  expect(states).toEqual(
    expect.arrayContaining([
      ['running', 0],
      ['active', 1],
    ]),
  )
})

test('taskcompletion lets tasks finish before their node leaves, and gives it no new ones', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ duration: 10_000 }) })
  engine.pools.add(poolBody('p'))
  seconds(1)
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.addCollection('j', { value: [taskBody('a'), taskBody('b')] })
  engine.pools.resize('p', { targetDedicatedNodes: 0, nodeDeallocationOption: 'taskcompletion' })
  seconds(1)
  expect(engine.pools.get('p')).toMatchObject({ allocationState: 'resizing', currentDedicatedNodes: 1 })
  seconds(20)
  expect(engine.pools.get('p')).toMatchObject({ allocationState: 'steady', currentDedicatedNodes: 0 })
  expect(engine.jobs.taskCounts('j').taskCounts).toMatchObject({ active: 1, succeeded: 1 })
})

test('stopping a resize keeps what came and reports ResizeStopped once steady', () => {
  const { engine, seconds } = openVirtualEngine({ allocation: 60_000 })
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 3 }))
  engine.pools.stopResize('p')
  expect(engine.pools.get('p').allocationState).toBe('stopping')
  seconds(1)
  expect(engine.pools.get('p')).toMatchObject({
    allocationState: 'steady',
    targetDedicatedNodes: 3,
    currentDedicatedNodes: 0,
    resizeErrors: [expect.objectContaining({ code: 'ResizeStopped' })],
  })
  seconds(60)
  expect(engine.pools.get('p').currentDedicatedNodes).toBe(0)
})

test('deleting a pool requeues its tasks; the job survives and runs on the next pool of that id', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ duration: 5000 }) })
  engine.pools.add(poolBody('p'))
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.add('j', taskBody('t'))
  seconds(1)
  expect(engine.tasks.get('j', 't').state).toBe('running')
  engine.pools.delete('p')
  expect(engine.pools.get('p').state).toBe('deleting')
  expect(() => engine.pools.delete('p')).toThrow(expect.objectContaining({ code: 'PoolBeingDeleted' }))
  seconds(1)
  expect(() => engine.pools.get('p')).toThrow(expect.objectContaining({ code: 'PoolNotFound' }))
  expect(engine.tasks.get('j', 't')).toMatchObject({ state: 'active', executionInfo: { requeueCount: 1 } })
  engine.pools.add(poolBody('p'))
  seconds(7)
  expect(engine.tasks.get('j', 't').executionInfo.result).toBe('success')
})

test('removing nodes lowers the target', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 3 }))
  seconds(1)
  const [node] = engine.nodes.list('p').items
  engine.pools.removeNodes('p', { nodeList: [node?.id] })
  seconds(1)
  expect(engine.pools.get('p')).toMatchObject({ targetDedicatedNodes: 2, currentDedicatedNodes: 2 })
  expect(() => engine.nodes.get('p', node?.id ?? '')).toThrow(
    expect.objectContaining({ code: 'NodeNotFound' }),
  )
})

test('counts nodes of every pool by state', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('a', { targetDedicatedNodes: 2 }))
  engine.pools.add(poolBody('b', { targetDedicatedNodes: 0 }))
  seconds(1)
  expect(engine.pools.nodeCounts().items).toMatchObject([
    { poolId: 'a', dedicated: { idle: 2, total: 2 }, lowPriority: { total: 0 } },
    { poolId: 'b', dedicated: { total: 0 } },
  ])
  expect(engine.pools.nodeCounts({ filter: "poolId eq 'b'" }).items).toHaveLength(1)
})

test('patch merges top-level members, updateProperties replaces them', () => {
  const { engine } = openVirtualEngine()
  engine.pools.add(
    poolBody('p', { startTask: { commandLine: 'true' }, metadata: [{ name: 'a', value: '1' }] }),
  )
  engine.pools.patch('p', { metadata: [{ name: 'b', value: '2' }] })
  expect(engine.pools.get('p')).toMatchObject({
    startTask: { commandLine: 'true' },
    metadata: [{ name: 'b', value: '2' }],
  })
  engine.pools.updateProperties('p', {
    certificateReferences: [],
    applicationPackageReferences: [],
    metadata: [],
  })
  expect(engine.pools.get('p').startTask).toBeUndefined()
})

test('the eTag is the hexadecimal ticks of the last modification', () => {
  const { engine } = openVirtualEngine()
  const { eTag } = engine.pools.add(poolBody('p'))
  expect(eTag).toMatch(/^0x8D[0-9A-F]{13}$/)
  expect(engine.pools.get('p').eTag).toBe(eTag)
  const changed = engine.pools.patch('p', { metadata: [] })
  expect(changed.eTag > eTag).toBe(true)
})

test('a pool without nodes is steady at once', () => {
  const { engine, clock } = openVirtualEngine()
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 0 }))
  clock.advance(0)
  expect(engine.pools.get('p')).toMatchObject({ state: 'active', allocationState: 'steady' })
})

test('a resize changes only the target that it names, and stopping it takes nothing back', () => {
  const { engine, seconds } = openVirtualEngine({ allocation: 60_000 })
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 0, targetLowPriorityNodes: 2 }))
  seconds(61)
  engine.pools.resize('p', { targetDedicatedNodes: 3 })
  engine.pools.stopResize('p')
  const targets = { targetDedicatedNodes: 3, targetLowPriorityNodes: 2 }
  expect(engine.pools.get('p')).toMatchObject({ ...targets, allocationState: 'stopping' })
  seconds(1)
  expect(engine.pools.get('p')).toMatchObject({
    ...targets,
    allocationState: 'steady',
    currentDedicatedNodes: 0,
    currentLowPriorityNodes: 2,
    resizeErrors: [
      {
        code: 'ResizeStopped',
        message: 'Desired number of dedicated nodes could not be allocated due to a stop resize operation',
      },
    ],
  })
})

test('errors of a resize are shown only once the pool is steady', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ duration: 60_000 }) })
  engine.pools.add(poolBody('p'))
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.add('j', taskBody('t'))
  seconds(1)
  engine.pools.failAllocation('p')
  engine.pools.resize('p', {
    targetDedicatedNodes: 0,
    targetLowPriorityNodes: 1,
    nodeDeallocationOption: 'taskcompletion',
  })
  seconds(1)
  expect(engine.pools.get('p').allocationState).toBe('resizing')
  expect(engine.pools.get('p').resizeErrors).toBeUndefined()
  seconds(60)
  expect(engine.pools.get('p')).toMatchObject({
    allocationState: 'steady',
    resizeErrors: [{ code: 'AllocationFailed' }],
  })
})

test('a pool that is deleted while it grows gets no more nodes', () => {
  const { engine, seconds } = openVirtualEngine({ allocation: 60_000 })
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 3 }))
  engine.pools.delete('p')
  expect(engine.pools.get('p')).toMatchObject({ state: 'deleting', targetDedicatedNodes: 0 })
  seconds(1)
  expect(engine.pools.list().items).toEqual([])
  seconds(60)
  expect(engine.pools.nodeCounts().items).toEqual([])
})

test('a pool that is being deleted refuses changes, and its id is not free before it is gone', () => {
  const { engine, seconds, runtime } = openVirtualEngine()
  engine.pools.add(poolBody('p'))
  seconds(1)
  runtime.ignored.add('removeNode')
  engine.pools.delete('p')
  const refusal = expect.objectContaining({ code: 'PoolBeingDeleted', status: 409 }) as Error
  for (const attempt of [
    () => engine.pools.patch('p', { metadata: [] }),
    () => engine.pools.resize('p', { targetDedicatedNodes: 1 }),
    () => engine.pools.delete('p'),
    () => engine.pools.add(poolBody('p')),
  ])
    expect(attempt).toThrow(refusal)
})

test('a pool without targets has no nodes', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p', { targetDedicatedNodes: undefined }))
  seconds(5)
  expect(engine.pools.get('p')).toMatchObject({
    allocationState: 'steady',
    targetDedicatedNodes: 0,
    targetLowPriorityNodes: 0,
    currentDedicatedNodes: 0,
  })
})
