// Repeats requests that failed for a reason that passes. The Batch client's own retry waits half a minute before its
// first repetition and ignores 429, so it is off and this one takes its place.

import { sleep, type Clock } from '@malachite/model'

/** How often and how long to try. */
export interface RetryOptions {
  /** Requests in all. @default 10 */
  maxAttempts?: number
  /** Wait before the first repetition, milliseconds; it doubles each time. @default 250 */
  firstDelay?: number
  /** Longest wait that is not asked for by the service, milliseconds. @default 90 000 */
  maxDelay?: number
  /** Share by which a wait may be shorter or longer. @default 0.25 */
  jitter?: number
  /** No repetition starts later than this after the first request, milliseconds. @default 300 000 */
  maxElapsed?: number
}

export type RetryPolicy = Readonly<Required<RetryOptions>>

/** The policy with its defaults. */
export function resolveRetryPolicy(options: RetryOptions = {}): RetryPolicy {
  return {
    maxAttempts: options.maxAttempts ?? 10,
    firstDelay: options.firstDelay ?? 250,
    maxDelay: options.maxDelay ?? 90_000,
    jitter: options.jitter ?? 0.25,
    maxElapsed: options.maxElapsed ?? 300_000,
  }
}

/** A request that failed, and what follows from it. */
export interface Failure {
  /** What the caller gets when it ends here. */
  error: unknown
  /** True when the same request may succeed later. */
  transient: boolean
  /** Wait that the service asked for, milliseconds. */
  retryAfter?: number
  /** Requests in all for this kind of failure, when fewer than the policy's. */
  maxAttempts?: number
}

const TRANSIENT_STATUS = [408, 429, 500, 502, 503, 504]

/** True for answers that another time may be better. 501 and the other 4xx never are. */
export function isTransientStatus(status: number): boolean {
  return TRANSIENT_STATUS.includes(status)
}

/** Milliseconds to wait before the next request, or `undefined` to give up. `random` is in [0, 1). */
export function nextDelay(
  policy: RetryPolicy,
  failure: Omit<Failure, 'error'>,
  { attempt, elapsed, random }: { attempt: number; elapsed: number; random: number },
): number | undefined {
  const maxAttempts = Math.min(policy.maxAttempts, failure.maxAttempts ?? Infinity)
  if (!failure.transient || attempt >= maxAttempts) return undefined
  const growing = Math.min(policy.firstDelay * 2 ** (attempt - 1), policy.maxDelay)
  const delay = failure.retryAfter ?? growing * (1 + policy.jitter * (2 * random - 1))
  return elapsed + delay > policy.maxElapsed ? undefined : delay
}

/** The clock on the wall. Unlike the system clock of the model, its timers keep the process alive: a caller waits. */
export const waitingClock: Clock = {
  now: () => Date.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms)
    return () => clearTimeout(timer)
  },
}

export interface RetryParts {
  policy: RetryPolicy
  clock: Clock
  random: () => number
  explain: (error: unknown) => Failure
}

/** Runs an operation until it succeeds or repeating it is pointless; rejects with the last error, or on abort its reason. */
export type Retry = <Result>(operation: () => Promise<Result>, signal?: AbortSignal) => Promise<Result>

/** A `Retry` by a policy. */
export function createRetry({ policy, clock, random, explain }: RetryParts): Retry {
  return async (operation, signal) => {
    const start = clock.now()
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted()
      try {
        return await operation()
      } catch (error) {
        signal?.throwIfAborted()
        const failure = explain(error)
        const elapsed = clock.now() - start
        const delay = nextDelay(policy, failure, { attempt, elapsed, random: random() })
        if (delay === undefined) throw failure.error
        await sleep(clock, delay, signal)
      }
    }
  }
}
