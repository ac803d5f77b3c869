import { expect, test } from 'vitest'
import { createTally, runTimeOf, type CountedTask } from './statistics.ts'

function ran(ms: number, nodeId: string, result: 'success' | 'failure' = 'success'): CountedTask {
  return {
    executionInfo: {
      startTime: new Date(1000),
      endTime: new Date(1000 + ms),
      retryCount: 0,
      requeueCount: 0,
      result,
    },
    nodeInfo: { nodeId, affinityId: '', poolId: 'p', taskRootDirectory: '' },
  }
}

test('tasks are counted by result, with their run times and nodes', () => {
  const tally = createTally()
  for (const task of [ran(300, 'a'), ran(100, 'b', 'failure'), ran(200, 'a')]) tally.add(task)
  expect(tally.result()).toEqual({
    succeeded: 2,
    failed: 1,
    nodes: 2,
    runTimes: { minMs: 100, medianMs: 200, maxMs: 300 },
  })
})

test('of an even number of times the median is the lower one in the middle', () => {
  const tally = createTally()
  for (const ms of [9, 100, 1, 20]) tally.add(ran(ms, 'a'))
  expect(tally.result().runTimes).toEqual({ minMs: 1, medianMs: 9, maxMs: 100 })
})

test('a task that never ran has no time and no node', () => {
  const tally = createTally()
  tally.add({ executionInfo: { retryCount: 0, requeueCount: 0, result: 'failure' } })
  expect(tally.result()).toEqual({ succeeded: 0, failed: 1, nodes: 0 })
})

test('clocks that disagree make no negative time', () => {
  const times = { startTime: new Date(5), endTime: new Date(3), retryCount: 0, requeueCount: 0 }
  expect(runTimeOf(times)).toBe(0)
  expect(runTimeOf({ ...times, startTime: new Date(1) })).toBe(2)
})
