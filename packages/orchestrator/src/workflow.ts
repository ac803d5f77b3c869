// The classic Azure Batch workflow, from files to results, on any backend: nine steps, and a clean-up on every way out.

import type { TaskCounts } from '@malachite/model'
import { deleteJob, deletePool, releaseContainers } from './clean-up.ts'
import {
  blobsBefore,
  createContainers,
  deleteContainers,
  keepContainers,
  recallContainers,
} from './containers.ts'
import { downloadOutputs } from './download.ts'
import { recallEnd, toEndedState } from './ended-run.ts'
import { followTasks } from './follow-tasks.ts'
import type { Halt } from './halt.ts'
import { addInputTasks, type InputTasks } from './input-tasks.ts'
import { waitForTasks } from './monitor.ts'
import { createJob, createPool } from './pool-and-job.ts'
import { checkFiles, markFiles } from './preflight.ts'
import type { FailedTask, LeftBehind, Resumption, Step, StepTime, Trouble } from './report.ts'
import { findWhatIsLeft } from './resume.ts'
import { createRun, isAborted, toError, type Run, type WorkflowParts } from './run.ts'
import type { EndedState } from './run-state.ts'
import { resolveSettings, type ResolvedSettings, type WorkflowSettings } from './settings.ts'
import type { RunStatistics } from './statistics.ts'
import { taskIdsOf } from './task-ids.ts'
import { unfinishedInputs } from './unfinished.ts'
import { uploadFiles } from './upload.ts'
import type { Left } from './what-is-left.ts'

/** `succeeded` only when every task succeeded and every result is in the output directory. */
export type Outcome = 'succeeded' | 'failed' | 'timedOut' | 'halted' | 'aborted'

/** What became of a run. */
export interface RunResult {
  outcome: Outcome
  /** The run, also of what it has made: settings `runId`. */
  runId: string
  /** The tasks as last seen; those the service refused count as failed. */
  taskCounts: TaskCounts
  failedTasks: readonly FailedTask[]
  /** Why the tasks could not complete. */
  trouble?: Trouble
  /** The condition that ended the run early. */
  halted?: Halt
  /** What ended the run before its time. */
  error?: Error
  /** Paths of the inputs without a result: their tasks failed or did not complete, or the result did not come. */
  unfinished: readonly string[]
  statistics: RunStatistics
  /** Absolute paths of the downloaded results. */
  outputs: readonly string[]
  /** Blobs of the output container whose names are refused. */
  refusedBlobs: readonly string[]
  /** Blobs of the output container that could not be downloaded; the container is kept. */
  lostBlobs: readonly string[]
  /** What exists still. Pools cost money. */
  leftBehind: readonly LeftBehind[]
  startedAt: Date
  /** Before the questions about job and pool. */
  endedAt: Date
  elapsedMs: number
  /** Duration of each step that was begun. */
  steps: readonly StepTime[]
}

/**
 * Performs the nine steps and cleans up. Rejects with a `ConfigurationError` before anything is created; whatever happens
 * later is told by the result's `outcome`, so that what was left behind is told as well. A run that is resumed does only
 * what is left to do; it rejects, and changes nothing, when the services cannot be asked or inputs have changed too late.
 */
export async function runWorkflow(settings: WorkflowSettings, parts: WorkflowParts): Promise<RunResult> {
  const resolved = resolveSettings(settings)
  const { ended } = parts.resumed ?? {}
  const run = createRun(resolved, parts, ended ? undefined : await prepare(resolved, parts))
  const grace = createGrace(run)
  const release = holdProcess()
  try {
    await (ended ? recall(run, ended) : compute(run))
    const endedAt = await cleanUp(run, grace.signal)
    return toResult(run, endedAt)
  } finally {
    release()
    grace.cancel()
  }
}

/** Checks what can be checked before anything is created; gives what is left of a run that is resumed. */
async function prepare(settings: ResolvedSettings, parts: WorkflowParts): Promise<Left | undefined> {
  taskIdsOf(settings)
  await checkFiles(settings)
  const { batch, blob, signal, resumed } = parts
  if (!resumed) return undefined
  try {
    return await findWhatIsLeft({ batch, blob, settings, ...(signal && { signal }) }, resumed)
  } catch (error) {
    // Whoever aborts the run wants it cleaned up, and that is what comes next.
    if (signal?.aborted) return undefined
    throw error
  }
}

/** Steps 1 to 7. Never throws: what goes wrong is written into the journal. */
async function compute(run: Run): Promise<void> {
  try {
    reportStart(run)
    if (!run.resumed) await run.remember({ inputs: await markFiles(run.settings.inputFiles) })
    await step(run, 'createContainers', () => createContainers(run))
    await step(run, 'upload', () => uploadFiles(run))
    await step(run, 'createPool', () => createPool(run))
    await step(run, 'createJob', () => createJob(run))
    const tasks = await step(run, 'addTasks', () => addInputTasks(run))
    await step(run, 'monitor', () => monitor(run, tasks))
    await step(run, 'download', () => downloadOutputs(run))
  } catch (error) {
    run.journal.error ??= toError(error)
    run.report(run.signal?.aborted ? { type: 'runAborted' } : { type: 'runFailed', error: run.journal.error })
  }
  try {
    if (run.resumed && run.journal.containers.size === 0) await recallContainers(run, [])
    await run.remember({ ended: toEndedState(run) })
  } catch (error) {
    // The clean-up does not depend on it.
    run.journal.error ??= toError(error)
  }
}

