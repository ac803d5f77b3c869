// Time that the service takes for what an engine can do at once. Without a pace there is none, and nothing is asked.

import type { Core } from './core.ts'

/** What the engine does itself and may take its time for. */
export type Paced =
  | 'scheduling'
  | 'disabling'
  | 'enabling'
  | 'terminating'
  | 'deleting'
  | 'resizeStopping'
  | 'poolDeleting'
  | 'certificateDeleting'

/** How many milliseconds something takes; always the same for one name. */
export type Pace = (what: Paced, name: string) => number

/** When that which began at `since` has taken its time; both microseconds. */
export function dueAt(core: Core, what: Paced, name: string, since: number): number {
  return core.pace ? since + core.pace(what, name) * 1000 : since
}

/** Whether that which began at `since` (microseconds) has taken its time; sees to it that a tick comes when it has. */
export function isOver(core: Core, what: Paced | undefined, name: string, since: number): boolean {
  if (!core.pace || what === undefined) return true
  const due = dueAt(core, what, name, since)
  if (due <= core.now()) return true
  core.wakeBy(Math.ceil(due / 1000))
  return false
}

/** The rounds in which waiting tasks get their nodes: what comes up before a pool's next one waits for it. */
export interface Rounds {
  /** There is something to schedule on this pool. `now` and all times are milliseconds. */
  add(pool: number, now: number): void
  /** The pools whose round is due, each once. */
  take(now: number): number[]
  /** When the next one is due; Infinity for never. */
  next(): number
}

/** Rounds at the pace of `scheduling`. They are lost with the engine: nodes that come up again begin new ones. */
export function createRounds(pace: Pace): Rounds {
  const due = new Map<number, number>()
  let count = 0
  return {
    add(pool, now) {
      if (!due.has(pool)) due.set(pool, now + pace('scheduling', String(count++)))
    },
    take(now) {
      const pools = Array.from(due).flatMap(([pool, time]) => (time <= now ? [pool] : []))
      for (const pool of pools) due.delete(pool)
      return pools
    },
    next: () => Math.min(...due.values()),
  }
}
