// What the preparation and release tasks of jobs are about on a node: the only place that writes their states.

import assert from 'node:assert'
import type { JobPreparationTaskInfo, Wire } from '@malachite/model'
import { type Decision, TASK_ENDED } from '../../scheduler/outcome.ts'
import type { JobNodeRow } from '../../storage/job-nodes.ts'
import type { JobRow } from '../../storage/jobs.ts'
import type { NodeRow } from '../../storage/nodes.ts'
import { toIso } from '../../storage/time.ts'
import type { Core } from '../core/core.ts'
import type { CommandOutcome } from '../core/effects.ts'
import { next, PREPARATION, type PreparationEvent, RELEASE, type ReleaseEvent } from '../core/states.ts'
import { partsOf } from '../tasks/task-run.ts'

/** The view of a preparation; a release task has the same members but for the retries. */
export type JobTaskInfo = Wire<JobPreparationTaskInfo>

/** All that ran on a node was lost: it restarts with its files (`rebooted`), or is gone or empty (`left`). */
export function interruptJobs(core: Core, node: NodeRow, event: 'rebooted' | 'left'): void {
  for (const row of core.store.jobNodes.onNode(node.id)) {
    const job = core.store.jobs.byKey(row.job)
    if (!job) continue
    if (row.run !== null) interrupt(core, row)
    if (event === 'left' || row.preparation !== 'ready' || isRepeated(job)) movePreparation(row, event)
    // Nobody waits for what a job that was ended by force still had to release.
    moveRelease(row, job.state === 'completed' ? 'left' : event)
    saveJobNode(core, row, {
      run: null,
      ...(event === 'left' && { preparedUntil: null, releasedUntil: null }),
    })
    if (isEnding(job)) core.tickSoon()
  }
}

function interrupt(core: Core, row: JobNodeRow): void {
  const column = row.releasing === 'running' ? 'released' : 'prepared'
  row[column] = write({ ...read(row[column]), ...ended(core, {}, ENDED) })
}

function isRepeated(job: JobRow): boolean {
  return partsOf(job).body.jobPreparationTask?.rerunOnNodeRebootAfterSuccess !== false
}

/** Whether nothing of a job is started or tried again. */
export function isEnding({ state }: JobRow): boolean {
  return state === 'terminating' || state === 'deleting' || state === 'completed'
}

/** How a run ends that is ended from outside. */
export const ENDED = { action: 'complete', result: 'failure', failure: TASK_ENDED } as const

/** What the end of a run adds to its view. */
export function ended(
  core: Core,
  { exitCode, container }: Partial<CommandOutcome>,
  decision: Extract<Decision, { action: 'complete' }>,
) {
  return {
    endTime: toIso(core.now()),
    state: 'completed',
    ...(exitCode !== undefined && { exitCode }),
    ...(container && { containerInfo: container }),
    ...(decision.failure && { failureInfo: decision.failure }),
    result: decision.result,
  } as const
}

/** Reads a view. */
export function read(info: string | null): JobTaskInfo {
  return JSON.parse(info ?? '{}') as JobTaskInfo
}

/** Writes a view: the members in the service's order; those that are undefined are left out. */
export function write(info: Partial<JobTaskInfo>): string {
  const { startTime, endTime, state, taskRootDirectory, exitCode, containerInfo, ...rest } = info
  const { failureInfo, retryCount, lastRetryTime, result } = rest
  const last = { containerInfo, failureInfo, retryCount, lastRetryTime, result }
  return JSON.stringify({ startTime, endTime, state, taskRootDirectory, exitCode, ...last })
}

/** The next state of a preparation. */
export function movePreparation(row: JobNodeRow, event: PreparationEvent): void {
  const state = next(PREPARATION, row.preparation, event)
  assert(state, `a preparation that is ${row.preparation} cannot be ${event}`)
  row.preparation = state
}

/** The next state of a release task. */
export function moveRelease(row: JobNodeRow, event: ReleaseEvent): void {
  const state = next(RELEASE, row.releasing, event)
  assert(state, `a release task that is ${row.releasing} cannot be ${event}`)
  row.releasing = state
}

/** Saves the row with these changes and those of its states. */
export function saveJobNode(core: Core, row: JobNodeRow, changes: Partial<JobNodeRow> = {}): void {
  core.store.jobNodes.save(Object.assign(row, changes))
}
