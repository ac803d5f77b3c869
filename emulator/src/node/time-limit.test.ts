import { systemClock, type Clock } from '@malachite/model'
import { expect, test } from 'vitest'
import { withinLimit } from './time-limit.ts'

/** A clock whose timers fire when the test says so. */
function handClock() {
  let time = 0
  const timers = new Set<() => void>()
  const clock: Clock = {
    ...systemClock,
    now: () => time,
    after: (_, fn) => {
      timers.add(fn)
      return () => void timers.delete(fn)
    },
  }
  return { clock, timers, spend: (ms: number) => void (time += ms) }
}

const never = new AbortController().signal
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))

test('what the work took is no longer left', async () => {
  const { clock, timers, spend } = handClock()
  const limited = { clock, signal: never, maxWallClockMs: 1000 }
  expect(await withinLimit(limited, () => Promise.resolve(spend(300)))).toBe(700)
  expect(await withinLimit(limited, () => Promise.resolve(spend(2000)))).toBe(0)
  expect(timers.size).toBe(0)
})

test('without a limit there is no timer', async () => {
  const { clock, timers, spend } = handClock()
  const work = () => Promise.resolve(spend(300))
  expect(await withinLimit({ clock, signal: never }, work)).toBeUndefined()
  expect(timers.size).toBe(0)
})

test('work that takes too long is ended, with the failure of the limit', async () => {
  const { clock, timers } = handClock()
  const done = withinLimit({ clock, signal: never, maxWallClockMs: 5 }, untilAborted)
  for (const fire of timers) fire()
  await expect(done).rejects.toMatchObject({ info: { category: 'UserError', code: 'TaskEnded' } })
})

test('an end by somebody else, and a failure of the work, stay what they are', async () => {
  const { clock } = handClock()
  const user = new AbortController()
  const done = withinLimit({ clock, signal: user.signal, maxWallClockMs: 5 }, untilAborted)
  user.abort()
  await expect(done).rejects.toThrow('aborted')
  const failing = () => Promise.reject(new Error('no such file'))
  await expect(withinLimit({ clock, signal: never, maxWallClockMs: 5 }, failing)).rejects.toThrow(
    'no such file',
  )
})
