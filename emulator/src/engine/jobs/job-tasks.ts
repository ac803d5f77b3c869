// The end of a job's preparation or release task on a node, and what the tasks do that waited for it.

import type { TaskRow } from '../../storage/tasks.ts'
import type { Core } from '../core/core.ts'
import type { CommandOutcome } from '../core/effects.ts'
import { preparationEnded } from './preparation.ts'
import { releaseEnded } from './release.ts'
import { partsOf, type RunPlace, taskRun } from '../tasks/task-run.ts'
import { beginTry, requeueTry } from '../tasks/tries.ts'

type Place = Omit<RunPlace, 'run'>

/** A run that was no task's is over; nothing happens if nobody waits for it any more. */
export function jobTaskEnded(core: Core, outcome: CommandOutcome): void {
  const row = core.store.jobNodes.byRun(outcome.run)
  const job = row && core.store.jobs.byKey(row.job)
  if (!job) return
  const parts = partsOf(job)
  if (row.releasing === 'running') return releaseEnded(core, row, parts, outcome)
  const node = core.store.nodes.byId(row.id)
  const pool = node && core.store.pools.byKey(node.pool)
  if (!pool) return
  const place = { job: parts, node, pool }
  const then = preparationEnded(core, row, place, outcome)
  if (then === 'start') startTasks(core, place)
  // A task that needs several nodes waits until all of them are prepared.
  if (then !== 'wait') core.wake(pool.key)
  if (then === 'goElsewhere') requeueTasks(core, place)
  if (job.state !== 'active') core.tickSoon()
}

function startTasks(core: Core, place: Place): void {
  for (const task of waitingTasks(core, place)) {
    core.emit({ type: 'runTask', ...taskRun(core, { run: beginTry(core, task), ...place }, task) })
  }
}

function requeueTasks(core: Core, place: Place): void {
  for (const task of waitingTasks(core, place)) requeueTry(core, task, false)
}

function waitingTasks(core: Core, { job, node }: Place): TaskRow[] {
  return core.store.tasks.preparing(job.row.key, node.id)
}
