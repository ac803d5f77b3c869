// What of a run must outlive its process, so that another one can go on with it. What the services show themselves (which
// blobs, tasks and results there are) is not in it: they are asked. Plain data without secrets.

import type { TaskCounts } from '@malachite/model'
import { BatchError, isBatchError } from '@malachite/model'
import { basename } from 'node:path'
import type { FailedTask, Trouble } from './report.ts'
import { isAborted, messageOf, type Journal, type Run } from './run.ts'

/** A run as its next process needs to know it. */
export interface RunState {
  /** The input files as the run found them, in the order of the settings. */
  inputs: readonly FileMark[]
  /** Containers that were there before the run: the blobs in them, with the time of their last change. */
  before: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Once only the clean-up is left: how the run ended. */
  ended?: EndedState
}

/** What tells that a file has not been written since: bytes, and milliseconds since 1970. */
export interface FileMark {
  size: number
  modifiedMs: number
}

/** How a run ended before its clean-up. */
export interface EndedState {
  ending: Journal['ending']
  counts: TaskCounts
  failedTasks: readonly FailedTask[]
  outputs: readonly string[]
  /** Blobs that were downloaded, refused and lost. */
  downloaded: readonly string[]
  refusedBlobs: readonly string[]
  lostBlobs: readonly string[]
  aborted: boolean
  trouble?: Trouble
  error?: { code: string; message: string }
}

/** The state of a run that has made nothing yet. */
export function emptyState(): RunState {
  return { inputs: [], before: {} }
}

/** How the run ended, as data. */
export function toEndedState(run: Run): EndedState {
  const { journal, settings } = run
  const { ending, counts, failedTasks, outputs, refusedBlobs, lostBlobs, trouble, error } = journal
  const downloaded = [...(journal.containers.get(settings.containers.output)?.downloaded ?? [])]
  return {
    ...{ ending, counts, failedTasks, outputs, downloaded, refusedBlobs, lostBlobs },
    aborted: isAborted(run),
    ...(trouble && { trouble }),
    ...(error && {
      error: { code: isBatchError(error) ? error.code : 'InternalError', message: messageOf(error) },
    }),
  }
}

/** Makes a run's journal that of a run which has ended so. */
export function recallEnd({ journal }: Run, ended: EndedState): void {
  const { ending, counts, failedTasks, outputs, refusedBlobs, lostBlobs, aborted, trouble, error } = ended
  Object.assign(journal, { ending, counts, aborted })
  journal.failedTasks.push(...failedTasks)
  journal.outputs.push(...outputs)
  journal.refusedBlobs.push(...refusedBlobs)
  journal.lostBlobs.push(...lostBlobs)
  if (trouble) journal.trouble = trouble
  if (error) journal.error = new BatchError(error.code, {}, { message: error.message })
}

/** The names of the blobs that a run uploads, by container. */
export function uploadedNames({ settings }: Run): Record<string, string[]> {
  const { containers, workload, inputFiles } = settings
  return {
    [containers.application]: workload.applicationFiles.map((path) => basename(path)),
    [containers.input]: inputFiles.map((path) => basename(path)),
  }
}
