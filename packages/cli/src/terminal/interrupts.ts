// Ctrl-C, SIGTERM and a closed terminal: the first asks the work to end, a second one ends it at once.

/** What to do when the process is asked to end. */
export interface InterruptHandlers {
  /** The first time, before the signal is aborted. */
  onFirst: () => void
  /** Whenever it happens again. */
  onSecond: () => void
  /** Milliseconds since any moment. @default performance.now */
  now?: () => number
}

/** Listening to signals. */
export interface Interrupts {
  /** Aborted by the first one. */
  signal: AbortSignal
  /** Acts as if a signal had come: a terminal in raw mode sends none for Ctrl-C. */
  interrupt(): void
  /** Gives the signals back their usual effect. */
  stop(): void
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

// npm and pnpm pass on the SIGINT that the terminal has sent to the whole process group: one Ctrl-C arrives up to three
// times within milliseconds.
const SAME_KEY_MS = 500

/** Listens to signals until `stop()`; `signal` is aborted by the first. */
export function watchInterrupts(handlers: InterruptHandlers): Interrupts {
  const { onFirst, onSecond, now = () => performance.now() } = handlers
  const controller = new AbortController()
  let firstAt = 0
  const listener = (): void => {
    if (controller.signal.aborted) {
      if (now() - firstAt > SAME_KEY_MS) onSecond()
      return
    }
    firstAt = now()
    onFirst()
    controller.abort(new DOMException('Interrupted', 'AbortError'))
  }
  for (const name of SIGNALS) process.on(name, listener)
  return {
    signal: controller.signal,
    interrupt: listener,
    stop() {
      for (const name of SIGNALS) process.removeListener(name, listener)
    },
  }
}
