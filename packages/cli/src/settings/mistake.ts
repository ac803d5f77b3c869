// What is wrong with the command line or the settings, as the one error that ends a command with exit code 2.

import { BatchError } from '@malachite/model'

/** A `ConfigurationError`; `cause` is what it was made of. */
export function mistake(message: string, cause?: unknown): BatchError {
  return new BatchError('ConfigurationError', {}, { message, cause })
}
