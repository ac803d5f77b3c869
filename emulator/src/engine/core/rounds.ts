// How long the service takes for what an engine can do at once, and the rounds of its scheduler that come of it.

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

/** Until when the nodes take their time, milliseconds since 1970; `undefined` when nothing of it is waited for. */
export interface NodeWaits {
  allocation(poolId: string, resize: number): number | undefined
  boot(boot: number): number | undefined
  stop(boot: number): number | undefined
  removal(nodeId: string): number | undefined
}

/** The rounds in which waiting tasks get their nodes: what comes up before a pool's next one waits for it. */
export interface Rounds {
  /** There is something to schedule on this pool. `now` and all times are milliseconds. */
  add(pool: number, now: number): void
  /** The pools whose round is due, each once. */
  take(now: number): number[]
  /** When the next one is due; Infinity for never. */
  next(): number
  /** When that of a pool is due, unless it has none. */
  of(pool: number): number | undefined
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
    of: (pool) => due.get(pool),
  }
}
