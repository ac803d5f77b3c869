// One pool in a list: its size and what its nodes do.

import type { NodeCount, NodeCounts } from '@malachite/model'
import { Link } from 'wouter-preact'
import type { PoolView } from '../api.ts'
import { formatNumber, plural } from '../format.ts'
import { pageOf } from '../paths.ts'
import { lookOf } from '../states.ts'
import { Badge } from './badge.tsx'

export type PoolItem = Pick<
  PoolView,
  | 'id'
  | 'displayName'
  | 'state'
  | 'allocationState'
  | 'vmSize'
  | 'resizeErrors'
  | 'currentDedicatedNodes'
  | 'targetDedicatedNodes'
  | 'currentLowPriorityNodes'
  | 'targetLowPriorityNodes'
  | 'enableAutoScale'
>

/** What lists ask of pools. */
export const POOL_ITEM =
  'id,displayName,state,allocationState,vmSize,resizeErrors,currentDedicatedNodes,targetDedicatedNodes,currentLowPriorityNodes,targetLowPriorityNodes,enableAutoScale'

export interface PoolListProps {
  pools: readonly PoolItem[]
  counts: ReadonlyMap<string, NodeCounts>
}

/** Pools with their nodes by state. */
export function PoolList({ pools, counts }: PoolListProps) {
  return (
    <ul class="rows" aria-label="Pools">
      {pools.map((pool) => (
        <PoolRow key={pool.id} pool={pool} counts={counts.get(pool.id)} />
      ))}
    </ul>
  )
}

function PoolRow({ pool, counts }: { pool: PoolItem; counts: NodeCounts | undefined }) {
  const current = pool.currentDedicatedNodes + pool.currentLowPriorityNodes
  const target = pool.targetDedicatedNodes + pool.targetLowPriorityNodes
  return (
    <li class="row">
      <div class="row-name">
        <Link href={pageOf.pool(pool.id)}>
          <bdi>{pool.id}</bdi>
        </Link>
        {pool.displayName && <span class="faint">{pool.displayName}</span>}
      </div>
      <Badge state={pool.state === 'deleting' ? 'deleting' : pool.allocationState} />
      <div class="row-progress">
        {counts && <NodeStates counts={[counts.dedicated, counts.lowPriority]} />}
        {pool.resizeErrors && <span class="text-bad">{pool.resizeErrors[0]?.code}</span>}
      </div>
      <div class="row-side">
        <span>
          {current === target
            ? plural(current, 'node')
            : `${formatNumber(current)} of ${plural(target, 'node')}`}
        </span>
        <span class="faint">{pool.enableAutoScale ? 'autoscale' : pool.vmSize}</span>
      </div>
    </li>
  )
}

/** Nodes by state as small labels: letter and number. */
export function NodeStates({ counts }: { counts: readonly NodeCount[] }) {
  const sums = new Map<string, number>()
  for (const count of counts) {
    for (const [name, number] of Object.entries(count)) {
      // The counts are in camel case, the states are not.
      if (name !== 'total' && number > 0)
        sums.set(name.toLowerCase(), (sums.get(name.toLowerCase()) ?? 0) + number)
    }
  }
  if (sums.size === 0) return <span class="faint">no nodes</span>
  return (
    <span class="node-states">
      {[...sums].map(([state, number]) => (
        <Badge key={state} state={state} text={`${formatNumber(number)} ${lookOf(state).word}`} />
      ))}
    </span>
  )
}
