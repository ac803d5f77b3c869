// The path of a node from its creation to its removal: boot, start task, tasks, leave.

import type {
  FailureInfo,
  NodeDeallocationOption,
  NodeState,
  StartTask,
  StartTaskInfo,
  Wire,
} from '@malachite/model'
import { BatchError } from '@malachite/model'
import { decide } from '../scheduler/outcome.ts'
import type { PoolBody } from '../schema/pool.ts'
import type { NodeRow } from '../storage/nodes.ts'
import type { PoolRow } from '../storage/pools.ts'
import { json } from '../storage/table.ts'
import { toIso } from '../storage/time.ts'
import type { Core } from './core.ts'
import type { CommandOutcome } from './effects.ts'
import { identity } from './schedule.ts'
import { next, NODE, type NodeEvent } from './states.ts'
import { endTask, requeueTry } from './tries.ts'

/** A new machine joins the pool. */
export function createNode(core: Core, pool: PoolRow, dedicated: 0 | 1, ipAddress: string): void {
  const now = core.now()
  const row = {
    id: `tvmps_${core.newId()}_${dedicated ? 'd' : 'p'}`,
    pool: pool.key,
    state: 'creating',
    stateAt: now,
    enabled: 1,
    draining: null,
    dedicated,
    ipAddress,
    allocatedAt: now,
    bootedAt: null,
    boot: core.stamp(),
    slots: pool.slots,
    usedSlots: 0,
    runningTasks: 0,
    totalRun: 0,
    totalSucceeded: 0,
    startTask: null,
    startRun: null,
    startInfo: null,
    errors: null,
    free: 0,
  } satisfies Omit<NodeRow, 'key'>
  const key = core.store.nodes.insert(row)
  boot(core, { key, ...row }, pool, true)
}

/** Starts (or restarts) the machine. What ran on it is gone when it answers. */
export function boot(core: Core, node: NodeRow, pool: PoolRow, wipe: boolean): void {
  node.boot = core.stamp()
  node.usedSlots = 0
  node.runningTasks = 0
  node.startRun = null
  core.store.endings.forgetNode(node.id)
  core.store.nodes.save(node)
  core.emit({ type: 'bootNode', node: identity(node, pool.id), boot: node.boot, wipe })
}

/** The machine is up: its start task runs, and unless that is awaited tasks may come. */
export function nodeBooted(core: Core, nodeId: string, bootNumber: number): void {
  const node = core.store.nodes.byId(nodeId)
  const pool = node && core.store.pools.byKey(node.pool)
  if (!pool || node.boot !== bootNumber || node.state === 'leavingpool') return
  moveNode(core, node, 'booted')
  node.bootedAt = core.now()
  const { startTask } = JSON.parse(pool.body) as PoolBody
  node.startTask = startTask ? JSON.stringify(startTask) : null
  node.startInfo = null
  if (startTask) runStartTask(core, node, pool, 0)
  if (startTask?.waitForSuccess) moveNode(core, node, 'startTaskAwaited')
  else ready(core, node)
}

/** The machine did not come up. */
export function nodeBroken(core: Core, nodeId: string, bootNumber: number, message: string): void {
  const node = core.store.nodes.byId(nodeId)
  if (!node || node.boot !== bootNumber || node.state === 'leavingpool') return
  node.errors = JSON.stringify([{ code: 'NodeCreationFailed', message }])
  moveNode(core, node, 'broken')
}

function ready(core: Core, node: NodeRow): void {
  moveNode(core, node, 'ready')
  core.touch(node)
  core.wake(node.pool)
}

function runStartTask(core: Core, node: NodeRow, pool: PoolRow, retryCount: number): void {
  const startTask = json<StartTask>(node.startTask)
  if (!startTask) return
  const startTime = toIso(core.now())
  const retried = retryCount > 0 && { lastRetryTime: startTime }
  node.startRun = core.stamp()
  setStartInfo(node, { state: 'running', startTime, retryCount, ...retried })
  core.store.nodes.save(node)
  core.emit({
    type: 'runStartTask',
    run: node.startRun,
    node: identity(node, pool.id),
    commandLine: startTask.commandLine,
    resourceFiles: startTask.resourceFiles ?? [],
    environment: startTask.environmentSettings ?? [],
    userIdentity: startTask.userIdentity ?? {},
  })
}

