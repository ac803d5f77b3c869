// Work that nobody waits for until the runtime closes.

/** The register of such work. */
export interface Background {
  /** Keeps the work; its error goes to `onError`, unless the runtime is closing, which ends work with errors. */
  add(work: Promise<void>): void
  /** Starts a step when the steps of that name before it are over: a node is not removed while it boots. */
  next(name: string, step: () => Promise<void>): void
  onError(this: void, error: Error): void
  /** Resolves when nothing is left. */
  done(): Promise<void>
}

/** An empty register. */
export function createBackground(closing: AbortSignal, onError: (error: Error) => void): Background {
  const pending = new Set<Promise<void>>()
  const last = new Map<string, Promise<void>>()

  const add = (work: Promise<void>): Promise<void> => {
    const done = work
      .catch((error: Error) => {
        if (!closing.aborted) onError(error)
      })
      .finally(() => pending.delete(done))
    pending.add(done)
    return done
  }
  return {
    onError,
    add: (work) => void add(work),
    next(name, step) {
      const work = add((last.get(name) ?? Promise.resolve()).then(step)).then(() => {
        if (last.get(name) === work) last.delete(name)
      })
      last.set(name, work)
    },
    async done() {
      await Promise.all(pending)
    },
  }
}
