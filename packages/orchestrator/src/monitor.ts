// Waits until every task is completed. Each look costs the same whatever the number of tasks: counts, the job, the pool
// and its nodes; failures are listed when their count has grown.

import {
  isBatchError,
  sleep,
  type BatchBackend,
  type CallOptions,
  type Clock,
  type NodeCounts,
  type TaskCounts,
} from '@malachite/model'
import { createFailureWatch } from './failures.ts'
import type { FailedTask, Report, Trouble } from './report.ts'
import { describeTrouble, findTrouble, looksCompleted, type NodeReader, type Observation } from './trouble.ts'

/** What the monitor reads. */
export type MonitorBackend = NodeReader &
  Pick<
    BatchBackend,
    'getTaskCounts' | 'getJob' | 'getPool' | 'listNodeCounts' | 'listTasks' | 'listTaskFiles' | 'readTaskFile'
  >

/** What to wait for, and how long. */
export interface MonitorOptions {
  jobId: string
  poolId: string
  /** Tasks the job has. */
  taskCount: number
  timeoutMs: number
  /** Longest pause between two looks. */
  pollIntervalMs: number
  signal?: AbortSignal | undefined
}

/** What the monitor works with. */
export interface MonitorParts {
  batch: MonitorBackend
  clock: Clock
  report: Report
}

/** How the waiting ended. `counts` are the last ones seen. */
export interface Ending {
  ending: 'completed' | 'timedOut' | 'trouble'
  counts: TaskCounts
  failedTasks: FailedTask[]
  trouble?: Trouble
}

const NO_TASKS: TaskCounts = { active: 0, running: 0, completed: 0, succeeded: 0, failed: 0 }

const FIRST_PAUSE_MS = 50
const PAUSE_GROWTH = 1.25

/**
 * Resolves when all tasks are completed, when the time limit has passed, or as soon as it is clear that they never will
 * be. Rejects when the backend gives up or `signal` is aborted.
 */
export async function waitForTasks(options: MonitorOptions, parts: MonitorParts): Promise<Ending> {
  const { jobId, taskCount, timeoutMs, signal } = options
  const { clock, report } = parts
  report({ type: 'monitoringStarted', jobId, taskCount, timeoutMs })
  const deadline = new AbortController()
  const cancel = clock.after(timeoutMs, () => deadline.abort(new DOMException('Time limit', 'TimeoutError')))
  const watch = createWatch(options, parts)
  try {
    const either = AbortSignal.any(signal ? [signal, deadline.signal] : [deadline.signal])
    return await watch.untilEnd(either)
  } catch (error) {
    if (signal?.aborted || !deadline.signal.aborted) throw error
    return await watch.timedOut(signal ?? new AbortController().signal)
  } finally {
    cancel()
  }
}

function createWatch(options: MonitorOptions, { batch, clock, report }: MonitorParts) {
  const { jobId, poolId, taskCount, timeoutMs, pollIntervalMs } = options
  const failures = createFailureWatch({ batch, jobId, report })
  const startedAt = clock.now()
  let last: TaskCounts = NO_TASKS

  async function look(signal: AbortSignal): Promise<Observation> {
    const seen = await observe(batch, jobId, poolId, signal)
    const { counts, nodes } = seen
    const elapsedMs = clock.now() - startedAt
    report({ type: 'progress', taskCount, counts, elapsedMs, ...(nodes ? { nodes } : {}) })
    if (counts.failed > last.failed) await failures.look(signal)
    last = counts
    return seen
  }

  async function completed(signal: AbortSignal): Promise<Ending> {
    const failedTasks = await failures.all(signal)
    const failed = failedTasks.length
    const succeeded = taskCount - failed
    const counts = { active: 0, running: 0, completed: taskCount, succeeded, failed }
    report({ type: 'allTasksCompleted', counts })
    return { ending: 'completed', counts, failedTasks }
  }

  return {
    async untilEnd(signal: AbortSignal): Promise<Ending> {
      for (let pause = FIRST_PAUSE_MS; ; pause *= PAUSE_GROWTH) {
        const seen = await look(signal)
        if (looksCompleted(seen, taskCount) && (await isCompleted(batch, jobId, signal))) {
          return await completed(signal)
        }
        const found = findTrouble(seen)
        if (found) {
          const trouble = await describeTrouble(found, batch, poolId, signal)
          report({ type: 'trouble', ...trouble })
          return { ending: 'trouble', counts: last, failedTasks: await knownFailures(signal), trouble }
        }
        await sleep(clock, Math.min(pause, pollIntervalMs), signal)
      }
    },
    async timedOut(signal: AbortSignal): Promise<Ending> {
      report({ type: 'timedOut', timeoutMs, counts: last })
      return { ending: 'timedOut', counts: last, failedTasks: await knownFailures(signal) }
    },
  }

  /** The failures of a job that may be gone. */
  async function knownFailures(signal: AbortSignal): Promise<FailedTask[]> {
    return (await unlessGone(failures.all(signal))) ?? []
  }
}

async function observe(
  batch: MonitorBackend,
  jobId: string,
  poolId: string,
  signal: AbortSignal,
): Promise<Observation> {
  const [counts, job, pool, nodes] = await Promise.all([
    unlessGone(batch.getTaskCounts(jobId, { signal })),
    unlessGone(batch.getJob(jobId, { signal })),
    unlessGone(batch.getPool(poolId, { signal })),
    countNodes(batch, poolId, { signal }),
  ])
  return {
    counts: counts?.taskCounts ?? NO_TASKS,
    ...(job ? { job } : {}),
    ...(pool ? { pool } : {}),
    ...(nodes ? { nodes } : {}),
  }
}

/** The nodes of a pool by state; undefined when the service knows no such pool (yet). */
export async function countNodes(
  batch: Pick<BatchBackend, 'listNodeCounts'>,
  poolId: string,
  options: CallOptions,
): Promise<NodeCounts | undefined> {
  const list = { filter: `poolId eq '${poolId}'`, ...options }
  for await (const counts of batch.listNodeCounts(list)) return counts
  return undefined
}

/** Counts may be seconds old; a list of what is not completed is not. */
async function isCompleted(
  batch: Pick<BatchBackend, 'listTasks'>,
  jobId: string,
  signal: AbortSignal,
): Promise<boolean> {
  const list = { filter: "state ne 'completed'", select: ['id'], pageSize: 1, signal }
  for await (const _ of batch.listTasks(jobId, list)) return false
  return true
}

async function unlessGone<Result>(pending: Promise<Result>): Promise<Result | undefined> {
  try {
    return await pending
  } catch (error) {
    if (isBatchError(error, 'JobNotFound', 'PoolNotFound')) return undefined
    throw error
  }
}
