// The compute nodes of the emulator: performs the engine's effects with real directories and real processes, and
// reports what became of them. Reports never come from inside `perform`.

import { availableParallelism } from 'node:os'
import { join, sep } from 'node:path'
import { setImmediate as othersServed } from 'node:timers/promises'
import { BatchError, sleep, systemClock, type Clock } from '@malachite/model'
import type {
  CommandOutcome,
  Effect,
  NodeReports,
  NodeRuntime as EngineNodeRuntime,
} from '../engine/core/effects.ts'
import { createAgentLogs, type AgentLogs } from './agent-log.ts'
import { createActivities, type Activities } from './activities.ts'
import type { BatchAccount } from './account.ts'
import { runStartTask, runTask, type AgentParts } from './agent.ts'
import { createPackageInstaller, type PackageInstaller } from './application-packages.ts'
import { createBackground, type Background } from './background.ts'
import type { ContainerEngineChoice } from './container-engine.ts'
import { createContainers, type Containers } from './containers.ts'
import { createLauncher, type Launcher } from './launcher.ts'
import { toNodeError } from './failures.ts'
import { discard, makeNodeDirectories, nodeDirectory, remove } from './layout.ts'
import { type LogUpload, uploadServiceLogs } from './service-logs.ts'
import { createSlots } from './slots.ts'
import { createTurns } from './turns.ts'

/** What the nodes are made of. */
export interface NodeRuntimeOptions {
  /** Directory that holds all nodes, absolute. */
  root: string
  /** Read anew by each command, so the URL may come late. */
  account: BatchAccount
  clock: Clock
  /** Milliseconds of `clock` per millisecond of the world that processes and storage live in. @default 1 */
  timeScale?: number
  /** The clock of that world. @default the one on the wall */
  wallClock?: Clock
  /** No node boots before: its tasks would miss the services beside this one. @default at once */
  ready?: Promise<void> | undefined
  /** Asked at each report, because the engine is made after the runtime. */
  reports: () => NodeReports
  /** Processes of tasks that run at once on this machine. @default 8 per core, at least 64 */
  maxProcesses?: number
  /** What runs the containers of tasks. @default 'auto' */
  containerEngine?: ContainerEngineChoice
  /** Milliseconds from SIGTERM to SIGKILL for a command that is ended. @default 2000 */
  graceMs?: number
  /** Told of errors that no report carries. @default process.emitWarning */
  onError?: (error: Error) => void
}

/** The engine's view of the nodes, where a node's files are, and the logs of the nodes' agents. */
export type NodeRuntime = EngineNodeRuntime & {
  nodeRoot(nodeId: string): string
  /** Uploads the log files with lines of a time; how many. */
  uploadLogs(this: void, nodeId: string, upload: LogUpload): Promise<number>
}

type Boot = Extract<Effect, { type: 'bootNode' }>
type Performers = { [Type in Effect['type']]: (effect: Extract<Effect, { type: Type }>) => void }

/** What the performers share. */
interface Context {
  options: NodeRuntimeOptions
  launcher: Launcher
  activities: Activities
  background: Background
  packages: PackageInstaller
  containers: Containers
  logs: AgentLogs
  /** Aborted when the runtime closes. */
  closing: AbortSignal
  nodeRoot(this: void, nodeId: string): string
  /** Tells the engine, unless the runtime is closing: what ends then was not ended by the engine. */
  report(this: void, tell: (reports: NodeReports) => void): void
}

/** Makes the runtime; helper processes start with the first pool. `close()` leaves the files where they are. */
export function createNodeRuntime(options: NodeRuntimeOptions): NodeRuntime {
  const closing = new AbortController()
  const { onError = (error) => process.emitWarning(error) } = options
  const context: Context = {
    options,
    launcher: createLauncher({ mark: join(options.root, '.launcher') }),
    activities: createActivities(),
    background: createBackground(closing.signal, onError),
    packages: createPackageInstaller(),
    containers: createContainers({ ...options, onError }),
    logs: createAgentLogs({ ...options, onError }),
    closing: closing.signal,
    nodeRoot: (nodeId) => nodeDirectory(options.root, nodeId),
    report(tell) {
      if (!closing.signal.aborted) tell(options.reports())
    },
  }
  const performers: Performers = { ...nodePerformers(context), ...commandPerformers(context) }
  let closed: Promise<void> | undefined

  const close = async (): Promise<void> => {
    closing.abort()
    // The launcher kills at once, without the grace that ending one task gives.
    await Promise.all([context.activities.endAll(), context.launcher.close()])
    await context.background.done()
    await context.containers.close()
    await context.logs.close()
  }
  return {
    nodeRoot: context.nodeRoot,
    uploadLogs: (nodeId, upload) => uploadServiceLogs(context.logs, nodeId, upload),
    perform(effects) {
      if (closing.signal.aborted) return
      for (const effect of effects) perform(performers, effect)
    },
    close: () => (closed ??= close()),
  }
}

function perform<Type extends Effect['type']>(
  performers: Performers,
  effect: Extract<Effect, { type: Type }>,
): void {
  const performer = performers[effect.type]
  performer(effect)
}

const MINUTE = 60_000

