// One shape for everything that is wrong before a run has begun.

import { BatchError } from '@malachite/model'

/** A `BatchError` with code `ConfigurationError` whose message lists the problems, one sentence each. */
export function configurationError(problems: readonly string[], cause?: unknown): BatchError {
  return new BatchError(
    'ConfigurationError',
    {},
    { message: problems.join('\n'), ...(cause ? { cause } : {}) },
  )
}
