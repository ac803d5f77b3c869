// A run for programs: the one JSON document of `malachite run --json`.

import type { RunResult, StepTime } from '@malachite/orchestrator'
import { isBatchError } from '@malachite/model'

/** The result of a run as plain data. Times are ISO 8601 texts, durations milliseconds. */
export function toRunDocument(result: RunResult, about: { backend: string; jobId: string; poolId: string }) {
  const { error, startedAt, endedAt, steps, ...rest } = result
  return {
    ...rest,
    ...about,
    ...(error && { error: { code: isBatchError(error) ? error.code : error.name, message: error.message } }),
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    steps: steps.map(({ step, ms }): StepTime => ({ step, ms: Math.round(ms) })),
  }
}
