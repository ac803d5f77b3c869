// Counts of tasks that are a few seconds behind, as the service's are: a program that takes "nothing active, nothing
// running" for the end finds out here that it looked too early.

import { type Clock, isBatchError, type JobTaskCounts, type TaskCounts } from '@malachite/model'
import type { Engine } from '../engine/api.ts'

/** What late counts need. */
export interface LateCountsOptions {
  clock: Clock
  /** Milliseconds until the counts are brought up to date again. */
  delay: () => number
}

/** The engine with late counts, and how to stop the timer behind it. */
export interface LateCounts {
  engine: Engine
  close(): void
}

/** Milliseconds for which the counts of a job are kept after somebody was interested in them. */
const INTEREST = 60_000

/** Delays the counts of jobs that are new or looked at again and again; those of others are up to date. */
export function withLateCounts(engine: Engine, { clock, delay }: LateCountsOptions): LateCounts {
  const watched = new Map<string, { counts: JobTaskCounts; until: number }>()
  let cancel: (() => void) | undefined

  function watch(id: string, counts: JobTaskCounts): JobTaskCounts {
    watched.set(id, { counts, until: clock.now() + INTEREST })
    cancel ??= clock.after(delay(), update)
    return counts
  }

  function update(): void {
    for (const [id, { until }] of watched) {
      const counts = until > clock.now() ? read(id) : undefined
      if (counts) watched.set(id, { counts, until })
      else watched.delete(id)
    }
    cancel = watched.size > 0 ? clock.after(delay(), update) : undefined
  }

  /** `undefined` for a job that is gone. */
  function read(id: string): JobTaskCounts | undefined {
    try {
      return engine.jobs.taskCounts(id)
    } catch (error) {
      if (isBatchError(error, 'JobNotFound')) return undefined
      throw error
    }
  }

  return {
    engine: {
      ...engine,
      jobs: {
        ...engine.jobs,
        add(body) {
          const added = engine.jobs.add(body)
          watch(added.id, NOTHING)
          return added
        },
        taskCounts(jobId) {
          const now = engine.jobs.taskCounts(jobId)
          const id = engine.jobs.idOf(jobId)
          return watch(id, watched.get(id)?.counts ?? now)
        },
      },
    },
    close: () => cancel?.(),
  }
}

const NONE: TaskCounts = { active: 0, running: 0, completed: 0, succeeded: 0, failed: 0 }
const NOTHING: JobTaskCounts = { taskCounts: NONE, taskSlotCounts: NONE }
