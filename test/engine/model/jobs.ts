// The life of jobs in the model, and of what they run on nodes besides their tasks.

import { BatchError } from '@malachite/model'
import type { NewJob } from './choices.ts'
import { dropFiles, isEnding, jobDirectory, require, runningTasks } from './queries.ts'
import {
  type AutoPool,
  type JobAction,
  MANAGER_ID,
  type Model,
  type ModelJob,
  type ModelJobNode,
  type ModelNode,
  type ModelSchedule,
  PREPARATION_ID,
  RELEASE_ID,
} from './state.ts'
import { addPool } from './pool-start.ts'
import { addTask, type Ending, mayRetry, requeue, requireOpen, terminateTask } from './tasks.ts'

export type DisableOption = 'requeue' | 'terminate' | 'wait'

export function requireJob(model: Model, id: string): ModelJob {
  return require(model.jobs, id, 'JobNotFound')
}

/** Adds a job, for a schedule if one makes it. */
export function addJob(model: Model, { limit, ...job }: NewJob, schedule?: ModelSchedule): void {
  if (job.auto?.shared && !schedule) throw new BatchError('InvalidPropertyValue')
  const taken = model.jobs.get(job.id)?.state
  if (taken === 'completed') throw new BatchError('JobCompleted')
  if (taken === 'deleting') throw new BatchError('JobBeingDeleted')
  if (taken) throw new BatchError('JobExists')
  const added: ModelJob = {
    ...job,
    state: 'active',
    tasks: new Map(),
    satisfied: new Set(),
    nodes: new Map(),
    deadline: limit && model.now + limit,
    schedule,
    pool: job.auto ? takePool(model, job.id, job.auto, schedule) : job.pool,
  }
  model.jobs.set(job.id, added)
  if (job.manager) addTask(model, added, { id: MANAGER_ID, slots: 1 })
}

/** The id of the pool of a job that brings one: a new one, or that of the job before. */
function takePool(model: Model, jobId: string, { pool, shared }: AutoPool, schedule?: ModelSchedule): string {
  const id = model.chosenPool(jobId)
  if (shared && schedule) {
    if (model.pools.get(schedule.pool ?? '')?.state === 'active') return schedule.pool ?? ''
    schedule.pool = id
  }
  addPool(model, { id, ...pool })
  return id
}

/** A job is over: its own pool goes. */
function leavePool(model: Model, { auto, pool }: ModelJob): void {
  if (auto && !auto.shared && !auto.keepAlive) model.dropped.add(pool)
}

export function disableJob(model: Model, job: ModelJob, option: DisableOption): void {
  requireOpen(job)
  if (job.state === 'enabling') throw new BatchError('JobNotActive')
  if (job.state !== 'disabled') job.state = 'disabling'
  if (option === 'wait') return
  for (const task of runningTasks(job)) {
    if (option === 'terminate') terminateTask(model, task)
    else requeue(model, task, true)
  }
}

export function enableJob(job: ModelJob): void {
  requireOpen(job)
  if (job.state === 'active' || job.state === 'enabling')
    throw new BatchError('OperationInvalidForCurrentState')
  job.state = 'enabling'
}

export function terminateJob(model: Model, job: ModelJob, force: boolean): void {
  requireOpen(job)
  job.state = 'terminating'
  endTasks(model, job)
  if (force) forceJob(model, job)
}

export function deleteJob(model: Model, job: ModelJob, force: boolean): void {
  if (job.state === 'deleting') throw new BatchError('JobBeingDeleted')
  job.state = 'deleting'
  endTasks(model, job)
  if (force) forceJob(model, job)
}

/** Nobody waits for what a job that ends still runs. */
export function forceJob(model: Model, job: ModelJob): void {
  giveUp(model, job)
  if (job.state === 'terminating') {
    job.state = 'completed'
    leavePool(model, job)
    return
  }
  for (const place of job.nodes.values()) {
    if (typeof place.run !== 'number') continue
    if (place.release === 'running') model.orphans.add(place.run)
    place.run = undefined
  }
  job.isForced = true
}

function endTasks(model: Model, job: ModelJob): void {
  for (const task of runningTasks(job)) terminateTask(model, task)
}

/** Nobody waits for the processes of the job any more. */
function giveUp(model: Model, job: ModelJob): void {
  for (const hold of [...model.nodes.values()].flatMap(({ holds }) => holds)) {
    if (hold.job === job && hold.kind === 'ending') hold.job = undefined
  }
  releaseNodes(model, job)
  for (const place of job.nodes.values()) if (place.release === 'due') place.release = 'none'
}

export function updateJob(
  job: ModelJob,
  { endsWithTasks, ...changes }: Partial<Pick<ModelJob, 'priority' | 'maxParallel' | 'endsWithTasks'>>,
): void {
  requireOpen(job)
  if (endsWithTasks === false && job.endsWithTasks) throw new BatchError('InvalidPropertyValue')
  Object.assign(job, changes, endsWithTasks !== undefined && { endsWithTasks })
}

