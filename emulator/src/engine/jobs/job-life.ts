// The path of a job from active to its end: by its users, by its tasks, or by time.

import { BatchError, type BatchErrorCode, type DisableTasksOption, type JobState } from '@malachite/model'
import type { JobBody } from '../../schema/job.ts'
import { formerPools, type JobRow } from '../../storage/jobs.ts'
import { jobDirectory } from '../../storage/tasks.ts'
import type { Stamp } from '../api.ts'
import { dropPoolOfJob } from '../pools/auto-pools.ts'
import type { Core, JobAction } from '../core/core.ts'
import { JOB_REFUSALS, requireJob, stampOf } from '../core/lookup.ts'
import { isOver } from '../core/pace.ts'
import { endPreparations } from './preparation.ts'
import { releaseNodes } from './release.ts'
import type { Paced } from '../core/rounds.ts'
import { JOB, type JobEvent, next } from '../core/states.ts'
import { endTask, requeueTry } from '../tasks/tries.ts'

/** Rows deleted per change: a large job goes in many short changes, between which everything else goes on. */
const DELETE_CHUNK = 1000

/** Running tasks that are ended or requeued in one change, for the same reason. */
const STOP_CHUNK = 100

const ALL = 1_000_000_000

/** States a job stays in; the others are on the way between them and never become the `previousState`. */
const STABLE: readonly JobState[] = ['active', 'disabled', 'completed']

/** Takes the tasks of a job out of the schedule; what becomes of those that run says the option. */
export function disableJob(core: Core, job: JobRow, option: DisableTasksOption): Stamp {
  moveJob(core, job, 'disabled', {
    modifiedAt: core.now(),
    disableTasks: option === 'wait' ? null : option,
  })
  stopTasks(core, job)
  core.tickSoon()
  return stampOf(job.modifiedAt)
}

/** Has the tasks of a disabled job scheduled again. */
export function enableJob(core: Core, jobId: string): Stamp {
  const job = requireJob(core, jobId)
  moveJob(core, job, 'enabled', { modifiedAt: core.now() })
  core.tickSoon()
  return stampOf(job.modifiedAt)
}

/** What the exit conditions of a task ask of its job, unless that is on its way there already. */
export function actOnJob(core: Core, key: number, action: JobAction): void {
  const job = core.store.jobs.byKey(key)
  if (!job) return
  if (action === 'disable' && job.state === 'active') disableJob(core, job, 'requeue')
  if (action === 'terminate' && next<JobState, JobEvent>(JOB, job.state, 'terminated'))
    terminateJob(core, job, 'TaskFailed')
  if (action === 'finish') finishJob(core, job)
}

/** The job manager is done. */
function finishJob(core: Core, job: JobRow): void {
  const { jobManagerTask } = JSON.parse(job.body) as JobBody
  if (!jobManagerTask?.killJobOnCompletion || !next<JobState, JobEvent>(JOB, job.state, 'terminated')) return
  terminateJob(core, job, 'JMComplete')
}

/** Ends the job and its running tasks; those that never started stay active. */
export function terminateJob(core: Core, job: JobRow, terminateReason: string): void {
  moveJob(core, job, 'terminated', { modifiedAt: core.now(), terminateReason })
  endAll(core, job)
}

/** Ends the job and its running tasks; then all of it goes. */
export function deleteJob(core: Core, jobId: string): JobRow {
  const job = requireJob(core, jobId)
  moveJob(core, job, 'deleted', {})
  endAll(core, job)
  return job
}

function endAll(core: Core, job: JobRow): void {
  stopTasks(core, job)
  endPreparations(core, job)
  core.tickSoon()
}

/** Does with some running tasks of a job what its state says; the others come when the job is settled. */
function stopTasks(core: Core, job: JobRow, limit = STOP_CHUNK): void {
  const isDisabled = job.state === 'disabling' || job.state === 'disabled'
  if (isDisabled && job.disableTasks === null) return
  for (const task of core.store.tasks.running(job.key, limit)) {
    if (isDisabled && job.disableTasks === 'requeue') requeueTry(core, task, true)
    else endTask(core, task)
  }
}

