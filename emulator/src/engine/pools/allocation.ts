// How a pool reaches its size: machines are asked for, join and leave.

import { BatchError, type NodeDeallocationOption, parseDuration, type ResizeError } from '@malachite/model'
import type { Targets } from '../../autoscale/variables.ts'
import type { PoolBody } from '../../schema/pool.ts'
import type { NodeRow } from '../../storage/nodes.ts'
import type { PoolRow } from '../../storage/pools.ts'
import type { Stamp } from '../api.ts'
import type { Core } from '../core/core.ts'
import { stampOf } from '../core/lookup.ts'
import { keepNodes, leaveAll } from '../nodes/node-exit.ts'
import { createNode, forgetProcesses } from '../nodes/node-life.ts'
import { isOver } from '../core/pace.ts'
import { grantMachines } from '../quotas.ts'
import { ALLOCATION, type AllocationEvent, next } from '../core/states.ts'

/** Asks for the machines that are missing and lets `victims` go. */
export function startResize(
  core: Core,
  pool: PoolRow,
  option: NodeDeallocationOption,
  victims: NodeRow[],
): Stamp {
  pool.modifiedAt = core.now()
  beginResize(core, pool, option, victims)
  return stampOf(pool.modifiedAt)
}

/** Gives a pool another size, also while it is on the way to one. That alone is no modification of the pool. */
export function retarget(core: Core, pool: PoolRow, size: Targets, option: NodeDeallocationOption): void {
  const nodes = core.store.nodes.ofPool(pool.key)
  const managers = core.store.jobs.managerNodes(pool.id)
  const victims = [
    ...excess(nodes, 1, size.dedicated, managers),
    ...excess(nodes, 0, size.lowPriority, managers),
  ]
  pool.targetDedicated = size.dedicated
  pool.targetLowPriority = size.lowPriority
  beginResize(core, pool, option, victims)
}

function beginResize(core: Core, pool: PoolRow, option: NodeDeallocationOption, victims: NodeRow[]): void {
  const now = core.now()
  Object.assign(pool, { resize: now, allocating: 1, deallocation: option, resizeErrors: null })
  moveAllocation(core, pool, 'resized')
  leaveAll(core, victims, option)
  askForMachines(core, pool)
}

/** Asks for what the pool lacks. */
export function askForMachines(core: Core, pool: PoolRow): void {
  const { dedicated, lowPriority } = missingNodes(core, pool)
  const machines = Math.max(0, dedicated) + Math.max(0, lowPriority)
  core.emit({ type: 'allocateNodes', poolId: pool.id, resize: pool.resize, machines })
}

function missingNodes(core: Core, pool: PoolRow): Targets {
  const nodes = core.store.nodes.ofPool(pool.key).filter((node) => !isLeaving(node))
  const dedicated = nodes.filter((node) => node.dedicated).length
  return {
    dedicated: pool.targetDedicated - dedicated,
    lowPriority: pool.targetLowPriority - (nodes.length - dedicated),
  }
}

/** The nodes that go: those that do no work first, those with a job manager last. */
export function excess(
  nodes: NodeRow[],
  dedicated: 0 | 1,
  target: number,
  managers: ReadonlySet<string>,
): NodeRow[] {
  const manages = ({ id }: NodeRow): number => (managers.has(id) ? 1 : 0)
  const kind = nodes.filter((node) => node.dedicated === dedicated && !isLeaving(node))
  return kind
    .sort((a, b) => manages(a) - manages(b) || a.runningTasks - b.runningTasks)
    .slice(0, Math.max(0, kind.length - target))
}

/** It goes, be it after its tasks. */
function isLeaving(node: NodeRow): boolean {
  return node.state === 'leavingpool' || node.draining === 'left'
}

