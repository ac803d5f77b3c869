// The nodes of a multi-instance task: each has the task's root, which all instances know as their shared directory, with
// the common files in it. The primary works there, the others in a directory of their own below.

import type { TaskRun } from '../engine/core/effects.ts'
import { discard, makeCommandDirectories, remove, taskPlace, type CommandPlace } from './layout.ts'
import { stageResourceFiles, type StageOptions } from './stage.ts'

/** The port that the service keeps for the primary. */
const MASTER_PORT = 6000
/** Processes that a node should get, for programs that count by nodes and cores. */
const CORES = 1

/** What the commands of a multi-instance task see of each other. */
export function instanceVariables(
  task: Pick<TaskRun, 'jobId' | 'taskId' | 'instance'>,
  nodeRoot: string,
): Record<string, string> {
  const { instance } = task
  if (!instance) return {}
  const { addresses, id } = instance
  const [primary = ''] = addresses
  return {
    AZ_BATCH_HOST_LIST: addresses.join(','),
    AZ_BATCH_NODE_LIST: addresses.join(';'),
    AZ_BATCH_MASTER_NODE: `${primary}:${MASTER_PORT}`,
    AZ_BATCH_IS_CURRENT_NODE_MASTER: String(id === 0),
    AZ_BATCH_TASK_SHARED_DIR: taskPlace(nodeRoot, task.jobId, task.taskId).root,
    CCP_NODES: [addresses.length, ...addresses.flatMap((address) => [address, CORES])].join(' '),
  }
}

/**
 * Makes the directories of an instance and fetches the common files; the command that follows the coordination finds
 * everything there.
 * @throws CommandFailure
 */
export async function prepareInstance(
  task: TaskRun,
  place: CommandPlace,
  options: Omit<StageOptions, 'workingDirectory'>,
): Promise<void> {
  const { instance } = task
  if (instance?.phase !== 'coordination') return
  const { nodeRoot } = place
  const { root } = taskPlace(nodeRoot, task.jobId, task.taskId)
  // An earlier try may have had another number on this node.
  const old = discard(nodeRoot, root)
  makeCommandDirectories(place)
  if (old !== undefined) await remove(old)
  await stageResourceFiles(instance.commonResourceFiles, { ...options, workingDirectory: root })
}
