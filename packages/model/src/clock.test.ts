import { expect, test } from 'vitest'
import { clockBy, sleep, type Clock } from './clock.ts'

/** A clock that shows what it is told and remembers the delays of its timers. */
function openClock(start: number) {
  let now = start
  const delays: number[] = []
  const clock: Clock = {
    now: () => now,
    after(ms, fn) {
      delays.push(ms)
      const timer = setImmediate(fn)
      return () => clearImmediate(timer)
    },
  }
  return { clock, delays, advance: (ms: number) => (now += ms) }
}

test('a faster clock starts with the other one and runs away from it', () => {
  const { clock, advance } = openClock(1000)
  const fast = clockBy(clock, { speed: 60 })
  expect(fast.now()).toBe(1000)
  advance(500)
  expect(fast.now()).toBe(31_000)
})

test('a clock can be ahead', () => {
  const { clock, advance } = openClock(1000)
  const ahead = clockBy(clock, { start: 50_000 })
  advance(10)
  expect(ahead.now()).toBe(50_010)
})

test.each([
  [60, 60_000, 1000],
  [1.5, 3000, 2000],
  [60, 1, 1],
  [1, 7, 7],
])('at speed %d a timer of %d ms is one of %d ms', (speed, ms, delay) => {
  const { clock, delays } = openClock(0)
  clockBy(clock, { speed }).after(ms, () => {})
  expect(delays).toEqual([delay])
})

test('a timer of a faster clock can be cancelled', async () => {
  const { clock } = openClock(0)
  let calls = 0
  const fast = clockBy(clock, { speed: 10 })
  fast.after(100, () => (calls += 1))()
  await sleep(fast, 100)
  expect(calls).toBe(0)
})
