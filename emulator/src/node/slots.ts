// The host's bound on processes that run at the same time, so that 200 nodes with 4 slots each do not freeze a laptop.
// A queue library costs more per task than the whole bound is worth while it is not reached.

/** Slots to take and give back. */
export interface Slots {
  /** Resolves with the function that gives the slot back; rejects with the signal's reason once it is aborted. */
  take(signal: AbortSignal): Promise<() => void>
}

/** So many slots; who waits longest gets the next one. */
export function createSlots(count: number): Slots {
  const waiting = new Set<() => void>()
  let free = count

  const giveBack = (): void => {
    const [next] = waiting
    if (next) next()
    else free += 1
  }
  /** The slot can be given back once. */
  const taken = (): (() => void) => {
    let isTaken = true
    return () => {
      if (isTaken) giveBack()
      isTaken = false
    }
  }
  return {
    take(signal) {
      if (signal.aborted) return Promise.reject(signal.reason as Error)
      if (free > 0) {
        free -= 1
        return Promise.resolve(taken())
      }
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          waiting.delete(enter)
          reject(signal.reason as Error)
        }
        const enter = (): void => {
          waiting.delete(enter)
          signal.removeEventListener('abort', leave)
          resolve(taken())
        }
        waiting.add(enter)
        signal.addEventListener('abort', leave, { once: true })
      })
    },
  }
}
