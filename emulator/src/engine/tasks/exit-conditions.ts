// The exit conditions of a new task as its job allows them and as they are answered.

import { BatchError, type ExitConditions, type ExitOptions } from '@malachite/model'
import type { JobRow } from '../../storage/jobs.ts'

/**
 * The conditions with the default that the service adds to them.
 * @throws BatchError `InvalidPropertyValue` for a job action in a job that takes none
 */
export function completeConditions(job: JobRow, conditions: ExitConditions): ExitConditions {
  const acts = job.onTaskFailure === 'performexitoptionsjobaction'
  const action = acts ? undefined : optionsOf(conditions).find(({ jobAction }) => jobAction)?.jobAction
  if (action !== undefined) {
    throw new BatchError('InvalidPropertyValue', {
      PropertyName: 'jobAction',
      PropertyValue: action,
      Reason: 'The onTaskFailure of the job is noaction: its tasks cannot have a job action.',
    })
  }
  const fallback: ExitOptions = { ...(acts && { jobAction: 'terminate' }), dependencyAction: 'block' }
  return { ...conditions, default: { ...fallback, ...conditions.default } }
}

function optionsOf(conditions: ExitConditions): ExitOptions[] {
  const { exitCodes = [], exitCodeRanges = [], preProcessingError, fileUploadError } = conditions
  const listed = [...exitCodes, ...exitCodeRanges].map(({ exitOptions }) => exitOptions)
  return [...listed, preProcessingError ?? {}, fileUploadError ?? {}, conditions.default ?? {}]
}
