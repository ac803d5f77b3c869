// The heart of the engine: one change = one transaction = rows edited, waiting tasks scheduled, effects handed out
// after the commit. If anything throws, nothing happened and no effect escapes.

import assert from 'node:assert'
import type { Clock } from '@malachite/model'
import type { NodeRow } from '../storage/nodes.ts'
import type { Store } from '../storage/store.ts'
import type { Effect } from './effects.ts'

/** What an engine is made of. */
export interface EngineParts {
  store: Store
  clock: Clock
  account: { name: string }
  /** 64 hexadecimal digits that were never given before. */
  newId: () => string
  /** Carries out effects; called after the commit, must not call back at once. */
  perform: (effects: readonly Effect[]) => void
}

/** What every verb works with. `now`, `emit`, `tickSoon`, `wake` and `touch` exist within a change only. */
export interface Core extends Omit<EngineParts, 'perform'> {
  /** Edits rows in one transaction; changes do not nest. */
  change<T>(body: () => T): T
  /** The time of this change, microseconds. */
  now(): number
  /** Microseconds now, later than any that was handed out before: they name tries and order queues as well. */
  stamp(): number
  emit(effect: Effect): void
  /** Asks for a `tick` as soon as this change is over. */
  tickSoon(): void
  /** Slots came free on this pool, or tasks for it: schedule at the end of the change. */
  wake(pool: number): void
  /** This node has changed: its state is settled at the end of the change, by the last row given here. */
  touch(node: NodeRow): void
}

/** What comes at the end of every change, in this order. */
export interface Endings {
  schedule(core: Core, pool: number): void
  settleNode(core: Core, node: NodeRow): void
}

/** What one change gathers. */
interface Change {
  now: number
  effects: Effect[]
  pools: Set<number>
  nodes: Map<string, NodeRow>
}

export function createCore({ perform, ...parts }: EngineParts, endings: Endings): Core {
  const { store, clock } = parts
  let latest = store.latestTime()
  let change: Change | undefined

  function stamp(): number {
    latest = Math.max(Math.floor(clock.now() * 1000), latest + 1)
    return latest
  }

  function current(): Change {
    assert(change, 'outside of a change')
    return change
  }

  function run<T>(mine: Change, body: () => T): T {
    const result = body()
    for (const pool of mine.pools) endings.schedule(core, pool)
    for (const node of mine.nodes.values()) endings.settleNode(core, node)
    return result
  }

  const core: Core = {
    ...parts,
    stamp,
    now: () => current().now,
    emit: (effect) => void current().effects.push(effect),
    tickSoon: () => core.emit({ type: 'wakeAt', time: clock.now() }),
    wake: (pool) => void current().pools.add(pool),
    touch: (node) => void current().nodes.set(node.id, node),
    change(body) {
      assert(!change, 'a change within a change')
      const mine: Change = { now: stamp(), effects: [], pools: new Set(), nodes: new Map() }
      change = mine
      try {
        return store.transaction(() => run(mine, body))
      } catch (error) {
        mine.effects.length = 0
        throw error
      } finally {
        change = undefined
        if (mine.effects.length > 0) perform(mine.effects)
      }
    },
  }
  return core
}
