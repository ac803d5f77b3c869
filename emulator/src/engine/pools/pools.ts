// The verbs of pools.

import { BatchError } from '@malachite/model'
import { parseEnableAutoScale, parseEvaluateAutoScale } from '../../schema/autoscale.ts'
import { parseRemoveNodes } from '../../schema/node.ts'
import {
  orderPool,
  parsePool,
  parsePoolPatch,
  parsePoolResize,
  parsePoolUpdate,
  rebuildingMember,
  type PoolBody,
  type PoolPatchBody,
} from '../../schema/pool.ts'
import { type PoolRow, viewPool } from '../../storage/pools.ts'
import { askForMachines, deadlineOf, moveAllocation, retarget, startResize } from './allocation.ts'
import type { Engine, Stamp } from '../api.ts'
import { requirePackages } from './applications.ts'
import {
  disableAutoScale,
  enableAutoScale,
  endAutoScale,
  readFormula,
  startAutoScale,
  tryFormula,
} from './autoscale.ts'
import { requireCertificates } from './certificates.ts'
import type { Core } from '../core/core.ts'
import { requireActivePool, requireNode, requirePool, requireSteadyPool, stampOf } from '../core/lookup.ts'
import { requireMachines, requireSlots } from '../nodes/machines.ts'
import { countNodes } from '../nodes/node-counts.ts'
import { keepNodes, leaveAll } from '../nodes/node-exit.ts'
import { failAllocations, requirePoolQuota } from '../quotas.ts'
import { next, POOL } from '../core/states.ts'

const NO_NODES = { dedicated: 0, lowPriority: 0 }

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
    idOf: (poolId) => store.pools.idOf(poolId) ?? poolId,
    list: (query = {}) => {
      const { rows, next } = store.pools.page(query)
      // Counting the nodes of a pool reads all of them.
      const isCounted = query.select?.some((name) => name.startsWith('current')) ?? true
      const totals = (key: number) => (isCounted ? store.pools.nodeTotals(key) : NO_NODES)
      const items = rows.map((row) => viewPool(row, totals(row.key), query.select))
      return next === undefined ? { items } : { items, next }
    },
    patch: (poolId, input) => {
      const patch = parsePoolPatch(input)
      return core.change(() => {
        refuseRebuilding(core, poolId, patch)
        return updateBody(core, poolId, (body) => ({ ...body, ...patch }))
      })
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
    enableAutoScale: (poolId, input) => {
      const change = parseEnableAutoScale(input)
      return core.change(() => enableAutoScale(core, poolId, change))
    },
    disableAutoScale: (poolId) => core.change(() => disableAutoScale(core, poolId)),
    evaluateAutoScale: (poolId, input) => {
      const { autoScaleFormula } = parseEvaluateAutoScale(input)
      return core.change(() => tryFormula(core, poolId, autoScaleFormula))
    },
    delete: (poolId) => core.change(() => deletePool(core, poolId)),
    nodeCounts: (query = {}) => countNodes(core, query),
    failAllocation: (poolId, failure = {}) => core.change(() => failAllocations(core, poolId, failure)),
  }
}

/** Adds a pool and asks for its machines. */
export function addPool(core: Core, body: PoolBody): { id: string } & Stamp {
  const taken = core.store.pools.byId(body.id)
  if (taken) throw new BatchError(taken.state === 'deleting' ? 'PoolBeingDeleted' : 'PoolExists')
  requirePoolQuota(core)
  refuseWindows(body)
  requireMachines(body)
  requireSlots(body)
  requirePackages(core, body.applicationPackageReferences)
  requireCertificates(core, body.certificateReferences)
  if (body.autoScaleFormula !== undefined) readFormula(body.autoScaleFormula)
  core.registries.remember(body)
  const now = core.now()
  const text = JSON.stringify(body)
  const row = {
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
    deadline: deadlineOf(core, { state: 'active', body: text }),
    slots: body.taskSlotsPerNode,
    fill: body.taskSchedulingPolicy.nodeFillType,
    evaluateAt: null,
    autoScaleEnabledAt: null,
    autoScaleRun: null,
    createdAt: now,
    modifiedAt: now,
    body: text,
  } satisfies Omit<PoolRow, 'key'>
  const key = core.store.pools.insert(row)
  const pool = { key, ...row }
  if (body.enableAutoScale) startAutoScale(core, pool)
  askForMachines(core, pool)
  return { id: body.id, ...stampOf(now) }
}

