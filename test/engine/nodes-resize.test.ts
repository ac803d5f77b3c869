// What becomes of the nodes of a pool that shrinks, and of a resize that takes too long.

import { expect, test } from 'vitest'
import {
  isSteady,
  jobBody,
  nodeStates,
  openVirtualEngine,
  poolBody,
  taskBody,
} from '../helpers/virtual-engine.ts'

function code(name: string) {
  return expect.objectContaining({ code: name }) as Error
}

/** A pool with one node that runs the task `t` for so many seconds. */
function openWithTask(taskSeconds: number, constraints: object = {}) {
  const opened = openVirtualEngine({ script: () => ({ duration: taskSeconds * 1000 }) })
  const { engine, seconds } = opened
  engine.pools.add(poolBody('p'))
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.add('j', taskBody('t', { constraints }))
  seconds(1)
  return { ...opened, nodeId: engine.nodes.list('p').items[0]?.id ?? '' }
}

test.each(['removeNodes', 'resize'] as const)(
  '%s with retaineddata waits for the tasks, then for the retention time of their files',
  (verb) => {
    const { engine, nodeId, seconds } = openWithTask(60, { retentionTime: 'PT5M' })
    const nodeDeallocationOption = 'retaineddata'
    const resizeTimeout = 'PT1H'
    if (verb === 'resize')
      engine.pools.resize('p', { targetDedicatedNodes: 0, nodeDeallocationOption, resizeTimeout })
    else engine.pools.removeNodes('p', { nodeList: [nodeId], nodeDeallocationOption, resizeTimeout })
    engine.tasks.add('j', taskBody('late'))
    seconds(61)
    expect(engine.tasks.get('j', 't').executionInfo.result).toBe('success')
    expect(engine.tasks.get('j', 'late').state).toBe('active')
    expect(nodeStates(engine, 'p')).toEqual(['idle'])
    expect(() => engine.pools.resize('p', { targetDedicatedNodes: 1 })).toThrow(code('PoolBeingResized'))
    seconds(297)
    expect(nodeStates(engine, 'p')).toEqual(['idle'])
    seconds(3)
    expect(nodeStates(engine, 'p')).toEqual([])
    expect(isSteady(engine.pools.get('p'))).toBe(true)
  },
)

test.each(['removeNodes', 'resize'] as const)('%s with terminate ends the tasks for good', (verb) => {
  const { engine, nodeId, seconds } = openWithTask(60)
  const nodeDeallocationOption = 'Terminate'
  if (verb === 'resize') engine.pools.resize('p', { targetDedicatedNodes: 0, nodeDeallocationOption })
  else engine.pools.removeNodes('p', { nodeList: [nodeId], nodeDeallocationOption })
  seconds(5)
  expect(nodeStates(engine, 'p')).toEqual([])
  expect(isSteady(engine.pools.get('p'))).toBe(true)
  engine.pools.resize('p', { targetDedicatedNodes: 1 })
  seconds(5)
  expect(engine.tasks.get('j', 't')).toMatchObject({
    state: 'completed',
    executionInfo: { result: 'failure', failureInfo: { code: 'TaskEnded' }, requeueCount: 0 },
  })
})

test('removing nodes requeues their tasks unless told otherwise, and waits its time as every resize', () => {
  const { engine, nodeId, seconds } = openWithTask(60)
  engine.pools.removeNodes('p', { nodeList: [nodeId] })
  expect(() => engine.pools.removeNodes('p', { nodeList: [nodeId] })).toThrow(code('PoolBeingResized'))
  seconds(5)
  expect(engine.tasks.get('j', 't')).toMatchObject({ state: 'active', executionInfo: { requeueCount: 1 } })
  expect(engine.pools.get('p')).toMatchObject({ resizeTimeout: 'PT15M', targetDedicatedNodes: 0 })
})

test('while nodes wait for their tasks the pool is resizing and cannot be resized again', () => {
  const { engine, seconds } = openWithTask(60)
  engine.pools.resize('p', { targetDedicatedNodes: 0, nodeDeallocationOption: 'taskcompletion' })
  seconds(30)
  expect(engine.pools.get('p').allocationState).toBe('resizing')
  expect(() => engine.pools.resize('p', { targetDedicatedNodes: 5 })).toThrow(code('PoolBeingResized'))
  seconds(31)
  engine.pools.resize('p', { targetDedicatedNodes: 5 })
})

test('retaineddata lets a node without files go at once', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p'))
  seconds(1)
  engine.pools.resize('p', { targetDedicatedNodes: 0, nodeDeallocationOption: 'retaineddata' })
  seconds(1)
  expect(nodeStates(engine, 'p')).toEqual([])
})

