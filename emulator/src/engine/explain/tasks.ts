// Why a task does not run, or why it failed.

import type { FailureInfo, TaskState } from '@malachite/model'
import type { JobRow } from '../../storage/jobs.ts'
import { json } from '../../storage/table.ts'
import { jobDirectory, taskDirectory, type TaskRow } from '../../storage/tasks.ts'
import { toIso } from '../../storage/time.ts'
import type { Core } from '../core/core.ts'
import { explainFailure } from './failure-causes.ts'
import { because, type Finding, toFinding } from './finding.ts'
import { explainWaiting } from './waiting.ts'

/** What a task is about. */
export function explainTask(core: Core, job: JobRow, task: TaskRow): Finding {
  return BY_STATE[task.state](core, job, task)
}

const BY_STATE: Readonly<Record<TaskState, (core: Core, job: JobRow, task: TaskRow) => Finding>> = {
  active: (core, job, task) => withTries(explainWaiting(core, job, task), task),
  preparing: (_, job, { id: taskId, nodeId }) =>
    because('JobPreparationRunning', {
      taskId,
      jobId: job.id,
      nodes: [nodeId ?? ''],
      directory: `${jobDirectory(job.id)}/${job.preparationId}`,
    }),
  running: (_, __, { id: taskId, nodeId, startedAt, stateAt }) =>
    because('TaskRunning', { taskId, nodeId: nodeId ?? '', since: toIso(startedAt ?? stateAt) }),
  completed: (_, job, task) =>
    task.result === 'success' ? because('TaskSucceeded', { taskId: task.id }) : explainFailed(job, task),
}

/** A task that waits may have run before. */
function withTries(finding: Finding, { retries, requeues }: TaskRow): Finding {
  if (retries + requeues === 0) return finding
  return { ...finding, details: { ...finding.details, retryCount: retries, requeueCount: requeues } }
}

function explainFailed(job: JobRow, task: TaskRow): Finding {
  const { cause, reason, fix, details } = explainFailure(
    json<FailureInfo>(task.failure),
    task.exitCode ?? undefined,
  )
  const place = task.nodeId !== null && { nodeId: task.nodeId, directory: taskDirectory(job.id, task.id) }
  const facts = { ...details, taskId: task.id, jobId: job.id, reason, retryCount: task.retries, ...place }
  return toFinding(cause, 'Task {taskId} failed: {reason}.', fix, facts)
}