function nodePerformers(
  context: Context,
): Pick<Performers, 'allocateNodes' | 'bootNode' | 'stopNode' | 'removeNode' | 'wakeAt'> {
  const { options, launcher, activities, background, logs, nodeRoot, report } = context
  const { clock, timeScale = 1 } = options
  const boot = async ({ node, boot, wipe, applicationPackages = [], images }: Boot): Promise<void> => {
    const { nodeId } = node
    await activities.endNode(nodeId)
    await options.ready
    report((to) => to.nodeBooting(nodeId, boot))
    try {
      await makeNodeDirectories(nodeRoot(nodeId), wipe)
      await context.packages.install(applicationPackages, nodeRoot(nodeId), context.closing)
      if (images) await onNode(activities, nodeId, (signal) => context.containers.prefetch(images, signal))
    } catch (error) {
      const nodeError = toNodeError(error)
      logs.write(nodeId, `boot failed: ${nodeError.code}`)
      return report((to) => to.nodeBootFailed(nodeId, boot, nodeError))
    }
    logs.write(nodeId, wipe ? 'booted with a new disk' : 'booted')
    report((to) => to.nodeBooted(nodeId, boot))
  }
  const stop = async (nodeId: string, number: number): Promise<void> => {
    await activities.endNode(nodeId)
    logs.write(nodeId, 'stopped')
    report((to) => to.nodeStopped(nodeId, number))
  }
  const leave = async (nodeId: string): Promise<void> => {
    await activities.endNode(nodeId)
    await remove(nodeRoot(nodeId)).catch(background.onError)
    await logs.remove(nodeId).catch(background.onError)
    report((to) => to.nodeRemoved(nodeId))
  }
  // A timer knows nothing of a machine that slept or whose clock was set; asking often makes a wake-up a minute late at
  // most, and never early.
  const until = async (time: number): Promise<void> => {
    // What is done in many steps asks for a tick at once after each: requests and reports come in between.
    await othersServed()
    for (let left = time - clock.now(); left > 0; left = time - clock.now())
      await sleep(clock, Math.min(Math.ceil(left), MINUTE * timeScale), context.closing)
  }
  return {
    allocateNodes({ poolId, resize }) {
      launcher.warmUp()
      background.add(Promise.resolve().then(() => report((to) => to.nodesAllocated(poolId, resize))))
    },
    bootNode(effect) {
      background.next(effect.node.nodeId, () => boot(effect))
    },
    stopNode({ node: { nodeId }, boot: number }) {
      void activities.endNode(nodeId)
      background.next(nodeId, () => stop(nodeId, number))
    },
    removeNode({ node: { nodeId } }) {
      // At once: a boot that fetches images may take long.
      void activities.endNode(nodeId)
      background.next(nodeId, () => leave(nodeId))
    },
    wakeAt({ time }) {
      background.add(until(time).then(() => report((to) => to.tick())))
    },
  }
}

/** Work that the end of the node ends as well. */
function onNode(activities: Activities, nodeId: string, work: (signal: AbortSignal) => Promise<void>) {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  activities.start(nodeId, (signal) => work(signal).then(resolve, reject))
  return promise
}

/**
 * Milliseconds in which commands begin in one turn: each makes its directories, which takes 0.05 ms, and ten times as much on
 * ext4 after many files were deleted. The longest turn of 1,000 nodes with 4,000 tasks is then 30 to 60 ms; with sixteen
 * commands a turn, whatever they took, it was 60 to 220.
 */
const BEGINNING = 10

function commandPerformers(
  context: Context,
): Pick<Performers, 'runStartTask' | 'runTask' | 'endTask' | 'deleteTaskFiles'> {
  const { options, launcher, activities, background, packages, containers, logs, nodeRoot, report } = context
  const {
    account,
    clock,
    wallClock = systemClock,
    graceMs = 2000,
    maxProcesses = Math.max(64, 8 * availableParallelism()),
  } = options
  const agent: AgentParts = {
    account,
    clock,
    wallClock,
    launcher,
    slots: createSlots(maxProcesses),
    turns: createTurns(BEGINNING),
    packages,
    containers,
    graceMs,
  }
  return {
    runStartTask(command) {
      const { nodeId } = command.node
      activities.start(nodeId, async (signal) => {
        logs.write(nodeId, 'start task: started')
        const outcome = await runStartTask(command, nodeRoot(nodeId), agent, signal)
        logs.write(nodeId, `start task: ${describeEnd(outcome)}`)
        report((to) => to.startTaskEnded(nodeId, outcome))
      })
    },
    runTask(task) {
      const { run, node } = task
      const work = async (signal: AbortSignal): Promise<void> => {
        const name = `task ${task.jobId}/${task.taskId}`
        logs.write(node.nodeId, `${name}: started`)
        const outcome = await runTask(task, nodeRoot(node.nodeId), agent, signal)
        logs.write(node.nodeId, `${name}: ${describeEnd(outcome)}`)
        report((to) => to.taskEnded(outcome))
      }
      activities.start(node.nodeId, work, run)
    },
    endTask: ({ run }) => activities.end(run),
    deleteTaskFiles: ({ nodeId, directory }) => background.add(deleteDirectory(nodeRoot(nodeId), directory)),
  }
}

function describeEnd({ exitCode, failure }: CommandOutcome): string {
  const code = exitCode === undefined ? 'ended without a process' : `ended with exit code ${exitCode}`
  return failure ? `${code}, ${failure.code}` : code
}

async function deleteDirectory(nodeRoot: string, directory: string): Promise<void> {
  const path = join(nodeRoot, directory)
  if (!path.startsWith(nodeRoot + sep)) throw new BatchError('PathNotFound', { FilePath: directory })
  const discarded = discard(nodeRoot, path)
  if (discarded !== undefined) await remove(discarded)
}
