import { expect, test } from 'vitest'
import { dedicatedCoreTime, usageBetween, USAGE_WINDOW, windowOf } from './usage.ts'

const MINUTE = 60_000_000
const node = (poolId: string, startAt: number, endAt: number | null, vmSize = 'standard_d2s_v3') => ({
  poolId,
  vmSize,
  dedicated: 1 as const,
  startAt,
  endAt,
})

test('a window is half an hour', () => {
  expect(windowOf(29 * MINUTE)).toBe(0)
  expect(windowOf(30 * MINUTE)).toBe(USAGE_WINDOW)
})

test('core hours are cores times hours within the window, of all nodes of a pool', () => {
  const nodes = [node('p', 0, null), node('p', 15 * MINUTE, 20 * MINUTE), node('p', -MINUTE, 0)]
  expect(usageBetween(nodes, 0, USAGE_WINDOW)).toEqual([
    {
      poolId: 'p',
      startTime: 0,
      endTime: USAGE_WINDOW,
      vmSize: 'standard_d2s_v3',
      totalCoreHours: 1 + 2 / 12,
    },
  ])
})

test('entries come by time, then pool; windows without nodes have none', () => {
  const nodes = [node('b', 0, MINUTE), node('a', 0, MINUTE), node('a', 70 * MINUTE, null)]
  const entries = usageBetween(nodes, 0, 4 * USAGE_WINDOW)
  expect(entries.map(({ poolId, startTime }) => [poolId, startTime / USAGE_WINDOW])).toEqual([
    ['a', 0],
    ['b', 0],
    ['a', 2],
    ['a', 3],
  ])
})

test('only whole windows between the two moments count', () => {
  const nodes = [node('p', 0, null)]
  expect(usageBetween(nodes, 1, 2 * USAGE_WINDOW).map(({ startTime }) => startTime)).toEqual([USAGE_WINDOW])
  expect(usageBetween(nodes, 0, USAGE_WINDOW - 1)).toEqual([])
  expect(usageBetween([], 0, USAGE_WINDOW)).toEqual([])
})

test('core time is that of dedicated nodes, those that are still there until now', () => {
  const nodes = [node('p', 0, 10), node('p', 5, null), { ...node('p', 0, null), dedicated: 0 as const }]
  expect(dedicatedCoreTime(nodes, 20)).toBe(2 * 10 + 2 * 15)
})
