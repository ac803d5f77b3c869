// The verbs of tasks.

import { BatchError, type TaskConstraints } from '@malachite/model'
import type { JobBody } from '../schema/job.ts'
import { parseTask, parseTaskCollection, parseTaskUpdate, type TaskBody } from '../schema/task.ts'
import type { JobRow } from '../storage/jobs.ts'
import { taskDirectory, type TaskRow, viewTask } from '../storage/tasks.ts'
import type { AddedTask, Engine, Stamp } from './api.ts'
import type { Core } from './core.ts'
import { requireJob, requireOpenJob, requireTask, stampOf } from './lookup.ts'
import { discardFiles, endTask, reactivateTask } from './tries.ts'

export function createTasks(core: Core): Engine['tasks'] {
  return {
    add: (jobId, input) => {
      const body = parseTask(input)
      return core.change(() => addTask(core, requireOpenJob(core, jobId), body))
    },
    addCollection: (jobId, input) => {
      const items = parseTaskCollection(input)
      return core.change(() => {
        const job = requireOpenJob(core, jobId)
        return items.map((item) => addItem(core, job, item))
      })
    },
    get: (jobId, taskId) => {
      const job = requireJob(core, jobId)
      return viewTask(requireTask(core, job, taskId), job.id)
    },
    list: (jobId, query = {}) => {
      const job = requireJob(core, jobId)
      const { rows, next } = core.store.tasks.page(job.key, query)
      const items = rows.map((row) => viewTask(row, job.id, query.select))
      return next === undefined ? { items } : { items, next }
    },
    update: (jobId, taskId, input) => {
      const { constraints } = parseTaskUpdate(input)
      return updateTask(core, jobId, taskId, constraints)
    },
    terminate: (jobId, taskId) =>
      changeTask(core, jobId, taskId, (task) => {
        endTask(core, task)
      }),
    reactivate: (jobId, taskId) =>
      changeTask(core, jobId, taskId, (task, job) => {
        requireOpenJob(core, jobId)
        reactivateTask(core, task)
        wake(core, job)
      }),
    delete: (jobId, taskId) => {
      core.change(() => deleteTask(core, jobId, taskId))
    },
    location: (jobId, taskId) => locate(core, jobId, taskId),
  }
}

function changeTask(
  core: Core,
  jobId: string,
  taskId: string,
  edit: (task: TaskRow, job: JobRow) => void,
): Stamp {
  return core.change(() => {
    const job = requireJob(core, jobId)
    const task = requireTask(core, job, taskId)
    edit(task, job)
    return stampOf(task.modifiedAt)
  })
}

/** One bad item does not spoil the others. */
function addItem(core: Core, job: JobRow, item: unknown): AddedTask {
  try {
    const { id, ...stamp } = addTask(core, job, parseTask(item))
    return { status: 'success', taskId: id, ...stamp }
  } catch (error) {
    if (!(error instanceof BatchError)) throw error
    return { status: 'clienterror', taskId: idOf(item), error }
  }
}

function idOf(item: unknown): string {
  return typeof item === 'object' && item !== null && 'id' in item ? String(item.id) : ''
}

function addTask(core: Core, job: JobRow, body: TaskBody): { id: string } & Stamp {
  if (core.store.tasks.byId(job.key, body.id)) throw new BatchError('TaskExists')
  const now = core.now()
  core.store.tasks.insert({
    job: job.key,
    id: body.id,
    state: 'active',
    stateAt: now,
    previousState: null,
    previousAt: null,
    queue: core.stamp(),
    slots: body.requiredSlots,
    maxRetries: retriesOf(job, body.constraints),
    affinity: body.affinityInfo?.affinityId ?? null,
    run: null,
    nodeId: null,
    poolId: null,
    startedAt: null,
    endedAt: null,
    exitCode: null,
    result: null,
    failure: null,
    retries: 0,
    retriedAt: null,
    requeues: 0,
    requeuedAt: null,
    createdAt: now,
    modifiedAt: now,
    body: JSON.stringify(body),
  })
  wake(core, job)
  return { id: body.id, ...stampOf(now) }
}

function wake(core: Core, job: JobRow): void {
  const pool = core.store.pools.byId(job.poolId)
  if (pool) core.wake(pool.key)
}

/** A task without a retry count of its own has the job's. */
function retriesOf(job: JobRow, constraints: TaskConstraints | undefined): number {
  return constraints?.maxTaskRetryCount ?? (JSON.parse(job.body) as JobBody).constraints.maxTaskRetryCount
}

function updateTask(core: Core, jobId: string, taskId: string, constraints: TaskConstraints): Stamp {
  return changeTask(core, jobId, taskId, (task, job) => {
    if (task.state === 'completed') throw new BatchError('TaskCompleted')
    const body = JSON.parse(task.body) as TaskBody
    task.body = JSON.stringify({ ...body, constraints })
    task.maxRetries = retriesOf(job, constraints)
    task.modifiedAt = core.now()
    core.store.tasks.saveSpec(task)
  })
}

function deleteTask(core: Core, jobId: string, taskId: string): void {
  const job = requireJob(core, jobId)
  const task = requireTask(core, job, taskId)
  discardFiles(core, task, job.id)
  core.store.tasks.delete(task)
  if (job.onAllComplete === 'terminatejob') core.tickSoon()
}

function locate(core: Core, jobId: string, taskId: string) {
  const job = requireJob(core, jobId)
  const { nodeId, poolId, id } = requireTask(core, job, taskId)
  if (nodeId === null || poolId === null) throw new BatchError('OperationInvalidForCurrentState')
  if (!core.store.nodes.byId(nodeId)) throw new BatchError('TaskFilesUnavailable')
  return { poolId, nodeId, directory: taskDirectory(job.id, id) }
}
