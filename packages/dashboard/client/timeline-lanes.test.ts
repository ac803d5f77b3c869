import { expect, test } from 'vitest'
import type { StartedTask } from './latest-tasks.ts'
import { lanesOf } from './timeline-lanes.ts'

function ran(id: string, node: string, from: number, to?: number): StartedTask {
  const iso = (second: number): string => new Date(second * 1000).toISOString()
  return {
    id,
    state: to === undefined ? 'running' : 'completed',
    executionInfo: {
      retryCount: 0,
      requeueCount: 0,
      startTime: iso(from),
      ...(to !== undefined && { endTime: iso(to) }),
    },
    nodeInfo: { poolId: 'p', nodeId: node, affinityId: '', taskRootDirectory: '' },
  }
}

const namesOf = (tasks: readonly StartedTask[], now = 100_000): unknown =>
  lanesOf(tasks, now).nodes.map(({ node, lanes }) => [
    node,
    lanes.map((lane) => lane.map(({ task }) => task.id)),
  ])

test('tasks one after the other share a lane, tasks beside each other do not', () => {
  expect(namesOf([ran('c', 'n', 5, 9), ran('a', 'n', 1, 5), ran('b', 'n', 2, 6)])).toEqual([
    ['n', [['a', 'c'], ['b']]],
  ])
})

test('each node has lanes of its own, in the order of their names', () => {
  expect(namesOf([ran('x', 'n2', 1, 2), ran('y', 'n1', 1, 2)])).toEqual([
    ['n1', [['y']]],
    ['n2', [['x']]],
  ])
})

test('it lasts from the first start to the last end; what runs has no end yet', () => {
  const { from, to } = lanesOf([ran('a', 'n', 10, 20), ran('b', 'n', 12)], 45_000)
  expect([from, to]).toEqual([10_000, 45_000])
})

test('nothing has started: nothing is drawn', () => {
  expect(lanesOf([], 1000)).toEqual({ nodes: [], from: 1000, to: 1001 })
})
