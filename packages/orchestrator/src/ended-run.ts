// A run of which only the clean-up is left: what its journal holds as plain data, and back.

import { basename } from 'node:path'
import { BatchError, isBatchError } from '@malachite/model'
import { isAborted, messageOf, type Run } from './run.ts'
import type { EndedState } from './run-state.ts'

/** How the run ended, as data. */
export function toEndedState(run: Run): EndedState {
  const { journal, settings } = run
  const {
    ending,
    counts,
    failedTasks,
    outputs,
    refusedBlobs,
    lostBlobs,
    trouble,
    error,
    halted,
    statistics,
  } = journal
  const downloaded = [...(journal.containers.get(settings.containers.output)?.downloaded ?? [])]
  return {
    ending,
    counts,
    failedTasks,
    outputs,
    downloaded,
    refusedBlobs,
    lostBlobs,
    aborted: isAborted(run),
    statistics,
    ...(trouble && { trouble }),
    ...(halted && { halted }),
    ...(error && {
      error: { code: isBatchError(error) ? error.code : 'InternalError', message: messageOf(error) },
    }),
  }
}

/** Makes a run's journal that of a run which has ended so. */
export function recallEnd({ journal }: Run, ended: EndedState): void {
  const { ending, counts, failedTasks, outputs, refusedBlobs, lostBlobs, aborted, trouble, error } = ended
  const { halted, statistics = journal.statistics } = ended
  Object.assign(journal, { ending, counts, aborted, statistics })
  journal.failedTasks.push(...failedTasks)
  journal.outputs.push(...outputs)
  journal.refusedBlobs.push(...refusedBlobs)
  journal.lostBlobs.push(...lostBlobs)
  if (trouble) journal.trouble = trouble
  if (halted) journal.halted = halted
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
