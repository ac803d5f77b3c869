// The compute nodes of the emulator: performs the engine's effects with real directories and real processes, and
// reports what became of them. Reports never come from inside `perform`.

import { availableParallelism } from 'node:os'
import { join, sep } from 'node:path'
import { BatchError, sleep, type Clock } from '@malachite/model'
import type { Effect, NodeReports, NodeRuntime as EngineNodeRuntime } from '../engine/effects.ts'
import { createActivities, type Activities } from './activities.ts'
import { runStartTask, runTask, type AgentParts } from './agent.ts'
import { createBackground, type Background } from './background.ts'
import { createLauncher, type Launcher } from './launcher.ts'
import { discard, makeNodeDirectories, nodeDirectory, remove } from './layout.ts'
import { createSlots } from './slots.ts'

/** What the nodes are made of. */
export interface NodeRuntimeOptions {
  /** Directory that holds all nodes, absolute. */
  root: string
  /** Read anew by each command, so the URL may come late. */
  account: { name: string; url: string }
  clock: Clock
  /** Asked at each report, because the engine is made after the runtime. */
  reports: () => NodeReports
  /** Processes of tasks that run at once on this machine. @default 8 per core, at least 64 */
  maxProcesses?: number
  /** Milliseconds that getting machines and booting one take. @default 0 */
  latency?: { allocation?: number; boot?: number }
  /** Milliseconds from SIGTERM to SIGKILL for a command that is ended. @default 2000 */
  graceMs?: number
  /** Told of errors that no report carries. @default process.emitWarning */
  onError?: (error: Error) => void
}

/** The engine's view of the nodes, and where a node's files are. */
export type NodeRuntime = EngineNodeRuntime & { nodeRoot(nodeId: string): string }

type Performers = { [Type in Effect['type']]: (effect: Extract<Effect, { type: Type }>) => void }

/** What the performers share. */
interface Context {
  options: NodeRuntimeOptions
  launcher: Launcher
  activities: Activities
  background: Background
  nodeRoot(this: void, nodeId: string): string
  /** Tells the engine, unless the runtime is closing: what ends then was not ended by the engine. */
  report(this: void, tell: (reports: NodeReports) => void): void
  /** Waits so many milliseconds; rejects when the runtime closes. */
  pause(this: void, ms: number | undefined): Promise<void>
}

/** Makes the runtime; helper processes start with the first pool. `close()` leaves the files where they are. */
export function createNodeRuntime(options: NodeRuntimeOptions): NodeRuntime {
  const closing = new AbortController()
  const { onError = (error) => process.emitWarning(error) } = options
  const context: Context = {
    options,
    launcher: createLauncher(),
    activities: createActivities(),
    background: createBackground(closing.signal, onError),
    nodeRoot: (nodeId) => nodeDirectory(options.root, nodeId),
    report(tell) {
      if (!closing.signal.aborted) tell(options.reports())
    },
    async pause(ms = 0) {
      if (ms > 0) await sleep(options.clock, ms, closing.signal)
    },
  }
  const performers: Performers = { ...nodePerformers(context), ...commandPerformers(context) }
  let closed: Promise<void> | undefined

  const close = async (): Promise<void> => {
    closing.abort()
    // The launcher kills at once, without the grace that ending one task gives.
    await Promise.all([context.activities.endAll(), context.launcher.close()])
    await context.background.done()
  }
  return {
    nodeRoot: context.nodeRoot,
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

function nodePerformers(
  context: Context,
): Pick<Performers, 'allocateNodes' | 'bootNode' | 'removeNode' | 'wakeAt'> {
  const { options, launcher, activities, background, nodeRoot, report, pause } = context
  const boot = async (nodeId: string, boot: number, wipe: boolean): Promise<void> => {
    await activities.endNode(nodeId)
    await pause(options.latency?.boot)
    try {
      await makeNodeDirectories(nodeRoot(nodeId), wipe)
    } catch (error) {
      return report((to) => to.nodeBootFailed(nodeId, boot, (error as Error).message))
    }
    report((to) => to.nodeBooted(nodeId, boot))
  }
  const leave = async (nodeId: string): Promise<void> => {
    await activities.endNode(nodeId)
    await remove(nodeRoot(nodeId)).catch(background.onError)
    report((to) => to.nodeRemoved(nodeId))
  }
  return {
    allocateNodes({ poolId, resize }) {
      launcher.warmUp()
      const allocated = pause(options.latency?.allocation)
      background.add(allocated.then(() => report((to) => to.nodesAllocated(poolId, resize))))
    },
    bootNode({ node: { nodeId }, boot: number, wipe }) {
      background.next(nodeId, () => boot(nodeId, number, wipe))
    },
    removeNode({ node: { nodeId } }) {
      background.next(nodeId, () => leave(nodeId))
    },
    wakeAt({ time }) {
      const awake = pause(time - options.clock.now())
      background.add(awake.then(() => report((to) => to.tick())))
    },
  }
}

function commandPerformers(
  context: Context,
): Pick<Performers, 'runStartTask' | 'runTask' | 'endTask' | 'deleteTaskFiles'> {
  const { options, launcher, activities, background, nodeRoot, report } = context
  const { account, clock, graceMs = 2000, maxProcesses = Math.max(64, 8 * availableParallelism()) } = options
  const agent: AgentParts = { account, clock, launcher, slots: createSlots(maxProcesses), graceMs }
  return {
    runStartTask(command) {
      const { nodeId } = command.node
      activities.start(nodeId, async (signal) => {
        const outcome = await runStartTask(command, nodeRoot(nodeId), agent, signal)
        report((to) => to.startTaskEnded(nodeId, outcome))
      })
    },
    runTask(task) {
      const { run, node } = task
      const work = async (signal: AbortSignal): Promise<void> => {
        const outcome = await runTask(task, nodeRoot(node.nodeId), agent, signal)
        report((to) => to.taskEnded(outcome))
      }
      activities.start(node.nodeId, work, run)
    },
    endTask: ({ run }) => activities.end(run),
    deleteTaskFiles: ({ nodeId, directory }) => background.add(deleteDirectory(nodeRoot(nodeId), directory)),
  }
}

async function deleteDirectory(nodeRoot: string, directory: string): Promise<void> {
  const path = join(nodeRoot, directory)
  if (!path.startsWith(nodeRoot + sep)) throw new BatchError('PathNotFound', { FilePath: directory })
  const discarded = discard(nodeRoot, path)
  if (discarded !== undefined) await remove(discarded)
}
