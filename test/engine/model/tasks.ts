// The life of tasks in the model.

import { BatchError, type ExitOptions } from '@malachite/model'
import { directoryOf, dropFiles, require } from './queries.ts'
import {
  type Hold,
  type JobAction,
  MANAGER_ID,
  type Model,
  type ModelJob,
  type ModelTask,
  RETENTION,
} from './state.ts'

/** How a command ends: its exit code, or what failed before or after it. */
export interface Ending {
  exitCode?: number
  failure?: 'ResourceFileDownloadFailed' | 'FileUploadMiscError' | typeof TIMED_OUT
}

/** What a runtime tells of a command that took too long. */
export const TIMED_OUT = 'TaskEnded'

export interface NewTask {
  id: string
  slots: number
  maxRetries?: number
  dependsOn?: { ids: string[]; ranges: [number, number][] }
  conditions?: ModelTask['conditions']
  /** Nodes that it needs at once. */
  instances?: number
  /** Which of the nodes that there are it would like; then the id of the node, and its affinity id. */
  affinity?: number
  nodeId?: string
  affinityId?: string
  /** Longest time of one try; how long its files stay. Both milliseconds. */
  limit?: number
  retention?: number
}

const CLOSED = {
  completed: 'JobCompleted',
  deleting: 'JobBeingDeleted',
  terminating: 'JobBeingTerminated',
} as const

/** Refuses new tasks for a job that has ended or is about to. */
export function requireOpen(job: ModelJob): void {
  if (job.state in CLOSED) throw new BatchError(CLOSED[job.state as keyof typeof CLOSED])
}

export function addTask(model: Model, job: ModelJob, task: NewTask): void {
  if (job.tasks.has(task.id)) throw new BatchError('TaskExists')
  const { ids, ranges } = task.dependsOn ?? { ids: [], ranges: [] }
  if (ids.length + ranges.length > 0 && !job.usesDependencies)
    throw new BatchError('TaskDependenciesNotSpecifiedOnJob')
  if (actsOnJob(task) && !job.actsOnFailure) throw new BatchError('InvalidPropertyValue')
  const missing = [...ids, ...ranges.map(([first, last]) => `${first}..${last}`)]
  job.tasks.set(task.id, {
    id: task.id,
    job,
    state: 'active',
    slots: task.slots,
    queue: model.step,
    retries: 0,
    maxRetries: task.maxRetries ?? job.maxRetries,
    requeues: 0,
    waits: new Set(missing.filter((name) => !isSatisfied(job, name))),
    affinity: task.nodeId,
    instances: task.instances ?? 0,
    parts: [],
    limit: task.limit,
    retention: task.retention ?? RETENTION,
    ghosts: new Set(endingsOf(model, job, task.id)),
    ...(task.conditions && { conditions: task.conditions }),
  })
  job.satisfied.delete(task.id)
}

function endingsOf(model: Model, job: ModelJob, taskId: string): Hold[] {
  const holds = [...model.nodes.values()].flatMap((node) => node.holds)
  return holds.filter((hold) => hold.kind === 'ending' && hold.job === job && hold.taskId === taskId)
}

function actsOnJob({ conditions }: NewTask): boolean {
  const { exitCodes = [], preProcessingError, fileUploadError, default: other } = conditions ?? {}
  return [
    ...exitCodes.map(({ exitOptions }) => exitOptions),
    preProcessingError,
    fileUploadError,
    other,
  ].some((options) => options?.jobAction !== undefined)
}

function isSatisfied(job: ModelJob, name: string): boolean {
  const [first, last] = name.split('..').map(Number)
  if (first === undefined || last === undefined) return job.satisfied.has(name)
  for (let id = first; id <= last; id++) if (!job.satisfied.has(String(id))) return false
  return true
}

export function requireTask(job: ModelJob, id: string): ModelTask {
  return require(job.tasks, id, 'TaskNotFound')
}

/** The process of a task's try is gone. */
export function finish(model: Model, task: ModelTask, ending: Ending): void {
  const node = task.hold?.node
  if (node) node.holds = node.holds.filter((hold) => hold !== task.hold)
  task.hold = undefined
  const failed = ending.failure !== undefined || ending.exitCode !== 0
  if (mayRetry(ending, task.retries, task.maxRetries)) {
    task.retries += 1
    return wait(model, task)
  }
  complete(model, task, failed ? 'failure' : 'success', ending.exitCode, ending.failure ?? 'FailureExitCode')
}

/** Only a process that ended with another exit code than 0 is tried again. */
export function mayRetry({ exitCode, failure }: Ending, retries: number, max: number): boolean {
  return failure === undefined && exitCode !== 0 && (max === -1 || retries < max)
}

