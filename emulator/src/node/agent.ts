// One command on a node, from its directories to its outcome. A failure of any phase becomes part of the outcome.

import type { Clock } from '@malachite/model'
import type { CommandOutcome, CommandRun, ContainerRun, TaskRun } from '../engine/effects.ts'
import type { BatchAccount } from './account.ts'
import type { PackageInstaller } from './application-packages.ts'
import { splitCommandLine } from './command-line.ts'
import { commandEnvironment, type Environment } from './environment.ts'
import { failure, toFailureInfo } from './failures.ts'
import { prepareInstance } from './instances.ts'
import type { Launcher } from './launcher.ts'
import {
  instancePlace,
  makeCommandDirectories,
  remove,
  startTaskPlace,
  taskPlace,
  type CommandPlace,
} from './layout.ts'
import { runProcess, type ProcessResult } from './process.ts'
import type { Slots } from './slots.ts'
import { stageResourceFiles } from './stage.ts'
import { uploadOutputFiles } from './upload.ts'

/** What every command of a host shares. */
export interface AgentParts {
  account: BatchAccount
  /** For the time limits of commands. */
  clock: Clock
  /** For everything between commands and the world: ending them, downloads, SAS. */
  wallClock: Clock
  launcher: Launcher
  /** The bound on running processes. */
  slots: Slots
  packages: PackageInstaller
  /** Milliseconds between SIGTERM and SIGKILL. */
  graceMs: number
}

/** A command with all that its phases need. */
interface Context extends AgentParts {
  command: CommandRun
  /** The command again, if it is no start task. */
  task?: TaskRun
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
  const place = instancePlace(nodeRoot, task.jobId, task.taskId, task.instance?.id ?? 0)
  const { maxWallClockMs } = task
  return outcomeOf(task, signal, async (ended) => {
    const context = prepare({ ...parts, command: task, task, place, maxWallClockMs, signal })
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

function prepare(context: Omit<Context, 'environment'>): Context {
  const { account, command, task, place } = context
  const { node, userIdentity, applicationPackages } = command
  const environment = commandEnvironment(
    {
      account,
      node,
      place,
      userIdentity,
      ...(task && { task, ...preparationOf(task, place.nodeRoot) }),
      ...(applicationPackages && { applicationPackages }),
    },
    command.environment,
  )
  return { ...context, environment }
}

function preparationOf({ jobId, preparationId }: TaskRun, nodeRoot: string) {
  return preparationId !== undefined && { preparation: taskPlace(nodeRoot, jobId, preparationId) }
}

async function runCommand(context: Context): Promise<ProcessResult> {
  const { command, place, signal, wallClock, slots, packages } = context
  signal.throwIfAborted()
  await makeDirectories(context)
  if (command.isUserMissing)
    throw failure('TaskSchedulingConstraintFailed', { Reason: 'The user used to run the task is not found' })
  if (command.container) throw containerFailure(command.container)
  if (command.resourceFiles.length > 0) {
    const { autoStorage } = context.account
    await stageResourceFiles(command.resourceFiles, { ...place, clock: wallClock, signal, autoStorage })
  }
  const { applicationPackages } = command
  if (applicationPackages) await packages.install(applicationPackages, place.nodeRoot, signal)
  const argv = words(command.commandLine)
  const release = await slots.take(signal)
  try {
    signal.throwIfAborted()
    return await launch(argv, context)
  } finally {
    release()
  }
}

async function makeDirectories({ task, place, signal, wallClock, account }: Context): Promise<void> {
  const { autoStorage } = account
  if (task?.instance) return prepareInstance(task, place, { signal, clock: wallClock, autoStorage })
  const old = makeCommandDirectories(place)
  if (old !== undefined) await remove(old)
}

/** Containers need an engine for them, which the nodes do not have. */
function containerFailure({ imageName, isSupported }: ContainerRun): Error {
  if (!isSupported) return failure('ContainerPoolNotSupported')
  return failure('ContainerMiscError', {
    ContainerImage: imageName,
    Message: 'Malachite does not run containers yet. Run the command without containerSettings, or in Azure.',
  })
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
