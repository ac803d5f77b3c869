// What follows from the end of a command: done, failed, or another try.

import type { FailureInfo, TaskResult } from '@malachite/model'

/** How a command ended, and how many tries it has. */
export interface Ended {
  exitCode?: number
  /** Set when it was not the exit code that failed it. */
  failure?: FailureInfo
  retries: number
  /** Further tries allowed; -1 = no limit. */
  maxRetries: number
}

export type Decision = { action: 'retry' } | { action: 'complete'; result: TaskResult; failure?: FailureInfo }

/** Only a non-zero exit code is tried again: neither failed downloads nor launch errors nor the wall clock are. */
export function decide(ended: Ended): Decision {
  if (ended.failure) return { action: 'complete', result: 'failure', failure: ended.failure }
  if (ended.exitCode === 0) return { action: 'complete', result: 'success' }
  if (ended.maxRetries === -1 || ended.retries < ended.maxRetries) return { action: 'retry' }
  return { action: 'complete', result: 'failure', failure: FAILURE_EXIT_CODE }
}

/** A process that ended with another exit code than 0. */
export const FAILURE_EXIT_CODE: FailureInfo = {
  category: 'UserError',
  code: 'FailureExitCode',
  message: 'The task exited with an exit code representing a failure',
  details: [
    { name: 'Message', value: 'The task process exited with an unexpected exit code' },
    { name: 'AdditionalErrorCode', value: 'FailureExitCode' },
  ],
}

/** A task that was ended by its user: terminated, or part of a job or node that was. */
export const TASK_ENDED: FailureInfo = {
  category: 'UserError',
  code: 'TaskEnded',
  message: 'Task Was Ended by User Request',
}