/** Nodes are processes of this machine: a pool of Windows nodes would only pretend. */
export function refuseWindows(body: Pick<PoolBody, 'virtualMachineConfiguration'>): void {
  const agent = body.virtualMachineConfiguration.nodeAgentSKUId
  if (!agent.toLowerCase().includes('windows')) return
  throw new BatchError('NotImplemented', {
    PropertyName: 'nodeAgentSKUId',
    PropertyValue: agent,
    Reason: 'The emulated nodes run Linux (or macOS) command lines; choose a Linux image.',
  })
}

/** What machines are made of can change only while there are none. */
function refuseRebuilding(core: Core, poolId: string, patch: PoolPatchBody): void {
  const { virtualMachineConfiguration } = patch
  if (virtualMachineConfiguration) refuseWindows({ virtualMachineConfiguration })
  requireMachines(patch)
  const member = rebuildingMember(patch)
  const pool = requireActivePool(core, poolId)
  if (member === undefined) return
  const { dedicated, lowPriority } = core.store.pools.nodeTotals(pool.key)
  if (pool.allocationState === 'steady' && dedicated + lowPriority === 0) return
  throw new BatchError('OperationInvalidForCurrentState', {
    PropertyName: member,
    Reason: 'The property can be updated only when the pool is empty and steady.',
  })
}

function updateBody(core: Core, poolId: string, edit: (body: PoolBody) => PoolBody): Stamp {
  const pool = requireActivePool(core, poolId)
  const body = orderPool(edit(JSON.parse(pool.body) as PoolBody))
  core.registries.remember(body)
  requireSlots(body)
  requirePackages(core, body.applicationPackageReferences)
  requireCertificates(core, body.certificateReferences)
  pool.body = JSON.stringify(body)
  pool.slots = body.taskSlotsPerNode
  pool.fill = body.taskSchedulingPolicy.nodeFillType
  pool.modifiedAt = core.now()
  core.store.pools.save(pool)
  return stampOf(pool.modifiedAt)
}

function resizePool(core: Core, poolId: string, resize: ReturnType<typeof parsePoolResize>): Stamp {
  const pool = requireSteadyPool(core, poolId)
  if (pool.evaluateAt !== null) throw new BatchError('OperationNotValidOnPool')
  setResizeTimeout(pool, resize.resizeTimeout)
  pool.modifiedAt = core.now()
  const {
    targetDedicatedNodes: dedicated = pool.targetDedicated,
    targetLowPriorityNodes: lowPriority = pool.targetLowPriority,
  } = resize
  retarget(core, pool, { dedicated, lowPriority }, resize.nodeDeallocationOption)
  return stampOf(pool.modifiedAt)
}

function removeNodes(core: Core, poolId: string, removal: ReturnType<typeof parseRemoveNodes>): Stamp {
  const pool = requireSteadyPool(core, poolId)
  const nodes = [...new Set(removal.nodeList)].map((nodeId) => requireNode(core, pool, nodeId))
  // After a resize that was stopped, some may be on their way already.
  const victims = nodes.filter((node) => node.state !== 'leavingpool')
  for (const node of victims) {
    if (node.dedicated) pool.targetDedicated -= 1
    else pool.targetLowPriority -= 1
  }
  setResizeTimeout(pool, removal.resizeTimeout)
  return startResize(core, pool, removal.nodeDeallocationOption, victims)
}

/** A pool tells the timeout of its latest resize. */
function setResizeTimeout(pool: PoolRow, resizeTimeout: string): void {
  pool.body = JSON.stringify({ ...(JSON.parse(pool.body) as PoolBody), resizeTimeout })
}

function stopResize(core: Core, poolId: string): Stamp {
  const pool = requireActivePool(core, poolId)
  if (pool.allocationState !== 'resizing') throw new BatchError('OperationInvalidForCurrentState')
  if (pool.allocating) pool.resizeErrors = JSON.stringify([RESIZE_STOPPED])
  pool.allocating = 0
  keepNodes(core, pool)
  moveAllocation(core, pool, 'stopped')
  core.tickSoon()
  return stampOf(pool.modifiedAt)
}

const RESIZE_STOPPED = {
  code: 'ResizeStopped',
  message: 'Desired number of dedicated nodes could not be allocated due to a stop resize operation',
}

/** Lets all nodes of a pool go; the pool goes with the last one. */
export function deletePool(core: Core, poolId: string): void {
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
  endAutoScale(core, pool)
  moveAllocation(core, pool, 'resized')
  leaveAll(core, core.store.nodes.ofPool(pool.key), 'requeue')
  core.tickSoon()
}
