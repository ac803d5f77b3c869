// Reads something again when it has changed: one request at a time, no more often than asked, never in a hidden tab.

/** What is known of something that is read from the server; what was read stays when reading it again fails. */
export interface Loaded<T> {
  data?: T
  error?: Error
}

export interface Loader {
  refresh: () => void
  stop: () => void
}

export interface LoaderOptions<T> {
  load: (signal: AbortSignal) => Promise<T>
  onLoad: (data: T) => void
  onError: (error: Error) => void
  /** Milliseconds from one request to the next, at least. */
  every: number
}

/** A loader that reads at every `refresh`, or as soon afterwards as it may. */
export function createLoader<T>({ load, onLoad, onError, every }: LoaderOptions<T>): Loader {
  const control = new AbortController()
  let isWanted = false
  let isBusy = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const run = async (): Promise<void> => {
    if (!isWanted || isBusy || timer !== undefined || document.hidden || control.signal.aborted) return
    isWanted = false
    isBusy = true
    try {
      const data = await load(control.signal)
      if (!control.signal.aborted) onLoad(data)
    } catch (error) {
      if (!control.signal.aborted) onError(error as Error)
    }
    isBusy = false
    timer = setTimeout(() => {
      timer = undefined
      void run()
    }, every)
  }
  const onVisible = (): void => void run()
  document.addEventListener('visibilitychange', onVisible)
  return {
    refresh() {
      isWanted = true
      void run()
    },
    stop() {
      control.abort()
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onVisible)
    },
  }
}
