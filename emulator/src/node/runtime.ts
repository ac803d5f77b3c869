// The compute nodes of the emulator: performs the engine's effects with real directories and real processes, and
// reports what became of them. Reports never come from inside `perform`.

import { availableParallelism } from 'node:os'
import { join, sep } from 'node:path'
import { BatchError, sleep, type Clock } from '@malachite/model'
import type { Effect, NodeReports, NodeRuntime as EngineNodeRuntime } from '../engine/effects.ts'
import { createActivities } from './activities.ts'
import { runStartTask, runTask, type AgentParts } from './agent.ts'
import { createLauncher } from './launcher.ts'
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

/** Makes the runtime; helper processes start with the first pool. `close()` leaves the files where they are. */
export function createNodeRuntime(options: NodeRuntimeOptions): NodeRuntime {
  const { clock } = options
  const launcher = createLauncher()
  const activities = createActivities()
  const closing = new AbortController()
  const inBackground = createBackground(closing.signal, options.onError)
  const nodeRoot = (nodeId: string): string => nodeDirectory(options.root, nodeId)
  const agent: AgentParts = {
    account: options.account,
    clock,
    launcher,
    slots: createSlots(options.maxProcesses ?? Math.max(64, 8 * availableParallelism())),
    graceMs: options.graceMs ?? 2000,
  }
  let closed: Promise<void> | undefined

  /** Once `close` has begun nobody is told: what ends then was not ended by the engine. */
  const report = (tell: (reports: NodeReports) => void): void => {
    if (!closing.signal.aborted) tell(options.reports())
  }
  const pause = async (ms = 0): Promise<void> => {
    if (ms > 0) await sleep(clock, ms, closing.signal)
  }
  const lives = createLives((life) => inBackground.add(life))

  const performers: Performers = {
    allocateNodes({ poolId, resize }) {
      launcher.warmUp()
      const allocated = pause(options.latency?.allocation)
      inBackground.add(allocated.then(() => report((to) => to.nodesAllocated(poolId, resize))))
    },
    bootNode({ node: { nodeId }, boot, wipe }) {
      lives.next(nodeId, async () => {
        await activities.endNode(nodeId)
        await pause(options.latency?.boot)
        const problem = await makeNodeDirectories(nodeRoot(nodeId), wipe).then(
          () => undefined,
          (error: Error) => error.message,
        )
        report((to) =>
          problem === undefined ? to.nodeBooted(nodeId, boot) : to.nodeBootFailed(nodeId, boot, problem),
        )
      })
    },
    removeNode({ node: { nodeId } }) {
      lives.next(nodeId, async () => {
        await activities.endNode(nodeId)
        lives.end(nodeId)
        await remove(nodeRoot(nodeId)).catch(inBackground.onError)
        report((to) => to.nodeRemoved(nodeId))
      })
    },
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
    deleteTaskFiles: ({ nodeId, directory }) =>
      inBackground.add(deleteDirectory(nodeRoot(nodeId), directory)),
    wakeAt({ time }) {
      const awake = sleep(clock, Math.max(0, time - clock.now()), closing.signal)
      inBackground.add(awake.then(() => report((to) => to.tick())))
    },
  }
  const close = async (): Promise<void> => {
    closing.abort()
    // The launcher kills at once, without the grace that ending one task gives.
    await Promise.all([activities.endAll(), launcher.close()])
    await inBackground.done()
  }
  return {
    nodeRoot,
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

/** Work that nobody waits for until the runtime closes; its errors after that are of no interest. */
function createBackground(
  closing: AbortSignal,
  onError: (error: Error) => void = (error) => process.emitWarning(error),
) {
  const pending = new Set<Promise<void>>()
  return {
    onError,
    add(work: Promise<void>): void {
      const done = work
        .catch((error: Error) => {
          if (!closing.aborted) onError(error)
        })
        .finally(() => pending.delete(done))
      pending.add(done)
    },
    async done(): Promise<void> {
      await Promise.all(pending)
    },
  }
}

/** Boots and the removal of a node come one after the other. */
function createLives(inBackground: (work: Promise<void>) => void) {
  const lives = new Map<string, Promise<void>>()
  return {
    next(nodeId: string, step: () => Promise<void>): void {
      const life = (lives.get(nodeId) ?? Promise.resolve()).then(step)
      lives.set(nodeId, life)
      inBackground(life)
    },
    end: (nodeId: string) => lives.delete(nodeId),
  }
}

async function deleteDirectory(nodeRoot: string, directory: string): Promise<void> {
  const path = join(nodeRoot, directory)
  if (!path.startsWith(nodeRoot + sep)) throw new BatchError('PathNotFound', { FilePath: directory })
  const discarded = discard(nodeRoot, path)
  if (discarded !== undefined) await remove(discarded)
}
