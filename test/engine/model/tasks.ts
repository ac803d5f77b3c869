// The life of tasks in the model.

import { BatchError, type ExitOptions } from '@malachite/model'
import {
  type Hold,
  type JobAction,
  MANAGER_ID,
  type Model,
  type ModelJob,
  type ModelTask,
  require,
} from './state.ts'

/** How a command ends: its exit code, or what failed before or after it. */
export interface Ending {
  exitCode?: number
  failure?: 'ResourceFileDownloadFailed' | 'FileUploadMiscError'
}

export interface NewTask {
  id: string
  slots: number
  maxRetries?: number
  dependsOn?: { ids: string[]; ranges: [number, number][] }
  conditions?: ModelTask['conditions']
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
    ...(task.conditions && { conditions: task.conditions }),
  })
  job.satisfied.delete(task.id)
}

function actsOnJob({ conditions }: NewTask): boolean {
  const { exitCodes = [], preProcessingError, default: other } = conditions ?? {}
  return [...exitCodes.map(({ exitOptions }) => exitOptions), preProcessingError, other].some(
    (options) => options?.jobAction !== undefined,
  )
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

function wait(model: Model, task: ModelTask): void {
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
  const { hold } = task
  if (!hold) return
  task.hold = undefined
  if (hold.kind === 'reserved') hold.node.holds = hold.node.holds.filter((other) => other !== hold)
  else endHold(model, hold)
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

function complete(
  model: Model,
  task: ModelTask,
  result: 'success' | 'failure',
  exitCode: number | undefined,
  failure: string,
): void {
  const { job } = task
  Object.assign(task, { state: 'completed', result, exitCode, epoch: model.epoch })
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
  const phase =
    exitCode === undefined && failure === 'ResourceFileDownloadFailed'
      ? conditions.preProcessingError
      : undefined
  const fallback = job.actsOnFailure ? 'terminate' : 'none'
  return { jobAction: fallback, dependencyAction: 'block', ...(listed ?? phase ?? conditions.default) }
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
