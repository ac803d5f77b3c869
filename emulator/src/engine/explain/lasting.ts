// How much longer a slow profile lets things take that pass by themselves: told with the cause.

import type { Fact } from '@malachite/model'
import type { PoolRow } from '../../storage/pools.ts'
import { toIso } from '../../storage/time.ts'
import type { Core } from '../core/core.ts'
import { JOB_STEPS } from '../jobs/job-life.ts'
import { dueAt } from '../core/pace.ts'
import type { Cause } from './causes.ts'
import type { Facts, Finding } from './finding.ts'

/** When something is over, milliseconds since 1970, if anything is known about that. */
type Until = (core: Core, facts: Facts) => number | undefined

/** The finding, with the time that the profile still takes for what it names. */
export function withTimeLeft(core: Core, finding: Finding): Finding {
  const until = UNTIL.get(finding.cause)?.(core, finding.details ?? {})
  const left = until === undefined ? 0 : until - core.clock.now()
  if (until === undefined || left <= 0) return finding
  const [time, secondsLeft] = [toIso(Math.round(until * 1000)), Math.max(0.1, Math.round(left / 100) / 10)]
  return {
    ...finding,
    sentence: `${finding.sentence} The profile takes another ${secondsLeft} s for that, until ${time}.`,
    details: { ...finding.details, secondsLeft, until: time },
  }
}

function textOf(fact: Fact | undefined): string {
  return typeof fact === 'string' ? fact : ''
}

const bootOf: Until = ({ store, waits }, { nodeId }) => {
  const node = store.nodes.byId(textOf(nodeId))
  return node && waits?.boot(node.boot)
}

const stopOf: Until = ({ store, waits }, { nodeId }) => {
  const node = store.nodes.byId(textOf(nodeId))
  return node && waits?.stop(node.boot)
}

const resizeOf: Until = (core, { poolId }) => {
  const pool = core.store.pools.byId(textOf(poolId))
  if (pool?.allocationState !== 'stopping') return pool && core.waits?.allocation(pool.id, pool.resize)
  return dueAt(core, 'resizeStopping', pool.id, pool.allocationAt) / 1000
}

/** The last of the nodes that leave, if it is known of all. */
const leavingOf: Until = ({ waits }, { nodeIds, tasks }) => {
  const ids = Array.isArray(nodeIds) && tasks === 0 ? nodeIds : []
  return latest(ids.map((id) => waits?.removal(id)))
}

const poolDeletionOf: Until = (core, { poolId }) => {
  const pool = core.store.pools.byId(textOf(poolId))
  return pool && latest([dueAt(core, 'poolDeleting', pool.id, pool.stateAt) / 1000, ...removals(core, pool)])
}

function removals({ store, waits }: Core, pool: PoolRow): (number | undefined)[] {
  return store.nodes.ofPool(pool.key).map(({ id }) => waits?.removal(id))
}

const jobStepOf: Until = (core, { jobId }) => {
  const job = core.store.jobs.byId(textOf(jobId))
  const step = job && JOB_STEPS[job.state]
  return job && step && dueAt(core, step, job.id, job.stateAt) / 1000
}

const roundOf: Until = (core, { poolId }) => {
  const pool = core.store.pools.byId(textOf(poolId))
  return pool && core.nextRound(pool.key)
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length > 0 && known.length === times.length ? Math.max(...known) : undefined
}

const UNTIL: ReadonlyMap<string, Until> = new Map<Cause, Until>([
  ['TaskAboutToStart', roundOf],
  ['NodeStarting', bootOf],
  ['NodeDeallocated', stopOf],
  ['NodeLeaving', ({ waits }, { nodeId }) => waits?.removal(textOf(nodeId))],
  ['PoolAllocating', resizeOf],
  ['PoolShrinking', leavingOf],
  ['PoolBeingDeleted', poolDeletionOf],
  ['JobInTransit', jobStepOf],
])
