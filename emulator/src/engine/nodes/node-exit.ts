// How a node stops doing what it does: it is removed, restarted, switched off or preempted, at once or when it is empty.

import {
  BatchError,
  type BatchErrorCode,
  type NodeDeallocationOption,
  type NodeError,
  type NodeState,
} from '@malachite/model'
import type { Departure, NodeRow } from '../../storage/nodes.ts'
import type { PoolRow } from '../../storage/pools.ts'
import type { Core } from '../core/core.ts'
import { boot, forgetProcesses, moveNode, unload } from './node-life.ts'
import { interruptJobs } from '../jobs/job-nodes.ts'
import { identity } from '../tasks/task-run.ts'
import { next, NODE, type NodeEvent } from '../core/states.ts'
import { endTask, requeueTry } from '../tasks/tries.ts'

/** Takes a node out of its pool, at once or when its tasks are done. */
export function leave(core: Core, node: NodeRow, option: NodeDeallocationOption): void {
  if (node.state !== 'leavingpool') empty(core, node, 'left', option)
}

/** Empties a node; then follows what it is emptied for. */
export function empty(core: Core, node: NodeRow, purpose: Departure, option: NodeDeallocationOption): void {
  // A task that waited for this node and others waits for those no more.
  core.wake(node.pool)
  // What is to leave its pool leaves, whatever else is asked for meanwhile.
  const draining = node.draining === 'left' ? 'left' : purpose
  if (option === 'requeue' || option === 'terminate') {
    clearTasks(core, node, option)
    return depart(core, node, draining)
  }
  Object.assign(node, { draining, retain: option === 'retaineddata' ? 1 : 0, dueAt: null })
  core.store.nodes.save(node)
  settleNode(core, node)
}

/** Takes the running tasks off a node; `counted` as a requeue that a user asked for. */
export function clearTasks(core: Core, node: NodeRow, option: 'requeue' | 'terminate', counted = true): void {
  core.wake(node.pool)
  for (const task of core.store.tasks.runningOnNode(node.id)) {
    if (option === 'terminate') endTask(core, task)
    else requeueTry(core, task, counted)
  }
  // Tasks that had a reservation gave their slots back.
  Object.assign(node, core.store.nodes.byId(node.id))
}

/** Nodes that are emptied in one change, so that requests and reports come in between: each may have many tasks. */
const CHUNK = 20

/** Takes nodes out of their pool, those that are too many for one change in the next ones. */
export function leaveAll(core: Core, nodes: readonly NodeRow[], option: NodeDeallocationOption): void {
  const limit = option === 'retaineddata' ? nodes.length : CHUNK
  for (const node of nodes.slice(0, limit)) leave(core, node, option)
  for (const node of nodes.slice(limit)) {
    if (node.state === 'leavingpool') continue
    Object.assign(node, { draining: 'left', retain: 0, dueAt: core.now() })
    core.store.nodes.save(node)
  }
  if (nodes.length > limit) core.tickSoon()
}

const STAY = { draining: null, retain: 0, dueAt: null } as const

function depart(core: Core, node: NodeRow, purpose: Departure): void {
  const pool = core.store.pools.byKey(node.pool)
  if (!pool) return
  // Whatever its start task still reports, it is not tried again.
  Object.assign(node, STAY, { errors: null, startRun: null })
  moveNode(core, node, purpose)
  DEPARTURES[purpose](core, node, pool)
  // Jobs that waited for the processes of the node need wait no more.
  core.tickSoon()
}

const DEPARTURES: Readonly<Record<Departure, (core: Core, node: NodeRow, pool: PoolRow) => void>> = {
  left(core, node, pool) {
    interruptJobs(core, node, 'left')
    core.touch(node)
    core.emit({ type: 'removeNode', node: identity(node, pool.id) })
  },
  rebooted: (core, node, pool) => boot(core, node, pool, false),
  reimaged(core, node, pool) {
    core.store.nodeUsers.clear(node.key)
    boot(core, node, pool, true)
  },
  deallocated(core, node, pool) {
    node.stopped = 1
    stop(core, node, pool)
  },
}

function stop(core: Core, node: NodeRow, pool: PoolRow): void {
  unload(core, node, true)
  core.store.nodeUsers.clear(node.key)
  core.emit({ type: 'stopNode', node: identity(node, pool.id), boot: node.boot })
}

/** The machine is off. That of a preempted node belongs to somebody else now. */
export function nodeStopped(core: Core, nodeId: string, bootNumber: number): void {
  const node = core.store.nodes.byId(nodeId)
  if (node?.boot !== bootNumber) return
  forgetProcesses(core, node)
  if (node.state === 'deallocating') moveNode(core, node, 'stopped')
}

/** Switches a deallocated node on; its disk is a new one. */
export function startNode(core: Core, node: NodeRow, pool: PoolRow): void {
  moveNode(core, node, 'started')
  boot(core, node, pool, true)
}

/** The machine of a spot node is taken away; its tasks wait anew. A machine for the same node comes after `absence` ms. */
export function preemptNode(core: Core, node: NodeRow, pool: PoolRow, absence: number): void {
  clearTasks(core, node, 'requeue', false)
  if (node.draining === 'left') return depart(core, node, 'left')
  moveNode(core, node, 'preempted')
  Object.assign(node, STAY, { errors: null, stopped: 0, dueAt: core.now() + absence * 1000 })
  stop(core, node, pool)
  core.emit({ type: 'wakeAt', time: Math.ceil(core.now() / 1000) + absence })
  core.tickSoon()
}

