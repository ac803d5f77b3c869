// Why a task failed when it was not its exit code: the service's codes, categories and sentences in one table.

import type { ContainerInfo, FailureInfo, NodeError } from '@malachite/model'
import type { CommandOutcome } from '../engine/core/effects.ts'

// The sentences are the service's own where a client's issue or document shows them; the others follow their pattern.
const TABLE = {
  BlobNotFound: ['UserError', 'One of the specified Azure Blob(s) is not found'],
  BlobAccessDenied: ['UserError', 'Access for one of the specified Azure Blob(s) is denied'],
  BlobDownloadTimedOut: ['ServerError', 'Timed out while downloading one of the specified Azure Blob(s)'],
  BlobDownloadMiscError: [
    'ServerError',
    'Miscellaneous error encountered while downloading one of the specified Azure Blob(s)',
  ],
  ResourceDirectoryCreateFailed: ['ServerError', 'Failed to create a directory of the task'],
  ResourceFileCreateFailed: ['ServerError', 'Failed to create one of the specified resource file(s)'],
  ResourceFileWriteFailed: ['ServerError', 'Failed to write one of the specified resource file(s)'],
  DiskFull: ['ServerError', 'There is not enough disk space on the node'],
  CommandProgramNotFound: ['UserError', 'The specified command program is not found'],
  CommandLaunchFailed: ['UserError', 'The specified command program could not be launched'],
  ApplicationPackageError: [
    'UserError',
    'One of the specified application package(s) could not be installed on the node',
  ],
  TaskSchedulingConstraintFailed: [
    'UserError',
    'The task could not be run because a constraint of its scheduling failed',
  ],
  TaskEnded: ['UserError', 'The task was ended by user request'],
  ContainerPoolNotSupported: [
    'UserError',
    'The task has container settings, but its pool has no container configuration',
  ],
  ContainerInvalidImage: ['UserError', 'The container image could not be had'],
  ContainerInvalidRegistry: ['UserError', 'The container registry could not be used'],
  ContainerInvalidSettings: ['UserError', 'The container settings are invalid'],
  ContainerMiscError: ['ServerError', 'Miscellaneous error encountered while running the container'],
  FileUploadContainerNotFound: [
    'UserError',
    'One of the specified Azure container(s) was not found while attempting to upload an output file',
  ],
  FileUploadAccessDenied: [
    'UserError',
    'Access was denied to one of the specified Azure container(s) while attempting to upload an output file',
  ],
  FileUploadMiscError: [
    'UserError',
    'Miscellaneous error encountered while attempting to upload an output file',
  ],
  Unknown: ['ServerError', 'The node encountered an unknown error'],
} as const satisfies Record<string, readonly [FailureInfo['category'], string]>

/** A code that the node reports. */
export type FailureCode = keyof typeof TABLE

/** Carries a `FailureInfo` from the phase that found it to the agent; it never leaves this folder. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly info: FailureInfo
  /** The container that was made for the command. */
  container?: ContainerInfo

  constructor(info: FailureInfo, cause?: unknown) {
    super(info.message, { cause })
    this.info = info
  }
}

/** The service's failure of this code; the details become its name–value pairs. */
export function failureInfo(
  code: FailureCode,
  details: Readonly<Record<string, string | undefined>> = {},
): FailureInfo {
  const [category, message] = TABLE[code]
  const pairs = Object.entries(details).flatMap(([name, value]) =>
    value === undefined ? [] : { name, value },
  )
  return { category, code, message, ...(pairs.length > 0 && { details: pairs }) }
}

/** An error to throw from a phase. */
export function failure(
  code: FailureCode,
  details: Readonly<Record<string, string | undefined>> = {},
  cause?: unknown,
): CommandFailure {
  return new CommandFailure(failureInfo(isDiskFull(cause) ? 'DiskFull' : code, details), cause)
}

/** The end of a task that took longer than it may. */
export function wallClockExceeded(): FailureInfo {
  return failureInfo('TaskEnded', {
    Message: 'The maximum execution time configured on the task was exceeded',
  })
}

function isDiskFull(cause: unknown): boolean {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code
  return code === 'ENOSPC' || code === 'EDQUOT'
}

/** What kept a node from coming up, as the node's error. */
export function toNodeError(error: unknown): NodeError {
  if (!(error instanceof CommandFailure)) return { code: 'NodeCreationFailed', message: String(error) }
  const { code, message, details } = error.info
  return { code, message, ...(details && { errorDetails: details }) }
}

/** What a phase threw, as the failure to report. */
export function toFailureInfo(error: unknown): FailureInfo {
  return error instanceof CommandFailure ? error.info : failureInfo('Unknown', { Message: String(error) })
}

/** The same with the container, if one was made. */
export function toFailedEnd(error: unknown): Pick<CommandOutcome, 'failure' | 'container'> {
  const container = error instanceof CommandFailure ? error.container : undefined
  return { failure: toFailureInfo(error), ...(container && { container }) }
}
