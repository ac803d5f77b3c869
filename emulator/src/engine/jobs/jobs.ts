// The verbs of jobs. What becomes of a job on its way to another state is in job-life.ts.

import { BatchError, type BatchErrorCode, type JobState, parseDuration, UNLIMITED } from '@malachite/model'
import {
  type JobBody,
  type JobPatchBody,
  type JobUpdateBody,
  parseJob,
  parseJobDisable,
  parseJobPatch,
  parseJobTerminate,
  parseJobUpdate,
} from '../../schema/job.ts'
import { viewJobNode } from '../../storage/job-nodes.ts'
import { formerPools, type JobRow, viewCounts, viewJob } from '../../storage/jobs.ts'
import type { JobScheduleRow } from '../../storage/job-schedules.ts'
import type { Engine, Stamp } from '../api.ts'
import { changePoolInfo, choosePool, requireAutoPool } from '../pools/auto-pools.ts'
import type { Core } from '../core/core.ts'
import { deleteJob, disableJob, enableJob, forceJob, moveJob, terminateJob, wakePool } from './job-life.ts'
import { limitLifetimes } from '../core/lifetime.ts'
import { requireJob, requireOpenJob, stampOf } from '../core/lookup.ts'
import { requireJobQuota } from '../quotas.ts'
import { addTask } from '../tasks/tasks.ts'

export function createJobs(core: Core): Engine['jobs'] {
  return {
    add: (input) => {
      const body = parseJob(input)
      requireAutoPool(body.poolInfo, false)
      return core.change(() => addJob(core, body))
    },
    get: (jobId) => viewJob(requireJob(core, jobId)),
    idOf: (jobId) => core.store.jobs.refOf(jobId)?.id ?? jobId,
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
      return core.change(() => disableJob(core, requireJob(core, jobId), disableTasks))
    },
    enable: (jobId) => core.change(() => enableJob(core, jobId)),
    terminate: (jobId, input, options = {}) => {
      const { terminateReason = 'UserTerminate' } = parseJobTerminate(input)
      return core.change(() => {
        const job = requireJob(core, jobId)
        terminateJob(core, job, terminateReason)
        if (options.force) forceJob(core, job)
        return stampOf(job.modifiedAt)
      })
    },
    delete: (jobId, options = {}) =>
      core.change(() => {
        const job = deleteJob(core, jobId)
        if (options.force) forceJob(core, job)
      }),
    preparationAndReleaseStatus: (jobId, query = {}) => {
      const job = requireJob(core, jobId)
      if (job.preparationId === null) throw new BatchError('JobPreparationTaskOrReleaseTaskNotSpecified')
      const { rows, next } = core.store.jobNodes.page(job.key, query)
      const items = rows.map((row) => viewJobNode(row, query.select))
      return next === undefined ? { items } : { items, next }
    },
    taskCounts: (jobId) => viewCounts(requireJob(core, jobId)),
  }
}

/** Adds a job, for a `schedule` if one makes it; without its own pool, if that could not be made, it is over at once. */
export function addJob(core: Core, body: JobBody, schedule?: JobScheduleRow): { id: string } & Stamp {
  const taken = core.store.jobs.byId(body.id)
  if (taken) throw new BatchError(EXISTS[taken.state] ?? 'JobExists')
  if (core.store.jobSchedules.byId(body.id)) throw new BatchError('JobScheduleWithSameIdExists')
  if (!schedule) requireJobQuota(core)
  core.registries.remember(body)
  const pool = choosePool(core, body.poolInfo, schedule)
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
    disableTasks: null,
    schedule: schedule?.key ?? null,
    ...pool,
    formerPools: null,
    managerId: body.jobManagerTask?.id ?? null,
    preparationId: body.jobPreparationTask?.id ?? null,
    releaseId: body.jobReleaseTask?.id ?? null,
    ...columnsOf(body, now),
  } as const
  const key = core.store.jobs.insert(job)
  limitLifetimes(core, key)
  watch(core, job)
  if (body.jobManagerTask) addManager(core, key, body.jobManagerTask)
  if (pool.schedulingError !== null) endUnschedulable(core, key)
  return { id: body.id, ...stampOf(now) }
}

/** The job manager is a task like the others, once it is there. */
function addManager(core: Core, key: number, manager: NonNullable<JobBody['jobManagerTask']>): void {
  const job = core.store.jobs.byKey(key)
  const { killJobOnCompletion: _, runExclusive: _1, allowLowPriorityNode: _2, ...task } = manager
  if (job) addTask(core, job, task)
}

function endUnschedulable(core: Core, key: number): void {
  const job = core.store.jobs.byKey(key)
  if (job) moveJob(core, job, 'unschedulable', { endedAt: core.now() })
}

/** What the id of an existing job answers to a new one. */
const EXISTS: Partial<Record<JobState, BatchErrorCode>> = {
  completed: 'JobCompleted',
  deleting: 'JobBeingDeleted',
}

function flagOf(value: boolean): 0 | 1 {
  return value ? 1 : 0
}

function columnsOf(body: JobBody, createdAt: number) {
  const limit = body.constraints.maxWallClockTime
  const deadline = limit === UNLIMITED ? null : createdAt + (parseDuration(limit) ?? 0) * 1000
  return {
    priority: body.priority,
    maxParallel: body.maxParallelTasks,
    onAllComplete: body.onAllTasksComplete,
    onTaskFailure: body.onTaskFailure,
    usesDependencies: flagOf(body.usesTaskDependencies),
    preemptible: flagOf(body.allowTaskPreemption),
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
  update: JobPatchBody | JobUpdateBody,
  cleared: (keyof JobBody)[] = [],
): Stamp {
  const job = requireOpenJob(core, jobId)
  const before = JSON.parse(job.body) as JobBody
  refuseUpdate(job, before, update)
  core.registries.remember(update)
  const kept = Object.fromEntries(
    Object.entries(before).filter(([name]) => !cleared.includes(name as keyof JobBody)),
  )
  const poolInfo = update.poolInfo ? changePoolInfo(before.poolInfo, update.poolInfo) : before.poolInfo
  const body = orderLike(before, { ...(kept as JobBody), ...update, poolInfo })
  const { poolId = job.poolId } = poolInfo
  const place = { poolId, formerPools: poolsBefore(job, poolId) }
  Object.assign(job, columnsOf(body, job.createdAt), place, { modifiedAt: core.now() })
  core.store.jobs.save(job)
  watch(core, job)
  wakePool(core, job)
  return stampOf(job.modifiedAt)
}

/** The pools that a job had before it goes to this one. */
function poolsBefore(job: JobRow, poolId: string): string | null {
  if (isSameId(job.poolId, poolId)) return job.formerPools
  const others = formerPools(job).filter((id) => !isSameId(id, job.poolId) && !isSameId(id, poolId))
  return JSON.stringify([...others, job.poolId])
}

function isSameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function refuseUpdate(job: JobRow, before: JobBody, update: JobPatchBody | JobUpdateBody): void {
  const poolId = update.poolInfo?.poolId
  if (poolId !== undefined && !isSameId(poolId, job.poolId) && job.state !== 'disabled') {
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