/**
 * The machine of a node breaks with an `error`, or without one is not heard of any more; its tasks wait anew. It restarts
 * when somebody asks for it, or after `recovery` ms.
 */
export function failNode(
  core: Core,
  node: NodeRow,
  pool: PoolRow,
  { error, recovery }: { error?: NodeError | undefined; recovery?: number | undefined },
): void {
  clearTasks(core, node, 'requeue', false)
  // It waited for its tasks only.
  if (mayDepart(node)) return depart(core, node, node.draining)
  moveNode(core, node, error ? 'broken' : 'lost')
  const dueAt = recovery === undefined ? null : core.now() + recovery * 1000
  Object.assign(node, { errors: error ? JSON.stringify([error]) : null, dueAt })
  unload(core, node, false)
  core.emit({ type: 'stopNode', node: identity(node, pool.id), boot: node.boot })
  if (dueAt !== null) core.emit({ type: 'wakeAt', time: Math.ceil(dueAt / 1000) })
  core.tickSoon()
}

function recreate(core: Core, node: NodeRow, pool: PoolRow): void {
  moveNode(core, node, 'recreated')
  Object.assign(node, { dueAt: null, bootedAt: null, startTask: null, startInfo: null })
  boot(core, node, pool, true)
}

/** Brings on the nodes whose time has come. */
export function continueNodes(core: Core): void {
  const due = core.store.nodes.due(core.now(), CHUNK)
  for (const { id } of due) {
    // Read anew: a task on several nodes that is requeued changes them all.
    const node = core.store.nodes.byId(id)
    const pool = node && core.store.pools.byKey(node.pool)
    if (!node) continue
    if (pool && node.draining === 'left' && !node.retain) leave(core, node, pool.deallocation)
    else if (pool && node.state === 'preempted') recreate(core, node, pool)
    else if (FAILED.includes(node.state) && !node.draining) depart(core, node, 'rebooted')
    else settleNode(core, node)
  }
  if (due.length === CHUNK) core.tickSoon()
}

const FAILED: readonly NodeState[] = ['unusable', 'unknown']

/** Nodes that were to leave once they are empty stay. */
export function keepNodes(core: Core, pool: PoolRow): void {
  for (const node of core.store.nodes.ofPool(pool.key)) {
    if (node.draining !== 'left') continue
    Object.assign(node, STAY)
    core.store.nodes.save(node)
    core.touch(node)
    core.wake(pool.key)
  }
}

/** At the end of a change: running or idle, offline when it may not take tasks, gone when it was to go. */
export function settleNode(core: Core, node: NodeRow): void {
  const busy = node.runningTasks > 0
  // Tasks that wait for the preparation of their job hold slots, but do not run.
  const empty = node.usedSlots === 0
  if (empty && mayDepart(node) && !keepsFiles(core, node)) return depart(core, node, node.draining)
  if (!node.enabled && empty && isUsable(node.state)) return moveNode(core, node, 'paused')
  if (busy && node.state === 'idle') return moveNode(core, node, 'busy')
  if (!busy && node.state === 'running') return moveNode(core, node, 'free')
}

/** A node that restarts, such as after a restart of the emulator, is settled anew once it is up. */
function mayDepart(node: NodeRow): node is NodeRow & { draining: Departure } {
  return node.draining !== null && next<NodeState, NodeEvent>(NODE, node.state, node.draining) !== undefined
}

function isUsable(state: NodeState): boolean {
  return state === 'idle' || state === 'running'
}

/** Whether a node waits for the retention time of its tasks' files; reads its tasks once, when the last of them ends. */
function keepsFiles(core: Core, node: NodeRow): boolean {
  if (!node.retain) return false
  if (node.dueAt !== null) return node.dueAt > core.now()
  const until = core.store.retained.untilOfNode(node.id)
  if (until <= core.now()) return false
  node.dueAt = until
  core.store.nodes.save(node)
  core.emit({ type: 'wakeAt', time: Math.ceil(until / 1000) })
  return true
}

/** After a restart of the emulator: what ran is gone, what was under way goes on. */
export function recoverNode(core: Core, node: NodeRow, pool: PoolRow): void {
  if (node.state === 'deallocated') return
  if (node.state === 'preempted')
    return core.emit({ type: 'wakeAt', time: Math.ceil((node.dueAt ?? 0) / 1000) })
  if (node.state === 'leavingpool') return DEPARTURES.left(core, node, pool)
  if (node.state === 'deallocating') return stop(core, node, pool)
  if (node.draining && !node.retain) return depart(core, node, node.draining)
  if (!FRESH.has(node.state)) Object.assign(node, { state: 'rebooting', stateAt: core.now() })
  // Settled anew once it is ready.
  Object.assign(node, { dueAt: null, errors: null })
  boot(core, node, pool, false)
}

const FRESH: ReadonlySet<NodeState> = new Set(['creating', 'reimaging'])

/** Refuses what the state of a node does not allow, with the service's code for that state. */
export function requireState(node: NodeRow, allowed: readonly NodeState[]): void {
  if (allowed.includes(node.state)) return
  throw new BatchError(REFUSALS[node.state] ?? 'OperationNotValidOnNode', {
    Reason: `The node is ${node.state}; the operation needs it to be ${allowed.join(', ')}.`,
  })
}

const REFUSALS: Partial<Record<NodeState, BatchErrorCode>> = {
  creating: 'NodeBeingCreated',
  starting: 'NodeBeingStarted',
  waitingforstarttask: 'NodeBeingStarted',
  rebooting: 'NodeBeingRebooted',
  reimaging: 'NodeBeingReimaged',
  unusable: 'NodeStateUnusable',
  unknown: 'NodeStateUnusable',
}
