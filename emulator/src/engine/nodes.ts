// The verbs of nodes.

import {
  BatchError,
  type BatchErrorCode,
  type NodeDeallocationOption,
  type NodeState,
  type Pool,
} from '@malachite/model'
import { parseDisableScheduling, parseReboot } from '../schema/node.ts'
import { type NodeRow, viewNode } from '../storage/nodes.ts'
import type { PoolRow } from '../storage/pools.ts'
import { viewExecution } from '../storage/tasks.ts'
import type { Engine } from './api.ts'
import type { Core } from './core.ts'
import { requireNode, requirePool } from './lookup.ts'
import { boot, clearTasks, moveNode } from './node-life.ts'
import { REBOOTABLE } from './states.ts'

/** How many tasks a node remembers. */
const RECENT_TASKS = 10

export function createNodes(core: Core): Engine['nodes'] {
  return {
    get: (poolId, nodeId) => {
      const pool = requirePool(core, poolId)
      return view(core, requireNode(core, pool, nodeId), pool)
    },
    list: (poolId, query = {}) => {
      const pool = requirePool(core, poolId)
      const { rows, next } = core.store.nodes.page(pool.key, query)
      const items = rows.map((row) => view(core, row, pool, query.select))
      return next === undefined ? { items } : { items, next }
    },
    reboot: (poolId, nodeId, input) => {
      const option = parseReboot(input).nodeRebootOption
      core.change(() => rebootNode(core, poolId, nodeId, option))
    },
    disableScheduling: (poolId, nodeId, input) => {
      const option = parseDisableScheduling(input).nodeDisableSchedulingOption
      core.change(() => {
        const node = setScheduling(core, poolId, nodeId, 0)
        if (option !== 'taskcompletion') clearTasks(core, node, option)
      })
    },
    enableScheduling: (poolId, nodeId) => {
      core.change(() => {
        const node = setScheduling(core, poolId, nodeId, 1)
        if (node.state === 'offline') moveNode(core, node, 'ready')
        core.wake(node.pool)
      })
    },
  }
}

function view(core: Core, row: NodeRow, pool: PoolRow, select?: readonly string[]) {
  const { vmSize } = JSON.parse(pool.body) as Pick<Pool, 'vmSize'>
  const wanted = !select || select.includes('recentTasks')
  const recent = wanted ? core.store.tasks.recent(row.id, RECENT_TASKS) : []
  const recentTasks = recent.map((task) => ({
    jobId: task.jobId,
    taskId: task.id,
    taskState: task.state,
    executionInfo: viewExecution(task),
  }))
  return viewNode(row, vmSize, recentTasks, select)
}

function rebootNode(core: Core, poolId: string, nodeId: string, option: NodeDeallocationOption): void {
  const pool = requirePool(core, poolId)
  const node = requireNode(core, pool, nodeId)
  if (!REBOOTABLE.includes(node.state))
    throw new BatchError(REFUSALS[node.state] ?? 'OperationNotValidOnNode')
  if (option === 'taskcompletion' || option === 'retaineddata') refuseOption(option)
  clearTasks(core, node, option)
  moveNode(core, node, 'rebooted')
  node.errors = null
  boot(core, node, pool, false)
}

function refuseOption(option: string): never {
  throw new BatchError('NotImplemented', {
    PropertyName: 'nodeRebootOption',
    PropertyValue: option,
    Reason: 'Malachite reboots at once; use requeue or terminate.',
  })
}

const REFUSALS: Partial<Record<NodeState, BatchErrorCode>> = {
  creating: 'NodeBeingCreated',
  starting: 'NodeBeingStarted',
  waitingforstarttask: 'NodeBeingStarted',
  rebooting: 'NodeBeingRebooted',
}

function setScheduling(core: Core, poolId: string, nodeId: string, enabled: 0 | 1): NodeRow {
  const node = requireNode(core, requirePool(core, poolId), nodeId)
  if (node.enabled === enabled) throw new BatchError('NodeAlreadyInTargetSchedulingState')
  node.enabled = enabled
  core.store.nodes.save(node)
  core.touch(node)
  return node
}
