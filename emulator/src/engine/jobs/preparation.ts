// The preparation task of a job: it runs on a node before the first task of the job there. Jobs without one never get
// here.

import assert from 'node:assert'
import { decide, type Decision } from '../../scheduler/outcome.ts'
import type { JobNodeRow } from '../../storage/job-nodes.ts'
import type { JobRow } from '../../storage/jobs.ts'
import type { NodeRow } from '../../storage/nodes.ts'
import type { PoolRow } from '../../storage/pools.ts'
import { taskDirectory } from '../../storage/tasks.ts'
import { toIso } from '../../storage/time.ts'
import type { Core } from '../core/core.ts'
import type { CommandOutcome } from '../core/effects.ts'
import { keepFiles } from './job-files.ts'
import {
  ENDED,
  ended,
  isEnding,
  movePreparation,
  moveRelease,
  read,
  saveJobNode,
  write,
} from './job-nodes.ts'
import { type JobParts, type JobPreparation, preparationRun, type RunPlace } from '../tasks/task-run.ts'

type Place = Omit<RunPlace, 'run'>

/** Whether a task of the job may start on the node now; the first one that asks starts the preparation. */
export function isPrepared(core: Core, job: JobParts, node: NodeRow, pool: PoolRow): boolean {
  const known = core.store.jobNodes.of(job.row.key, node.id)
  const row = known ?? newJobNode(core, job.row, node, pool.id)
  if (row.preparation === 'stale') startPreparation(core, row, { job, node, pool }, 0)
  return row.preparation === 'ready' || !preparationOf(job).waitForSuccess
}

function newJobNode(core: Core, job: JobRow, node: NodeRow, poolId: string): JobNodeRow {
  const row = {
    job: job.key,
    id: node.id,
    poolId,
    preparation: 'stale',
    releasing: 'none',
    run: null,
    prepared: '{}',
    released: null,
    preparedUntil: null,
    releasedUntil: null,
  } as const
  return { key: core.store.jobNodes.insert(row), ...row }
}

function startPreparation(core: Core, row: JobNodeRow, place: Place, retryCount: number): void {
  const run = core.stamp()
  const task = preparationOf(place.job)
  const startTime = toIso(core.now())
  if (retryCount === 0) movePreparation(row, 'started')
  const prepared = write({
    startTime,
    state: 'running',
    taskRootDirectory: taskDirectory(place.job.row.id, task.id),
    retryCount,
    ...(retryCount > 0 && { lastRetryTime: startTime }),
  })
  saveJobNode(core, row, { run, prepared, preparedUntil: null })
  core.emit({ type: 'runTask', ...preparationRun(core, { run, ...place }, task) })
}

/** What the tasks that wait on the node for the end of a preparation do then. */
export type Prepared = 'start' | 'goElsewhere' | 'wait'

/** The process of a preparation is gone: it is tried again, or the job's tasks may run on this node or never will. */
export function preparationEnded(
  core: Core,
  row: JobNodeRow,
  place: Place,
  outcome: CommandOutcome,
): Prepared {
  const job = place.job.row
  const info = read(row.prepared)
  const { constraints, waitForSuccess } = preparationOf(place.job)
  const decision = decideEnd(job, outcome, info.retryCount, constraints.maxTaskRetryCount ?? 0)
  if (decision.action === 'retry') {
    startPreparation(core, row, place, info.retryCount + 1)
    return 'wait'
  }
  const hasPassed = decision.result === 'success' || !waitForSuccess
  movePreparation(row, hasPassed ? 'passed' : 'failed')
  if (hasPassed && job.releaseId !== null && job.state !== 'completed') moveRelease(row, 'prepared')
  saveJobNode(core, row, {
    run: null,
    prepared: write({ ...info, ...ended(core, outcome, decision) }),
    preparedUntil: keepFiles(core, constraints.retentionTime),
  })
  return hasPassed ? 'start' : 'goElsewhere'
}

function preparationOf({ row, body }: JobParts): JobPreparation {
  assert(body.jobPreparationTask, `job ${row.id} has no preparation task`)
  return body.jobPreparationTask
}

/** Like any task; but what was ended because its job is ending is not tried again. */
function decideEnd(job: JobRow, outcome: CommandOutcome, retries: number, maxRetries: number): Decision {
  const decision = decide({ ...outcome, retries, maxRetries })
  const isSuccess = decision.action === 'complete' && decision.result === 'success'
  return isEnding(job) && !isSuccess ? ENDED : decision
}

/** Ends the preparations that still run: no task will need them any more. */
export function endPreparations(core: Core, job: JobRow): void {
  if (job.preparationId === null) return
  for (const { run, releasing } of core.store.jobNodes.unfinished(job.key)) {
    if (run !== null && releasing !== 'running') core.emit({ type: 'endTask', run })
  }
}
