// Time is an argument everywhere: the engine, the orchestrator and the nodes read it from here, tests drive it.

/** A source of time that a test can replace. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
  /** Calls `fn` once after `ms` milliseconds. The returned function cancels it; cancelling twice is harmless. */
  after(ms: number, fn: () => void): () => void
}

/** Longest delay `setTimeout` takes, milliseconds; a longer one would fire at once. */
const MAX_TIMEOUT = 2 ** 31 - 1

/** The clock on the wall. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, fn) {
    if (ms > MAX_TIMEOUT) return afterLong(ms, fn)
    const timer = setTimeout(fn, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

function afterLong(ms: number, fn: () => void): () => void {
  let cancel = systemClock.after(MAX_TIMEOUT, () => {
    cancel = systemClock.after(ms - MAX_TIMEOUT, fn)
  })
  return () => cancel()
}

/** Where a clock begins and how fast it goes. */
export interface ClockPace {
  /** Its milliseconds per millisecond of the other clock. @default 1 */
  speed?: number
  /** What it shows first, milliseconds since 1970. @default what the other clock shows */
  start?: number
}

/** A clock that goes with another one, but faster, or ahead of it. */
export function clockBy(clock: Clock, { speed = 1, start = clock.now() }: ClockPace): Clock {
  const origin = clock.now()
  return {
    now: () => start + (clock.now() - origin) * speed,
    // Rounded up: who waits for a time finds that it has come.
    after: (ms, fn) => clock.after(Math.ceil(ms / speed), fn),
  }
}

/** Resolves after `ms` milliseconds of `clock`, or rejects with the signal's reason as soon as it is aborted. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error)
    const stop = (): void => {
      cancel()
      reject(signal?.reason as Error)
    }
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', stop)
      resolve()
    })
    signal?.addEventListener('abort', stop, { once: true })
  })
}
