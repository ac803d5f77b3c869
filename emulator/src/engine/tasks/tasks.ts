// The verbs of tasks.

import { BatchError, type Subtask, type TaskConstraints, type Wire } from '@malachite/model'
import type { JobBody } from '../../schema/job.ts'
import { parseTask, parseTaskCollection, parseTaskUpdate, type TaskBody } from '../../schema/task.ts'
import { viewSubtask } from '../../storage/instances.ts'
import type { JobRow } from '../../storage/jobs.ts'
import { packTask, taskDirectory, type TaskRow, unpackTask, viewTask } from '../../storage/tasks.ts'
import type { AddedTask, Engine, ListQuery, Page, Stamp } from '../api.ts'
import type { Core } from '../core/core.ts'
import { missingDependencies } from './dependencies.ts'
import { completeConditions } from './exit-conditions.ts'
import { requireJob, requireJobRef, requireOpenJob, requireTask, stampOf } from '../core/lookup.ts'
import { isOverRetention, retentionOf } from './retention.ts'
import { SWITCHED_OFF } from '../core/states.ts'
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
      const job = requireJobRef(core, jobId)
      return viewTask(requireTask(core, job, taskId), job.id)
    },
    list: (jobId, query = {}) => {
      const job = requireJobRef(core, jobId)
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
        if (job.usesDependencies) core.store.dependencies.retract(job.key, task.id)
        wake(core, job)
      }),
    delete: (jobId, taskId) => {
      core.change(() => deleteTask(core, jobId, taskId))
    },
    subtasks: (jobId, taskId, query = {}) => {
      const job = requireJob(core, jobId)
      return listSubtasks(core, job, requireTask(core, job, taskId), query)
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

function requireOtherId({ preparationId, releaseId }: JobRow, id: string): void {
  if (preparationId === null) return
  if (isSame(preparationId, id)) throw new BatchError('TaskIdSameAsJobPreparationTask')
  if (releaseId !== null && isSame(releaseId, id)) throw new BatchError('TaskIdSameAsJobReleaseTask')
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
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

/** Adds a task to a job that may have new ones. */
export function addTask(core: Core, job: JobRow, body: TaskBody): { id: string } & Stamp {
  requireOtherId(job, body.id)
  if (core.store.tasks.byId(job.key, body.id)) throw new BatchError('TaskExists')
  if (body.containerSettings) core.registries.remember(body.containerSettings)
  const now = core.now()
  const waits = missingDependencies(core, job, body.dependsOn)
  if (body.exitConditions) body.exitConditions = completeConditions(job, body.exitConditions)
  const key = core.store.tasks.insert({
    job: job.key,
    id: body.id,
    state: 'active',
    stateAt: now,
    previousState: null,
    previousAt: null,
    queue: core.stamp(),
    slots: body.requiredSlots,
    nodes: body.multiInstanceSettings?.numberOfInstances ?? 0,
    blocked: waits.ids.length + waits.ranges.length,
    maxRetries: retriesOf(job, body.constraints),
    retention: retentionOf(body.constraints),
    affinity: body.affinityInfo?.affinityId ?? null,
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
    retries: 0,
    retriedAt: null,
    requeues: 0,
    requeuedAt: null,
    createdAt: now,
    modifiedAt: now,
    body: packTask(body),
  })
  core.store.endings.adopt(job.key, key, taskDirectory(job.id, body.id))
  if (job.usesDependencies) {
    core.store.dependencies.retract(job.key, body.id)
    core.store.dependencies.insert(job.key, key, waits.ids, waits.ranges)
  }
  wake(core, job)
  return { id: body.id, ...stampOf(now) }
}

function wake(core: Core, job: JobRow): void {
  const pool = core.store.pools.keyOf(job.poolId)
  if (pool !== undefined) core.wake(pool)
}

/** A task without a retry count of its own has the job's. */
function retriesOf(job: JobRow, constraints: TaskConstraints | undefined): number {
  return constraints?.maxTaskRetryCount ?? (JSON.parse(job.body) as JobBody).constraints.maxTaskRetryCount
}

function updateTask(core: Core, jobId: string, taskId: string, constraints: TaskConstraints): Stamp {
  return changeTask(core, jobId, taskId, (task, job) => {
    if (task.state === 'completed') throw new BatchError('TaskCompleted')
    task.body = packTask({ ...unpackTask(task), constraints })
    task.maxRetries = retriesOf(job, constraints)
    task.retention = retentionOf(constraints)
    task.modifiedAt = core.now()
    core.store.tasks.saveSpec(task)
  })
}

function deleteTask(core: Core, jobId: string, taskId: string): void {
  const job = requireJob(core, jobId)
  const task = requireTask(core, job, taskId)
  discardFiles(core, task)
  core.store.tasks.delete(task)
  // The others of its job waited for the job manager to start, and one of several instances for its nodes.
  if (task.id === job.managerId || task.nodes > 0) wake(core, job)
  if (job.onAllComplete === 'terminatejob') core.tickSoon()
}

/** All nodes but the primary's, of the latest try; there are not so many that they come in pages. */
function listSubtasks(core: Core, job: JobRow, task: TaskRow, query: ListQuery): Page<Wire<Subtask>> {
  if (task.nodes === 0 || task.state === 'active') return { items: [] }
  const [, ...rows] = core.store.instances.ofTask(task.key)
  return { items: rows.map((row) => viewSubtask(row, job.id, task.id, query.select)) }
}

function locate(core: Core, jobId: string, taskId: string) {
  const job = requireJob(core, jobId)
  const task = requireTask(core, job, taskId)
  const { nodeId, poolId, id, startedAt } = task
  // A node that is still being prepared for the job has no files of the task.
  if (nodeId === null || poolId === null || startedAt === null)
    throw new BatchError('OperationInvalidForCurrentState')
  const node = core.store.nodes.byId(nodeId)
  if (!node || SWITCHED_OFF.includes(node.state)) throw new BatchError('TaskFilesUnavailable')
  if (isOverRetention(task, core.clock.now() * 1000)) throw new BatchError('TaskFilesCleanedup')
  return { taskId: id, poolId, nodeId, directory: taskDirectory(job.id, id) }
}
