// How the end of a task is judged: by exit codes, ranges of them, and the phases in which it can fail.

import * as v from 'valibot'
import { choice, integer, list, members, memberPath } from './common.ts'

const INT32_MIN = -2_147_483_648

const exitOptions = members({
  jobAction: v.exactOptional(choice('none', 'disable', 'terminate')),
  dependencyAction: v.exactOptional(choice('satisfy', 'block')),
})

const exitCodeRange = v.pipe(
  members({ start: integer(INT32_MIN), end: integer(INT32_MIN), exitOptions }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || dataset.value.start <= dataset.value.end) return
    addIssue({ message: 'must not be less than start', path: memberPath(dataset.value, 'end') })
  }),
)

/** What follows from the end of a task; the engine adds the default. */
export const exitConditions = members({
  exitCodes: v.exactOptional(list(members({ code: integer(INT32_MIN), exitOptions }))),
  exitCodeRanges: v.exactOptional(list(exitCodeRange)),
  preProcessingError: v.exactOptional(exitOptions),
  fileUploadError: v.exactOptional(exitOptions),
  default: v.exactOptional(exitOptions),
})
