// What has changed since the page was last told: names, not events, so that 100,000 changes are as small as one.

import type { UpstreamChange } from './upstream.ts'

/** As many names of a kind as a message has; more become `true`: anything of that kind may have changed. */
const MOST = 200

const MEMBERS = {
  pool: 'pools',
  node: 'nodes',
  job: 'jobs',
  task: 'tasks',
  jobSchedule: 'jobSchedules',
} as const

type Kind = UpstreamChange['kind']

/** What a page is told: ids by kind, of nodes those of their pools, of tasks those of their jobs; `true` = any. */
export type ChangeMessage = Partial<Record<(typeof MEMBERS)[Kind], readonly string[] | true>>

/** Gathers changes. */
export interface Pending {
  add(change: UpstreamChange): void
  /** What was gathered, and nothing is from now on; `undefined` for nothing. */
  take(): ChangeMessage | undefined
}

export function createPending(): Pending {
  const names = new Map<Kind, Set<string> | true>()
  return {
    add({ kind, id }) {
      const known = names.get(kind)
      if (known === true) return
      if (id === undefined || (known && known.size >= MOST && !known.has(id))) names.set(kind, true)
      else if (known) known.add(id)
      else names.set(kind, new Set([id]))
    },
    take() {
      if (names.size === 0) return undefined
      const message = Object.fromEntries(
        [...names].map(([kind, ids]) => [MEMBERS[kind], ids === true ? true : [...ids]]),
      )
      names.clear()
      return message
    },
  }
}
