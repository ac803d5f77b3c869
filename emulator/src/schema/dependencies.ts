// Which tasks of its job a task waits for.

import * as v from 'valibot'
import { id, integer, list, members, memberPath } from './common.ts'

const taskIdRange = v.pipe(
  members({ start: integer(), end: integer() }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || dataset.value.start <= dataset.value.end) return
    addIssue({ message: 'must not be less than start', path: memberPath(dataset.value, 'end') })
  }),
)

/** Ids and ranges of numbers; the tasks need not exist. */
export const dependsOn = members({
  taskIds: v.exactOptional(list(id)),
  taskIdRanges: v.exactOptional(list(taskIdRange)),
})
