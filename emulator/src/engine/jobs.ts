// The verbs of jobs, and what becomes of a job on its way to another state.

import {
  BatchError,
  type BatchErrorCode,
  type DisableTasksOption,
  type JobState,
  parseDuration,
  UNLIMITED,
} from '@malachite/model'
import {
  type JobBody,
  parseJob,
  parseJobDisable,
  parseJobPatch,
  parseJobTerminate,
  parseJobUpdate,
} from '../schema/job.ts'
import { type JobRow, viewCounts, viewJob } from '../storage/jobs.ts'
import type { Engine, Stamp } from './api.ts'
import type { Core } from './core.ts'
import { JOB_REFUSALS, requireJob, stampOf } from './lookup.ts'
import { JOB, type JobEvent, next } from './states.ts'
import { endTask, requeueTry } from './tries.ts'

/** Tasks deleted per change: a large job goes in many short changes, between which everything else goes on. */
const DELETE_CHUNK = 2000

/** States a job stays in; the others are on the way between them and never become the `previousState`. */
const STABLE: readonly JobState[] = ['active', 'disabled', 'completed']

export function createJobs(core: Core): Engine['jobs'] {
  return {
    add: (input) => {
      const body = parseJob(input)
      return core.change(() => addJob(core, body))
    },
    get: (jobId) => viewJob(requireJob(core, jobId)),
    list: (query = {}) => {
      const { rows, next } = core.store.jobs.page(query)
      const items = rows.map((row) => viewJob(row, query.select))
      return next === undefined ? { items } : { items, next }
    },
    patch: (jobId, input) => {
      const patch = parseJobPatch(input)
      return core.change(() => updateJob(core, jobId, patch))
    },
    update: (jobId, input) => {
      const update = parseJobUpdate(input)
      return core.change(() => updateJob(core, jobId, update, ['metadata']))
    },
    disable: (jobId, input) => {
      const { disableTasks } = parseJobDisable(input)
      return core.change(() => disableJob(core, jobId, disableTasks))
    },
    enable: (jobId) => core.change(() => enableJob(core, jobId)),
    terminate: (jobId, input) => {
      const { terminateReason = 'UserTerminate' } = parseJobTerminate(input)
      return core.change(() => {
        const job = requireJob(core, jobId)
        terminateJob(core, job, terminateReason)
        return stampOf(job.modifiedAt)
      })
    },
    delete: (jobId) => core.change(() => deleteJob(core, jobId)),
    taskCounts: (jobId) => viewCounts(requireJob(core, jobId)),
  }
}

function addJob(core: Core, body: JobBody): { id: string } & Stamp {
  const taken = core.store.jobs.byId(body.id)
  if (taken) throw new BatchError(EXISTS[taken.state] ?? 'JobExists')
  const now = core.now()
  const job = {
    id: body.id,
    state: 'active',
    stateAt: now,
    previousState: null,
    previousAt: null,
    createdAt: now,
    modifiedAt: now,
    endedAt: null,
    terminateReason: null,
    ...columnsOf(body, now),
  } as const
  core.store.jobs.insert(job)
  watch(core, job)
  return { id: body.id, ...stampOf(now) }
}

/** What the id of an existing job answers to a new one. */
const EXISTS: Partial<Record<JobState, BatchErrorCode>> = {
  completed: 'JobCompleted',
  deleting: 'JobBeingDeleted',
}

function columnsOf(body: JobBody, createdAt: number) {
  const limit = body.constraints.maxWallClockTime
  const deadline = limit === UNLIMITED ? null : createdAt + (parseDuration(limit) ?? 0) * 1000
  return {
    poolId: body.poolInfo.poolId,
    priority: body.priority,
    maxParallel: body.maxParallelTasks,
    onAllComplete: body.onAllTasksComplete,
    deadline,
    body: JSON.stringify(body),
  }
}

/** Sees to it that a tick comes when the job may have to end by itself. */
function watch(core: Core, job: Pick<JobRow, 'deadline' | 'onAllComplete'>): void {
  if (job.deadline !== null) core.emit({ type: 'wakeAt', time: job.deadline / 1000 })
  if (job.onAllComplete === 'terminatejob') core.tickSoon()
}

function updateJob(
  core: Core,
  jobId: string,
  update: Partial<JobBody>,
  cleared: (keyof JobBody)[] = [],
): Stamp {
  const job = requireJob(core, jobId)
  if (job.state === 'deleting') throw new BatchError('JobBeingDeleted')
  const before = JSON.parse(job.body) as JobBody
  refuseUpdate(job, before, update)
  const kept = Object.fromEntries(
    Object.entries(before).filter(([name]) => !cleared.includes(name as keyof JobBody)),
  )
  const body = orderLike(before, { ...(kept as JobBody), ...update })
  Object.assign(job, columnsOf(body, job.createdAt), { modifiedAt: core.now() })
  core.store.jobs.save(job)
  watch(core, job)
  wakePool(core, job)
  return stampOf(job.modifiedAt)
}

