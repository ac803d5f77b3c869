// What the end of a task does beyond the task: tasks that depend on it may go, its job may have to end.

import { consequencesOf } from '../../scheduler/exit-conditions.ts'
import type { JobEnds } from '../../storage/jobs.ts'
import { json } from '../../storage/table.ts'
import { type TaskRow, unpackTask } from '../../storage/tasks.ts'
import type { Core } from '../core/core.ts'

/** A task of this job is completed for good; costs nothing in a job without dependencies and job actions. */
export function spreadCompletion(core: Core, job: JobEnds, task: TaskRow): void {
  const actsOnJob = job.onTaskFailure === 'performexitoptionsjobaction'
  if (!job.usesDependencies && !actsOnJob) return
  const { jobAction, dependencyAction } = consequencesOf(
    { ...(task.exitCode !== null && { exitCode: task.exitCode }), ...failureOf(task) },
    unpackTask(task).exitConditions,
  )
  if (actsOnJob && jobAction !== 'none') core.actOnJob(job.key, jobAction)
  if (job.usesDependencies && dependencyAction === 'satisfy') letDependentsGo(core, job, task)
}

function failureOf(task: TaskRow) {
  const failure = json<NonNullable<Parameters<typeof consequencesOf>[0]['failure']>>(task.failure)
  return failure && { failure }
}

function letDependentsGo(core: Core, job: JobEnds, task: TaskRow): void {
  if (!core.store.dependencies.satisfy(job.key, task.id)) return
  if (core.store.dependencies.anyPostponed()) core.tickSoon()
  wakePoolOf(core, job)
}

/** Goes on with letting tasks go, if there were too many for one change. */
export function letMoreGo(core: Core): void {
  const key = core.store.dependencies.releaseNext()
  const job = key === undefined ? undefined : core.store.jobs.endsOf(key)
  if (!job) return
  wakePoolOf(core, job)
  core.tickSoon()
}

function wakePoolOf(core: Core, job: JobEnds): void {
  const pool = core.store.pools.keyOf(job.poolId)
  if (pool !== undefined) core.wake(pool)
}
