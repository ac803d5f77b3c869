// What the end of a task means to others: to the tasks that depend on it, and to its job.

import type { ExitConditions, ExitOptions, FailureInfo } from '@malachite/model'

/** How a task ended for good. */
export interface Completion {
  /** Absent when no process ran to its end. */
  exitCode?: number
  /** Absent for a success. */
  failure?: FailureInfo
}

/** The consequences of an end. */
export type Consequences = Required<ExitOptions>

/**
 * The options of the condition that matches: an exit code of its own, else a range of exit codes, else what failed
 * before or after the process, else the default. What they do not say: a success lets dependents go and does nothing to
 * the job, any other end blocks dependents and terminates the job.
 */
export function consequencesOf(completion: Completion, conditions?: ExitConditions): Consequences {
  const options = conditions && match(completion, conditions)
  return { ...(isSuccess(completion) ? SUCCESS : FAILURE), ...options }
}

const SUCCESS: Consequences = { jobAction: 'none', dependencyAction: 'satisfy' }
const FAILURE: Consequences = { jobAction: 'terminate', dependencyAction: 'block' }

function isSuccess({ exitCode, failure }: Completion): boolean {
  return exitCode === 0 && failure === undefined
}

function match(completion: Completion, conditions: ExitConditions): ExitOptions | undefined {
  const { exitCode, failure } = completion
  const listed = exitCode === undefined ? undefined : matchCode(exitCode, conditions)
  if (listed || isSuccess(completion)) return listed
  return (failure && conditions[phaseOf(exitCode, failure)]) ?? conditions.default
}

function matchCode(
  exitCode: number,
  { exitCodes = [], exitCodeRanges = [] }: ExitConditions,
): ExitOptions | undefined {
  const single = exitCodes.find(({ code }) => code === exitCode)
  const range = exitCodeRanges.find(({ start, end }) => start <= exitCode && exitCode <= end)
  return (single ?? range)?.exitOptions
}

function phaseOf(
  exitCode: number | undefined,
  { code }: FailureInfo,
): 'preProcessingError' | 'fileUploadError' | 'default' {
  if (code.startsWith('FileUpload')) return 'fileUploadError'
  // A task without an exit code of its own did start when its user or one of its subtasks ended it.
  const started = exitCode !== undefined || code === 'TaskEnded' || code === 'FailureExitCode'
  return started ? 'default' : 'preProcessingError'
}
