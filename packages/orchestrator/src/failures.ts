// Reads why tasks failed and what they said last. Only failures are listed, so the cost does not grow with the tasks.

import type { BatchBackend, Task } from '@malachite/model'
import { redact } from './redact.ts'
import type { FailedTask, Report } from './report.ts'
import { runTimeOf } from './statistics.ts'
import { readTail } from './tail.ts'

/** What reading failures needs. */
export interface FailureParts {
  batch: Pick<BatchBackend, 'listTasks' | 'listTaskFiles' | 'readTaskFile'>
  jobId: string
  report: Report
}

/** Failures whose `stderr.txt` is read. */
const MAX_TAILS = 3
/** Failures reported while tasks still run; the others are read once, at the end. */
const MAX_LIVE = 100

const FAILED = "state eq 'completed' and executionInfo/result eq 'failure'"

/** Reports each failed task once. */
export function createFailureWatch({ batch, jobId, report }: FailureParts) {
  const seen = new Map<string, FailedTask>()

  async function describe(task: Task, signal: AbortSignal): Promise<FailedTask> {
    const failed = toFailedTask(task)
    if (seen.size >= MAX_TAILS || failed.exitCode === undefined) return failed
    return { ...failed, stderrTail: await stderrOf(task.id, signal) }
  }

  function stderrOf(taskId: string, signal: AbortSignal): Promise<string> {
    return readTail('stderr.txt', {
      list: () => batch.listTaskFiles(jobId, taskId, { signal }),
      read: (range) => batch.readTaskFile(jobId, taskId, 'stderr.txt', { ...range, signal }),
    })
  }

  async function readNew(limit: number, signal: AbortSignal): Promise<Set<string>> {
    const current = new Set<string>()
    if (seen.size >= limit) return current
    const list = { filter: FAILED, select: ['id', 'executionInfo', 'nodeInfo'], signal }
    for await (const task of batch.listTasks(jobId, list)) {
      current.add(task.id)
      if (seen.has(task.id)) continue
      const failed = await describe(task, signal)
      seen.set(task.id, failed)
      report({ type: 'taskFailed', ...failed })
      if (seen.size >= limit) break
    }
    return current
  }

  return {
    /** Reports failures that are new, up to a number that keeps this cheap. */
    async look(signal: AbortSignal): Promise<void> {
      await readNew(MAX_LIVE, signal)
    },
    /** All tasks that have failed, the new ones reported. One that was reactivated and succeeded is no failure. */
    async all(signal: AbortSignal): Promise<FailedTask[]> {
      const current = await readNew(Infinity, signal)
      return [...seen.values()].filter(({ taskId }) => current.has(taskId))
    },
  }
}

/** The failure of a task in one sentence with its parts. */
export function toFailedTask({ id, executionInfo, nodeInfo }: Task): FailedTask {
  const { exitCode, failureInfo } = executionInfo
  const runTimeMs = runTimeOf(executionInfo)
  return {
    taskId: id,
    reason: explain(executionInfo),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(failureInfo ? { failureInfo: redactFailure(failureInfo) } : {}),
    ...(nodeInfo ? { nodeId: nodeInfo.nodeId } : {}),
    ...(runTimeMs === undefined ? {} : { runTimeMs }),
  }
}

function explain({ exitCode, failureInfo }: Task['executionInfo']): string {
  const info = failureInfo && `${failureInfo.code}: ${redact(failureInfo.message)}`
  const ended = failureInfo === undefined || failureInfo.code === 'FailureExitCode'
  if (exitCode !== undefined && ended) return endOf(exitCode)
  return info ?? 'The task failed; the service gives no reason.'
}

/** How a program ended, from its exit code; a negative one is a signal's number. */
export function endOf(exitCode: number): string {
  return exitCode < 0 ? `It was killed by signal ${-exitCode}.` : `It ended with exit code ${exitCode}.`
}

type FailureInfo = NonNullable<FailedTask['failureInfo']>

function redactFailure(info: FailureInfo): FailureInfo {
  const details = info.details?.map(({ name, value }) => ({ name, value: redact(value) }))
  return { ...info, message: redact(info.message), ...(details ? { details } : {}) }
}
