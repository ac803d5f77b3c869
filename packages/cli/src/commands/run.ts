// `malachite run`: composes the backends, lets the orchestrator work, tells what happens.

import {
  planWorkflow,
  runWorkflow,
  type ResolvedSettings,
  type RunResult,
  type WorkflowParts,
} from '@malachite/orchestrator'
import {
  resolveResumeConfig,
  resolveRetryConfig,
  resolveRunConfig,
  type RunConfig,
} from '../run/run-config.ts'
import { canRedraw, type Surroundings } from '../settings/surroundings.ts'
import {
  closeContainer,
  type Container,
  createContainer,
  nameServices,
  openServices,
  type Services,
} from '../container.ts'
import { EXIT, type ExitCode } from '../text/exit-code.ts'
import { watchInterrupts } from '../terminal/interrupts.ts'
import { createLineLogger, type Logger } from '../text/logger.ts'
import { createPrinter, type Presenter } from '../run/print.ts'
import type { ResumeFlags, RetryFlags, RunFlags } from '../program/program-run.ts'
import { dryRunDocument, dryRunLines } from '../run/dry-run.ts'
import { createConfirm } from '../terminal/question.ts'
import { toRunDocument } from '../run/run-document.ts'
import {
  newRunSettings,
  planResumption,
  planRun,
  requireSameServices,
  retryConfig,
  type RunPlan,
} from '../run/run-plan.ts'
import type { StoredRun } from '../run/run-store.ts'
import { logsLine } from '../run/summary.ts'
import { createScreen, type Screen } from '../terminal/screen.ts'

/** Performs the nine steps. Rejects when the settings are wrong; later failures are told and given by the exit code. */
export async function run(
  files: readonly string[],
  flags: RunFlags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  return begin(resolveRunConfig(files, flags, surroundings), flags)
}

/** A new run of what an earlier one has left without a result. Rejects when there is nothing of that kind. */
export async function retry(flags: RetryFlags, surroundings: Surroundings): Promise<ExitCode> {
  return begin(await retryConfig(resolveRetryConfig(flags, surroundings), flags), flags)
}

/** Goes on with a run whose process has ended. Rejects when there is no such run, or it cannot be resumed. */
export async function resume(flags: ResumeFlags, surroundings: Surroundings): Promise<ExitCode> {
  return perform(await planResumption(resolveResumeConfig(flags, surroundings), flags))
}

async function begin(config: RunConfig, { dryRun }: Pick<RunFlags, 'dryRun'>): Promise<ExitCode> {
  return dryRun ? showPlan(config) : perform(await planRun(config))
}

/** Tells what a run would do. Neither services nor files are touched. */
async function showPlan(config: RunConfig): Promise<ExitCode> {
  const { profile, json } = config
  const screen = createScreen(process.stdout, process.stderr, false)
  const logger = createLineLogger((line) => screen.note(line), config)
  const container = createContainer(profile, { ...config, logger })
  try {
    const { places, blob } = await nameServices(container)
    const plan = await planWorkflow(withAnswers(await newRunSettings(config), config), blob)
    const place = { backend: profile, places }
    if (json) process.stdout.write(`${JSON.stringify(dryRunDocument(plan, place), null, 2)}\n`)
    else for (const line of dryRunLines(plan, place)) screen.line(line)
    return EXIT.ok
  } finally {
    await closeContainer(container)
  }
}

/** Where nobody can be asked the answer is known before. */
function withAnswers(settings: ResolvedSettings, config: RunConfig): ResolvedSettings {
  if (canAsk(config)) return settings
  const { deleteJob: job, deletePool: pool } = settings
  return { ...settings, deleteJob: job === 'ask' ? 'yes' : job, deletePool: pool === 'ask' ? 'yes' : pool }
}

async function perform(plan: RunPlan): Promise<ExitCode> {
  const { config, settings, stored, joblog } = plan
  const screen = createScreen(process.stdout, process.stderr, canRedraw(process.stdout, config.environment))
  const presenter = createPresenter(config, settings, screen)
  const logger = createLineLogger((line) => screen.note(line), config)
  const container = createContainer(config.profile, {
    ...config,
    logger,
    ...(stored && { blobLocation: stored.blobs }),
  })
  const interrupts = watchInterrupts({
    onFirst: () => presenter.interrupted(),
    onSecond: () => {
      if (stored) screen.note(`malachite run --resume ${settings.runId} goes on with this run.`)
      void endNow(container)
    },
  })
  try {
    tellOfResumption(plan, screen, logger)
    const result = await performIn(container, plan, presenter, interrupts)
    const canRetry = stored !== undefined && (await finish(stored, result, logger))
    presenter.end(result, canRetry)
    return exitCodeOf(result)
  } finally {
    joblog?.close()
    stored?.release()
    interrupts.stop()
  }
}

