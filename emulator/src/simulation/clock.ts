// Time that goes as fast as the work in it: timers due are called one after the other, nobody waits.

import type { Clock } from '@malachite/model'

/** A clock that stands still until it is moved. */
export interface SimulatedClock extends Clock {
  /** Moves on to this time (milliseconds since 1970), calling what falls due on the way, later timers included. */
  advanceTo(time: number): void
}

interface Timer {
  due: number
  fn: () => void
}

/** A clock that stands at `start`, milliseconds since 1970. */
export function createSimulatedClock(start: number): SimulatedClock {
  let now = start
  /** The next one last. */
  const timers: Timer[] = []

  function after(ms: number, fn: () => void): () => void {
    const timer = { due: now + Math.max(0, ms), fn }
    timers.splice(countLater(timers, timer.due), 0, timer)
    return () => {
      const index = timers.indexOf(timer)
      if (index >= 0) timers.splice(index, 1)
    }
  }

  function takeDue(limit: number): Timer | undefined {
    return (timers.at(-1)?.due ?? Infinity) <= limit ? timers.pop() : undefined
  }

  return {
    now: () => now,
    after,
    advanceTo(time) {
      for (let timer = takeDue(time); timer; timer = takeDue(time)) {
        now = timer.due
        timer.fn()
      }
      now = Math.max(now, time)
    },
  }
}

/** How many timers are due later than `due`: of those for the same time the first that was set is called first. */
function countLater(timers: readonly Timer[], due: number): number {
  let [low, high] = [0, timers.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((timers[middle]?.due ?? 0) > due) low = middle + 1
    else high = middle
  }
  return low
}
