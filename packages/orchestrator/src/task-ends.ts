// Reads tasks that have completed: as they end, for whoever follows them, and all of them once at the end, for the figures
// of the run. A look asks only for what ended since the last one.

import type { BatchBackend, Task } from '@malachite/model'
import { createTally, type TaskTally } from './statistics.ts'

/** A task that has completed. */
export type EndedTask = Pick<Task, 'id' | 'stateTransitionTime' | 'executionInfo' | 'nodeInfo'>

/** Is told of tasks that have completed, in the order of their ends, a thousand at most at a time. */
export type OnTaskEnds = (tasks: readonly EndedTask[], signal: AbortSignal) => Promise<void>

/** What reading them needs. */
export interface TaskEndParts {
  batch: Pick<BatchBackend, 'listTasks'>
  jobId: string
  /** Without it nobody follows the tasks, and a look asks nothing. */
  onTaskEnds?: OnTaskEnds | undefined
}

const SELECT = ['id', 'stateTransitionTime', 'executionInfo', 'nodeInfo']
const CHUNK = 1000
/** Tasks that end at the same moment may become visible one after another. */
const OVERLAP_MS = 5000

/** Tells of each end once; of a task that is run again and ends again, once more. */
export function createTaskEndWatch({ batch, jobId, onTaskEnds }: TaskEndParts) {
  const told = new Map<string, number>()
  let latest = 0

  async function* completed(since: number, signal: AbortSignal): AsyncGenerator<Task> {
    const newer = since > 0 ? ` and stateTransitionTime ge datetime'${new Date(since).toISOString()}'` : ''
    yield* batch.listTasks(jobId, { filter: `state eq 'completed'${newer}`, select: SELECT, signal })
  }

  function isNew({ id, stateTransitionTime }: EndedTask): boolean {
    return told.get(id) !== stateTransitionTime.getTime()
  }

  async function tell(tasks: EndedTask[], signal: AbortSignal): Promise<void> {
    if (!onTaskEnds || tasks.length === 0) return
    tasks.sort((a, b) => a.stateTransitionTime.getTime() - b.stateTransitionTime.getTime())
    await onTaskEnds(tasks, signal)
    for (const { id, stateTransitionTime } of tasks) {
      told.set(id, stateTransitionTime.getTime())
      latest = Math.max(latest, stateTransitionTime.getTime())
    }
  }

  async function read(since: number, signal: AbortSignal, see: (task: Task) => void): Promise<void> {
    let chunk: EndedTask[] = []
    for await (const task of completed(since, signal)) {
      see(task)
      if (onTaskEnds && isNew(task)) chunk.push(task)
      if (chunk.length < CHUNK) continue
      await tell(chunk, signal)
      chunk = []
    }
    await tell(chunk, signal)
  }

  return {
    /** Tells of the tasks that have ended since the last look. */
    async look(signal: AbortSignal): Promise<void> {
      if (onTaskEnds) await read(Math.max(0, latest - OVERLAP_MS), signal, () => {})
    },
    /** Counts all tasks that have completed, and tells of those that were not told of. */
    async all(signal: AbortSignal): Promise<TaskTally> {
      const tally = createTally()
      await read(0, signal, (task) => tally.add(task))
      return tally.result()
    },
  }
}