/** The machines came, as many as may: they join the pool. */
export function growPool(core: Core, poolId: string, resize: number): void {
  const pool = core.store.pools.byId(poolId)
  if (!pool || pool.resize !== resize || !pool.allocating) return
  const { granted, errors } = grantMachines(core, pool, missingNodes(core, pool))
  const isMuch = errors.length === 0 && granted.dedicated + granted.lowPriority > CHUNK
  const { dedicated, lowPriority } = isMuch ? firstOf(granted) : granted
  addNodes(core, pool, 1, dedicated)
  addNodes(core, pool, 0, lowPriority)
  pool.allocating = isMuch ? JOINING : 0
  if (errors.length > 0) pool.resizeErrors = JSON.stringify(errors)
  core.store.pools.save(pool)
  if (isMuch) core.tickSoon()
  else settlePool(core, pool)
}

/** Nodes that join in one change, so that requests and reports come in between. */
const CHUNK = 100

/** The machines are there; not all of them have joined yet. */
const JOINING = 2

function firstOf(granted: Targets): Targets {
  const dedicated = Math.min(granted.dedicated, CHUNK)
  return { dedicated, lowPriority: Math.min(granted.lowPriority, CHUNK - dedicated) }
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
  if (pool.state === 'deleting') {
    if (!core.store.nodes.anyOfPool(pool.key) && isOver(core, 'poolDeleting', pool.id, pool.stateAt))
      core.store.pools.delete(pool)
    return
  }
  if (pool.allocating === JOINING) return growPool(core, pool.id, pool.resize)
  if (pool.allocationState === 'steady' || pool.allocating) return
  if (pool.allocationState === 'resizing' && core.store.nodes.anyLeaving(pool.key)) return
  if (pool.allocationState === 'stopping' && !isOver(core, 'resizeStopping', pool.id, pool.allocationAt))
    return
  moveAllocation(core, pool, 'settled')
}

/** The only place that writes the allocation state of a pool. */
export function moveAllocation(core: Core, pool: PoolRow, event: AllocationEvent): void {
  const state = next(ALLOCATION, pool.allocationState, event)
  if (!state) throw new BatchError('PoolBeingResized')
  pool.allocationState = state
  pool.allocationAt = core.now()
  pool.deadline = event === 'resized' ? deadlineOf(core, pool) : null
  core.store.pools.save(pool)
}

/** When a resize that begins now is given up; sees to it that a tick comes then. A formula has no such limit. */
export function deadlineOf(core: Core, pool: Pick<PoolRow, 'state' | 'body'>): number | null {
  const { resizeTimeout, enableAutoScale } = JSON.parse(pool.body) as PoolBody
  const ms = parseDuration(resizeTimeout)
  if (pool.state !== 'active' || enableAutoScale || ms === undefined) return null
  const deadline = core.now() + ms * 1000
  core.emit({ type: 'wakeAt', time: Math.ceil(deadline / 1000) })
  return deadline
}

/** A resize took too long: the pool stays as it is, nodes that still had tasks to end included. */
export function timeOutResize(core: Core, pool: PoolRow): void {
  const { dedicated } = core.store.pools.nodeTotals(pool.key)
  // What stopped its machines before tells more.
  pool.resizeErrors ??= JSON.stringify([
    RESIZE_TIMED_OUT[dedicated === pool.targetDedicated ? 'low priority' : 'dedicated'],
  ])
  pool.allocating = 0
  keepNodes(core, pool)
  moveAllocation(core, pool, 'settled')
}

function timedOut(kind: string): ResizeError {
  const message = `Desired number of ${kind} nodes could not be allocated as the resize timeout was reached`
  return { code: 'AllocationTimedout', message }
}

const RESIZE_TIMED_OUT = { dedicated: timedOut('dedicated'), 'low priority': timedOut('low priority') }

/** The machine is gone. */
export function nodeRemoved(core: Core, nodeId: string): void {
  const node = core.store.nodes.byId(nodeId)
  const pool = node && core.store.pools.byKey(node.pool)
  if (!pool) return
  forgetProcesses(core, node)
  core.store.usage.end(node.key, core.now())
  core.store.nodes.delete(node)
  settlePool(core, pool)
  core.tickSoon()
}
