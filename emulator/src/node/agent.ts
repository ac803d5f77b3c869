// One command on a node, from its directories to its outcome. A failure of any phase becomes part of the outcome.

import type { Clock } from '@malachite/model'
import type { CommandOutcome, CommandRun, TaskRun } from '../engine/core/effects.ts'
import type { BatchAccount } from './account.ts'
import type { PackageInstaller } from './application-packages.ts'
import { splitCommandLine } from './command-line.ts'
import type { ContainerCommand } from './container-run.ts'
import type { Containers } from './containers.ts'
import { commandEnvironment, type Environment } from './environment.ts'
import { failure, toFailedEnd } from './failures.ts'
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
import { withinLimit } from './time-limit.ts'
import type { Turns } from './turns.ts'
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
  /** The bound on what begins in one turn of the event loop. */
  turns: Turns
  packages: PackageInstaller
  containers: Containers
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
    if (!signal.aborted) outcome = { ...toFailedEnd(error), ...outcome }
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
  const { command, signal, slots, turns } = context
  const turn = turns.take()
  if (turn) await turn
  signal.throwIfAborted()
  await makeDirectories(context)
  if (command.isUserMissing)
    throw failure('TaskSchedulingConstraintFailed', { Reason: 'The user used to run the task is not found' })
  if (command.container?.isSupported === false) throw failure('ContainerPoolNotSupported')
  const maxWallClockMs = await fetchFiles(context)
  const argv = words(command.commandLine)
  const release = await slots.take(signal)
  try {
    signal.throwIfAborted()
    return await launch(argv, { ...context, maxWallClockMs })
  } finally {
    release()
  }
}

/** Resource files, packages and the container's image; answers what is left of the time limit, in which a wait for the host does not count. */
async function fetchFiles(context: Context): Promise<number | undefined> {
  const { command, place, wallClock, packages, account, maxWallClockMs } = context
  const { resourceFiles, applicationPackages, container } = command
  if (resourceFiles.length === 0 && !applicationPackages && !container) return maxWallClockMs
  return withinLimit(context, async (signal) => {
    const { autoStorage } = account
    if (resourceFiles.length > 0)
      await stageResourceFiles(resourceFiles, { ...place, clock: wallClock, signal, autoStorage })
    if (applicationPackages) await packages.install(applicationPackages, place.nodeRoot, signal)
    if (container) await context.containers.fetch({ ...container, names: [container.imageName] }, signal)
  })
}

async function makeDirectories({ task, place, signal, wallClock, account }: Context): Promise<void> {
  const { autoStorage } = account
  if (task?.instance) return prepareInstance(task, place, { signal, clock: wallClock, autoStorage })
  const old = makeCommandDirectories(place)
  if (old !== undefined) await remove(old)
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
  const { environment: env, place, command, containers } = context
  const { workingDirectory: cwd, stdout, stderr } = place
  const options = { ...context, commandLine: command.commandLine }
  const container = inContainer(argv, context)
  return container
    ? containers.run(container, options)
    : runProcess({ argv, cwd, env, stdout, stderr }, options)
}

function inContainer(words: string[], context: Context): ContainerCommand | undefined {
  const { command, task, place, environment } = context
  const { container, environment: settings, userIdentity } = command
  if (!container) return undefined
  const preparation = task && preparationOf(task, place.nodeRoot)
  return {
    container,
    words,
    place,
    // Of a multi-instance task it is that of all instances.
    taskRoot: task ? taskPlace(place.nodeRoot, task.jobId, task.taskId).root : place.root,
    preparationRoot: preparation ? preparation.preparation.root : undefined,
    environment,
    settings,
    isAdmin: userIdentity.autoUser?.elevationLevel === 'admin',
  }
}