function refuseUpdate(job: JobRow, before: JobBody, update: Partial<JobBody>): void {
  const poolId = update.poolInfo?.poolId
  if (poolId !== undefined && poolId.toLowerCase() !== job.poolId.toLowerCase() && job.state !== 'disabled') {
    throw new BatchError('OperationInvalidForCurrentState', {
      PropertyName: 'poolInfo',
      PropertyValue: poolId,
      Reason: 'The pool of a job can be changed only while the job is disabled.',
    })
  }
  if (before.onAllTasksComplete === 'terminatejob' && update.onAllTasksComplete === 'noaction') {
    throw new BatchError('InvalidPropertyValue', {
      PropertyName: 'onAllTasksComplete',
      PropertyValue: 'noaction',
      Reason: 'Once set to terminatejob, onAllTasksComplete cannot be changed back to noaction.',
    })
  }
}

/** Members that were there keep their place; new ones follow `commonEnvironmentSettings`, as the service orders them. */
function orderLike(before: JobBody, after: JobBody): JobBody {
  const known = Object.keys(before).filter((name) => name in after)
  const added = Object.keys(after).filter((name) => !(name in before))
  const at = known.indexOf('poolInfo') + 1
  const names = [...known.slice(0, at), ...added, ...known.slice(at)] as (keyof JobBody)[]
  return Object.fromEntries(names.map((name) => [name, after[name]])) as unknown as JobBody
}

function disableJob(core: Core, jobId: string, option: DisableTasksOption): Stamp {
  const job = requireJob(core, jobId)
  moveJob(core, job, 'disabled', { modifiedAt: core.now() })
  for (const task of option === 'wait' ? [] : core.store.tasks.running(job.key)) {
    if (option === 'terminate') endTask(core, task)
    else requeueTry(core, task, true)
  }
  core.tickSoon()
  return stampOf(job.modifiedAt)
}

function enableJob(core: Core, jobId: string): Stamp {
  const job = requireJob(core, jobId)
  moveJob(core, job, 'enabled', { modifiedAt: core.now() })
  core.tickSoon()
  return stampOf(job.modifiedAt)
}

/** Ends the job and its running tasks; those that never started stay active. */
export function terminateJob(core: Core, job: JobRow, terminateReason: string): void {
  moveJob(core, job, 'terminated', { modifiedAt: core.now(), terminateReason })
  for (const task of core.store.tasks.running(job.key)) endTask(core, task)
  core.tickSoon()
}

function deleteJob(core: Core, jobId: string): void {
  const job = requireJob(core, jobId)
  moveJob(core, job, 'deleted', {})
  for (const task of core.store.tasks.running(job.key)) endTask(core, task)
  core.tickSoon()
}

/** Brings a job on its way one step further, once the processes of its tasks are gone. */
export function settleJob(core: Core, job: JobRow): void {
  if (job.running > 0 || core.store.endings.countOfJob(job.key) > 0) return
  if (job.state === 'deleting') return eraseJob(core, job)
  const ended = job.state === 'terminating' && { endedAt: core.now() }
  moveJob(core, job, 'settled', { ...ended })
  wakePool(core, job)
}

function eraseJob(core: Core, job: JobRow): void {
  if (core.store.tasks.deleteSome(job.key, DELETE_CHUNK) === DELETE_CHUNK) return core.tickSoon()
  const pool = core.store.pools.byId(job.poolId)
  for (const node of pool ? core.store.nodes.ofPool(pool.key) : []) {
    core.emit({ type: 'deleteTaskFiles', nodeId: node.id, directory: `workitems/${job.id}` })
  }
  core.store.jobs.delete(job)
}

function wakePool(core: Core, job: JobRow): void {
  const pool = core.store.pools.byId(job.poolId)
  if (pool) core.wake(pool.key)
}

function moveJob(core: Core, job: JobRow, event: JobEvent, changes: Partial<JobRow>): void {
  const state = next(JOB, job.state, event)
  if (!state) throw new BatchError(JOB_REFUSALS[job.state] ?? 'OperationInvalidForCurrentState')
  const previous = STABLE.includes(job.state) && { previousState: job.state, previousAt: job.stateAt }
  Object.assign(job, previous, changes, { state, stateAt: core.now() })
  core.store.jobs.save(job)
}