/** Takes the last step at once. What runs on the nodes ends and is cleaned up, but nobody waits for it. */
export function forceJob(core: Core, job: JobRow): void {
  if (job.state === 'terminating') stopTasks(core, job, ALL)
  core.store.endings.disown(job.key)
  releaseNodes(core, job)
  core.store.jobNodes.abandon(job.key, job.state === 'deleting')
  if (job.state === 'terminating') moveJob(core, job, 'settled', { endedAt: core.now() })
}

/** What a job takes its time for in each state that it does not stay in. */
export const JOB_STEPS: Partial<Record<JobState, Paced>> = {
  disabling: 'disabling',
  enabling: 'enabling',
  terminating: 'terminating',
  deleting: 'deleting',
}

/** Brings a job on its way one step further, once its processes are gone and what it left on nodes is cleaned up. */
export function settleJob(core: Core, job: JobRow): void {
  // An enabled job need not wait for what went on while it was disabled.
  if (job.running > 0 && job.state !== 'enabling') {
    stopTasks(core, job)
    return core.tickSoon()
  }
  const isEnding = job.state === 'terminating' || job.state === 'deleting'
  if (isEnding && !releaseNodes(core, job)) return
  if (!isOver(core, JOB_STEPS[job.state], job.id, job.stateAt)) return
  if (job.state === 'deleting') return eraseJob(core, job)
  const ended = job.state === 'terminating' && { endedAt: core.now() }
  moveJob(core, job, 'settled', { ...ended })
  wakePool(core, job)
  // An enabled job may have nothing left to do.
  if (job.onAllComplete === 'terminatejob') core.tickSoon()
}

function eraseJob(core: Core, job: JobRow): void {
  if (core.store.erase(job.key, DELETE_CHUNK) === DELETE_CHUNK) return core.tickSoon()
  const directory = job.schedule === null ? `workitems/${job.id}` : jobDirectory(job.id)
  for (const poolId of [job.poolId, ...formerPools(job)]) {
    const pool = core.store.pools.keyOf(poolId)
    for (const node of pool === undefined ? [] : core.store.nodes.ofPool(pool)) {
      core.emit({ type: 'deleteTaskFiles', nodeId: node.id, directory })
    }
  }
  core.store.jobs.delete(job)
  leaveJob(core, job)
}

/** The job is over: its own pool goes, and its schedule may make the next one. */
function leaveJob(core: Core, job: JobRow): void {
  dropPoolOfJob(core, job)
  if (job.schedule === null) return
  core.store.jobSchedules.rouse(job.schedule, core.now())
  core.tickSoon()
}

/** The job's pool may have something to do. */
export function wakePool(core: Core, job: JobRow): void {
  const pool = core.store.pools.keyOf(job.poolId)
  if (pool !== undefined) core.wake(pool)
}

/** What a job that goes on answers to what its state does not allow. */
const REFUSALS: Partial<Record<JobEvent, BatchErrorCode>> = { disabled: 'JobNotActive' }

/** The only place that writes the state of a job. */
export function moveJob(core: Core, job: JobRow, event: JobEvent, changes: Partial<JobRow>): void {
  const state = next(JOB, job.state, event)
  if (!state)
    throw new BatchError(JOB_REFUSALS[job.state] ?? REFUSALS[event] ?? 'OperationInvalidForCurrentState')
  // What it kept free is for others now.
  if (job.state === 'active') wakePool(core, job)
  const previous = STABLE.includes(job.state) && { previousState: job.state, previousAt: job.stateAt }
  Object.assign(job, previous, changes, { state, stateAt: core.now() })
  core.store.jobs.save(job)
  if (state === 'completed') leaveJob(core, job)
}