/** A try of the start task is over: the node is ready, tries again or has failed. */
export function startTaskEnded(core: Core, nodeId: string, outcome: CommandOutcome): void {
  const node = core.store.nodes.byId(nodeId)
  const pool = node && core.store.pools.byKey(node.pool)
  const startTask = json<StartTask>(node?.startTask ?? null)
  const info = json<Wire<StartTaskInfo>>(node?.startInfo ?? null)
  if (!pool || !startTask || !info || node.startRun !== outcome.run) return
  node.startRun = null
  const decision = decide({
    ...outcome,
    retries: info.retryCount,
    maxRetries: startTask.maxTaskRetryCount ?? 0,
  })
  if (decision.action === 'retry') return runStartTask(core, node, pool, info.retryCount + 1)
  setStartInfo(node, endedInfo(core, info, outcome, decision.result, decision.failure))
  core.store.nodes.save(node)
  if (node.state !== 'waitingforstarttask') return
  if (decision.result === 'success') ready(core, node)
  else moveNode(core, node, 'startTaskFailed')
}

function endedInfo(
  core: Core,
  { state: _, startTime, ...info }: Wire<StartTaskInfo>,
  { exitCode }: CommandOutcome,
  result: 'success' | 'failure',
  failureInfo: FailureInfo | undefined,
): Wire<StartTaskInfo> {
  const endTime = toIso(core.now())
  return {
    state: 'completed',
    startTime,
    endTime,
    ...(exitCode !== undefined && { exitCode }),
    ...(failureInfo && { failureInfo }),
    ...info,
    result,
  }
}

function setStartInfo(node: NodeRow, info: Wire<StartTaskInfo>): void {
  node.startInfo = JSON.stringify(info)
}

/** At the end of a change: running or idle, offline when it may not take tasks, gone when it was to leave. */
export function settleNode(core: Core, node: NodeRow): void {
  const busy = node.runningTasks > 0
  if (!busy && node.draining) return leave(core, node, 'requeue')
  if (!node.enabled && !busy && isUsable(node.state)) return moveNode(core, node, 'paused')
  if (busy && node.state === 'idle') return moveNode(core, node, 'busy')
  if (!busy && node.state === 'running') return moveNode(core, node, 'free')
}

function isUsable(state: NodeState): boolean {
  return state === 'idle' || state === 'running'
}

/** Takes a node out of its pool, at once or when its tasks are done. */
export function leave(core: Core, node: NodeRow, option: NodeDeallocationOption): void {
  if (node.state === 'leavingpool') return
  if (option === 'taskcompletion' && node.runningTasks > 0) {
    node.draining = option
    return core.store.nodes.save(node)
  }
  clearTasks(core, node, option === 'terminate' ? 'terminate' : 'requeue')
  const pool = core.store.pools.byKey(node.pool)
  moveNode(core, node, 'left')
  core.emit({ type: 'removeNode', node: identity(node, pool?.id ?? '') })
}

/** Takes the running tasks off a node. */
export function clearTasks(core: Core, node: NodeRow, option: 'requeue' | 'terminate'): void {
  for (const task of core.store.tasks.runningOnNode(node.id)) {
    if (option === 'terminate') endTask(core, task)
    else requeueTry(core, task, true)
  }
}

/** The only place that writes the state of a node. */
export function moveNode(core: Core, node: NodeRow, event: NodeEvent): void {
  const state = next(NODE, node.state, event)
  if (!state) throw new BatchError('OperationNotValidOnNode')
  node.state = state
  node.stateAt = core.now()
  core.store.nodes.save(node)
}
