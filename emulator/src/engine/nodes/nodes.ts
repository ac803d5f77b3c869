// The verbs of nodes.

import { BatchError, NODE_STATES, type NodeDeallocationOption, type NodeState } from '@malachite/model'
import { parseDeallocate, parseDisableScheduling, parseReboot, parseReimage } from '../../schema/node.ts'
import { type NodePool, viewNode } from '../../storage/node-view.ts'
import type { Departure, NodeRow } from '../../storage/nodes.ts'
import type { PoolRow } from '../../storage/pools.ts'
import type { Engine } from '../api.ts'
import type { Core } from '../core/core.ts'
import { requireNode, requirePool } from '../core/lookup.ts'
import { createNodeAccess } from './node-access.ts'
import { clearTasks, empty, failNode, preemptNode, requireState, startNode } from './node-exit.ts'
import { moveNode } from './node-life.ts'
import { createNodeUsers } from './node-users.ts'
import { recentTasks } from './recent-tasks.ts'
import { ABSENT, DEALLOCATABLE, RESTARTABLE } from '../core/states.ts'

export function createNodes(core: Core): Engine['nodes'] {
  return {
    get(poolId, nodeId) {
      const pool = requirePool(core, poolId)
      return view(core, requireNode(core, pool, nodeId), bodyOf(pool))
    },
    list(poolId, query = {}) {
      const pool = requirePool(core, poolId)
      const body = bodyOf(pool)
      const { rows, next } = core.store.nodes.page(pool.key, query)
      const items = rows.map((row) => view(core, row, body, query.select))
      return next === undefined ? { items } : { items, next }
    },
    ...createNodePower(core),
    ...createPreemption(core),
    ...createFailure(core),
    ...createNodeScheduling(core),
    ...createNodeUsers(core),
    ...createNodeAccess(core),
  }
}

/** What restarts a node or switches it on and off. */
function createNodePower(core: Core): Pick<Engine['nodes'], 'reboot' | 'reimage' | 'deallocate' | 'start'> {
  const change = (
    poolId: string,
    nodeId: string,
    allowed: readonly NodeState[],
    edit: (node: NodeRow, pool: PoolRow) => void,
  ): void =>
    core.change(() => {
      const pool = requirePool(core, poolId)
      const node = requireNode(core, pool, nodeId)
      requireState(node, allowed)
      edit(node, pool)
    })
  const emptyFor =
    (purpose: Departure, option: NodeDeallocationOption) =>
    (node: NodeRow): void =>
      empty(core, node, purpose, option)
  return {
    reboot(poolId, nodeId, input) {
      change(poolId, nodeId, RESTARTABLE, emptyFor('rebooted', parseReboot(input)))
    },
    reimage(poolId, nodeId, input) {
      change(poolId, nodeId, RESTARTABLE, emptyFor('reimaged', parseReimage(input)))
    },
    deallocate(poolId, nodeId, input) {
      change(poolId, nodeId, DEALLOCATABLE, emptyFor('deallocated', parseDeallocate(input)))
    },
    start(poolId, nodeId) {
      change(poolId, nodeId, ['deallocated'], (node, pool) => startNode(core, node, pool))
    },
  }
}

/** What Azure does to spot nodes. */
function createPreemption(core: Core): Pick<Engine['nodes'], 'preempt' | 'preemptSome'> {
  return {
    preempt(poolId, nodeId, { absence = 0 } = {}) {
      core.change(() => {
        const pool = requirePool(core, poolId)
        const node = requireNode(core, pool, nodeId)
        requireState(node, PREEMPTIBLE)
        if (node.dedicated)
          throw new BatchError('OperationNotValidOnNode', { Reason: 'Only spot nodes can be preempted.' })
        preemptNode(core, node, pool, absence)
      })
    },
    preemptSome(poolId, count, { absence = 0 } = {}) {
      return core.change(() => {
        const pool = requirePool(core, poolId)
        const spot = core.store.nodes
          .ofPool(pool.key)
          .filter(({ dedicated, state }) => !dedicated && PREEMPTIBLE.includes(state))
        const ids = spot.slice(0, count).map(({ id }) => id)
        // Read anew: a task on several nodes that is requeued changes them all.
        for (const id of ids) preemptNode(core, requireNode(core, pool, id), pool, absence)
        return ids
      })
    },
  }
}

/** What machines do now and then. */
function createFailure(core: Core): Pick<Engine['nodes'], 'fail'> {
  return {
    fail(poolId, nodeId, { code = 'DiskFull', lost = false, recovery } = {}) {
      const message = FAILURES[code] ?? 'The node failed because it was asked to.'
      core.change(() => {
        const pool = requirePool(core, poolId)
        const node = requireNode(core, pool, nodeId)
        requireState(node, SCHEDULABLE)
        failNode(core, node, pool, { error: lost ? undefined : { code, message }, recovery })
      })
    },
  }
}

const FAILURES: Readonly<Record<string, string>> = {
  DiskFull: 'There is not enough space left on the disk of the node.',
}

/** What decides whether a node takes tasks. */
function createNodeScheduling(core: Core): Pick<Engine['nodes'], 'disableScheduling' | 'enableScheduling'> {
  const change = (poolId: string, nodeId: string, enabled: 0 | 1): NodeRow => {
    const node = requireNode(core, requirePool(core, poolId), nodeId)
    requireState(node, SCHEDULABLE)
    if (node.enabled === enabled) throw new BatchError('NodeAlreadyInTargetSchedulingState')
    node.enabled = enabled
    core.store.nodes.save(node)
    core.touch(node)
    core.wake(node.pool)
    return node
  }
  return {
    disableScheduling(poolId, nodeId, input) {
      const option = parseDisableScheduling(input).nodeDisableSchedulingOption
      core.change(() => {
        const node = change(poolId, nodeId, 0)
        if (option !== 'taskcompletion') clearTasks(core, node, option)
      })
    },
    enableScheduling(poolId, nodeId) {
      core.change(() => {
        const node = change(poolId, nodeId, 1)
        if (node.state === 'offline') moveNode(core, node, 'ready')
      })
    },
  }
}

/** States in which a node has, or will have, a machine that tasks may come to. */
const SCHEDULABLE = NODE_STATES.filter((state) => state === 'creating' || !ABSENT.includes(state))

/** States in which a machine can be taken away. */
const PREEMPTIBLE = [...SCHEDULABLE, 'deallocating'] as const

function bodyOf(pool: PoolRow): NodePool {
  return JSON.parse(pool.body) as NodePool
}

function view(core: Core, row: NodeRow, pool: NodePool, select?: readonly string[]) {
  const wanted = !select || select.includes('recentTasks')
  return viewNode(row, pool, wanted ? recentTasks(core, row.id) : [], select)
}
