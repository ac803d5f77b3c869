// The files of a job's preparation and release tasks stay on a node for their retention time.

import type { JobNodeRow } from '../../storage/job-nodes.ts'
import { taskDirectory } from '../../storage/tasks.ts'
import type { Core } from '../core/core.ts'
import { retentionOf, SLACK } from '../tasks/retention.ts'

/** Until when files stay whose task has just ended. */
export function keepFiles(core: Core, retentionTime: string | undefined): number {
  const until = core.now() + retentionOf(retentionTime === undefined ? undefined : { retentionTime })
  core.wakeBy(until / 1000 + SLACK)
  return until
}

/** Deletes the files that had their time. */
export function deleteExpiredJobFiles(core: Core): void {
  for (const row of core.store.jobNodes.expired(core.now())) {
    deleteFiles(core, row, 'preparedUntil', 'preparationId')
    deleteFiles(core, row, 'releasedUntil', 'releaseId')
    core.store.jobNodes.save(row)
  }
  const next = core.store.jobNodes.nextExpiry()
  if (next !== undefined) core.wakeBy(next / 1000 + SLACK)
}

function deleteFiles(
  core: Core,
  row: JobNodeRow,
  until: 'preparedUntil' | 'releasedUntil',
  id: 'preparationId' | 'releaseId',
): void {
  const due = row[until]
  if (due === null || due > core.now()) return
  row[until] = null
  const job = core.store.jobs.byKey(row.job)
  const taskId = job?.[id]
  if (!job || !taskId || !core.store.nodes.byId(row.id)) return
  core.emit({ type: 'deleteTaskFiles', nodeId: row.id, directory: taskDirectory(job.id, taskId) })
}
