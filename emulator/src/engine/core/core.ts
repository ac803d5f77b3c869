// The heart of the engine: one change = one transaction = rows edited, waiting tasks scheduled, effects handed out
// after the commit. If anything throws, nothing happened and no effect escapes.

import assert from 'node:assert'
import type { Clock, Quotas } from '@malachite/model'
import type { NodeRow } from '../../storage/nodes.ts'
import type { Store } from '../../storage/store.ts'
import type { Application, Effect } from './effects.ts'
import { createHistories, type Histories } from './histories.ts'
import { createRegistries, type Registries } from './registries.ts'
import { createRounds, type NodeWaits, type Pace } from './rounds.ts'
import { createWatch, type Watch } from './watch.ts'

/** What an engine is made of. */
export interface EngineParts {
  store: Store
  clock: Clock
  account: { name: string }
  /** 64 hexadecimal digits that were never given before. */
  newId: () => string
  /** The application packages that there are now, by id; asked whenever it matters. @default none */
  applications?: () => readonly Application[]
  /** What the account may have at most. @default unlimited */
  quotas?: Quotas
  /** What the engine does itself takes so long. @default no time at all */
  pace?: Pace
  /** How much longer the nodes take their time, for those who ask. @default no time at all */
  waits?: NodeWaits
  /** Carries out effects; called after the commit, must not call back at once. */
  perform: (effects: readonly Effect[]) => void
}

/** What the end of a task brings upon its job; `finish`: it was the job manager. */
export type JobAction = (typeof JOB_ACTIONS)[number]

/** Of what several tasks ask in one change, that which ends the job comes first; the rest has no effect then. */
const JOB_ACTIONS = ['terminate', 'finish', 'disable'] as const

/** What every verb works with. `now`, `emit`, `tickSoon`, `wake` and `touch` exist within a change only. */
export interface Core extends Omit<EngineParts, 'perform' | 'applications' | 'quotas'> {
  applications(this: void): readonly Application[]
  readonly quotas: Quotas
  /** Samples for autoscale formulas. */
  readonly histories: Histories
  /** Passwords of registries. */
  readonly registries: Registries
  /** Those who look on. */
  readonly watch: Pick<Watch, 'subscribe' | 'tellReset'>
  /** Edits rows in one transaction; changes do not nest. */
  change<T>(body: () => T): T
  /** The time of this change, microseconds. */
  now(): number
  /** Microseconds now, later than any that was handed out before: they name tries and order queues as well. */
  stamp(): number
  emit(effect: Effect): void
  /** Asks for a `tick` as soon as this change is over; one for all that ask for it before it comes. */
  tickSoon(): void
  /** The tick that was asked for is here: what asks from now on needs another one. */
  beginTick(): void
  /**
   * Asks for a `tick` at this time (milliseconds), unless one before it is awaited that this asked for: who calls it
   * in the tick as well, for what comes next, has one timer for any number of things to come.
   */
  wakeBy(time: number): void
  /** Slots came free on this pool, or tasks for it: schedule at the end of the change, or in the pool's next round. */
  wake(pool: number): void
  /** When the scheduler looks at this pool next, milliseconds; `undefined` when nothing is asked of it, or at once. */
  nextRound(pool: number): number | undefined
  /** The end of a task demands this of its job: done at the end of the change, before anything is scheduled. */
  actOnJob(job: number, action: JobAction): void
  /** This node has changed: its state is settled at the end of the change, by the last row given here. */
  touch(node: NodeRow): void
}

/** What comes at the end of every change, in this order. */
export interface Endings {
  actOnJob(core: Core, job: number, action: JobAction): void
  schedule(core: Core, pool: number): void
  settleNode(core: Core, node: NodeRow): void
}

/** What one change gathers. */
interface Change {
  now: number
  effects: Effect[]
  pools: Set<number>
  jobs: Map<number, Set<JobAction>>
  nodes: Map<string, NodeRow>
  /** When a tick is needed, milliseconds. */
  wakeBy: number
  isTickNeeded: boolean
}

function createChange(now: number): Change {
  return {
    now,
    effects: [],
    pools: new Set(),
    jobs: new Map(),
    nodes: new Map(),
    wakeBy: Infinity,
    isTickNeeded: false,
  }
}

export function createCore({ perform, ...parts }: EngineParts, endings: Endings): Core {
  const { store, clock } = parts
  let latest = store.latestTime()
  let change: Change | undefined
  let nextWake = Infinity
  let isTickComing = false
  const rounds = parts.pace && createRounds(parts.pace)
  const watch = createWatch(store, () => current().now)

  function stamp(): number {
    latest = Math.max(Math.floor(clock.now() * 1000), latest + 1)
    return latest
  }

  function current(): Change {
    assert(change, 'outside of a change')
    return change
  }

  /** Of all that a change asks for, the first counts: the tick that it brings asks for the others again. */
  function wakeOnce(time: number): void {
    if (time === Infinity || (nextWake > clock.now() && nextWake <= time)) return
    nextWake = time
    core.emit({ type: 'wakeAt', time })
  }

  function run<T>(mine: Change, body: () => T): T {
    const result = body()
    for (const [job, actions] of mine.jobs) {
      for (const action of JOB_ACTIONS) if (actions.has(action)) endings.actOnJob(core, job, action)
    }
    if (rounds) for (const pool of rounds.take(clock.now())) mine.pools.add(pool)
    for (const pool of mine.pools) endings.schedule(core, pool)
    for (const node of mine.nodes.values()) endings.settleNode(core, node)
    wakeOnce(rounds ? Math.min(mine.wakeBy, rounds.next()) : mine.wakeBy)
    if (mine.isTickNeeded && !isTickComing) {
      isTickComing = true
      core.emit({ type: 'wakeAt', time: clock.now() })
    }
    return result
  }

  const core: Core = {
    ...parts,
    store: watch.store,
    watch,
    applications: parts.applications ?? (() => []),
    quotas: parts.quotas ?? {},
    histories: createHistories(),
    registries: createRegistries(),
    stamp,
    now: () => current().now,
    emit: (effect) => void current().effects.push(effect),
    tickSoon: () => void (current().isTickNeeded = true),
    beginTick: () => void (isTickComing = false),
    wakeBy: (time) => void (current().wakeBy = Math.min(current().wakeBy, time)),
    wake: rounds ? (pool) => rounds.add(pool, clock.now()) : (pool) => void current().pools.add(pool),
    nextRound: (pool) => rounds?.of(pool),
    actOnJob: (job, action) => {
      const { jobs } = current()
      jobs.set(job, (jobs.get(job) ?? new Set()).add(action))
    },
    touch: (node) => void current().nodes.set(node.id, node),
    change(body) {
      assert(!change, 'a change within a change')
      const mine = createChange(stamp())
      change = mine
      try {
        return store.transaction(() => run(mine, body))
      } catch (error) {
        mine.effects.length = 0
        nextWake = Infinity
        isTickComing = false
        watch.forget()
        throw error
      } finally {
        change = undefined
        if (mine.effects.length > 0) perform(mine.effects)
        watch.tell()
      }
    },
  }
  return core
}
