// The heart of the engine: one change = one transaction = rows edited, waiting tasks scheduled, effects handed out
// after the commit. If anything throws, nothing happened and no effect escapes.

import assert from 'node:assert'
import type { Clock } from '@malachite/model'
import type { NodeRow } from '../storage/nodes.ts'
import type { Store } from '../storage/store.ts'
import type { Effect } from './effects.ts'
import { schedule } from './schedule.ts'
import { settleNode } from './node-life.ts'

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

export type Core = ReturnType<typeof createCore>

export function createCore({ store, clock, account, newId, perform }: EngineParts) {
  let latest = store.latestTime()
  let change: Change | undefined

  /** Microseconds now, later than any that was handed out before: they name tries and order queues as well. */
  function stamp(): number {
    latest = Math.max(Math.floor(clock.now() * 1000), latest + 1)
    return latest
  }

  function current(): Change {
    assert(change, 'outside of a change')
    return change
  }

  const core = {
    store,
    clock,
    account,
    newId,
    stamp,
    /** The time of this change, microseconds. */
    now: () => current().now,
    emit: (effect: Effect) => void current().effects.push(effect),
    /** Asks for a `tick` as soon as this change is over. */
    tickSoon: () => core.emit({ type: 'wakeAt', time: clock.now() }),
    /** Slots came free on this pool, or tasks for it: schedule at the end of the change. */
    wake: (pool: number) => void current().pools.add(pool),
    /** This node has changed: its state is settled at the end of the change, by the last row given here. */
    touch: (node: NodeRow) => void current().nodes.set(node.id, node),
    change<T>(body: () => T): T {
      assert(!change, 'a change within a change')
      const mine: Change = { now: stamp(), effects: [], pools: new Set(), nodes: new Map() }
      change = mine
      try {
        return store.transaction(() => {
          const result = body()
          for (const pool of mine.pools) schedule(core, pool)
          for (const node of mine.nodes.values()) settleNode(core, node)
          return result
        })
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

/** What one change gathers. */
interface Change {
  now: number
  effects: Effect[]
  pools: Set<number>
  nodes: Map<string, NodeRow>
}
