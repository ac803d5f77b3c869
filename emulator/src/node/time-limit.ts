// The time limit of a task includes what comes before its command.

import type { Clock } from '@malachite/model'
import { CommandFailure, wallClockExceeded } from './failures.ts'

/** Whose time is measured, and what else may end it. */
export interface Limited {
  clock: Clock
  signal: AbortSignal
  /** Milliseconds; absent = no limit. */
  maxWallClockMs?: number | undefined
}

/**
 * Does the work within the limit and answers what is left of it, milliseconds.
 * @throws CommandFailure `TaskEnded` when the time is over before the work is done
 */
export async function withinLimit(
  { clock, signal, maxWallClockMs }: Limited,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<number | undefined> {
  if (maxWallClockMs === undefined) return work(signal).then(() => undefined)
  const end = clock.now() + maxWallClockMs
  const over = new AbortController()
  const cancel = clock.after(maxWallClockMs, () => over.abort())
  try {
    await work(AbortSignal.any([signal, over.signal]))
  } catch (error) {
    if (over.signal.aborted && !signal.aborted) throw new CommandFailure(wallClockExceeded(), error)
    throw error
  } finally {
    cancel()
  }
  return Math.max(0, end - clock.now())
}
