// `malachite run`: composes the backends, lets the orchestrator work, tells what happens.

import { sampleDataPaths, taskScriptPath } from '@malachite/node-task'
import {
  checkFiles,
  resolveSettings,
  runWorkflow,
  topWordsWorkload,
  type ResolvedSettings,
  type RunResult,
  type WorkflowParts,
} from '@malachite/orchestrator'
import { canRedraw, resolveRunConfig, type RunConfig } from '../config.ts'
import { closeContainer, type Container, createContainer, openServices, type Services } from '../container.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { watchInterrupts } from '../interrupts.ts'
import { createLineLogger } from '../logger.ts'
import { createPrinter, type Presenter } from '../print.ts'
import type { RunFlags } from '../program.ts'
import { createConfirm } from '../question.ts'
import { toRunDocument } from '../run-document.ts'
import { createScreen, type Screen } from '../screen.ts'

/** Performs the nine steps. Rejects when the settings are wrong; later failures are told and given by the exit code. */
export async function run(files: readonly string[], flags: RunFlags): Promise<ExitCode> {
  const config = resolveRunConfig(files, flags)
  const settings = await completeSettings(config)
  const screen = createScreen(process.stdout, process.stderr, canRedraw(process.stdout, config.environment))
  const presenter = createPresenter(config, settings, screen)
  const logger = createLineLogger((line) => screen.note(line), config)
  const container = createContainer(config.profile, { environment: config.environment, logger })
  const interrupts = watchInterrupts({
    onFirst: () => presenter.interrupted(),
    onSecond: () => void endNow(container),
  })
  try {
    const services = await openServices(container)
    try {
      const result = await runWorkflow(settings, {
        ...services,
        report: createReport(presenter, services),
        signal: interrupts.signal,
        ...(canAsk(config) && { confirm: createConfirm(TERMINAL, () => interrupts.interrupt()) }),
      })
      presenter.end(result)
      return exitCodeOf(result)
    } finally {
      await closeContainer(container)
    }
  } finally {
    interrupts.stop()
  }
}

const TERMINAL = { input: process.stdin, output: process.stdout }

/** Complete and checked, so that a mistake is told before anything is started. */
async function completeSettings({ files, numWords, settings }: RunConfig): Promise<ResolvedSettings> {
  const workload = topWordsWorkload({ scriptPath: await taskScriptPath(), numWords })
  const inputFiles = files.length > 0 ? files : sampleDataPaths()
  const resolved = resolveSettings({ ...settings, workload, inputFiles })
  await checkFiles(resolved)
  return resolved
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
function createReport(presenter: Presenter, { logger }: Services): WorkflowParts['report'] {
  return (event) => {
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
