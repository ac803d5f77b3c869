// Which inputs of a run that has ended have no result on this machine: what a run of the rest would have to do.

import { basename } from 'node:path'
import type { EndedState, RunState } from './run-state.ts'
import type { ResolvedSettings } from './settings.ts'
import { taskIdsOf } from './task-ids.ts'

/** How a run ended, as far as it matters here. */
export type Ended = Pick<EndedState, 'ending' | 'failedTasks' | 'downloaded'>

/**
 * Paths of the inputs whose task failed or did not complete, or whose result did not come, in their order. When in doubt, an
 * input is among them: to compute something twice does no harm.
 */
export function unfinishedInputs(
  settings: ResolvedSettings,
  { ending, failedTasks, downloaded }: Ended,
  before: RunState['before'],
): string[] {
  const { workload, inputFiles, containers } = settings
  const failed = new Set(failedTasks.map(({ taskId }) => taskId.toLowerCase()))
  const results = new Set(downloaded)
  const old = before[containers.output] ?? {}
  const ids = taskIdsOf(settings)

  function isFinished(path: string, index: number): boolean {
    if (failed.has((ids[index] ?? '').toLowerCase())) return false
    const result = workload.resultName?.(basename(path))
    if (result === undefined) return ending === 'completed'
    // A blob that was there before the run may be somebody else's, unless the task is known to have written it.
    return results.has(result) && (ending === 'completed' || old[result] === undefined)
  }

  return inputFiles.filter((path, index) => !isFinished(path, index))
}
