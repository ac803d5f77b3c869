// The tasks that a node remembers. Subtasks of multi-instance tasks are among them, start and preparation tasks are not.

import type { RecentTask, TaskExecutionInfo, Wire } from '@malachite/model'
import { viewSubtask } from '../../storage/instances.ts'
import { viewExecution } from '../../storage/tasks.ts'
import type { Core } from '../core/core.ts'

/** How many tasks a node remembers. */
const REMEMBERED = 10

type Remembered = { startedAt: number } & Wire<RecentTask>

/** The latest tasks and subtasks of a node, oldest first. */
export function recentTasks({ store }: Core, nodeId: string): Wire<RecentTask>[] {
  const tasks = store.tasks.recent(nodeId, REMEMBERED).map((task): Remembered => ({
    startedAt: task.startedAt ?? 0,
    jobId: task.jobId,
    taskId: task.id,
    taskState: task.state,
    executionInfo: viewExecution(task),
  }))
  const subtasks = store.instances.subtasksOnNode(nodeId, REMEMBERED).map((row): Remembered => ({
    startedAt: row.startedAt,
    jobId: row.jobId,
    taskId: row.taskId,
    subtaskId: row.id,
    taskState: row.state,
    executionInfo: subtaskExecution(viewSubtask(row, row.jobId, row.taskId)),
  }))
  return [...tasks, ...subtasks]
    .sort((a, b) => a.startedAt - b.startedAt)
    .slice(-REMEMBERED)
    .map(({ startedAt: _, ...task }) => task)
}

function subtaskExecution(subtask: ReturnType<typeof viewSubtask>): Wire<TaskExecutionInfo> {
  const { startTime, endTime, exitCode, failureInfo, result } = subtask
  return {
    ...(startTime !== undefined && { startTime }),
    ...(endTime !== undefined && { endTime }),
    ...(exitCode !== undefined && { exitCode }),
    ...(failureInfo && { failureInfo }),
    ...(result && { result }),
    retryCount: 0,
    requeueCount: 0,
  }
}
