// Halts a job once the condition of its run is met: `soon` by disabling it, which lets running tasks end, `now` by
// terminating it. Every backend knows both.

import { isBatchError, type BatchBackend, type TaskCounts } from '@malachite/model'
import { findHalt, type Halt, type HaltCondition } from './halt.ts'
import type { Report } from './report.ts'
import type { Observation } from './trouble.ts'

/** What halting works with, and on. */
export interface HaltingParts {
  batch: Pick<BatchBackend, 'disableJob' | 'terminateJob'>
  report: Report
  jobId: string
  /** Tasks of the job. */
  taskCount: number
  halt?: HaltCondition | undefined
  /** Tasks of the run that are over and not in the job. */
  elsewhere?: { succeeded: number; failed: number }
}

const NOTHING = { succeeded: 0, failed: 0 }
const JOB_OVER = ['JobNotFound', 'JobCompleted', 'JobBeingTerminated', 'JobBeingDeleted']

/** Looks at each observation of the job, and acts when it is time. */
export function createHalting({ batch, report, jobId, taskCount, halt, elsewhere = NOTHING }: HaltingParts) {
  let halted: Halt | undefined

  function find(counts: TaskCounts): Halt | undefined {
    const { succeeded, failed } = elsewhere
    const all = {
      ...counts,
      completed: counts.completed + succeeded + failed,
      succeeded: counts.succeeded + succeeded,
      failed: counts.failed + failed,
    }
    return findHalt(halt, all, taskCount + succeeded + failed)
  }

  return {
    /** The halt once the run ends by it: of `soon`, when no task runs any more. */
    async see({ counts, job }: Observation, signal: AbortSignal): Promise<Halt | undefined> {
      if (halted) return job?.state === 'disabled' ? halted : undefined
      halted = find(counts)
      if (!halted) return undefined
      report({ type: 'halted', ...halted, counts })
      if (halted.condition.when === 'now') return halted
      await batch.disableJob(jobId, 'wait', { signal })
      return undefined
    },
    /** Ends the tasks that run, of `now`; once everything is read that is to be known of those that have failed. */
    async end({ condition, reason }: Halt, signal: AbortSignal): Promise<void> {
      if (condition.when !== 'now') return
      try {
        await batch.terminateJob(jobId, { signal, reason: `The run was halted: ${reason}` })
      } catch (error) {
        // Somebody else was faster.
        if (!isBatchError(error, ...JOB_OVER)) throw error
      }
    },
  }
}
