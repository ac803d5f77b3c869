// Tells whoever looks on what each change has written, once it is committed: state by state, because a window shows the
// past as well. While nobody looks on nothing is noted.

import type { Store } from '../../storage/store.ts'
import type { EngineChange } from '../api.ts'
import { type Notes, watchStore } from './watched-store.ts'

/** Receives what one change has written; must neither throw nor call back. */
export type Watcher = (changes: readonly EngineChange[]) => void

/** The eyes of those who look on. */
export interface Watch {
  /** The store through which changes write. */
  store: Store
  /** Tells of everything until the function that it returns is called. */
  subscribe(watcher: Watcher): () => void
  /** The change that wrote is committed. */
  tell(): void
  /** The change that wrote did not happen. */
  forget(): void
  /** Everything was deleted at once. */
  tellReset(): void
}

/** More ids than this are not remembered at once. */
const MOST_IDS = 10_000

const KINDS = ['pool', 'node', 'job', 'task', 'jobSchedule'] as const

/** Watches what is written to a store. `now` is the time of the change, microseconds. */
export function createWatch(store: Store, now: () => number): Watch {
  const watchers = new Set<Watcher>()
  // Rows do not say which state they had before; what was not seen before has none.
  const states = new Map<string, string>()
  const ids = new Map<string, string>()
  let changes: EngineChange[] = []
  const notes: Notes = {
    isOpen: () => watchers.size > 0,
    add: (change) => void changes.push(change),
    moveOf(name, state, at) {
      const from = states.get(name)
      states.set(name, state)
      if (from === state || (from === undefined && at !== now())) return undefined
      return { time: now(), ...(from !== undefined && { from }), to: state }
    },
    endOf(name, state) {
      states.delete(name)
      ids.delete(name)
      return { time: now(), from: state, to: 'deleted' }
    },
    idOf(name, read) {
      const id = ids.get(name) ?? read() ?? ''
      if (ids.size >= MOST_IDS) ids.clear()
      ids.set(name, id)
      return id
    },
    now,
  }
  const lose = (): void => {
    states.clear()
    ids.clear()
  }
  const send = (sent: readonly EngineChange[]): void => watchers.forEach((watcher) => watcher(sent))
  return {
    store: watchStore(store, notes),
    subscribe(watcher) {
      watchers.add(watcher)
      return () => {
        watchers.delete(watcher)
        if (watchers.size === 0) lose()
      }
    },
    tell() {
      if (changes.length === 0) return
      const sent = changes
      changes = []
      send(sent)
    },
    forget() {
      if (changes.length > 0) lose()
      changes = []
    },
    tellReset() {
      lose()
      send(KINDS.map((kind) => ({ kind })))
    },
  }
}
