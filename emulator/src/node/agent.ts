// One command on a node, from its directories to its outcome. A failure of any phase becomes part of the outcome.

import type { Clock } from '@malachite/model'
import type { CommandOutcome, CommandRun, TaskRun } from '../engine/effects.ts'
import { splitCommandLine } from './command-line.ts'
import { commandEnvironment, type Environment } from './environment.ts'
import { failure, toFailureInfo } from './failures.ts'
import type { Launcher } from './launcher.ts'
import { makeCommandDirectories, remove, startTaskPlace, taskPlace, type CommandPlace } from './layout.ts'
import { runProcess, type ProcessResult } from './process.ts'
import type { Slots } from './slots.ts'
import { stageResourceFiles } from './stage.ts'
import { uploadOutputFiles } from './upload.ts'

/** What every command of a host shares. */
export interface AgentParts {
  account: { name: string; url: string }
  clock: Clock
  launcher: Launcher
  /** The bound on running processes. */
  slots: Slots
  /** Milliseconds between SIGTERM and SIGKILL. */
  graceMs: number
}

/** A command with all that its phases need. */
interface Context extends AgentParts {
  command: CommandRun
  place: CommandPlace
  environment: Environment
  maxWallClockMs?: number | undefined
  signal: AbortSignal
}

/** Runs a start task; never rejects. Aborting the signal ends it. */
export function runStartTask(
  command: CommandRun,
  nodeRoot: string,
  parts: AgentParts,
  signal: AbortSignal,
): Promise<CommandOutcome> {
  const place = startTaskPlace(nodeRoot)
  return outcomeOf(command, signal, async (ended) => {
    ended(await runCommand(prepare({ ...parts, command, place, signal })))
  })
}

/** Runs a try of a task; never rejects. Aborting the signal ends it, in whichever phase it is. */
export function runTask(
  task: TaskRun,
  nodeRoot: string,
  parts: AgentParts,
  signal: AbortSignal,
): Promise<CommandOutcome> {
  const place = taskPlace(nodeRoot, task.jobId, task.taskId)
  const { maxWallClockMs } = task
  return outcomeOf(task, signal, async (ended) => {
    const context = prepare({ ...parts, command: task, place, maxWallClockMs, signal }, task)
    const { exitCode } = ended(await runCommand(context))
    if (task.outputFiles.length > 0 && !signal.aborted) {
      await uploadOutputFiles(task.outputFiles, { ...context, exitCode })
    }
  })
}

/**
 * What became of the phases: the process's result, if there was one, and the first failure. Nothing of a phase that
 * was ended on request is a failure.
 */
async function outcomeOf(
  { run }: CommandRun,
  signal: AbortSignal,
  phases: (ended: (result: ProcessResult) => ProcessResult) => Promise<void>,
): Promise<CommandOutcome> {
  let outcome: CommandOutcome = { run }
  try {
    await phases((result) => {
      outcome = { run, ...result }
      return result
    })
  } catch (error) {
    if (!signal.aborted) outcome = { failure: toFailureInfo(error), ...outcome }
  }
  return outcome
}

function prepare(context: Omit<Context, 'environment'>, task?: { jobId: string; taskId: string }): Context {
  const { account, command, place } = context
  const { node, userIdentity } = command
  const environment = commandEnvironment(
    { account, node, place, userIdentity, ...(task && { task }) },
    command.environment,
  )
  return { ...context, environment }
}

async function runCommand(context: Context): Promise<ProcessResult> {
  const { command, place, signal, clock, slots } = context
  signal.throwIfAborted()
  const old = makeCommandDirectories(place)
  if (old !== undefined) await remove(old)
  if (command.resourceFiles.length > 0) {
    await stageResourceFiles(command.resourceFiles, { ...place, clock, signal })
  }
  const argv = words(command.commandLine)
  const release = await slots.take(signal)
  try {
    signal.throwIfAborted()
    return await launch(argv, context)
  } finally {
    release()
  }
}

function words(commandLine: string): string[] {
  try {
    return splitCommandLine(commandLine)
  } catch (cause) {
    const { message } = cause as SyntaxError
    throw failure('CommandLaunchFailed', { CommandLine: commandLine, Message: message }, cause)
  }
}

function launch(argv: string[], context: Context): Promise<ProcessResult> {
  const { environment: env, place, command } = context
  const { workingDirectory: cwd, stdout, stderr } = place
  return runProcess({ argv, cwd, env, stdout, stderr }, { ...context, commandLine: command.commandLine })
}
