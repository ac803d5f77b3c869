// How a pool reaches its size: machines are asked for, join and leave.

import { BatchError, type NodeDeallocationOption } from '@malachite/model'
import type { NodeRow } from '../storage/nodes.ts'
import type { PoolRow } from '../storage/pools.ts'
import type { Stamp } from './api.ts'
import type { Core } from './core.ts'
import { stampOf } from './lookup.ts'
import { createNode, leave } from './node-life.ts'
import { ALLOCATION, type AllocationEvent, next } from './states.ts'

/** Asks for the machines that are missing and lets `victims` go. */
export function startResize(
  core: Core,
  pool: PoolRow,
  option: NodeDeallocationOption,
  victims: NodeRow[],
): Stamp {
  const now = core.now()
  Object.assign(pool, {
    resize: now,
    allocating: 1,
    deallocation: option,
    resizeErrors: null,
    modifiedAt: now,
  })
  moveAllocation(core, pool, 'resized')
  for (const node of victims) leave(core, node, option)
  core.emit({ type: 'allocateNodes', poolId: pool.id, resize: now })
  return stampOf(now)
}

/** The nodes that go: those that do no work first. */
export function excess(nodes: NodeRow[], dedicated: 0 | 1, target: number): NodeRow[] {
  const kind = nodes.filter((node) => node.dedicated === dedicated && node.state !== 'leavingpool')
  return kind.sort((a, b) => a.runningTasks - b.runningTasks).slice(0, Math.max(0, kind.length - target))
}

/** The machines came: they join the pool. */
export function growPool(core: Core, poolId: string, resize: number): void {
  const pool = core.store.pools.byId(poolId)
  if (!pool || pool.resize !== resize || !pool.allocating) return
  const nodes = core.store.nodes
    .ofPool(pool.key)
    .filter((node) => node.state !== 'leavingpool' && !node.draining)
  addNodes(core, pool, 1, pool.targetDedicated - nodes.filter((node) => node.dedicated).length)
  addNodes(core, pool, 0, pool.targetLowPriority - nodes.filter((node) => !node.dedicated).length)
  pool.allocating = 0
  core.store.pools.save(pool)
  settlePool(core, pool)
}

function addNodes(core: Core, pool: PoolRow, dedicated: 0 | 1, count: number): void {
  const taken = new Set(core.store.nodes.ofPool(pool.key).map((node) => node.ipAddress))
  const addresses = freeAddresses(taken)
  for (let i = 0; i < count; i++) createNode(core, pool, dedicated, addresses.next().value ?? '')
}

/** 10.0.0.4, 10.0.0.5 … as in the service, those of nodes that left again included. */
function* freeAddresses(taken: ReadonlySet<string>): Generator<string, undefined> {
  for (let i = 4; i < 2 ** 24; i++) {
    const address = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`
    if (!taken.has(address)) yield address
  }
  return undefined
}

/** Ends a resize whose nodes have come and gone; a pool that is being deleted goes with its last node. */
export function settlePool(core: Core, pool: PoolRow): void {
  const nodes = core.store.nodes.ofPool(pool.key)
  if (pool.state === 'deleting') {
    if (nodes.length === 0) core.store.pools.delete(pool)
    return
  }
  const leaving = nodes.some((node) => node.state === 'leavingpool' || node.draining)
  if (
    pool.allocationState === 'steady' ||
    pool.allocating ||
    (leaving && pool.allocationState === 'resizing')
  )
    return
  moveAllocation(core, pool, 'settled')
}

/** The only place that writes the allocation state of a pool. */
export function moveAllocation(core: Core, pool: PoolRow, event: AllocationEvent): void {
  const state = next(ALLOCATION, pool.allocationState, event)
  if (!state) throw new BatchError('PoolBeingResized')
  pool.allocationState = state
  pool.allocationAt = core.now()
  core.store.pools.save(pool)
}

/** The machine is gone. */
export function nodeRemoved(core: Core, nodeId: string): void {
  const node = core.store.nodes.byId(nodeId)
  const pool = node && core.store.pools.byKey(node.pool)
  if (!pool) return
  core.store.endings.forgetNode(nodeId)
  core.store.nodes.delete(node)
  settlePool(core, pool)
  core.tickSoon()
}
