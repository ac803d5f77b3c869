// Our specifications to the client's parameters, and the client's answer to added tasks to ours.

import type { BatchServiceModels as Sdk } from '@azure/batch'
import type {
  AddTaskResult,
  JobTaskCounts,
  PoolSpec,
  StartTask,
  TaskCounts,
  TaskSpec,
  UserIdentity,
} from '@malachite/model'
import { toDetails, toSentence } from './errors.ts'
import { lowerCase, same, translator } from './shape.ts'

/** The body of a new pool. */
export function fromPoolSpec(pool: PoolSpec): Sdk.PoolAddParameter {
  const { startTask, ...rest } = pool
  return startTask ? { ...rest, startTask: withIdentity(startTask) } : rest
}

/** The body of a new task. */
export function fromTaskSpec(task: TaskSpec): Sdk.TaskAddParameter {
  return withIdentity(task)
}

// The client drops properties it does not know without a word, so `username` would silently become the default user.
function withIdentity<Spec extends StartTask | TaskSpec>(
  spec: Spec,
): Omit<Spec, 'userIdentity'> & { userIdentity?: Sdk.UserIdentity } {
  const { userIdentity, ...rest } = spec
  return userIdentity ? { ...rest, userIdentity: fromUserIdentity(userIdentity) } : rest
}

function fromUserIdentity({ username, autoUser }: UserIdentity): Sdk.UserIdentity {
  return { ...(username !== undefined && { userName: username }), ...(autoUser && { autoUser }) }
}

/** What became of one task of a collection. */
export function toAddTaskResult({ taskId, status, error }: Sdk.TaskAddResult): AddTaskResult {
  const result = { taskId, status: lowerCase(status) }
  if (!error) return result
  const code = error.code ?? 'Unknown'
  const message = toSentence(error.message?.value) ?? code
  return { ...result, error: { code, message, details: toDetails(error.values) } }
}

const counts = translator<Sdk.TaskCounts, TaskCounts>({
  active: same,
  running: same,
  completed: same,
  succeeded: same,
  failed: same,
})

/** Tasks of a job by state. */
export const toTaskCounts = translator<Sdk.TaskCountsResult, JobTaskCounts>({
  taskCounts: counts,
  taskSlotCounts: counts,
})
