// What keeps pools, jobs and machines from coming: the quotas of the account, and failures that somebody asked for.

import { BatchError, type NameValuePair, type ResizeError } from '@malachite/model'
import { type Bound, grant, type Kinds } from '../scheduler/grants.ts'
import { coresOf } from '../scheduler/vm-cores.ts'
import type { PoolBody } from '../schema/pool.ts'
import type { PoolRow } from '../storage/pools.ts'
import type { AllocationFailure } from './api.ts'
import type { Core } from './core/core.ts'

/** Nodes of a pool whose nodes may talk to each other. */
const MAX_TALKING_NODES = 100

/** Refuses a pool that the account may not have. */
export function requirePoolQuota({ quotas, store }: Core): void {
  if (quotas.pools !== undefined && store.quotas.poolCount() >= quotas.pools)
    throw new BatchError('PoolQuotaReached', { Quota: String(quotas.pools) })
}

/** Refuses a job or a job schedule that the account may not have. A schedule's own jobs count, but are never refused. */
export function requireJobQuota({ quotas, store }: Core): void {
  const { activeJobsAndSchedules: quota } = quotas
  if (quota !== undefined && store.quotas.activeCount() >= quota)
    throw new BatchError('ActiveJobAndScheduleQuotaReached', { Quota: String(quota) })
}

/**
 * Lets the next allocations of a pool fail; the pool need not exist yet, so that its first one can. What is asked for is
 * kept with the pools: it outlives a restart of the emulator and ends with a reset.
 */
export function failAllocations(core: Core, poolId: string, failure: AllocationFailure): void {
  const { code = 'AllocationFailed', nodes = 0, times = 1 } = failure
  core.store.quotas.planFailure({ poolId, code, nodes, times })
}

/** How many of the machines that a pool lacks it gets, and why not all. */
export function grantMachines(core: Core, pool: PoolRow, wanted: Kinds): ReturnType<typeof grant> {
  const failure = plannedFailure(core, pool)
  const bounds = [...failure, ...talkingNodes(core, pool), ...coreQuotas(core, pool)]
  const result = grant(wanted, bounds)
  if (failure.some(({ error }) => result.errors.includes(error))) core.store.quotas.spendFailure(pool.id)
  return result
}

const BOTH = ['dedicated', 'lowPriority'] as const

function plannedFailure(core: Core, pool: PoolRow): Bound[] {
  const failure = core.store.quotas.plannedFailure(pool.id)
  if (!failure) return []
  const message = MESSAGES[failure.code] ?? 'The allocation failed because it was asked to.'
  return [{ kinds: BOTH, room: failure.nodes, error: { code: failure.code, message } }]
}

const MESSAGES: Readonly<Record<string, string>> = {
  AllocationFailed: 'Desired number of nodes could not be allocated',
  AllocationTimedout:
    'Desired number of dedicated nodes could not be allocated as the resize timeout was reached',
  AccountCoreQuotaReached: 'The specified account has reached core quota',
  AccountLowPriorityCoreQuotaReached: 'The specified account has reached low priority core quota',
  CommunicationEnabledPoolReachedMaxVMCount:
    'A pool whose nodes may talk to each other has reached the maximum number of nodes',
}

function errorOf(code: string, facts: Readonly<Record<string, number>>): ResizeError {
  const values: NameValuePair[] = Object.entries(facts).map(([name, value]) => ({
    name,
    value: String(value),
  }))
  return { code, message: MESSAGES[code] ?? code, values }
}

function talkingNodes(core: Core, pool: PoolRow): Bound[] {
  const { enableInterNodeCommunication } = JSON.parse(pool.body) as PoolBody
  if (!enableInterNodeCommunication) return []
  const { dedicated, lowPriority } = core.store.pools.nodeTotals(pool.key)
  const error = errorOf('CommunicationEnabledPoolReachedMaxVMCount', { MaximumNodes: MAX_TALKING_NODES })
  return [{ kinds: BOTH, room: MAX_TALKING_NODES - dedicated - lowPriority, error }]
}

const CORE_QUOTAS = [
  { kind: 'dedicated', quota: 'dedicatedCores', code: 'AccountCoreQuotaReached' },
  { kind: 'lowPriority', quota: 'lowPriorityCores', code: 'AccountLowPriorityCoreQuotaReached' },
] as const

/** Nodes count as long as they are listed, whatever their state. */
function coreQuotas({ quotas, store }: Core, pool: PoolRow): Bound[] {
  return CORE_QUOTAS.flatMap(({ kind, quota: name, code }) => {
    const quota = quotas[name]
    if (quota === undefined) return []
    const cores = coresOf((JSON.parse(pool.body) as PoolBody).vmSize)
    const sizes = store.quotas.nodeSizes(kind === 'dedicated' ? 1 : 0)
    const used = sizes.reduce((sum, { vmSize, count }) => sum + coresOf(vmSize) * count, 0)
    const room = Math.floor((quota - used) / cores)
    return [{ kinds: [kind], room, error: errorOf(code, { Quota: quota, CoresPerNode: cores }) }]
  })
}