/** In place of steps 1 to 7, for a run whose process ended during its clean-up. */
async function recall(run: Run, ended: EndedState): Promise<void> {
  reportStart(run)
  recallEnd(run, ended)
  await recallContainers(run, ended.downloaded)
}

/** Steps 8 and 9, whatever happened before. The time between them is the end of the run. */
async function cleanUp(run: Run, signal: AbortSignal): Promise<Date> {
  await run.step('deleteContainers', async () => {
    const inUse = await releaseContainers(run, signal)
    await (inUse ? keepContainers(run, inUse) : deleteContainers(run, signal))
  })
  const endedAt = reportEnd(run)
  await run.step('deleteJobAndPool', async () => {
    await deleteJob(run, signal)
    await deletePool(run, signal)
  })
  for (const left of run.journal.leftBehind) run.report({ type: 'leftBehind', ...left })
  return endedAt
}

function step<Result>(run: Run, name: Step, perform: () => Promise<Result>): Promise<Result> {
  run.signal?.throwIfAborted()
  return run.step(name, perform)
}

async function monitor(run: Run, { count: taskCount, done }: InputTasks): Promise<void> {
  const { journal, settings, signal } = run
  const rejected = journal.failedTasks.length
  const elsewhere = { succeeded: done, failed: rejected }
  const onTaskEnds = run.followTasks ? followTasks(run) : undefined
  const ending = await waitForTasks({ ...settings, taskCount, elsewhere, signal }, { ...run, onTaskEnds })
  const { counts, tally, failedTasks, trouble, halted } = ending
  journal.ending = ending.ending
  journal.counts = {
    ...counts,
    completed: counts.completed + rejected + done,
    succeeded: counts.succeeded + done,
    failed: counts.failed + rejected,
  }
  journal.failedTasks.push(...failedTasks)
  const { nodes, runTimes } = tally
  Object.assign(journal.statistics, { nodes, ...(runTimes && { runTimes }) })
  if (trouble) journal.trouble = trouble
  if (halted) journal.halted = halted
}

function reportStart(run: Run): void {
  const { report, startedAt, settings, batch, blob } = run
  report({
    type: 'runStarted',
    startedAt,
    workload: settings.workload.name,
    batch: batch.name,
    blob: blob.name,
  })
  if (run.resumed) report({ type: 'runResumed', ...resumptionOf(run) })
}

function resumptionOf({ settings, left, resumed }: Run): Resumption {
  const { runId, inputFiles, workload } = settings
  const count = (state: string): number => left?.inputs.filter(({ task }) => task === state).length ?? 0
  return {
    runId,
    files: inputFiles.length + workload.applicationFiles.length,
    uploaded: left?.uploaded.size ?? 0,
    tasks: inputFiles.length,
    added: count('kept') + count('done'),
    repeated: count('repeat'),
    ended: resumed?.ended !== undefined,
  }
}

function reportEnd({ clock, startedAt, report }: Run): Date {
  const endedAt = new Date(clock.now())
  report({ type: 'runEnded', startedAt, endedAt, elapsedMs: endedAt.getTime() - startedAt.getTime() })
  return endedAt
}

function toResult(run: Run, endedAt: Date): RunResult {
  const { journal, startedAt, settings } = run
  const { counts, failedTasks, trouble, halted, error, outputs, refusedBlobs, lostBlobs, leftBehind } =
    journal
  return {
    outcome: outcomeOf(run),
    runId: settings.runId,
    taskCounts: counts,
    failedTasks,
    ...(trouble ? { trouble } : {}),
    ...(halted ? { halted } : {}),
    ...(error ? { error } : {}),
    unfinished: unfinishedOf(run),
    statistics: journal.statistics,
    outputs,
    refusedBlobs,
    lostBlobs,
    leftBehind,
    startedAt,
    endedAt,
    elapsedMs: endedAt.getTime() - startedAt.getTime(),
    steps: journal.steps,
  }
}

/** Of a run that had only its clean-up left the containers may be gone: it is as its record says. */
function unfinishedOf(run: Run): string[] {
  const { settings, resumed } = run
  if (resumed?.ended) return unfinishedInputs(settings, resumed.ended, resumed.before)
  return unfinishedInputs(settings, toEndedState(run), blobsBefore(run))
}

function outcomeOf(run: Run): Outcome {
  const { journal } = run
  if (isAborted(run)) return 'aborted'
  if (journal.error) return 'failed'
  if (journal.ending === 'timedOut' || journal.ending === 'halted') return journal.ending
  const flaws = journal.failedTasks.length + journal.refusedBlobs.length + journal.lostBlobs.length
  return journal.ending === 'completed' && flaws === 0 ? 'succeeded' : 'failed'
}

/** A signal that gives the clean-up `cleanUpMs` from the moment the run is aborted. */
function createGrace({ signal, clock, settings }: Run): { signal: AbortSignal; cancel(): void } {
  const stop = new AbortController()
  const late = new DOMException('The clean-up took too long', 'TimeoutError')
  let cancelTimer = (): void => {}
  const start = (): void => {
    cancelTimer = clock.after(settings.cleanUpMs, () => stop.abort(late))
  }
  if (signal?.aborted) start()
  else signal?.addEventListener('abort', start, { once: true })
  return {
    signal: stop.signal,
    cancel() {
      signal?.removeEventListener('abort', start)
      cancelTimer()
    },
  }
}

/** The clock's timers do not keep a process alive, and connections may be idle between two looks: a run does. */
function holdProcess(): () => void {
  const timer = setInterval(() => {}, 2 ** 31 - 1)
  return () => clearInterval(timer)
}
