// The life of nodes in the model.

import { BatchError, type BatchErrorCode, type NodeState } from '@malachite/model'
import { interruptJobs } from './jobs.ts'
import { processCount, require, tasksOn, usedSlots } from './queries.ts'
import { type Departure, type Model, type ModelNode, type ModelPool } from './state.ts'
import { type Ending, mayRetry, requeue, terminateTask } from './tasks.ts'

export type NodeOption = 'requeue' | 'terminate' | 'taskcompletion' | 'retaineddata'

const REFUSALS: Partial<Record<NodeState, BatchErrorCode>> = {
  creating: 'NodeBeingCreated',
  starting: 'NodeBeingStarted',
  waitingforstarttask: 'NodeBeingStarted',
  rebooting: 'NodeBeingRebooted',
  reimaging: 'NodeBeingReimaged',
  unusable: 'NodeStateUnusable',
  unknown: 'NodeStateUnusable',
}

function requireState({ state }: ModelNode, allowed: readonly NodeState[]): void {
  if (!allowed.includes(state)) throw new BatchError(REFUSALS[state] ?? 'OperationNotValidOnNode')
}

export function requirePool(model: Model, id: string): ModelPool {
  return require(model.pools, id, 'PoolNotFound')
}

export function requireNode(model: Model, pool: ModelPool, id: string): ModelNode {
  const node = require(model.nodes, id, 'NodeNotFound')
  if (node.pool !== pool) throw new BatchError('NodeNotFound')
  return node
}

const WORKING = ['idle', 'running', 'offline'] as const
const RESTARTABLE = [...WORKING, 'starttaskfailed', 'unusable'] as const
const BOOTING = ['creating', 'starting', 'rebooting', 'reimaging'] as const
const SCHEDULABLE = [...RESTARTABLE, ...BOOTING, 'waitingforstarttask', 'unknown'] as const

const ALLOWED = {
  rebooted: RESTARTABLE,
  reimaged: RESTARTABLE,
  deallocated: [...WORKING, 'starting'],
} as const

/** Reboots, reimages or switches a node off, at once or when it is empty. */
export function restartNode(
  model: Model,
  node: ModelNode,
  purpose: 'rebooted' | 'reimaged' | 'deallocated',
  option: NodeOption,
): void {
  requireState(node, ALLOWED[purpose])
  empty(model, node, purpose, option)
}

/** Takes a node out of its pool. */
export function leave(model: Model, node: ModelNode, option: NodeOption): void {
  if (node.state !== 'leavingpool') empty(model, node, 'left', option)
}

function empty(model: Model, node: ModelNode, purpose: Departure, option: NodeOption): void {
  node.draining = node.draining === 'left' ? 'left' : purpose
  node.keepsUntil = undefined
  node.retain = option === 'retaineddata'
  if (option !== 'requeue' && option !== 'terminate') return
  clearTasks(model, node, option)
  depart(model, node, node.draining)
}

function clearTasks(model: Model, node: ModelNode, option: 'requeue' | 'terminate', counted = true): void {
  for (const task of tasksOn(model, node)) {
    if (option === 'terminate') terminateTask(model, task)
    else requeue(model, task, counted)
  }
}

const STATES = {
  left: 'leavingpool',
  rebooted: 'rebooting',
  reimaged: 'reimaging',
  deallocated: 'deallocating',
} as const

function depart(model: Model, node: ModelNode, purpose: Departure): void {
  stay(node)
  node.state = STATES[purpose]
  node.start = undefined
  if (purpose === 'left') interruptJobs(model, node, 'left')
  else unload(model, node, purpose !== 'rebooted')
}

/** Forgets what the node was to do once it is empty. */
export function stay(node: ModelNode): void {
  Object.assign(node, { draining: undefined, retain: false, keepsUntil: undefined })
}

/** The machine goes down: what held slots is forgotten, and its disk `wiped`. */
function unload(model: Model, node: ModelNode, wiped: boolean): void {
  for (const { run } of node.holds) if (run !== undefined) model.ended.delete(run)
  node.holds = []
  node.start = undefined
  if (wiped) node.files.clear()
  interruptJobs(model, node, wiped ? 'left' : 'rebooted')
}

export function startNode(model: Model, node: ModelNode): void {
  requireState(node, ['deallocated'])
  node.state = 'starting'
  unload(model, node, true)
}

export function preemptNode(model: Model, node: ModelNode): void {
  requireState(node, [...SCHEDULABLE, 'deallocating'])
  if (node.dedicated) throw new BatchError('OperationNotValidOnNode')
  clearTasks(model, node, 'requeue', false)
  if (node.draining === 'left') return depart(model, node, 'left')
  stay(node)
  node.state = 'preempted'
  unload(model, node, true)
}

