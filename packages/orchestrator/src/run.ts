// One run: its settings, the backends, and the record of what it has made so far, from which the clean-up works.

import {
  BatchError,
  type BatchBackend,
  type BlobBackend,
  type BlobItem,
  type Clock,
  type TaskCounts,
} from '@malachite/model'
import type { Halt } from './halt.ts'
import { redact } from './redact.ts'
import type { FailedTask, LeftBehind, Report, Step, StepTime, Trouble } from './report.ts'
import { emptyState, type RunState, type TasksEnding } from './run-state.ts'
import type { ResolvedSettings } from './settings.ts'
import type { RunStatistics } from './statistics.ts'
import type { Left } from './what-is-left.ts'

/** A yes-or-no question to the user at the end of a run. */
export interface Question {
  resource: 'job' | 'pool'
  id: string
  /** As the tutorial words it: `Delete job?` */
  text: string
}

/** Asks the user; the signal ends the question. */
export type Confirm = (question: Question, options: { signal?: AbortSignal }) => Promise<boolean>

/** What a run works with. */
export interface WorkflowParts {
  batch: BatchBackend
  blob: BlobBackend
  clock: Clock
  /** Receives the events of the run. */
  report: Report
  /** Answers `ask`; without it the answer is yes. */
  confirm?: Confirm
  /** Ends the run; what it made is still cleaned up, within `cleanUpMs`. */
  signal?: AbortSignal
  /** Keeps the state of the run whenever it changes, so that the run can be resumed should this process end. */
  save?: (state: RunState) => Promise<void>
  /** The state that was saved last by a process that is gone: its run, with the same settings and `runId`, goes on. */
  resumed?: RunState
  /** Reports `taskEnded` for each task; costs a list of tasks and one of results per look. @default false */
  followTasks?: boolean
}

/** `possible`: creation was requested and the answer is not known; `existing`: it was there before the run. */
export type Existence = 'none' | 'possible' | 'created' | 'existing'

/** A container of the run, with what the run may delete in it should it not be the run's own. */
export interface ContainerRecord {
  existence: Existence
  /** Blobs this run wrote. */
  uploaded: Set<string>
  /** Blobs this run has fetched to the output directory. */
  downloaded: Set<string>
  /** The blobs that were there before, with the time of their last change. */
  before: Map<string, number>
}

/** What the run has made and found so far. */
export interface Journal {
  pool: Existence
  job: Existence
  containers: Map<string, ContainerRecord>
  ending: TasksEnding
  counts: TaskCounts
  failedTasks: FailedTask[]
  /** Absolute paths of the downloaded results. */
  outputs: string[]
  /** Blobs whose name is refused, and blobs that could not be downloaded. */
  refusedBlobs: string[]
  lostBlobs: string[]
  leftBehind: LeftBehind[]
  trouble?: Trouble
  halted?: Halt
  statistics: RunStatistics
  steps: StepTime[]
  /** The run was aborted, if by its process before this one. */
  aborted: boolean
  /** What ended the run before its time. */
  error?: Error
}

/** Everything the steps of a run share. */
export interface Run extends WorkflowParts {
  readonly settings: ResolvedSettings
  readonly journal: Journal
  readonly startedAt: Date
  /** What is left to do of a run that is resumed. */
  readonly left?: Left
  /** Changes the state and saves it. */
  remember(change: Partial<RunState>): Promise<void>
  /** Performs one of the nine steps and takes its time. */
  step<Result>(step: Step, perform: () => Promise<Result>): Promise<Result>
}

/** The signal as an option; `{}` without one. */
export function withSignal(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal ? { signal } : {}
}

/** A run that has made nothing yet, or one that is resumed. */
export function createRun(settings: ResolvedSettings, parts: WorkflowParts, left?: Left): Run {
  const journal = emptyJournal()
  if (parts.resumed) journal.pool = journal.job = 'possible'
  let state = parts.resumed ?? emptyState()
  const { clock } = parts
  const report: Report = (event) => {
    try {
      parts.report(event)
    } catch (error) {
      // A listener that throws fails the run, but must not keep the clean-up from deleting a pool.
      journal.error ??= toError(error)
    }
  }
  return {
    ...parts,
    report,
    settings,
    journal,
    startedAt: new Date(clock.now()),
    ...(left && { left }),
    async remember(change) {
      state = { ...state, ...change }
      await parts.save?.(state)
    },
    async step(step, perform) {
      const start = clock.now()
      try {
        return await perform()
      } finally {
        const time = { step, ms: clock.now() - start }
        journal.steps.push(time)
        report({ type: 'stepFinished', ...time })
      }
    },
  }
}

function emptyJournal(): Journal {
  return {
    pool: 'none',
    job: 'none',
    containers: new Map(),
    ending: 'unfinished',
    counts: { active: 0, running: 0, completed: 0, succeeded: 0, failed: 0 },
    failedTasks: [],
    outputs: [],
    refusedBlobs: [],
    lostBlobs: [],
    leftBehind: [],
    statistics: { nodes: 0, bytesUploaded: 0, bytesDownloaded: 0 },
    steps: [],
    aborted: false,
  }
}

/** Marks something that the run could not, or was told not to, delete. */
export function leaveBehind(run: Run, left: LeftBehind): void {
  run.journal.leftBehind.push(left)
}

/** Whether the run put the blob there: by an upload, or through a task whose result is downloaded by now. */
export function isOurBlob({ uploaded, downloaded, before }: ContainerRecord, blob: BlobItem): boolean {
  const isNew = before.get(blob.name) !== blob.lastModified.getTime()
  return uploaded.has(blob.name) || (downloaded.has(blob.name) && isNew)
}

/** Whether the run was ended by its user. */
export function isAborted({ journal, signal }: Run): boolean {
  return journal.aborted || signal?.aborted === true
}

/** Any thrown value as an error without secrets, for reports. */
export function toError(error: unknown): Error {
  if (!(error instanceof Error))
    return new BatchError('InternalError', {}, { message: redact(String(error)) })
  return error
}

/** The message of any thrown value, without secrets. */
export function messageOf(error: unknown): string {
  return redact(toError(error).message)
}
