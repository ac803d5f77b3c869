// Tries of tasks on nodes: the only place that writes the state of a task, and the slots of a node with it.

import type { FailureInfo, TaskResult } from '@malachite/model'
import { BatchError } from '@malachite/model'
import { decide, type Decision, TASK_ENDED } from '../../scheduler/outcome.ts'
import type { JobEnds } from '../../storage/jobs.ts'
import type { NodeRow } from '../../storage/nodes.ts'
import type { PoolRow } from '../../storage/pools.ts'
import { taskDirectory, type TaskRow } from '../../storage/tasks.ts'
import { spreadCompletion } from './consequences.ts'
import type { Core } from '../core/core.ts'
import type { CommandOutcome } from '../core/effects.ts'
import { deleteOnNode, retainFiles } from './retention.ts'
import { next, TASK, type TaskEvent } from '../core/states.ts'

/** Gives a waiting task to a node; the number of the try. */
export function startTry(core: Core, task: TaskRow, node: NodeRow, pool: PoolRow): number {
  const run = core.stamp()
  move(core, task, 'assigned', {
    run,
    ...placeOf(node, pool),
    startedAt: core.now(),
    ...retried(core, task),
  })
  core.touch(core.store.nodes.occupy(node.key, task.slots) ?? node)
  return run
}

/** Gives a waiting task to a node that is not prepared for its job yet: it holds its slots, but does not run. */
export function reserveTry(core: Core, task: TaskRow, node: NodeRow, pool: PoolRow): void {
  move(core, task, 'reserved', {
    run: core.stamp(),
    ...placeOf(node, pool),
    ...retried(core, task),
  })
  core.touch(core.store.nodes.reserve(node.key, task.slots) ?? node)
}

/** The node is prepared: the task that waited there runs; the number of the try. */
export function beginTry(core: Core, task: TaskRow): number {
  const run = core.stamp()
  move(core, task, 'assigned', {
    run,
    startedAt: core.now(),
    ...retried(core, task),
  })
  const node = core.store.nodes.begin(task.nodeId ?? '')
  if (node) core.touch(node)
  return run
}

function placeOf(node: NodeRow, pool: PoolRow) {
  return { node: node.key, nodeId: node.id, poolId: pool.id }
}

/** A retry has the time of its start; a try that only repeats one that its node lost does not count as another retry. */
function retried(core: Core, task: TaskRow): Partial<TaskRow> {
  return task.retriedAt === task.stateAt ? { retriedAt: core.now() } : {}
}

/** The process of a try is gone: the task is done or waits for its next try. */
export function finishTry(core: Core, task: TaskRow, outcome: CommandOutcome): void {
  const decision = decide({ ...outcome, retries: task.retries, maxRetries: task.maxRetries })
  const old = filesBefore(core, task, decision)
  if (task.nodes > 0) detachInstances(core, task, old)
  deleteOnNode(core, task.nodeId, old)
  releaseSlots(
    core,
    task.nodeId ?? '',
    task.slots,
    decision.action === 'complete' ? decision.result : 'retry',
  )
  settleTry(core, task, decision, outcome)
}

/** What a try leaves that is followed by another one: nobody finds it any more, and that may run elsewhere. */
export function filesBefore(core: Core, task: TaskRow, { action }: Pick<Decision, 'action'>): string | null {
  const job = action === 'retry' ? core.store.jobs.endsOf(task.job) : undefined
  return job ? taskDirectory(job.id, task.id) : null
}

/** What a process leaves behind for its task. */
type ProcessEnd = Pick<CommandOutcome, 'exitCode' | 'container'>

/** Nothing of a try is left on its node: the task is done or waits for its next try. */
export function settleTry(core: Core, task: TaskRow, decision: Decision, end?: ProcessEnd): void {
  if (decision.action === 'complete') {
    return complete(core, task, 'finished', decision.result, decision.failure, end)
  }
  const retry = { retries: task.retries + 1, retriedAt: core.now() }
  move(core, task, 'requeued', { ...WAITING, ...retry, queue: core.stamp() })
  const job = core.store.jobs.endsOf(task.job)
  if (job) watchJob(core, job)
}

/** Puts a running task back among the waiting ones; its process ends, its files go. `counted` as a requeue of its user. */
export function requeueTry(core: Core, task: TaskRow, counted: boolean): void {
  const now = core.now()
  detach(core, task, filesBefore(core, task, { action: 'retry' }))
  move(core, task, 'requeued', {
    ...WAITING,
    queue: core.stamp(),
    ...(counted && { requeues: task.requeues + 1, requeuedAt: now }),
  })
}

/** Completes a task that its user ended; its process, if it has one, is ended too. */
export function endTask(core: Core, task: TaskRow): void {
  if (task.state === 'completed') throw new BatchError('TaskCompleted')
  detach(core, task)
  complete(core, task, 'terminated', 'failure', TASK_ENDED)
}

/** A failed task waits anew, as if it had never run. */
export function reactivateTask(core: Core, task: TaskRow): void {
  if (task.state !== 'completed') throw new BatchError('TaskNotCompleted')
  if (task.result === 'success') throw new BatchError('TaskSucceeded')
  discardFiles(core, task)
  move(core, task, 'reactivated', {
    ...WAITING,
    queue: core.stamp(),
    retries: 0,
    retriedAt: null,
    modifiedAt: core.now(),
  })
}

