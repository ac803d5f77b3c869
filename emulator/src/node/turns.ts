// What is quick for one command takes long for the hundred that one change may start: in one turn of the event loop begin
// as many as there is time for, and requests and reports come in between.

/** Turns of the event loop to begin in. */
export interface Turns {
  /** Undefined when it is the caller's turn at once; else resolves when it is. */
  take(): Promise<void> | undefined
}

/** In each turn so many milliseconds are for beginning, at least one begins; who waits longest comes first. */
export function createTurns(milliseconds: number, now: () => number = () => performance.now()): Turns {
  const waiting = new Set<() => void>()
  let isOpen = false
  let end = 0

  const open = (): void => {
    isOpen = true
    end = now() + milliseconds
    setImmediate(close)
  }
  const close = (): void => {
    isOpen = false
    if (waiting.size === 0) return
    open()
    serve()
  }
  const serve = (): void => {
    const [begin] = waiting
    if (!begin) return
    waiting.delete(begin)
    begin()
    // Who waited does its work before this looks at the time.
    queueMicrotask(() => {
      if (now() < end) serve()
    })
  }
  return {
    take() {
      if (!isOpen) open()
      else if (waiting.size > 0 || now() >= end) return new Promise((resolve) => waiting.add(resolve))
      return undefined
    },
  }
}
