// Why a job does not end.

import type { JobRow } from '../../storage/jobs.ts'
import { json } from '../../storage/table.ts'
import type { TaskRow } from '../../storage/tasks.ts'
import { toIso } from '../../storage/time.ts'
import type { Core } from '../core/core.ts'
import { waitingManager } from '../jobs/job-manager.ts'
import { isEnding } from '../jobs/job-nodes.ts'
import { because, type Finding } from './finding.ts'
import { explainTask } from './tasks.ts'

/** What a job is about. */
export function explainJob(core: Core, job: JobRow): Finding {
  if (job.state === 'completed') return explainCompleted(job)
  if (job.state === 'disabled') return because('JobStaysDisabled', { jobId: job.id })
  if (job.state !== 'active') return explainTransit(core, job)
  if (job.running > 0) return explainRunning(job)
  const task = waitingTask(core, job)
  return task ? explainStuck(core, job, task) : explainIdle(job)
}

function explainCompleted({ id: jobId, schedulingError, endedAt, terminateReason }: JobRow): Finding {
  const error = json<{ code: string; message: string }>(schedulingError)
  if (error) return because('AutoPoolFailed', { jobId, code: error.code, message: error.message })
  const reason = terminateReason ?? 'none was given'
  return because('JobCompleted', { jobId, endedAt: toIso(endedAt ?? 0), reason })
}

function explainRunning({ id: jobId, state, running, active }: JobRow): Finding {
  return because('TasksRunning', { jobId, state, running, waiting: active })
}

const NEXT: Readonly<Record<string, string>> = {
  disabling: 'disabled',
  enabling: 'active',
  terminating: 'completed',
  deleting: 'gone',
}

/** On its way to another state: something of it still runs. */
function explainTransit(core: Core, job: JobRow): Finding {
  const { id: jobId, state } = job
  if (job.running > 0) return explainRunning(job)
  const processes = core.store.endings.countOfJob(job.key)
  if (processes > 0) return because('TasksEnding', { jobId, state, processes })
  const nodes = isEnding(job) ? core.store.jobNodes.unfinished(job.key) : []
  const releasing = nodes.filter((node) => node.releasing === 'running' || node.releasing === 'due')
  if (releasing.length > 0) return because('ReleaseTasksRunning', { jobId, state, nodes: idsOf(releasing) })
  if (nodes.length > 0) return because('JobPreparationEnding', { jobId, state, nodes: idsOf(nodes) })
  return because('JobInTransit', { jobId, state, next: NEXT[state] ?? 'completed' })
}

function idsOf(nodes: readonly { id: string }[]): string[] {
  return nodes.map(({ id }) => id)
}

/** The job manager, else the first of the tasks that could run, else one of those that wait for others. */
function waitingTask(core: Core, job: JobRow): TaskRow | undefined {
  if (job.active === 0) return undefined
  const manager = waitingManager(core, job)
  if (manager) return manager
  for (const need of job.ready > 0 ? core.store.tasks.needs(job.key) : []) {
    return core.store.tasks.waiting(job.key, need, 1)[0]
  }
  return core.store.tasks.firstActive(job.key)
}

/** What the task says is what the job waits for. */
function explainStuck(core: Core, job: JobRow, task: TaskRow): Finding {
  const finding = explainTask(core, job, task)
  return { ...finding, details: { ...finding.details, jobId: job.id, taskId: task.id, waiting: job.active } }
}

/** None of its tasks is left to run. */
function explainIdle(job: JobRow): Finding {
  const { id: jobId, state } = job
  if (job.onAllComplete === 'terminatejob')
    return because('JobInTransit', { jobId, state, next: 'completed' })
  const tasks = job.succeeded + job.failed
  return tasks === 0
    ? because('JobHasNoTasks', { jobId })
    : because('NoActionOnCompletion', { jobId, succeeded: job.succeeded, failed: job.failed })
}
