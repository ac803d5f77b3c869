import { BatchError, type Clock } from '@malachite/model'
import { expect, test } from 'vitest'
import { createRetry, isTransientStatus, nextDelay, resolveRetryPolicy, waitingClock } from './retry.ts'

const policy = resolveRetryPolicy()
const transient = { transient: true }

test('doubles the wait up to the longest', () => {
  const delays = [1, 2, 3, 9].map((attempt) =>
    nextDelay(policy, transient, { attempt, elapsed: 0, random: 0.5 }),
  )
  expect(delays).toEqual([250, 500, 1000, 64_000])
  const long = resolveRetryPolicy({ maxAttempts: 20 })
  expect(nextDelay(long, transient, { attempt: 15, elapsed: 0, random: 0.5 })).toBe(90_000)
})

test('spreads waits by a quarter to both sides', () => {
  const delays = [0, 0.5, 1].map((random) => nextDelay(policy, transient, { attempt: 1, elapsed: 0, random }))
  expect(delays).toEqual([187.5, 250, 312.5])
})

test('waits exactly as long as the service asks', () => {
  const failure = { transient: true, retryAfter: 30_000 }
  expect(nextDelay(policy, failure, { attempt: 1, elapsed: 0, random: 0 })).toBe(30_000)
})

test('gives up when the cause does not pass, the tries are used up, or the time is', () => {
  expect(nextDelay(policy, { transient: false }, { attempt: 1, elapsed: 0, random: 0 })).toBeUndefined()
  expect(nextDelay(policy, transient, { attempt: 10, elapsed: 0, random: 0 })).toBeUndefined()
  expect(nextDelay(policy, transient, { attempt: 1, elapsed: 299_900, random: 0.5 })).toBeUndefined()
  const quick = { transient: true, maxAttempts: 3 }
  expect(nextDelay(policy, quick, { attempt: 2, elapsed: 0, random: 0.5 })).toBe(500)
  expect(nextDelay(policy, quick, { attempt: 3, elapsed: 0, random: 0.5 })).toBeUndefined()
})

test('repeats throttling and errors of the server, but nothing that stays wrong', () => {
  const statuses = [400, 403, 404, 408, 409, 413, 429, 500, 501, 502, 503, 504]
  expect(statuses.filter(isTransientStatus)).toEqual([408, 429, 500, 502, 503, 504])
})

test('does not repeat after an abort', async () => {
  const stop = new AbortController()
  const explain = (): never => {
    throw new Error('asked')
  }
  const retry = createRetry({ policy, clock: waitingClock, random: Math.random, explain })
  const operation = (): Promise<never> => {
    stop.abort(new Error('enough'))
    return Promise.reject(new Error('failed'))
  }
  await expect(retry(operation, stop.signal)).rejects.toThrow('enough')
})

test('counts the time of failed requests against the limit', async () => {
  let time = 0
  const clock: Clock = { now: () => time, after: (_, fn) => (setImmediate(fn), () => {}) }
  const error = new BatchError('ServerBusy')
  const retry = createRetry({ policy, clock, random: () => 0.5, explain: () => ({ error, transient: true }) })
  let requests = 0
  const operation = (): Promise<never> => {
    requests++
    time += 100_000
    return Promise.reject(new Error('slow'))
  }
  await expect(retry(operation)).rejects.toBe(error)
  expect(requests).toBe(3)
})

test('waits on a timer that keeps the process alive until it is cancelled', async () => {
  let fired = 0
  const cancel = waitingClock.after(1, () => fired++)
  cancel()
  await new Promise<void>((resolve) => waitingClock.after(3, resolve))
  expect(fired).toBe(0)
})
