// What of a run must outlive its process, so that another one can go on with it. What the services show themselves (which
// blobs, tasks and results there are) is not in it: they are asked. Plain data without secrets.

import type { TaskCounts } from '@malachite/model'
import type { Halt } from './halt.ts'
import type { FailedTask, Trouble } from './report.ts'
import type { RunStatistics } from './statistics.ts'

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

/** How the tasks of a run ended; `unfinished` until they are waited for. */
export type TasksEnding = 'unfinished' | 'completed' | 'timedOut' | 'trouble' | 'halted'

/** How a run ended before its clean-up. */
export interface EndedState {
  ending: TasksEnding
  counts: TaskCounts
  failedTasks: readonly FailedTask[]
  outputs: readonly string[]
  /** Blobs that were downloaded, refused and lost. */
  downloaded: readonly string[]
  refusedBlobs: readonly string[]
  lostBlobs: readonly string[]
  aborted: boolean
  trouble?: Trouble
  halted?: Halt
  /** Absent in what earlier versions have saved. */
  statistics?: RunStatistics
  error?: { code: string; message: string }
}

/** The state of a run that has made nothing yet. */
export function emptyState(): RunState {
  return { inputs: [], before: {} }
}
