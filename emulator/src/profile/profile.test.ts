import { expect, test } from 'vitest'
import { createDelays, draw, type Delayed, SPREADS, type Spread } from './profile.ts'

const NAMES = Object.keys(SPREADS.azure) as Delayed[]

test.each(NAMES)('%s stays within what was seen on Azure, and its chance covers that', (what) => {
  const spread = SPREADS.azure[what]
  const delays = createDelays('azure', 1)
  const times = Array.from({ length: 2000 }, () => delays.next(what)).sort((a, b) => a - b)
  const [least, , most] = typeof spread === 'number' ? [spread, spread, spread] : spread
  const [first = NaN, last = NaN] = [times[0], times.at(-1)]
  expect(first).toBeGreaterThanOrEqual(least)
  expect(last).toBeLessThanOrEqual(most)
  expect(last - first).toBeGreaterThanOrEqual(0.85 * (most - least))
  expect(times.every(Number.isInteger)).toBe(true)
})

test('the same seed gives the same times, another one others', () => {
  const course = (seed: number): number[] => {
    const delays = createDelays('azure', seed)
    return Array.from({ length: 20 }, () => delays.next('allocation'))
  }
  expect(course(7)).toEqual(course(7))
  expect(new Set([...course(7), ...course(8)]).size).toBeGreaterThan(30)
})

test('how often one thing was asked for does not change the times of another', () => {
  const [a, b] = [createDelays('azure', 3), createDelays('azure', 3)]
  for (let i = 0; i < 5; i++) a.next('scheduling')
  expect(a.next('creating')).toBe(b.next('creating'))
})

test('what has a name always takes the same time', () => {
  const delays = createDelays('azure', 3)
  expect(delays.of('deleting', 'job')).toBe(delays.of('deleting', 'job'))
  expect(delays.of('deleting', 'job')).not.toBe(delays.of('deleting', 'job2'))
})

test('fast takes a few hundred milliseconds for everything, always the same', () => {
  const delays = createDelays('fast', 1)
  const { counts, ...times } = Object.fromEntries(NAMES.map((what) => [what, delays.next(what)]))
  expect(counts).toBe(0)
  for (const time of Object.values(times)) {
    expect(time).toBeGreaterThanOrEqual(200)
    expect(time).toBeLessThanOrEqual(500)
  }
})

test.each<[spread: Spread, chance: number, time: number]>([
  [40, 0.9, 40],
  [[0, 50, 100], 0, 0],
  [[0, 50, 100], 0.125, 25],
  [[0, 50, 100], 0.5, 50],
  [[0, 50, 100], 0.875, 75],
  [[100, 100, 200], 0, 100],
  [[100, 100, 200], 0.75, 150],
  [[100, 200, 200], 0.25, 150],
])('of %j the chance %d makes %d', (spread, chance, time) => {
  expect(draw(spread, chance)).toBe(time)
})
