// The path of a node from its creation to its first task: boot and start task. How it goes is in node-exit.ts.

import type { FailureInfo, NodeError, NodeState, StartTask, StartTaskInfo, Wire } from '@malachite/model'
import { BatchError } from '@malachite/model'
import { decide } from '../../scheduler/outcome.ts'
import type { PoolBody } from '../../schema/pool.ts'
import type { NodeRow } from '../../storage/nodes.ts'
import type { PoolRow } from '../../storage/pools.ts'
import { json } from '../../storage/table.ts'
import { toIso } from '../../storage/time.ts'
import { packagesOf, resolvePackages } from '../pools/applications.ts'
import type { Core } from '../core/core.ts'
import type { CommandOutcome } from '../core/effects.ts'
import { interruptJobs } from '../jobs/job-nodes.ts'
import { releaseMayStart } from '../jobs/release.ts'
import { containerOf, imagesOf } from './containers.ts'
import { identity, missingUser } from '../tasks/task-run.ts'
import { next, NODE, type NodeEvent } from '../core/states.ts'

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
    retain: 0,
    dueAt: null,
    stopped: 0,
    blank: 1,
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
    packages: null,
    free: 0,
  } satisfies Omit<NodeRow, 'key'>
  const key = core.store.nodes.insert(row)
  boot(core, { key, ...row }, pool, true)
}

/** Starts (or restarts) the machine, its disk wiped if an earlier boot was to do that. What ran is gone when it answers. */
export function boot(core: Core, node: NodeRow, pool: PoolRow, wiped: boolean): void {
  const wipe = wiped || node.blank === 1
  const { applicationPackageReferences = [] } = JSON.parse(pool.body) as PoolBody
  const packages = resolvePackages(core, applicationPackageReferences)
  node.packages = packages.length > 0 ? JSON.stringify(packages) : null
  unload(core, node, wipe)
  const installed = packages.length > 0 && { applicationPackages: packages }
  const prepared = { ...installed, ...imagesOf(core, pool) }
  core.emit({ type: 'bootNode', node: identity(node, pool.id), boot: node.boot, wipe, ...prepared })
}

/** The machine goes down with all that runs on it; reports about what was are void from now on. */
export function unload(core: Core, node: NodeRow, wipe: boolean): void {
  node.boot = core.stamp()
  node.usedSlots = 0
  node.runningTasks = 0
  node.startRun = null
  if (wipe) node.blank = 1
  core.store.endings.unloadNode(node.id)
  interruptJobs(core, node, wipe ? 'left' : 'rebooted')
  core.store.nodes.save(node)
  core.touch(node)
}

/** The machine runs, its agent is being started: from now on the node is `starting`. */
export function nodeBooting(core: Core, nodeId: string, bootNumber: number): void {
  const node = core.store.nodes.byId(nodeId)
  if (node?.boot !== bootNumber || !next<NodeState, NodeEvent>(NODE, node.state, 'booting')) return
  forgetProcesses(core, node)
  moveNode(core, node, 'booting')
}

/** What ran on the machine is gone: tasks that waited for that may run elsewhere. */
export function forgetProcesses(core: Core, { id, pool }: NodeRow): void {
  if (core.store.endings.forgetNode(id)) core.wake(pool)
}

/** The machine is up: its start task runs, and unless that is awaited tasks may come. */
export function nodeBooted(core: Core, nodeId: string, bootNumber: number): void {
  const node = core.store.nodes.byId(nodeId)
  const pool = node && core.store.pools.byKey(node.pool)
  if (!pool || node.boot !== bootNumber || node.state === 'leavingpool') return
  if (node.state !== 'starting') moveNode(core, node, 'booting')
  Object.assign(node, { bootedAt: core.now(), blank: 0 })
  const { startTask } = JSON.parse(pool.body) as PoolBody
  node.startTask = startTask ? JSON.stringify(startTask) : null
  node.startInfo = null
  if (startTask) runStartTask(core, node, pool, 0)
  if (startTask?.waitForSuccess) moveNode(core, node, 'startTaskAwaited')
  else ready(core, node)
}

/** The machine did not come up. */
export function nodeBroken(core: Core, nodeId: string, bootNumber: number, error: NodeError): void {
  const node = core.store.nodes.byId(nodeId)
  if (!node || node.boot !== bootNumber || node.state === 'leavingpool') return
  node.errors = JSON.stringify([error])
  broken(core, node, 'broken')
}

function broken(core: Core, node: NodeRow, event: 'broken' | 'startTaskFailed'): void {
  moveNode(core, node, event)
  // It may have been about to go.
  core.touch(node)
  releaseMayStart(core, node.id)
}

function ready(core: Core, node: NodeRow): void {
  node.stopped = 0
  moveNode(core, node, 'ready')
  core.touch(node)
  core.wake(node.pool)
  releaseMayStart(core, node.id)
}

function runStartTask(core: Core, node: NodeRow, pool: PoolRow, retryCount: number): void {
  const startTask = json<NonNullable<PoolBody['startTask']>>(node.startTask)
  if (!startTask) return
  const startTime = toIso(core.now())
  const applicationPackages = packagesOf(node)
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
    ...missingUser(startTask.userIdentity ?? {}, pool),
    ...containerOf(core, startTask.containerSettings, pool),
    ...(applicationPackages && { applicationPackages }),
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
  else broken(core, node, 'startTaskFailed')
}

function endedInfo(
  core: Core,
  { state: _, startTime, ...info }: Wire<StartTaskInfo>,
  { exitCode, container }: CommandOutcome,
  result: 'success' | 'failure',
  failureInfo: FailureInfo | undefined,
): Wire<StartTaskInfo> {
  const endTime = toIso(core.now())
  return {
    state: 'completed',
    startTime,
    endTime,
    ...(exitCode !== undefined && { exitCode }),
    ...(container && { containerInfo: container }),
    ...(failureInfo && { failureInfo }),
    ...info,
    result,
  }
}

function setStartInfo(node: NodeRow, info: Wire<StartTaskInfo>): void {
  node.startInfo = JSON.stringify(info)
}

/** The service keeps the time of the state before. */
const TIMELESS: ReadonlySet<NodeEvent> = new Set(['stopped', 'started'])

/** The only place that writes the state of a node. */
export function moveNode(core: Core, node: NodeRow, event: NodeEvent): void {
  const state = next(NODE, node.state, event)
  if (!state) throw new BatchError('OperationNotValidOnNode')
  node.state = state
  if (!TIMELESS.has(event)) node.stateAt = core.now()
  core.store.nodes.save(node)
}