/**
 * The task no longer cares for its process: that holds its slots until it is gone, then `directory` is deleted. Only then
 * the task can run again.
 */
export function detach(core: Core, task: TaskRow, directory: string | null = null): void {
  if (task.state !== 'completed') wakePoolOfTask(core, task)
  if (task.nodes > 0) detachInstances(core, task, directory)
  if (task.run === null || task.nodeId === null) return
  if (task.state === 'preparing') return giveUpReservation(core, task.nodeId, task.slots, directory)
  core.store.endings.insert({
    run: task.run,
    job: task.job,
    task: task.key,
    nodeId: task.nodeId,
    slots: task.slots,
    directory,
  })
  core.emit({ type: 'endTask', run: task.run })
}

/** Long before its process is gone, its job may have room for another task; or it waited for nodes that others want. */
function wakePoolOfTask(core: Core, task: TaskRow): void {
  const waited = task.nodes > 0 && task.poolId === null
  wakePoolOf(core, waited ? (core.store.jobs.endsOf(task.job) ?? task) : task)
}

function wakePoolOf(core: Core, { poolId }: Pick<TaskRow, 'poolId'>): void {
  const pool = poolId === null ? undefined : core.store.pools.keyOf(poolId)
  if (pool !== undefined) core.wake(pool)
}

/** The nodes of a multi-instance task besides its try, as above. */
function detachInstances(core: Core, task: TaskRow, directory: string | null): void {
  for (const { id, run, holds, nodeId } of core.store.instances.ofTask(task.key)) {
    if (id === 0 && task.run !== null) continue
    if (holds && run !== null) {
      core.store.endings.insert({ run, job: task.job, task: task.key, nodeId, slots: 1, directory })
      core.emit({ type: 'endTask', run })
      continue
    }
    if (holds) releaseSlots(core, nodeId, 1, 'ended')
    deleteOnNode(core, nodeId, directory)
  }
  core.store.instances.letGo(task.key, core.now())
}

/** Between the two commands of a multi-instance task its run has no name. */
export function nameRun(core: Core, task: TaskRow, run: number | null): void {
  core.store.tasks.edit(task, { run })
}

function giveUpReservation(core: Core, nodeId: string, slots: number, directory: string | null): void {
  const node = core.store.nodes.giveUp(nodeId, slots)
  // There may be files of an earlier try.
  deleteOnNode(core, nodeId, directory)
  if (node) offerAgain(core, node)
}

/** Slots of a try come free on its node, if the node is still there. */
export function releaseSlots(
  core: Core,
  nodeId: string,
  slots: number,
  result: TaskResult | 'retry' | 'ended',
): void {
  const [ran, succeeded] = [result === 'retry' ? 0 : 1, result === 'success' ? 1 : 0] as const
  const node = core.store.nodes.release(nodeId, slots, ran, succeeded)
  if (node) offerAgain(core, node)
}

function offerAgain(core: Core, node: NodeRow): void {
  core.touch(node)
  core.wake(node.pool)
}

/** The files of a task that is deleted or waits anew go: now, or once its process is gone. */
export function discardFiles(core: Core, task: TaskRow): void {
  const directory = filesBefore(core, task, { action: 'retry' })
  if (task.nodeId === null || directory === null) return
  detach(core, task, directory)
  if (task.run === null && task.nodes === 0 && !core.store.endings.discard(task.key, directory))
    deleteOnNode(core, task.nodeId, directory)
}

const WAITING = {
  run: null,
  node: null,
  nodeId: null,
  poolId: null,
  startedAt: null,
  endedAt: null,
  exitCode: null,
  container: null,
  result: null,
  failure: null,
} as const

function complete(
  core: Core,
  task: TaskRow,
  event: TaskEvent,
  result: TaskResult,
  failure?: FailureInfo,
  { exitCode, container }: ProcessEnd = {},
): void {
  const now = core.now()
  move(core, task, event, {
    run: null,
    endedAt: now,
    exitCode: exitCode ?? null,
    ...(container && { container: JSON.stringify(container) }),
    result,
    failure: failure ? JSON.stringify(failure) : null,
    ...(event === 'terminated' && { modifiedAt: now }),
  })
  retainFiles(core, task)
  const job = core.store.jobs.endsOf(task.job)
  if (!job) return
  if (task.id === job.managerId) {
    core.actOnJob(job.key, 'finish')
    // It may have ended before it started, which the others waited for.
    wakePoolOf(core, job)
  }
  spreadCompletion(core, job, task)
  watchJob(core, job)
}

/** A task is done: a job that waits for its tasks, in order to end or on its way elsewhere, may go on. */
function watchJob(core: Core, job: JobEnds): void {
  const isDone = job.onAllComplete === 'terminatejob' && job.active + job.running === 0
  if (isDone || job.state !== 'active') core.tickSoon()
}

function move(core: Core, task: TaskRow, event: TaskEvent, changes: Partial<TaskRow>): void {
  const state = next(TASK, task.state, event)
  if (!state) throw new BatchError('OperationInvalidForCurrentState')
  const previous = { previousState: task.state, previousAt: task.stateAt }
  core.store.tasks.edit(task, { ...previous, ...changes, state, stateAt: core.now() })
}
