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
import type { Halt, HaltCondition } from './halt.ts'
import { createHalting } from './halting.ts'
import type { FailedTask, Report, Trouble } from './report.ts'
import type { TaskTally } from './statistics.ts'
import { createTaskEndWatch, type OnTaskEnds } from './task-ends.ts'
import { describeTrouble, findTrouble, looksCompleted, type NodeReader, type Observation } from './trouble.ts'

/** What the monitor reads. */
export type MonitorBackend = NodeReader &
  Pick<
    BatchBackend,
    | 'getTaskCounts'
    | 'getJob'
    | 'getPool'
    | 'listNodeCounts'
    | 'listTasks'
    | 'listTaskFiles'
    | 'readTaskFile'
    | 'disableJob'
    | 'terminateJob'
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
  /** Ends the run early. */
  halt?: HaltCondition | undefined
  /** Tasks of the run that are over and not in the job; a halt counts them, too. @default none */
  elsewhere?: { succeeded: number; failed: number }
  signal?: AbortSignal | undefined
}

/** What the monitor works with. */
export interface MonitorParts {
  batch: MonitorBackend
  clock: Clock
  report: Report
  /** Is told of the tasks as they end; costs a list per look. */
  onTaskEnds?: OnTaskEnds | undefined
}

/** How the waiting ended. `counts` are the last ones seen. */
export interface Ending {
  ending: 'completed' | 'timedOut' | 'trouble' | 'halted'
  counts: TaskCounts
  failedTasks: FailedTask[]
  tally: TaskTally
  trouble?: Trouble
  halted?: Halt
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

function createWatch(options: MonitorOptions, { batch, clock, report, onTaskEnds }: MonitorParts) {
  const { jobId, poolId, taskCount, timeoutMs, pollIntervalMs } = options
  const halting = createHalting({ ...options, batch, report })
  const reading = createReading({ batch, jobId, report, onTaskEnds })
  const startedAt = clock.now()
  let last: TaskCounts = NO_TASKS

  async function look(signal: AbortSignal): Promise<Observation> {
    const seen = await observe(batch, jobId, poolId, signal)
    const { counts, nodes } = seen
    const elapsedMs = clock.now() - startedAt
    report({ type: 'progress', taskCount, counts, elapsedMs, ...(nodes ? { nodes } : {}) })
    await reading.look(counts, last, signal)
    last = counts
    return seen
  }

  /** The end at which this look arrives, if it is one. */
  async function findEnd(seen: Observation, signal: AbortSignal): Promise<Ending | undefined> {
    if (looksCompleted(seen, taskCount) && (await isCompleted(batch, jobId, signal))) {
      const read = await reading.all(signal)
      const ending = completedEnding(taskCount, read)
      report({ type: 'allTasksCompleted', counts: ending.counts })
      return ending
    }
    const found = findTrouble(seen)
    if (found) {
      const trouble = await describeTrouble(found, batch, poolId, signal)
      report({ type: 'trouble', ...trouble })
      return { ending: 'trouble', counts: last, trouble, ...(await reading.whatIsThere(signal)) }
    }
    const halted = await halting.see(seen, signal)
    if (!halted) return undefined
    const read = await reading.whatIsThere(signal)
    await halting.end(halted, signal)
    return haltedEnding(taskCount, halted, read)
  }

  return {
    async untilEnd(signal: AbortSignal): Promise<Ending> {
      for (let pause = FIRST_PAUSE_MS; ; pause *= PAUSE_GROWTH) {
        const ending = await findEnd(await look(signal), signal)
        if (ending) return ending
        await sleep(clock, Math.min(pause, pollIntervalMs), signal)
      }
    },
    async timedOut(signal: AbortSignal): Promise<Ending> {
      report({ type: 'timedOut', timeoutMs, counts: last })
      return { ending: 'timedOut', counts: last, ...(await reading.whatIsThere(signal)) }
    },
  }
}

/** What is read of the tasks at the end. */
type Read = Pick<Ending, 'failedTasks' | 'tally'>

type ReadingParts = Pick<MonitorParts, 'batch' | 'report' | 'onTaskEnds'> & { jobId: string }

/** Reads tasks: at a look only when the counts say that there is something new. */
function createReading({ batch, jobId, report, onTaskEnds }: ReadingParts) {
  const failures = createFailureWatch({ batch, jobId, report })
  const ends = createTaskEndWatch({ batch, jobId, onTaskEnds })
  const all = async (signal: AbortSignal): Promise<Read> => ({
    failedTasks: await failures.all(signal),
    tally: await ends.all(signal),
  })
  return {
    async look(counts: TaskCounts, last: TaskCounts, signal: AbortSignal): Promise<void> {
      if (counts.failed > last.failed) await unlessGone(failures.look(signal))
      if (counts.completed > last.completed) await unlessGone(ends.look(signal))
    },
    all,
    /** The same of a job that may be gone. */
    async whatIsThere(signal: AbortSignal): Promise<Read> {
      const nothing = { failedTasks: [], tally: { succeeded: 0, failed: 0, nodes: 0 } }
      return (await unlessGone(all(signal))) ?? nothing
    },
  }
}

function completedEnding(taskCount: number, read: Read): Ending {
  const failed = read.failedTasks.length
  const counts = { active: 0, running: 0, completed: taskCount, succeeded: taskCount - failed, failed }
  return { ending: 'completed', counts, ...read }
}

/** The counts of the last look may be older than what was read. */
function haltedEnding(taskCount: number, halted: Halt, read: Read): Ending {
  const { succeeded, failed } = read.tally
  const completed = succeeded + failed
  const counts = { active: taskCount - completed, running: 0, completed, succeeded, failed }
  return { ending: 'halted', counts, halted, ...read }
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