/** The task waits for its next try; what the last one left on its nodes is of no use. */
export function wait(model: Model, task: ModelTask): void {
  dropFiles(model.nodes.values(), directoryOf(task.job.id, task.id))
  Object.assign(task, { state: 'active', queue: model.step, nodeId: undefined, hold: undefined })
  Object.assign(task, { result: undefined, exitCode: undefined, failure: undefined })
}

/** Takes a task off its node; `counted` as a requeue of its user. */
export function requeue(model: Model, task: ModelTask, counted: boolean): void {
  detach(model, task)
  if (counted) task.requeues += 1
  wait(model, task)
}

/** The task no longer cares for its process, which holds its slots until it is gone. */
export function detach(model: Model, task: ModelTask): void {
  const { hold, parts } = task
  task.hold = undefined
  if (hold && task.instances === 0) leave(model, task, hold)
  for (const part of parts) {
    if (part.hold && (part.hold === hold || part !== parts[0])) leave(model, task, part.hold)
    part.hold = undefined
    part.state = 'completed'
    part.result ??= 'failure'
  }
}

function leave(model: Model, task: ModelTask, hold: Hold): void {
  if (hold.kind === 'reserved' || hold.isQuiet)
    hold.node.holds = hold.node.holds.filter((other) => other !== hold)
  else {
    task.ghosts.add(hold)
    endHold(model, hold)
  }
}

/** Nothing is left of a try. */
export function forgetGhost(model: Model, isGone: (hold: Hold) => boolean): void {
  for (const { tasks } of model.jobs.values())
    for (const { ghosts } of tasks.values()) for (const hold of ghosts) if (isGone(hold)) ghosts.delete(hold)
}

function endHold(model: Model, hold: Hold): void {
  hold.kind = 'ending'
  if (hold.run !== undefined) model.ended.set(hold.run, hold)
}

export function terminateTask(model: Model, task: ModelTask): void {
  if (task.state === 'completed') throw new BatchError('TaskCompleted')
  detach(model, task)
  complete(model, task, 'failure', undefined, 'TaskEnded')
}

export function reactivateTask(model: Model, task: ModelTask): void {
  requireOpen(task.job)
  if (task.state !== 'completed') throw new BatchError('TaskNotCompleted')
  if (task.result === 'success') throw new BatchError('TaskSucceeded')
  wait(model, task)
  task.retries = 0
  task.job.satisfied.delete(task.id)
}

/** The task is done. */
export function complete(
  model: Model,
  task: ModelTask,
  result: 'success' | 'failure',
  exitCode: number | undefined,
  failure: string,
): void {
  const { job } = task
  Object.assign(task, { state: 'completed', result, exitCode, endedAt: model.now })
  task.failure = result === 'failure' ? failure : undefined
  if (job.manager?.kills && task.id === MANAGER_ID) act(model, job, 'terminate')
  const { jobAction = 'none', dependencyAction } = consequences(task)
  if (job.actsOnFailure && jobAction !== 'none') act(model, job, jobAction)
  if (job.usesDependencies && dependencyAction === 'satisfy') satisfy(job, task.id)
}

function act(model: Model, job: ModelJob, action: JobAction): void {
  // What disables a job gives way to what ends it.
  if ((model.actions.get(job) ?? 'disable') === 'disable') model.actions.set(job, action)
}

function consequences({ result, exitCode, failure, conditions = {}, job }: ModelTask): ExitOptions {
  const listed = conditions.exitCodes?.find(({ code }) => code === exitCode)?.exitOptions
  if (result === 'success') return { jobAction: 'none', dependencyAction: 'satisfy', ...listed }
  const phase = PHASES[failure ?? '']
  const fallback = job.actsOnFailure ? 'terminate' : 'none'
  return {
    jobAction: fallback,
    dependencyAction: 'block',
    ...(listed ?? (phase && conditions[phase]) ?? conditions.default),
  }
}

/** What fails before or after a process. */
const PHASES: Record<string, 'preProcessingError' | 'fileUploadError'> = {
  ResourceFileDownloadFailed: 'preProcessingError',
  FileUploadMiscError: 'fileUploadError',
}

function satisfy(job: ModelJob, id: string): void {
  job.satisfied.add(id)
  for (const { waits } of job.tasks.values()) {
    for (const name of waits) if (isNamed(name, id) && isSatisfied(job, name)) waits.delete(name)
  }
}

/** Whether a dependency is this id, or a range with it. */
function isNamed(name: string, id: string): boolean {
  const [first, last] = name.split('..').map(Number)
  if (first === undefined || last === undefined) return name === id
  return first <= Number(id) && Number(id) <= last
}
