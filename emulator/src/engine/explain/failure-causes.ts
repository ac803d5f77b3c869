// The failures of command lines in words: those of tasks, start tasks and preparation tasks have the same codes.

import type { FailureInfo } from '@malachite/model'
import { fill, type Facts } from './finding.ts'

const READ_FILES = 'Read stdout.txt and stderr.txt of the task.'
const SAS = 'Give its URL a SAS that has not expired and allows reading; for a container also listing.'
const AGAIN = 'Reactivate the task once the server answers: downloads that fail are not tried again.'

/** Code of a failure → what has happened, and what to do. The names are those of the failure's details. */
export const FAILURE_CAUSES: Readonly<Record<string, readonly [reason: string, fix: string]>> = {
  FailureExitCode: ['the command line ended with exit code {exitCode}', READ_FILES],
  BlobNotFound: [
    'there is nothing at {BlobSource} for resource file {FilePath}',
    'Upload the file, or correct the URL of the resource file.',
  ],
  BlobAccessDenied: ['access to {BlobSource} for resource file {FilePath} was denied', SAS],
  BlobDownloadTimedOut: ['the download of {BlobSource} took too long', AGAIN],
  BlobDownloadMiscError: ['{BlobSource} could not be downloaded: {Message}', AGAIN],
  ResourceDirectoryCreateFailed: [
    'a directory of the task could not be made',
    'Check the paths of its resource files, and the disk.',
  ],
  ResourceFileCreateFailed: [
    'resource file {FilePath} could not be made',
    'Check its path: it lies below the working directory, and nothing else has the same name.',
  ],
  ResourceFileWriteFailed: ['resource file {FilePath} could not be written', 'Check the disk of the node.'],
  DiskFull: [
    'the disk of the node is full',
    'Free space; a shorter retentionTime lets files of old tasks go.',
  ],
  CommandProgramNotFound: [
    'the program that the command line names is not on the node',
    'Name its full path or install it by a start task; a command line has no shell, so what needs one is written as /bin/sh -c "…".',
  ],
  CommandLaunchFailed: [
    'the program of the command line could not be started: {Message}',
    'Check that it is executable (fileMode 0755) and made for the system of the node; a script begins with #!, as #!/bin/sh.',
  ],
  ApplicationPackageError: [
    'an application package could not be installed',
    'Check the package: it must be a zip file; "malachite application list" shows what there is.',
  ],
  TaskSchedulingConstraintFailed: [
    'the user that was to run it is not among the accounts of its pool',
    'Add the user to the userAccounts of the pool, or let an automatic user (autoUser) run the task.',
  ],
  TaskEnded: ['it was ended by a request', 'Reactivate the task if it is to run again.'],
  MaxWallClockTime: [
    'it took longer than its maxWallClockTime',
    'Raise maxWallClockTime in the constraints of the task.',
  ],
  ContainerPoolNotSupported: [
    'it has container settings, but its pool has no container configuration',
    'Use a pool with containerConfiguration, or take containerSettings away.',
  ],
  ContainerInvalidImage: [
    'the image of its container could not be had: {Message}',
    'Check imageName; build or pull the image, or give the registry with its password.',
  ],
  ContainerInvalidRegistry: [
    'the registry of its image does not answer or refuses the login: {Message}',
    'Check registryServer, username and password, and that this machine reaches the registry.',
  ],
  ContainerInvalidSettings: [
    'the container engine does not understand its settings: {Message}',
    'Check containerRunOptions and workingDirectory.',
  ],
  ContainerMiscError: [
    'its container could not be run: {Message}',
    'Check that Docker or Podman answers on this machine.',
  ],
  FileUploadContainerNotFound: [
    'the container for its output files does not exist',
    'Add the container, or correct the destination of the output files.',
  ],
  FileUploadAccessDenied: [
    'the container for its output files denied access',
    'Give the container URL a SAS that has not expired and allows writing.',
  ],
  FileUploadMiscError: ['its output files could not be uploaded: {Message}', READ_FILES],
}

const KILLED = 'Something ended it, for instance the lack of memory; read stderr.txt of the task.'

/** Exit codes of shells and signals that say more than the program did. */
const EXIT_CODES: Readonly<Record<number, readonly [meaning: string, fix: string]>> = {
  126: ['a file that is not executable', 'Make the file executable (fileMode 0755).'],
  127: [
    'a command that the shell did not find',
    'Install the program by a start task, or name its full path.',
  ],
  137: ['SIGKILL', KILLED],
  143: ['SIGTERM', KILLED],
  [-9]: ['SIGKILL', KILLED],
  [-11]: ['a crash, SIGSEGV', READ_FILES],
  [-15]: ['SIGTERM', KILLED],
}

/** A failure in words. */
export interface FailureCause {
  /** Its code; `MaxWallClockTime` for the tries that took too long, which the service calls `TaskEnded`. */
  cause: string
  /** Part of a sentence. */
  reason: string
  fix: string
  details: Facts
}

/** What a failure means, and what to do. */
export function explainFailure(info: Partial<FailureInfo> = {}, exitCode?: number): FailureCause {
  const { code = 'Unknown', category, message, details: pairs = [] } = info
  const values = Object.fromEntries(pairs.map(({ name, value }) => [name, value ?? '']))
  const details = { ...values, ...(exitCode !== undefined && { exitCode }), ...(category && { category }) }
  const cause = code === 'TaskEnded' && isOverdue(values['Message']) ? 'MaxWallClockTime' : code
  const [reason, fix] = FAILURE_CAUSES[cause] ?? [message ?? 'nothing is known about it', READ_FILES]
  const known = cause === 'FailureExitCode' && exitCode !== undefined ? EXIT_CODES[exitCode] : undefined
  const meaning = known ? ` (${known[0]})` : ''
  return { cause, reason: `${fill(reason, details)}${meaning}`, fix: known?.[1] ?? fix, details }
}

function isOverdue(message = ''): boolean {
  return message.startsWith('The maximum execution time')
}
