// The classic Azure Batch workflow, from files to results, on any backend: nine steps, and a clean-up on every way out.

import type { TaskCounts } from '@malachite/model'
import { addTasks } from './add-tasks.ts'
import { deleteJob, deletePool, releaseContainers } from './clean-up.ts'
import { configurationError } from './configuration-error.ts'
import { createContainers, deleteContainers, keepContainers } from './containers.ts'
import { downloadOutputs } from './download.ts'
import { waitForTasks } from './monitor.ts'
import { createJob, createPool } from './pool-and-job.ts'
import { checkFiles } from './preflight.ts'
import type { FailedTask, LeftBehind, Step, StepTime, Trouble } from './report.ts'
import { createRun, toError, withSignal, type Run, type WorkflowParts } from './run.ts'
import { resolveSettings, type WorkflowSettings } from './settings.ts'
import { sasExpiry, uploadFiles } from './upload.ts'
import type { InputFile } from './workload.ts'

/** `succeeded` only when every task succeeded and every result is in the output directory. */
export type Outcome = 'succeeded' | 'failed' | 'timedOut' | 'aborted'

/** What became of a run. */
export interface RunResult {
  outcome: Outcome
  /** The job's tasks as last seen; those the service refused count as failed. */
  taskCounts: TaskCounts
  failedTasks: readonly FailedTask[]
  /** Why the tasks could not complete. */
  trouble?: Trouble
  /** What ended the run before its time. */
  error?: Error
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
 * later is told by the result's `outcome`, so that what was left behind is told as well.
 */
export async function runWorkflow(settings: WorkflowSettings, parts: WorkflowParts): Promise<RunResult> {
  const resolved = resolveSettings(settings)
  await checkFiles(resolved)
  const run = createRun(resolved, parts)
  const grace = createGrace(run)
  const release = holdProcess()
  try {
    await compute(run)
    const endedAt = await cleanUp(run, grace.signal)
    return toResult(run, endedAt)
  } finally {
    release()
    grace.cancel()
  }
}

/** Steps 1 to 7. Never throws: what goes wrong is written into the journal. */
async function compute(run: Run): Promise<void> {
  try {
    reportStart(run)
    await step(run, 'createContainers', () => createContainers(run))
    const files = await step(run, 'upload', () => uploadFiles(run))
    await step(run, 'createPool', () => createPool(run, files.application))
    await step(run, 'createJob', () => createJob(run))
    const taskCount = await step(run, 'addTasks', () => addInputTasks(run, files.inputs))
    await step(run, 'monitor', () => monitor(run, taskCount))
    await step(run, 'download', () => downloadOutputs(run))
  } catch (error) {
    run.journal.error ??= toError(error)
    run.report(run.signal?.aborted ? { type: 'runAborted' } : { type: 'runFailed', error: run.journal.error })
  }
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

/** Adds a task per input; gives the number of tasks the job has now. */
async function addInputTasks(run: Run, inputs: readonly InputFile[]): Promise<number> {
  const { batch, blob, clock, report, signal, settings, journal } = run
  const { jobId, workload, containers } = settings
  const sas = await blob.containerSas(containers.output, {
    permissions: ['write', 'create'],
    expiresOn: sasExpiry(run),
    ...withSignal(signal),
  })
  const output = { account: blob.account, url: blob.url, container: containers.output, sas }
  const tasks = inputs.map((input, index) => workload.toTask(input, index, output))
  requireDifferentIds(tasks)
  report({ type: 'tasksAdding', jobId, count: tasks.length })
  const { added, rejected } = await addTasks(jobId, tasks, { batch, clock, report, signal })
  journal.failedTasks.push(...rejected)
  return added.length
}

function requireDifferentIds(tasks: readonly { id: string }[]): void {
  const ids = new Set<string>()
  for (const { id } of tasks) {
    if (ids.has(id.toLowerCase())) throw configurationError([`The workload makes two tasks called ${id}.`])
    ids.add(id.toLowerCase())
  }
}

async function monitor(run: Run, taskCount: number): Promise<void> {
  const { journal, settings, signal } = run
  const rejected = journal.failedTasks.length
  const { ending, counts, failedTasks, trouble } = await waitForTasks({ ...settings, taskCount, signal }, run)
  journal.ending = ending
  const [completed, failed] = [counts.completed + rejected, counts.failed + rejected]
  journal.counts = { ...counts, completed, failed }
  journal.failedTasks.push(...failedTasks)
  if (trouble) journal.trouble = trouble
}

function reportStart({ report, startedAt, settings, batch, blob }: Run): void {
  report({
    type: 'runStarted',
    startedAt,
    workload: settings.workload.name,
    batch: batch.name,
    blob: blob.name,
  })
}

function reportEnd({ clock, startedAt, report }: Run): Date {
  const endedAt = new Date(clock.now())
  report({ type: 'runEnded', startedAt, endedAt, elapsedMs: endedAt.getTime() - startedAt.getTime() })
  return endedAt
}

function toResult(run: Run, endedAt: Date): RunResult {
  const { journal, startedAt } = run
  const { counts, failedTasks, trouble, error, outputs, refusedBlobs, lostBlobs, leftBehind, steps } = journal
  return {
    outcome: outcomeOf(run),
    taskCounts: counts,
    failedTasks,
    ...(trouble ? { trouble } : {}),
    ...(error ? { error } : {}),
    outputs,
    refusedBlobs,
    lostBlobs,
    leftBehind,
    startedAt,
    endedAt,
    elapsedMs: endedAt.getTime() - startedAt.getTime(),
    steps,
  }
}

function outcomeOf({ journal, signal }: Run): Outcome {
  if (signal?.aborted) return 'aborted'
  if (journal.error) return 'failed'
  if (journal.ending === 'timedOut') return 'timedOut'
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
