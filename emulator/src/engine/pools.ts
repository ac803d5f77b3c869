// The verbs of pools.

import { BatchError, type NodeDeallocationOption } from '@malachite/model'
import { parseRemoveNodes } from '../schema/node.ts'
import {
  orderPool,
  parsePool,
  parsePoolPatch,
  parsePoolResize,
  parsePoolUpdate,
  type PoolBody,
} from '../schema/pool.ts'
import { viewPool } from '../storage/pools.ts'
import { excess, moveAllocation, startResize } from './allocation.ts'
import type { Engine, Stamp } from './api.ts'
import type { Core } from './core.ts'
import { requireActivePool, requirePool, requireSteadyPool, stampOf } from './lookup.ts'
import { countNodes } from './node-counts.ts'
import { leave } from './node-life.ts'
import { next, POOL } from './states.ts'

export function createPools(core: Core): Engine['pools'] {
  const { store } = core
  return {
    add: (input) => {
      const body = parsePool(input)
      return core.change(() => addPool(core, body))
    },
    get: (poolId) => {
      const pool = requirePool(core, poolId)
      return viewPool(pool, store.pools.nodeTotals(pool.key))
    },
    list: (query = {}) => {
      const { rows, next } = store.pools.page(query)
      const items = rows.map((row) => viewPool(row, store.pools.nodeTotals(row.key), query.select))
      return next === undefined ? { items } : { items, next }
    },
    patch: (poolId, input) => {
      const patch = parsePoolPatch(input)
      return core.change(() => updateBody(core, poolId, (body) => ({ ...body, ...patch })))
    },
    updateProperties: (poolId, input) => {
      const update = parsePoolUpdate(input)
      return core.change(() =>
        updateBody(core, poolId, ({ startTask: _, ...body }) => ({ ...body, ...update })),
      )
    },
    resize: (poolId, input) => {
      const resize = parsePoolResize(input)
      return core.change(() => resizePool(core, poolId, resize))
    },
    stopResize: (poolId) => core.change(() => stopResize(core, poolId)),
    removeNodes: (poolId, input) => {
      const removal = parseRemoveNodes(input)
      return core.change(() => removeNodes(core, poolId, removal))
    },
    delete: (poolId) => core.change(() => deletePool(core, poolId)),
    nodeCounts: (query = {}) => countNodes(core, query),
  }
}

function addPool(core: Core, body: PoolBody): { id: string } & Stamp {
  const taken = core.store.pools.byId(body.id)
  if (taken) throw new BatchError(taken.state === 'deleting' ? 'PoolBeingDeleted' : 'PoolExists')
  refuseWindows(body)
  const now = core.now()
  core.store.pools.insert({
    id: body.id,
    state: 'active',
    stateAt: now,
    allocationState: 'resizing',
    allocationAt: now,
    targetDedicated: body.targetDedicatedNodes,
    targetLowPriority: body.targetLowPriorityNodes,
    resize: now,
    allocating: 1,
    deallocation: 'requeue',
    resizeErrors: null,
    slots: body.taskSlotsPerNode,
    fill: body.taskSchedulingPolicy.nodeFillType,
    createdAt: now,
    modifiedAt: now,
    body: JSON.stringify(body),
  })
  core.emit({ type: 'allocateNodes', poolId: body.id, resize: now })
  return { id: body.id, ...stampOf(now) }
}

/** Nodes are processes of this machine: a pool of Windows nodes would only pretend. */
function refuseWindows(body: PoolBody): void {
  const agent = body.virtualMachineConfiguration.nodeAgentSKUId
  if (!agent.toLowerCase().includes('windows')) return
  throw new BatchError('NotImplemented', {
    PropertyName: 'nodeAgentSKUId',
    PropertyValue: agent,
    Reason: 'The emulated nodes run Linux (or macOS) command lines; choose a Linux image.',
  })
}

function updateBody(core: Core, poolId: string, edit: (body: PoolBody) => PoolBody): Stamp {
  const pool = requireActivePool(core, poolId)
  pool.body = JSON.stringify(orderPool(edit(JSON.parse(pool.body) as PoolBody)))
  pool.modifiedAt = core.now()
  core.store.pools.save(pool)
  return stampOf(pool.modifiedAt)
}

function resizePool(core: Core, poolId: string, resize: ReturnType<typeof parsePoolResize>): Stamp {
  const pool = requireSteadyPool(core, poolId)
  refuseRetainedData(resize.nodeDeallocationOption)
  const nodes = core.store.nodes.ofPool(pool.key)
  const victims = [
    ...excess(nodes, 1, resize.targetDedicatedNodes),
    ...excess(nodes, 0, resize.targetLowPriorityNodes),
  ]
  pool.targetDedicated = resize.targetDedicatedNodes
  pool.targetLowPriority = resize.targetLowPriorityNodes
  return startResize(core, pool, resize.nodeDeallocationOption, victims)
}

function removeNodes(core: Core, poolId: string, removal: ReturnType<typeof parseRemoveNodes>): Stamp {
  const pool = requireSteadyPool(core, poolId)
  refuseRetainedData(removal.nodeDeallocationOption)
  const victims = removal.nodeList.map((nodeId) => {
    const node = core.store.nodes.byId(nodeId)
    if (node?.pool !== pool.key) throw new BatchError('NodeNotFound')
    return node
  })
  for (const node of victims) {
    if (node.dedicated) pool.targetDedicated -= 1
    else pool.targetLowPriority -= 1
  }
  return startResize(core, pool, removal.nodeDeallocationOption, victims)
}

function refuseRetainedData(option: NodeDeallocationOption): void {
  if (option !== 'retaineddata') return
  throw new BatchError('NotImplemented', {
    PropertyName: 'nodeDeallocationOption',
    PropertyValue: option,
    Reason: 'Malachite does not wait for the retention time of task files yet; use taskcompletion.',
  })
}

function stopResize(core: Core, poolId: string): Stamp {
  const pool = requireActivePool(core, poolId)
  if (pool.allocationState !== 'resizing') throw new BatchError('OperationInvalidForCurrentState')
  if (pool.allocating) pool.resizeErrors = JSON.stringify([RESIZE_STOPPED])
  pool.allocating = 0
  moveAllocation(core, pool, 'stopped')
  core.tickSoon()
  return stampOf(pool.modifiedAt)
}

const RESIZE_STOPPED = {
  code: 'ResizeStopped',
  message: 'Desired number of dedicated nodes could not be allocated due to a stop resize operation',
}

function deletePool(core: Core, poolId: string): void {
  const pool = requireActivePool(core, poolId)
  const now = core.now()
  Object.assign(pool, {
    state: next(POOL, pool.state, 'deleted'),
    stateAt: now,
    modifiedAt: now,
    targetDedicated: 0,
    targetLowPriority: 0,
    allocating: 0,
    deallocation: 'requeue',
  })
  moveAllocation(core, pool, 'resized')
  for (const node of core.store.nodes.ofPool(pool.key)) leave(core, node, 'requeue')
  core.tickSoon()
}
