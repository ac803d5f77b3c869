// What a new task waits for, and the bounds of such lists.

import { BatchError, type TaskDependencies } from '@malachite/model'
import type { JobRow } from '../../storage/jobs.ts'
import type { NumberRange } from '../../storage/number-runs.ts'
import type { Core } from '../core/core.ts'

/** Characters that all ids together, or all numbers of ranges, may have. */
const MAX_CHARACTERS = 64_000

/** What a task waits for: only what is not satisfied yet, each once. */
export interface Waits {
  ids: string[]
  ranges: NumberRange[]
}

const NOTHING: Waits = { ids: [], ranges: [] }

/**
 * What of its dependencies a new task still has to wait for.
 * @throws BatchError `TaskDependenciesNotSpecifiedOnJob`, `TaskDependencyListTooLong`, `TaskDependencyRangesTooLong`
 */
export function missingDependencies(core: Core, job: JobRow, dependsOn?: TaskDependencies): Waits {
  const { taskIds = [], taskIdRanges = [] } = dependsOn ?? {}
  if (taskIds.length + taskIdRanges.length === 0) return NOTHING
  if (!job.usesDependencies) throw new BatchError('TaskDependenciesNotSpecifiedOnJob')
  if (taskIds.join('').length > MAX_CHARACTERS) throw new BatchError('TaskDependencyListTooLong')
  const numbers = taskIdRanges.map(({ start, end }) => `${start}${end}`)
  if (numbers.join('').length > MAX_CHARACTERS) throw new BatchError('TaskDependencyRangesTooLong')
  const ids = new Map(taskIds.map((id) => [id.toLowerCase(), id]))
  const ranges = new Map(
    taskIdRanges.map(({ start, end }) => [`${start}..${end}`, { first: start, last: end }]),
  )
  const { dependencies } = core.store
  return {
    ids: dependencies.missingIds(job.key, [...ids.values()]),
    ranges: dependencies.missingRanges(job.key, [...ranges.values()]),
  }
}