/** What the ends of tasks in this step do to their jobs. */
export function actOnJobs(model: Model): void {
  const actions = [...model.actions]
  model.actions.clear()
  for (const [job, action] of actions) actOnJob(model, job, action)
}

function actOnJob(model: Model, job: ModelJob, action: JobAction): void {
  if (action === 'disable' && job.state === 'active') disableJob(model, job, 'requeue')
  if (action === 'terminate' && !isEnding(job)) terminateJob(model, job, false)
  // The ends of its tasks ask for nothing that has not come already.
  model.actions.clear()
}

/** One step of all that comes by itself; whether there was any. */
export function settleJobs(model: Model): boolean {
  return [...model.jobs.values()].map((job) => settleJob(model, job)).includes(true)
}

function settleJob(model: Model, job: ModelJob): boolean {
  const tasks = [...job.tasks.values()]
  if (!isEnding(job) && job.deadline !== undefined && job.deadline <= model.now) {
    terminateJob(model, job, false)
    return true
  }
  if (job.state === 'active') {
    if (!job.endsWithTasks || tasks.some(({ state }) => state !== 'completed')) return false
    terminateJob(model, job, false)
    return true
  }
  if (job.state === 'disabled' || job.state === 'completed') return false
  const isBusy = runningTasks(job).length > 0 || hasEndings(model, job)
  if (isBusy && job.state !== 'enabling') return false
  if (isEnding(job) && !releaseNodes(model, job)) return false
  if (isEnding(job)) leavePool(model, job)
  if (job.state === 'deleting') eraseJob(model, job)
  else job.state = SETTLED[job.state]
  return true
}

function eraseJob(model: Model, { id }: ModelJob): void {
  dropFiles(model.nodes.values(), jobDirectory(id))
  model.jobs.delete(id)
}

const SETTLED = { disabling: 'disabled', enabling: 'active', terminating: 'completed' } as const

function hasEndings(model: Model, job: ModelJob): boolean {
  return [...model.nodes.values()].some(({ holds }) =>
    holds.some((hold) => hold.kind === 'ending' && hold.job === job),
  )
}

const UP = new Set(['idle', 'running', 'offline'])
const ON_ITS_WAY = new Set(['creating', 'starting', 'waitingforstarttask', 'rebooting', 'reimaging'])

/** Starts the release tasks that are due; true when nothing of the job runs on any node. */
function releaseNodes(model: Model, job: ModelJob): boolean {
  for (const [nodeId, place] of job.nodes) {
    const state = model.nodes.get(nodeId)?.state ?? 'gone'
    if (place.run !== undefined || place.release !== 'due' || ON_ITS_WAY.has(state)) continue
    if (UP.has(state)) Object.assign(place, { release: 'running', run: 'awaited' })
    else place.release = 'none'
  }
  return [...job.nodes.values()].every(({ run, release }) => run === undefined && release !== 'due')
}

/** The process of a preparation or release task is gone; whether there was one. */
export function jobTaskEnded(model: Model, run: number, ending: Ending): boolean {
  for (const job of model.jobs.values()) {
    for (const [nodeId, place] of job.nodes) {
      if (place.run !== run) continue
      place.run = undefined
      if (place.release === 'running') place.release = 'done'
      else preparationEnded(model, job, nodeId, place, ending)
      return true
    }
  }
  return false
}

function preparationEnded(
  model: Model,
  job: ModelJob,
  nodeId: string,
  place: ModelJobNode,
  ending: Ending,
): void {
  const { waits = true, retries = 0 } = job.preparation ?? {}
  const succeeded = ending.exitCode === 0 && ending.failure === undefined
  if (!isEnding(job) && mayRetry(ending, place.retries, retries)) {
    place.retries += 1
    place.run = 'awaited'
    return
  }
  const passed = succeeded || !waits
  place.preparation = passed ? 'ready' : 'failed'
  if (passed && job.hasRelease && job.state !== 'completed') place.release = 'due'
  for (const task of runningTasks(job)) {
    if (task.hold?.node.id !== nodeId || task.hold.kind !== 'reserved') continue
    if (passed) {
      task.state = 'running'
      task.hold.kind = 'running'
    } else requeue(model, task, false)
  }
}

/** All that ran on a node is lost; its files too, if it `left`. A job that is over only ran what was not waited for. */
export function interruptJobs(model: Model, node: ModelNode, event: 'rebooted' | 'left'): void {
  for (const job of model.jobs.values()) {
    const place = job.nodes.get(node.id)
    const isOver = job.state === 'completed'
    if (!place || (isOver && place.run === undefined)) continue
    if (place.run === 'awaited')
      model.stillborn.add(`${job.id}/${place.release === 'running' ? RELEASE_ID : PREPARATION_ID}/${node.id}`)
    place.run = undefined
    const keeps =
      place.preparation === 'failed' || (place.preparation === 'ready' && !job.preparation?.reruns)
    if (event === 'left' || !keeps) place.preparation = 'stale'
    if (place.release === 'running' || (place.release === 'due' && event === 'left'))
      place.release = event === 'left' || isOver ? 'none' : 'due'
  }
}
