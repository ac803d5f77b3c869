// What a sample for autoscale formulas consists of.

import type { PoolRow } from '../../storage/pools.ts'
import type { Core } from '../core/core.ts'
import type { Reading } from '../core/histories.ts'

/** What the metrics of a pool are now. */
export function readMetrics(core: Core, pool: PoolRow): Reading {
  const nodes = core.store.pools.nodeMetrics(pool.key)
  const tasks = core.store.pools.taskMetrics(pool.id)
  return {
    $ActiveTasks: tasks.active,
    $RunningTasks: tasks.running,
    $PendingTasks: tasks.active + tasks.running,
    $SucceededTasks: tasks.succeeded,
    $FailedTasks: tasks.failed,
    $TaskSlotsPerNode: pool.slots,
    $CurrentDedicatedNodes: nodes.dedicated,
    $CurrentLowPriorityNodes: nodes.lowPriority,
    $PreemptedNodeCount: nodes.preempted,
    $UsableNodeCount: nodes.usable,
    $SampleNodeCount: nodes.usable,
  }
}
