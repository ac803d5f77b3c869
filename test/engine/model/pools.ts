// The life of pools in the model.

import assert from 'node:assert/strict'
import { BatchError } from '@malachite/model'
import { RESIZE_TIMEOUT } from './pool-start.ts'
import { leave, type NodeOption, requireNode, requirePool, stay } from './nodes.ts'
import { nodesOf, processCount, tasksOn } from './queries.ts'
import { MANAGER_ID, type Model, type ModelNode, type ModelPool } from './state.ts'

type Size = ModelPool['target']

/** The pool, unless it is being deleted. */
export function requireActive(model: Model, id: string): ModelPool {
  const pool = requirePool(model, id)
  if (pool.state === 'deleting') throw new BatchError('PoolBeingDeleted')
  return pool
}

/** The pool, unless it is on the way to a size. */
export function requireSteady(model: Model, id: string): ModelPool {
  const pool = requireActive(model, id)
  if (pool.allocation !== 'steady') throw new BatchError('PoolBeingResized')
  return pool
}

/** Gives a pool another size; `chosen` says which of its nodes the engine let go. */
export function resizePool(
  model: Model,
  poolId: string,
  target: Size,
  option: NodeOption,
  chosen: (node: ModelNode) => boolean,
): void {
  const pool = requireSteady(model, poolId)
  if (pool.scale) throw new BatchError('OperationNotValidOnPool')
  retarget(model, pool, target, option, chosen)
}

/** As above, also while the pool is on the way to a size. */
export function retarget(
  model: Model,
  pool: ModelPool,
  target: Size,
  option: NodeOption,
  chosen: (node: ModelNode) => boolean,
): void {
  const staying = nodesOf(model, pool).filter((node) => !isLeaving(node))
  const victims = [
    ...victimsOf(
      model,
      staying.filter(({ dedicated }) => dedicated),
      target.dedicated,
      chosen,
    ),
    ...victimsOf(
      model,
      staying.filter(({ dedicated }) => !dedicated),
      target.lowPriority,
      chosen,
    ),
  ]
  pool.target = target
  beginResize(model, pool, option, victims)
}

/** The nodes that go: as many as there are too many, none that works while an idle one stays. */
function victimsOf(
  model: Model,
  nodes: ModelNode[],
  target: number,
  chosen: (node: ModelNode) => boolean,
): ModelNode[] {
  const victims = nodes.filter(chosen)
  assert.equal(victims.length, Math.max(0, nodes.length - target), 'a resize lets go what is too many')
  const burden = (node: ModelNode): number => (hasManager(model, node) ? 1000 : 0) + processCount(node)
  const spared = Math.min(...nodes.filter((node) => !chosen(node)).map(burden))
  for (const victim of victims) assert.ok(burden(victim) <= spared, 'a resize lets go those that work least')
  return victims
}

function hasManager(model: Model, node: ModelNode): boolean {
  return tasksOn(model, node).some(({ id, job }) => id === MANAGER_ID && job.manager)
}

function isLeaving({ state, draining }: ModelNode): boolean {
  return state === 'leavingpool' || draining === 'left'
}

function beginResize(model: Model, pool: ModelPool, option: NodeOption, victims: ModelNode[]): void {
  const deadline = pool.scale ? undefined : model.now + RESIZE_TIMEOUT
  Object.assign(pool, { allocation: 'resizing', allocating: true, deadline })
  for (const node of victims) leave(model, node, option)
}

export function removeNodes(model: Model, poolId: string, ids: string[], option: NodeOption): void {
  const pool = requireSteady(model, poolId)
  const nodes = [...new Set(ids)].map((id) => requireNode(model, pool, id))
  const victims = nodes.filter(({ state }) => state !== 'leavingpool')
  for (const { dedicated } of victims) pool.target = sizeOf(pool.target, dedicated, -1)
  beginResize(model, pool, option, victims)
}

function sizeOf({ dedicated, lowPriority }: Size, isDedicated: boolean, more: number): Size {
  return isDedicated
    ? { dedicated: dedicated + more, lowPriority }
    : { dedicated, lowPriority: lowPriority + more }
}

export function stopResize(model: Model, poolId: string): void {
  const pool = requireActive(model, poolId)
  if (pool.allocation !== 'resizing') throw new BatchError('OperationInvalidForCurrentState')
  Object.assign(pool, { allocation: 'stopping', allocating: false, deadline: undefined })
  keepNodes(model, pool)
}

/** Nodes that were to leave once they are empty stay. */
function keepNodes(model: Model, pool: ModelPool): void {
  for (const node of nodesOf(model, pool)) if (node.draining === 'left') stay(node)
}

/** The pool stays as it is. */
function timeOut(model: Model, pool: ModelPool): void {
  keepNodes(model, pool)
  Object.assign(pool, { deadline: undefined, allocating: false, allocation: 'stopping' })
}

export function deletePool(model: Model, poolId: string): void {
  const pool = requireActive(model, poolId)
  Object.assign(pool, { state: 'deleting', allocation: 'resizing', allocating: false, deadline: undefined })
  pool.scale = undefined
  pool.target = { dedicated: 0, lowPriority: 0 }
  for (const node of nodesOf(model, pool)) leave(model, node, 'requeue')
}

/** The machines are there that the latest resize asked for. */
export function growPool(
  model: Model,
  pool: ModelPool,
  added: readonly { id: string; dedicated: boolean }[],
): void {
  if (!pool.allocating) {
    assert.equal(added.length, 0, 'no nodes come to a pool that asks for none')
    return
  }
  const staying = nodesOf(model, pool).filter((node) => !isLeaving(node))
  for (const dedicated of [true, false]) {
    const target = dedicated ? pool.target.dedicated : pool.target.lowPriority
    const has = staying.filter((node) => node.dedicated === dedicated).length
    const came = added.filter((node) => node.dedicated === dedicated).length
    assert.equal(came, Math.max(0, target - has), 'as many nodes come as are missing')
  }
  for (const node of added) model.nodes.set(node.id, newNode(pool, node))
  pool.allocating = false
  settlePool(model, pool)
}

function newNode(pool: ModelPool, { id, dedicated }: { id: string; dedicated: boolean }): ModelNode {
  return {
    id,
    dedicated,
    pool,
    state: 'creating',
    enabled: true,
    retain: false,
    files: new Set(),
    holds: [],
    exclusive: false,
  }
}

export function nodeRemoved(model: Model, node: ModelNode): void {
  model.nodes.delete(node.id)
  settlePool(model, node.pool)
}

/** Pools go whose job or schedule is over. */
export function dropPools(model: Model): void {
  const ids = [...model.dropped]
  model.dropped.clear()
  for (const id of ids) if (model.pools.get(id)?.state === 'active') deletePool(model, id)
}

export function settlePools(model: Model): boolean {
  return [...model.pools.values()].map((pool) => settlePool(model, pool)).includes(true)
}

function settlePool(model: Model, pool: ModelPool): boolean {
  const nodes = nodesOf(model, pool)
  if (pool.state === 'deleting') return nodes.length === 0 && model.pools.delete(pool.id)
  if (pool.deadline !== undefined && pool.deadline <= model.now) timeOut(model, pool)
  if (pool.allocation === 'steady' || pool.allocating) return false
  if (pool.allocation === 'resizing' && nodes.some(isLeaving)) return false
  Object.assign(pool, { allocation: 'steady', deadline: undefined })
  return true
}
