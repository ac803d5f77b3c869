// The files of a completed task stay on its node for its retention time.

import { parseDuration } from '@malachite/model'
import type { TaskConstraints } from '@malachite/model'
import type { ExpiredTask } from '../../storage/retention.ts'
import { taskDirectory, type TaskRow } from '../../storage/tasks.ts'
import type { Core } from '../core/core.ts'

const DEFAULT_RETENTION = 7 * 24 * 3600 * 1_000_000

/** Longer than anybody waits, and small enough to be added to a time: about 140 years. */
const MAX_RETENTION = 2 ** 52

/** Milliseconds that files may stay too long, so that those of many tasks go together. */
export const SLACK = 1000

/** Tasks whose files are deleted in one change, so that requests come in between. */
const CHUNK = 500

/** How long the files of a task stay after its end, microseconds. @default 7 days */
export function retentionOf(constraints: Pick<TaskConstraints, 'retentionTime'> | undefined): number {
  const ms = constraints?.retentionTime === undefined ? undefined : parseDuration(constraints.retentionTime)
  return ms === undefined ? DEFAULT_RETENTION : Math.min(ms * 1000, MAX_RETENTION)
}

/** The task is done: from now on its files have their time. */
export function retainFiles(core: Core, task: TaskRow): void {
  if (task.nodeId === null) return
  const due = core.now() + task.retention
  core.store.retained.insert(due, task.key)
  core.wakeBy(due / 1000 + SLACK)
}

/** Whether the files of a task had their time; `now` in microseconds. */
export function isOverRetention(task: TaskRow, now: number): boolean {
  return task.state === 'completed' && task.endedAt !== null && task.endedAt + task.retention <= now
}

/** The files of a task, on each of its nodes. */
function deleteFiles(core: Core, task: ExpiredTask): void {
  const directory = taskDirectory(task.jobId, task.id)
  const instances = task.nodes > 0 ? core.store.instances.ofTask(task.key) : [task]
  for (const { nodeId } of instances) deleteOnNode(core, nodeId, directory)
}

/** Deletes a directory, if there is one to delete, on a node, if that is still there. */
export function deleteOnNode(core: Core, nodeId: string | null, directory: string | null): void {
  if (nodeId === null || directory === null || !core.store.nodes.byId(nodeId)) return
  core.emit({ type: 'deleteTaskFiles', nodeId, directory })
}

/** Deletes the files that had their time. */
export function deleteExpiredFiles(core: Core): void {
  const { retained } = core.store
  const due = retained.take(core.now(), CHUNK)
  for (const key of due) {
    const task = retained.expired(key, core.now())
    if (task) deleteFiles(core, task)
  }
  if (due.length === CHUNK) return core.tickSoon()
  const next = retained.next()
  if (next !== undefined) core.wakeBy(next / 1000 + SLACK)
}
