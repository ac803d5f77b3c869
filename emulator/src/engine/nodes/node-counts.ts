// The count of nodes by state, for each pool.

import type { NodeCount, NodeCounts, NodeState } from '@malachite/model'
import { evaluateFilter } from '../../odata/compile.ts'
import { pageOf } from '../../odata/page.ts'
import type { NodeCountRow } from '../../storage/nodes.ts'
import type { ListQuery, Page } from '../api.ts'
import type { Core } from '../core/core.ts'

/** With the states of newer API versions, which the http layer leaves out for older ones. */
type AllCounts = NodeCount & { deallocated: number; deallocating: number }

// Two-word states are camel-case here though lower-case everywhere else: the service does so. States of newer API
// versions have no member of their own.
const MEMBERS: Record<NodeState, Exclude<keyof AllCounts, 'total'>> = {
  creating: 'creating',
  deallocated: 'deallocated',
  deallocating: 'deallocating',
  idle: 'idle',
  leavingpool: 'leavingPool',
  offline: 'offline',
  preempted: 'preempted',
  rebooting: 'rebooting',
  reimaging: 'reimaging',
  running: 'running',
  starting: 'starting',
  starttaskfailed: 'startTaskFailed',
  unusable: 'unusable',
  unknown: 'unknown',
  waitingforstarttask: 'waitingForStartTask',
}

/** All pools in the order of their ids, those without nodes included; filter on `poolId`. */
export function countNodes(core: Core, query: ListQuery): Page<NodeCounts> {
  const matches = evaluateFilter(query.filter, { poolId: 'text' })
  const rows = Map.groupBy(core.store.nodes.counts(), (row) => row.pool)
  const pools = core.store.pools.all().map((pool) => pool.id)
  const wanted = pools.filter((poolId) => matches({ poolId }))
  const { items, ...rest } = pageOf(wanted, query, (poolId) => poolId)
  return { ...rest, items: items.map((poolId) => count(poolId, rows.get(poolId) ?? [])) }
}

function count(poolId: string, rows: NodeCountRow[]): NodeCounts {
  return {
    poolId,
    dedicated: sum(rows.filter((row) => row.dedicated)),
    lowPriority: sum(rows.filter((row) => !row.dedicated)),
  }
}

function sum(rows: NodeCountRow[]): AllCounts {
  const counts = Object.fromEntries(
    Object.values(MEMBERS).map((member) => [member, 0]),
  ) as unknown as AllCounts
  for (const row of rows) counts[MEMBERS[row.state]] += row.count
  return { ...counts, total: rows.reduce((total, row) => total + row.count, 0) }
}
