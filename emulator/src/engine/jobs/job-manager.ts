// Where a job manager task runs: it comes before all other tasks of its job, and may want a node for itself.

import type { JobRow } from '../../storage/jobs.ts'
import type { NodeRow } from '../../storage/nodes.ts'
import type { PoolRow } from '../../storage/pools.ts'
import type { TaskRow } from '../../storage/tasks.ts'
import type { Core } from '../core/core.ts'
import type { JobParts } from '../tasks/task-run.ts'

/** The job manager of a job, if it waits for a node: until it has one, nothing else of the job runs. */
export function waitingManager(core: Core, job: JobRow): TaskRow | undefined {
  if (job.managerId === null) return undefined
  const task = core.store.tasks.byId(job.key, job.managerId)
  return task?.state === 'active' ? task : undefined
}

/** The node for a job manager, if there is one at the moment. */
export function nodeForManager(
  core: Core,
  pool: PoolRow,
  { body }: JobParts,
  barred: ReadonlySet<string>,
): NodeRow | undefined {
  const manager = body.jobManagerTask
  if (!manager) return undefined
  const need = {
    slots: manager.requiredSlots,
    whole: manager.runExclusive ? 1 : 0,
    dedicated: manager.allowLowPriorityNode ? 0 : 1,
    spread: pool.fill === 'spread' ? 1 : 0,
  } as const
  const nodes = core.store.nodes.forManager(pool.key, need, barred.size + 1)
  return nodes.find(({ id }) => !barred.has(id))
}
