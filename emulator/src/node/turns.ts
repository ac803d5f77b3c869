// What is quick for one command takes long for the hundred that one change may start: so many begin in one turn of the
// event loop, and requests and reports come in between.

/** Turns of the event loop to begin in. */
export interface Turns {
  /** Undefined when it is the caller's turn at once; else resolves when it is. */
  take(): Promise<void> | undefined
}

/** So many begin in one turn; who waits longest comes first. */
export function createTurns(size: number): Turns {
  const waiting: (() => void)[] = []
  let taken = 0

  const serve = (): void => {
    const next = waiting.splice(0, size)
    taken = next.length
    if (taken > 0) setImmediate(serve)
    for (const begin of next) begin()
  }
  return {
    take() {
      if (taken === 0) setImmediate(serve)
      if (taken === size) return new Promise((resolve) => waiting.push(resolve))
      taken += 1
      return undefined
    },
  }
}
