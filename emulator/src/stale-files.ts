// Files of tasks that an emulator which was killed had not begun to delete: the change that deleted them was committed, and
// what it brings about came too late. Looked for after the start, a few at a time, because a node may keep very many.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Store } from './storage/store.ts'

/** The directory of a task on a node, relative to the node's root. */
export interface StaleFiles {
  nodeId: string
  directory: string
}

/** Directories that are looked at between two turns of whoever asks. */
const STEP = 50

/** Those that no task has any more; `undefined` now and then, to let others have their turn. */
export function* findStaleFiles(nodes: string, store: Store): Generator<StaleFiles | undefined> {
  let seen = 0
  for (const nodeId of namesIn(nodes))
    for (const owner of namesIn(join(nodes, nodeId, 'workitems')))
      for (const run of namesIn(join(nodes, nodeId, 'workitems', owner)))
        for (const taskId of namesIn(join(nodes, nodeId, 'workitems', owner, run))) {
          const jobIds = run === 'job-1' ? [owner, `${owner}:${run}`] : [`${owner}:${run}`]
          if (!jobIds.some((jobId) => isKept(store, nodeId, jobId, taskId)))
            yield { nodeId, directory: `workitems/${owner}/${run}/${taskId}` }
          if (++seen % STEP === 0) yield undefined
        }
}

/** A task that waits has none; one of several instances has some on each of its nodes. */
function isKept(store: Store, nodeId: string, jobId: string, taskId: string): boolean {
  const job = store.jobs.byId(jobId)
  if (!job) return false
  if ([job.preparationId, job.releaseId].includes(taskId)) return true
  const task = store.tasks.byId(job.key, taskId)
  return task !== undefined && (task.nodes > 0 || task.nodeId === nodeId)
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    // No such directory, or a file: nothing that a task has.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}