test('nodes whose tasks outlive the resize timeout stay, and one error says so', () => {
  const { engine, nodeId, seconds } = openWithTask(600)
  engine.pools.removeNodes('p', {
    nodeList: [nodeId],
    nodeDeallocationOption: 'taskcompletion',
    resizeTimeout: 'PT5M',
  })
  expect(engine.pools.get('p').resizeTimeout).toBe('PT5M')
  seconds(299)
  expect(engine.pools.get('p').allocationState).toBe('resizing')
  seconds(2)
  expect(engine.pools.get('p')).toMatchObject({
    allocationState: 'steady',
    targetDedicatedNodes: 0,
    currentDedicatedNodes: 1,
    resizeErrors: [
      {
        code: 'AllocationTimedout',
        message: 'Desired number of dedicated nodes could not be allocated as the resize timeout was reached',
      },
    ],
  })
  engine.tasks.add('j', taskBody('next'))
  seconds(300)
  expect(engine.tasks.get('j', 't').executionInfo.result).toBe('success')
  expect(engine.tasks.get('j', 'next').state).toBe('running')
})

test('nodes that do not come within the resize timeout never come', () => {
  const { engine, seconds } = openVirtualEngine({ allocation: 3_600_000 })
  engine.pools.add(
    poolBody('p', { targetDedicatedNodes: 0, targetLowPriorityNodes: 2, resizeTimeout: 'PT6M' }),
  )
  seconds(359)
  expect(engine.pools.get('p').allocationState).toBe('resizing')
  seconds(2)
  expect(engine.pools.get('p')).toMatchObject({
    allocationState: 'steady',
    currentLowPriorityNodes: 0,
    targetLowPriorityNodes: 2,
    resizeErrors: [
      { code: 'AllocationTimedout', message: expect.stringContaining('low priority') as string },
    ],
  })
  seconds(7200)
  expect(nodeStates(engine, 'p')).toEqual([])
})

test('the next resize clears the errors and has its own time', () => {
  const { engine, seconds } = openVirtualEngine({ allocation: 330_000 })
  engine.pools.add(poolBody('p', { resizeTimeout: 'PT5M' }))
  seconds(301)
  expect(engine.pools.get('p').resizeErrors).toHaveLength(1)
  engine.pools.resize('p', { targetDedicatedNodes: 1, resizeTimeout: 'PT10M' })
  expect(engine.pools.get('p').resizeErrors).toBeUndefined()
  seconds(331)
  expect(engine.pools.get('p')).toMatchObject({ allocationState: 'steady', currentDedicatedNodes: 1 })
  seconds(600)
  expect(engine.pools.get('p').resizeErrors).toBeUndefined()
})

test('a resize that is stopped lets nodes that have not left yet stay', () => {
  const { engine, seconds } = openWithTask(60)
  engine.pools.resize('p', { targetDedicatedNodes: 0, nodeDeallocationOption: 'taskcompletion' })
  seconds(10)
  engine.pools.stopResize('p')
  seconds(1)
  expect(engine.pools.get('p')).toMatchObject({ allocationState: 'steady', currentDedicatedNodes: 1 })
  engine.tasks.add('j', taskBody('next'))
  seconds(60)
  expect(engine.tasks.get('j', 'next').state).toBe('running')
})

test('a pool that is being deleted is not timed out', () => {
  const { engine, seconds, runtime } = openWithTask(6000)
  runtime.ignored.add('removeNode')
  engine.pools.delete('p')
  seconds(3600)
  expect(engine.pools.get('p')).toMatchObject({ state: 'deleting', allocationState: 'resizing' })
})

test('a task that loses its node goes to one that is idle, at once', () => {
  const { engine, seconds, clock } = openVirtualEngine({ script: () => ({ duration: 60_000 }) })
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 0, targetLowPriorityNodes: 1 }))
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.add('j', taskBody('t'))
  seconds(1)
  const spot = engine.nodes.list('p').items[0]?.id ?? ''
  engine.pools.resize('p', { targetDedicatedNodes: 1, targetLowPriorityNodes: 1 })
  seconds(1)
  engine.nodes.preempt('p', spot, { absence: 3_600_000 })
  clock.advance(0)
  const task = engine.tasks.get('j', 't')
  expect(task.state).toBe('running')
  expect(task.nodeInfo?.nodeId).not.toBe(spot)
})

test('the start task of a node that leaves is not tried again', () => {
  const startTask = { commandLine: 'start', waitForSuccess: false, maxTaskRetryCount: 3 }
  const { engine, seconds, runtime } = openVirtualEngine({ script: () => ({ duration: 60_000 }) })
  engine.pools.add(poolBody('p', { startTask }))
  seconds(1)
  engine.pools.delete('p')
  seconds(1)
  expect(runtime.effects.filter(({ type }) => type === 'runStartTask')).toHaveLength(1)
})
