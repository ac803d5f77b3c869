// Finding what a request names, or saying with the service's code why it cannot be used.

import { BatchError, type BatchErrorCode, type JobScheduleState, type JobState } from '@malachite/model'
import type { JobRef, JobRow } from '../../storage/jobs.ts'
import type { JobScheduleRow } from '../../storage/job-schedules.ts'
import type { NodeRow } from '../../storage/nodes.ts'
import type { PoolRow } from '../../storage/pools.ts'
import type { TaskRow } from '../../storage/tasks.ts'
import { toETag, toIso } from '../../storage/time.ts'
import type { Stamp } from '../api.ts'
import type { Core } from './core.ts'

/** The pool of this id, in any state. */
export function requirePool(core: Core, poolId: string): PoolRow {
  const pool = core.store.pools.byId(poolId)
  if (!pool) throw new BatchError('PoolNotFound')
  return pool
}

/** The pool of this id, unless it is being deleted. */
export function requireActivePool(core: Core, poolId: string): PoolRow {
  const pool = requirePool(core, poolId)
  if (pool.state === 'deleting') throw new BatchError('PoolBeingDeleted')
  return pool
}

/** The pool of this id, unless it is being resized or deleted. */
export function requireSteadyPool(core: Core, poolId: string): PoolRow {
  const pool = requireActivePool(core, poolId)
  if (pool.allocationState !== 'steady') throw new BatchError('PoolBeingResized')
  return pool
}

/** The node of this id in this pool. */
export function requireNode(core: Core, pool: PoolRow, nodeId: string): NodeRow {
  const node = core.store.nodes.byId(nodeId)
  if (node?.pool !== pool.key) throw new BatchError('NodeNotFound')
  return node
}

/** The job of this id, in any state. */
export function requireJob(core: Core, jobId: string): JobRow {
  const job = core.store.jobs.byId(jobId)
  if (!job) throw new BatchError('JobNotFound')
  return job
}

/** Key and id of the job of this id, for those who read its tasks only. */
export function requireJobRef(core: Core, jobId: string): JobRef {
  const job = core.store.jobs.refOf(jobId)
  if (!job) throw new BatchError('JobNotFound')
  return job
}

/** Refuses changes of a job, and new tasks for it, once it has ended or is about to. */
export function requireOpenJob(core: Core, jobId: string): JobRow {
  const job = requireJob(core, jobId)
  const refusal = JOB_REFUSALS[job.state]
  if (refusal) throw new BatchError(refusal)
  return job
}

/** What a job on its way to its end, or there, answers to a change. */
export const JOB_REFUSALS: Partial<Record<JobState, BatchErrorCode>> = {
  completed: 'JobCompleted',
  deleting: 'JobBeingDeleted',
  terminating: 'JobBeingTerminated',
}

/** The job schedule of this id, in any state. */
export function requireJobSchedule(core: Core, jobScheduleId: string): JobScheduleRow {
  const schedule = core.store.jobSchedules.byId(jobScheduleId)
  if (!schedule) throw new BatchError('JobScheduleNotFound')
  return schedule
}

/** What a job schedule that makes no jobs answers to a change. */
export const JOB_SCHEDULE_REFUSALS: Partial<Record<JobScheduleState, BatchErrorCode>> = {
  disabled: 'JobScheduleDisabled',
  completed: 'JobScheduleCompleted',
  terminating: 'JobScheduleBeingTerminated',
  deleting: 'JobScheduleBeingDeleted',
}

/** The task of this id in this job. */
export function requireTask(core: Core, job: JobRef, taskId: string): TaskRow {
  const task = core.store.tasks.byId(job.key, taskId)
  if (!task) throw new BatchError('TaskNotFound')
  return task
}

/** eTag and time of a modification. */
export function stampOf(us: number): Stamp {
  return { eTag: toETag(us), lastModified: toIso(us) }
}
