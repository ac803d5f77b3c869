// The fake clock: time stands still until a test moves it. Timers due are called in order.

import type { Clock } from '@malachite/model'

export interface VirtualClock extends Clock {
  /** Moves time forward, calling what falls due; a timer set by a timer is called as well if it falls due. */
  advance(ms: number): void
}

/** A clock that starts at 2026-01-01T00:00:00Z. */
export function createVirtualClock(start = Date.UTC(2026, 0, 1)): VirtualClock {
  let now = start
  let timers: { due: number; fn: () => void }[] = []

  function nextDue(limit: number): { due: number; fn: () => void } | undefined {
    const due = timers.filter((timer) => timer.due <= limit)
    return due.sort((a, b) => a.due - b.due)[0]
  }

  return {
    now: () => now,
    after(ms, fn) {
      const timer = { due: now + Math.max(0, ms), fn }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    advance(ms) {
      const limit = now + ms
      for (let timer = nextDue(limit); timer; timer = nextDue(limit)) {
        const current = timer
        timers = timers.filter((other) => other !== current)
        now = Math.max(now, current.due)
        current.fn()
      }
      now = limit
    },
  }
}
