// What a run tells while it goes on: events as data. Printing them is the caller's business.

import type { ErrorDetails, FailureInfo, NodeCounts, ResizeError, TaskCounts } from '@malachite/model'
import type { Halt } from './halt.ts'

/** The nine steps, in the order they are performed. */
export const STEPS = [
  'createContainers',
  'upload',
  'createPool',
  'createJob',
  'addTasks',
  'monitor',
  'download',
  'deleteContainers',
  'deleteJobAndPool',
] as const
/** One of the nine steps. */
export type Step = (typeof STEPS)[number]

/** How long a step took, in milliseconds. */
export interface StepTime {
  step: Step
  ms: number
}

/** A task that did not succeed, with why. */
export interface FailedTask {
  taskId: string
  /** One sentence for people. */
  reason: string
  /** Absent when the program never ran. */
  exitCode?: number
  failureInfo?: FailureInfo
  nodeId?: string
  /** From its start to its end, milliseconds; absent when the program never ran. */
  runTimeMs?: number
  /** The last lines of the task's `stderr.txt`; read for the first few failures only. */
  stderrTail?: string
}

/** Why waiting for the tasks makes no sense any more. */
export interface Trouble {
  kind: 'startTaskFailed' | 'nodeUnusable' | 'resizeFailed' | 'poolGone' | 'jobEnded'
  /** One sentence for people. */
  reason: string
  nodeId?: string
  exitCode?: number
  resizeErrors?: readonly ResizeError[]
  /** The last lines of the node's `startup/stderr.txt`. */
  stderrTail?: string
}

/** What a resumed run finds done. */
export interface Resumption {
  runId: string
  /** Files, and those that need no upload. */
  files: number
  uploaded: number
  /** Tasks, those that are added, and those that are to run again because their results are lost. */
  tasks: number
  added: number
  repeated: number
  /** Nothing is left but the clean-up. */
  ended: boolean
}

/** A task that has completed, for a run whose tasks are followed. */
export interface TaskEnd {
  taskId: string
  /** Of its input, from 0. */
  index: number
  /** Without the SAS. */
  commandLine: string
  succeeded: boolean
  /** Negative = the signal that ended the program; absent when it never ran, as are the times. */
  exitCode?: number
  nodeId?: string
  startedAt?: Date
  endedAt?: Date
  /** Bytes of its input, and of its result in the output container: 0 when there is none, or the workload names none. */
  inputBytes: number
  outputBytes: number
}

/** Something that exists still although the run has ended. Pools cost money. */
export interface LeftBehind {
  kind: 'pool' | 'job' | 'container'
  id: string
  /** One sentence for people: asked for, or why it could not be deleted. */
  reason: string
}

/** One line of the story of a run; `type` tells them apart. Times are milliseconds, sizes bytes. */
export type WorkflowEvent =
  | { type: 'runStarted'; startedAt: Date; workload: string; batch: string; blob: string }
  | ({ type: 'runResumed' } & Resumption)
  | { type: 'containerReady'; container: string; created: boolean }
  | { type: 'uploadStarted'; path: string; container: string; blob: string; totalBytes: number }
  | { type: 'uploadProgress'; path: string; container: string; blob: string; bytes: number }
  | { type: 'uploadFinished'; path: string; container: string; blob: string; bytes: number }
  | { type: 'poolCreating'; poolId: string; vmSize: string; nodeCount: number }
  | { type: 'jobCreating'; jobId: string; poolId: string }
  | { type: 'idInDeletion'; kind: 'pool' | 'job'; id: string }
  | { type: 'tasksAdding'; jobId: string; count: number }
  | { type: 'taskRejected'; taskId: string; code: string; message: string; details: ErrorDetails }
  | { type: 'monitoringStarted'; jobId: string; taskCount: number; timeoutMs: number }
  | { type: 'progress'; taskCount: number; counts: TaskCounts; nodes?: NodeCounts; elapsedMs: number }
  | ({ type: 'taskFailed' } & FailedTask)
  | ({ type: 'taskEnded' } & TaskEnd)
  | ({ type: 'trouble' } & Trouble)
  | ({ type: 'halted'; counts: TaskCounts } & Halt)
  | { type: 'timedOut'; timeoutMs: number; counts: TaskCounts }
  | { type: 'allTasksCompleted'; counts: TaskCounts }
  | { type: 'jobTerminated'; jobId: string }
  | { type: 'downloadStarted'; container: string; directory: string }
  | { type: 'blobDownloaded'; container: string; blob: string; path: string; bytes: number; kept: boolean }
  | { type: 'downloadRefused'; container: string; blob: string; reason: string }
  | { type: 'downloadFailed'; container: string; blob: string; reason: string }
  | { type: 'downloadFinished'; count: number }
  | { type: 'waitingForNodes'; poolId: string }
  | { type: 'containersDeleting'; containers: readonly string[] }
  | { type: 'containerKept'; container: string; reason: string }
  | { type: 'runEnded'; startedAt: Date; endedAt: Date; elapsedMs: number }
  | { type: 'runFailed'; error: Error }
  | { type: 'runAborted' }
  | { type: 'jobDeleted'; jobId: string }
  | { type: 'poolDeleted'; poolId: string }
  | ({ type: 'leftBehind' } & LeftBehind)
  | ({ type: 'stepFinished' } & StepTime)

/** Receives the events of a run, in order. */
export type Report = (event: WorkflowEvent) => void
