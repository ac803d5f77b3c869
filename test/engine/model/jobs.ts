// The life of jobs in the model, and of what they run on nodes besides their tasks.

import { BatchError } from '@malachite/model'
import {
  isEnding,
  type JobAction,
  MANAGER_ID,
  type Model,
  type ModelJob,
  type ModelJobNode,
  type ModelNode,
  require,
  runningTasks,
} from './state.ts'
import { addTask, type Ending, mayRetry, requeue, requireOpen, terminateTask } from './tasks.ts'

export type DisableOption = 'requeue' | 'terminate' | 'wait'

export function requireJob(model: Model, id: string): ModelJob {
  return require(model.jobs, id, 'JobNotFound')
}

export function addJob(model: Model, job: ModelJob): void {
  const taken = model.jobs.get(job.id)?.state
  if (taken === 'completed') throw new BatchError('JobCompleted')
  if (taken === 'deleting') throw new BatchError('JobBeingDeleted')
  if (taken) throw new BatchError('JobExists')
  model.jobs.set(job.id, job)
  if (job.manager) addTask(model, job, { id: MANAGER_ID, slots: 1 })
}

export function disableJob(model: Model, job: ModelJob, option: DisableOption): void {
  requireOpen(job)
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
  if (!force) return
  giveUp(model, job)
  job.state = 'completed'
}

export function deleteJob(model: Model, job: ModelJob, force: boolean): void {
  if (job.state === 'deleting') throw new BatchError('JobBeingDeleted')
  job.state = 'deleting'
  endTasks(model, job)
  if (!force) return
  for (const place of job.nodes.values()) {
    if (place.release === 'running' && typeof place.run === 'number') model.orphans.add(place.run)
    place.run = undefined
  }
  giveUp(model, job)
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
  if (job.state === 'deleting') throw new BatchError('JobBeingDeleted')
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
  if (job.state === 'active') {
    if (!job.endsWithTasks || tasks.some(({ state }) => state !== 'completed')) return false
    terminateJob(model, job, false)
    return true
  }
  if (job.state === 'disabled' || job.state === 'completed') return false
  if (runningTasks(job).length > 0 || hasEndings(model, job)) return false
  if (isEnding(job) && !releaseNodes(model, job)) return false
  if (job.state === 'deleting') model.jobs.delete(job.id)
  else job.state = SETTLED[job.state]
  return true
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

/** All that ran on a node is lost; its files too, if it `left`. Jobs that are over only wait for its processes. */
export function interruptJobs(model: Model, node: ModelNode, event: 'rebooted' | 'left'): void {
  for (const job of model.jobs.values()) {
    const place = job.nodes.get(node.id)
    if (!place || job.state === 'completed') continue
    place.run = undefined
    const keeps =
      place.preparation === 'failed' || (place.preparation === 'ready' && !job.preparation?.reruns)
    if (event === 'left' || !keeps) place.preparation = 'stale'
    if (place.release === 'running' || (place.release === 'due' && event === 'left'))
      place.release = event === 'left' ? 'none' : 'due'
  }
}
