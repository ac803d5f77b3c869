// The hook by which components read from the server and stay up to date.

import { useEffect, useRef, useState } from 'preact/hooks'
import { touches, type Topic } from './changes.ts'
import { listening, onChange } from './live.ts'
import { createLoader, type Loaded, type Loader } from './loader.ts'

export interface Resource<T> extends Loaded<T> {
  refresh: () => void
}

export interface ResourceOptions<T> {
  /** Another key is another thing: what was read of the one before is forgotten. Undefined: nothing to read yet. */
  key: string | undefined
  load: (signal: AbortSignal) => Promise<T>
  /** What it depends on: it is read again when one of these changes. */
  topics: readonly Topic[]
  /** Milliseconds between two requests, at least. @default 400 */
  every?: number
}

/** Reads something now and whenever it changes. */
export function useResource<T>({ key, load, topics, every = 400 }: ResourceOptions<T>): Resource<T> {
  const [state, setState] = useState<{ key?: string | undefined; loaded: Loaded<T> }>({ loaded: {} })
  const latest = useRef({ load, topics })
  latest.current = { load, topics }
  const loader = useRef<Loader>(undefined)
  useEffect(() => {
    if (key === undefined) return undefined
    const update = (change: Loaded<T>): void =>
      setState((old) => ({ key, loaded: { ...(old.key === key && old.loaded), ...change } }))
    const created = createLoader<T>({
      load: async (signal) => {
        await listening
        return latest.current.load(signal)
      },
      onLoad: (data) => setState({ key, loaded: { data } }),
      onError: (error) => update({ error }),
      every,
    })
    loader.current = created
    const stopListening = onChange((change) => {
      if (touches(change, latest.current.topics)) created.refresh()
    })
    created.refresh()
    return () => {
      stopListening()
      created.stop()
    }
  }, [key, every])
  const loaded = state.key === key && key !== undefined ? state.loaded : {}
  return { ...loaded, refresh: () => loader.current?.refresh() }
}