/** The machine breaks or is lost. What waited for its tasks to end waits no more. */
export function failNode(model: Model, node: ModelNode, isLost: boolean): void {
  requireState(node, SCHEDULABLE)
  clearTasks(model, node, 'requeue', false)
  const { draining, state } = node
  const hasBooted = !['creating', 'rebooting', 'reimaging'].includes(state)
  const isDeparting = draining === 'deallocated' ? mayDepart(node) : hasBooted
  if (draining && (draining === 'left' || isDeparting)) return depart(model, node, draining)
  node.state = isLost ? 'unknown' : 'unusable'
  unload(model, node, false)
}

export function setScheduling(
  model: Model,
  node: ModelNode,
  enabled: boolean,
  option: Exclude<NodeOption, 'retaineddata'>,
): void {
  requireState(node, SCHEDULABLE)
  if (node.enabled === enabled) throw new BatchError('NodeAlreadyInTargetSchedulingState')
  node.enabled = enabled
  if (enabled && node.state === 'offline') node.state = 'idle'
  if (!enabled && option !== 'taskcompletion') clearTasks(model, node, option)
}

/** The machine is up, or is not. The caller knows that this is about its latest boot. */
export function nodeBooted(node: ModelNode, succeeded: boolean): void {
  if (node.state === 'leavingpool') return
  if (!succeeded) {
    node.state = 'unusable'
    return
  }
  const { startTask } = node.pool
  if (startTask) node.start = { retries: 0 }
  node.state = startTask?.waits ? 'waitingforstarttask' : 'idle'
}

/** The process of the start task is gone. */
export function startTaskEnded(node: ModelNode, ending: Ending): void {
  const { retries = 0 } = node.start ?? {}
  if (mayRetry(ending, retries, node.pool.startTask?.retries ?? 0)) {
    node.start = { retries: retries + 1 }
    return
  }
  node.start = undefined
  const succeeded = ending.exitCode === 0 && ending.failure === undefined
  if (node.state === 'waitingforstarttask') node.state = succeeded ? 'idle' : 'starttaskfailed'
}

export function nodeStopped(node: ModelNode): void {
  if (node.state === 'deallocating') node.state = 'deallocated'
}

/** What follows from what a node does now; whether anything did. */
export function settleNodes(model: Model): boolean {
  return [...model.nodes.values()].map((node) => settleNode(model, node)).includes(true)
}

function settleNode(model: Model, node: ModelNode): boolean {
  const before = node.state
  const isEmpty = usedSlots(node) === 0
  if (isEmpty) node.exclusive = false
  if (isEmpty && node.draining && mayDepart(node) && !keepsFiles(model, node))
    depart(model, node, node.draining)
  else if (isEmpty && !node.enabled && (before === 'idle' || before === 'running')) node.state = 'offline'
  else if (before === 'idle' && processCount(node) > 0) node.state = 'running'
  else if (before === 'running' && processCount(node) === 0) node.state = 'idle'
  return node.state !== before
}

/** A node on its way up does not restart before it is there; it may leave at any time. */
function mayDepart({ draining, state }: ModelNode): boolean {
  const allowed: readonly NodeState[] = draining && draining !== 'left' ? ALLOWED[draining] : SCHEDULABLE
  const isLost = state === 'unknown' && draining !== 'deallocated'
  return allowed.includes(state) || draining === 'left' || isLost
}

function keepsFiles(model: Model, node: ModelNode): boolean {
  if (!node.retain) return false
  const tasks = [...model.jobs.values()].flatMap((job) => [...job.tasks.values()])
  node.keepsUntil ??= Math.max(
    0,
    ...tasks
      .filter(({ state }) => state === 'completed')
      .filter(({ nodeId, parts }) => nodeId === node.id || parts.some((part) => part.node === node))
      .map(({ endedAt = 0, retention }) => endedAt + retention),
  )
  return node.keepsUntil > model.now
}

/** The machines of preempted nodes come back; whether there were any. */
export function recreateNodes(model: Model): boolean {
  const nodes = [...model.nodes.values()].filter(({ state }) => state === 'preempted')
  for (const node of nodes) {
    node.state = 'creating'
    unload(model, node, true)
  }
  return nodes.length > 0
}

/** After a restart of the emulator. */
export function recoverNode(model: Model, node: ModelNode): void {
  for (const task of tasksOn(model, node)) requeue(model, task, false)
  for (const hold of node.holds) hold.job = undefined
  if (node.state === 'deallocated' || node.state === 'preempted') return
  if (node.state === 'leavingpool') return interruptJobs(model, node, 'left')
  if (node.state === 'deallocating') return unload(model, node, true)
  if (node.draining && !node.retain) return depart(model, node, node.draining)
  node.keepsUntil = undefined
  if (node.state !== 'creating' && node.state !== 'reimaging') node.state = 'rebooting'
  unload(model, node, false)
}