async function performIn(
  container: Container,
  { config, settings, stored, resumed, joblog }: RunPlan,
  presenter: Presenter,
  interrupts: ReturnType<typeof watchInterrupts>,
): Promise<RunResult> {
  const services = await openServices(container)
  try {
    if (stored) await requireSameServices(stored, services.places)
    const { batch, blob, clock } = services
    return await runWorkflow(settings, {
      batch,
      blob,
      clock,
      report: createReport(presenter, joblog, services),
      signal: interrupts.signal,
      followTasks: joblog !== undefined,
      ...(resumed && { resumed }),
      ...(stored && { save: createSave(stored, services.logger) }),
      ...(canAsk(config) && { confirm: createConfirm(TERMINAL, () => interrupts.interrupt()) }),
    })
  } finally {
    await closeContainer(container)
  }
}

const TERMINAL = { input: process.stdin, output: process.stdout }

/** Who watches is told how to go on should this process be killed, when nothing can be told any more. */
function tellOfResumption(plan: RunPlan, screen: Screen, logger: Logger): void {
  const { config, settings, stored, unkept, unlogged, earlier } = plan
  if (unkept) logger.warn(`This run cannot be resumed if it is killed: ${unkept.message}`)
  if (unlogged) logger.warn(`${unlogged.message} The run goes on without it.`)
  if (config.json) return
  if (earlier) {
    const when = `begun ${earlier.startedAt}`
    screen.note(
      `An earlier run of this directory was not finished (${when}): malachite run --resume ${earlier.runId}`,
    )
  }
  if (stored && (screen.isLive || config.verbose)) {
    screen.note(`Should this process be killed: malachite run --resume ${settings.runId}`)
  }
}

/** A disk that is full ends no run: it only cannot be resumed then. */
function createSave(stored: StoredRun, logger: Logger): NonNullable<WorkflowParts['save']> {
  return async (state) => {
    try {
      await stored.update({ state })
    } catch (error) {
      logger.warn(`The state of the run cannot be kept for a resumption: ${(error as Error).message}`)
    }
  }
}

/** Whether it could be noted that the run has ended, and what of it has no result. */
async function finish(
  stored: StoredRun,
  { outcome, unfinished }: RunResult,
  logger: Logger,
): Promise<boolean> {
  try {
    await stored.finish(outcome, unfinished)
    return true
  } catch (error) {
    logger.warn(`It cannot be noted that the run has ended: ${(error as Error).message}`)
    return false
  }
}

function createPresenter(config: RunConfig, settings: ResolvedSettings, screen: Screen): Presenter {
  if (config.json) return createJsonPresenter(config, settings)
  const isUnasked = !canAsk(config)
  return createPrinter({
    screen,
    unasked: {
      job: isUnasked && settings.deleteJob === 'ask',
      pool: isUnasked && settings.deletePool === 'ask',
    },
    isLocal: config.profile === 'local',
    logsOf: (taskId) =>
      logsLine(settings.jobId, taskId, { backend: config.profile, isKept: settings.deleteJob === 'no' }),
    columns: () => (process.stdout.isTTY ? process.stdout.columns : undefined),
    verbose: config.verbose,
  })
}

function createJsonPresenter({ profile }: RunConfig, { jobId, poolId }: ResolvedSettings): Presenter {
  return {
    report() {},
    interrupted() {},
    end(result) {
      const document = toRunDocument(result, { backend: profile, jobId, poolId })
      process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
    },
  }
}

/** Passes on what the presenter tells, and all but the most frequent events to the log. */
function createReport(
  presenter: Presenter,
  joblog: RunPlan['joblog'],
  { logger }: Services,
): WorkflowParts['report'] {
  return (event) => {
    if (event.type === 'taskEnded') joblog?.add(event, (message) => logger.warn(message))
    const { type, ...facts } = event
    if (type !== 'progress' && type !== 'uploadProgress')
      logger.debug(`${type} ${JSON.stringify(facts, plain)}`)
    presenter.report(event)
  }
}

function plain(_name: string, value: unknown): unknown {
  return value instanceof Error ? String(value) : value
}

function canAsk({ json }: RunConfig): boolean {
  return !json && process.stdin.isTTY && process.stdout.isTTY
}

function exitCodeOf({ outcome }: RunResult): ExitCode {
  if (outcome === 'aborted') return EXIT.interrupted
  return outcome === 'succeeded' ? EXIT.ok : EXIT.failed
}

/** Time for ending local processes before the command ends without waiting for them, milliseconds. */
const LAST_CHANCE_MS = 500

async function endNow(container: Container): Promise<void> {
  setTimeout(() => process.exit(EXIT.interrupted), LAST_CHANCE_MS)
  try {
    await closeContainer(container)
  } finally {
    process.exit(EXIT.interrupted)
  }
}
