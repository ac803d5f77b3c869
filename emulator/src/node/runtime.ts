// The compute nodes of the emulator: performs the engine's effects with real directories and real processes, and
// reports what became of them. Reports never come from inside `perform`.

import { availableParallelism } from 'node:os'
import { join, sep } from 'node:path'
import { BatchError, type Clock } from '@malachite/model'
import type {
  CommandOutcome,
  Effect,
  NodeReports,
  NodeRuntime as EngineNodeRuntime,
} from '../engine/effects.ts'
import { runStartTask, runTask, type AgentParts } from './agent.ts'
import { createLauncher } from './launcher.ts'
import { discard, makeNodeDirectories, remove } from './layout.ts'
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

/** A command that is under way. */
interface Activity {
  abort(): void
  ended: Promise<void>
}

type EffectOf<Type extends Effect['type']> = Extract<Effect, { type: Type }>

/** Makes the runtime; helper processes start with the first pool. `close()` leaves the files where they are. */
export function createNodeRuntime(options: NodeRuntimeOptions): NodeRuntime {
  const { root, clock, reports, latency = {}, graceMs = 2000 } = options
  const onError = options.onError ?? ((error) => process.emitWarning(error))
  const maxProcesses = options.maxProcesses ?? Math.max(64, 8 * availableParallelism())
  const launcher = createLauncher()
  const parts: AgentParts = {
    account: options.account,
    clock,
    launcher,
    slots: createSlots(maxProcesses),
    graceMs,
  }
  /** What runs on each node; tasks also by the number of their try. */
  const activities = new Map<string, Set<Activity>>()
  const tasks = new Map<number, Activity>()
  /** Booting and removing a node, one after the other. */
  const lives = new Map<string, Promise<void>>()
  const timers = new Set<() => void>()
  const background = new Set<Promise<void>>()
  let closed: Promise<void> | undefined

  const nodeRoot = (nodeId: string): string => {
    if (/^\.{0,2}$|[/\0]/.test(nodeId)) throw new BatchError('NodeNotFound')
    return join(root, nodeId)
  }
  /** After `close` has begun nobody listens: what ends then was not ended by the engine. */
  const report = (tell: (to: NodeReports) => void): void => {
    if (!closed) tell(reports())
  }
  const after = (ms: number, tell: () => void): void => {
    const cancel = clock.after(ms, () => {
      timers.delete(cancel)
      tell()
    })
    timers.add(cancel)
  }
  const pause = (ms = 0): Promise<void> =>
    ms > 0 ? new Promise((resolve) => after(ms, resolve)) : Promise.resolve()
  const inBackground = (work: Promise<void>): void => {
    const done = work.catch(onError).finally(() => background.delete(done))
    background.add(done)
  }

  const start = (
    nodeId: string,
    run: (signal: AbortSignal) => Promise<CommandOutcome>,
    tell: (outcome: CommandOutcome) => void,
  ): Activity => {
    const controller = new AbortController()
    const onNode = activities.get(nodeId) ?? new Set()
    activities.set(nodeId, onNode)
    const ended = run(controller.signal).then((outcome) => {
      onNode.delete(activity)
      tell(outcome)
    })
    const activity: Activity = { abort: () => controller.abort(), ended }
    onNode.add(activity)
    inBackground(ended)
    return activity
  }
  const endAll = async (nodeId: string): Promise<void> => {
    const onNode = [...(activities.get(nodeId) ?? [])]
    for (const activity of onNode) activity.abort()
    await Promise.allSettled(onNode.map(({ ended }) => ended))
  }
  const inLifeOf = (nodeId: string, step: () => Promise<void>): void => {
    const life = (lives.get(nodeId) ?? Promise.resolve()).then(step)
    lives.set(nodeId, life)
    inBackground(life)
  }

  const boot = async ({ node: { nodeId }, boot, wipe }: EffectOf<'bootNode'>): Promise<void> => {
    await endAll(nodeId)
    await pause(latency.boot)
    try {
      await makeNodeDirectories(nodeRoot(nodeId), wipe)
    } catch (error) {
      return report((to) => to.nodeBootFailed(nodeId, boot, (error as Error).message))
    }
    report((to) => to.nodeBooted(nodeId, boot))
  }
  const leave = async ({ node: { nodeId } }: EffectOf<'removeNode'>): Promise<void> => {
    await endAll(nodeId)
    activities.delete(nodeId)
    lives.delete(nodeId)
    await remove(nodeRoot(nodeId)).catch(onError)
    report((to) => to.nodeRemoved(nodeId))
  }
  const deleteFiles = async ({ nodeId, directory }: EffectOf<'deleteTaskFiles'>): Promise<void> => {
    const home = nodeRoot(nodeId)
    const path = join(home, directory)
    if (!path.startsWith(home + sep)) throw new BatchError('PathNotFound', { FilePath: directory })
    const discarded = discard(home, path)
    if (discarded !== undefined) await remove(discarded)
  }

  const perform = (effect: Effect): void => {
    switch (effect.type) {
      case 'allocateNodes':
        launcher.warmUp()
        return inBackground(
          pause(latency.allocation).then(() =>
            report((to) => to.nodesAllocated(effect.poolId, effect.resize)),
          ),
        )
      case 'bootNode':
        return inLifeOf(effect.node.nodeId, () => boot(effect))
      case 'removeNode':
        return inLifeOf(effect.node.nodeId, () => leave(effect))
      case 'runStartTask': {
        const { nodeId } = effect.node
        start(
          nodeId,
          (signal) => runStartTask(effect, nodeRoot(nodeId), parts, signal),
          (outcome) => report((to) => to.startTaskEnded(nodeId, outcome)),
        )
        return
      }
      case 'runTask': {
        const { run } = effect
        const { nodeId } = effect.node
        const activity = start(
          nodeId,
          (signal) => runTask(effect, nodeRoot(nodeId), parts, signal),
          (outcome) => {
            tasks.delete(run)
            report((to) => to.taskEnded(outcome))
          },
        )
        tasks.set(run, activity)
        return
      }
      case 'endTask':
        return tasks.get(effect.run)?.abort()
      case 'deleteTaskFiles':
        return inBackground(deleteFiles(effect))
      case 'wakeAt':
        return after(Math.max(0, effect.time - clock.now()), () => report((to) => to.tick()))
    }
  }
  const close = async (): Promise<void> => {
    for (const cancel of timers) cancel()
    for (const nodeId of activities.keys()) void endAll(nodeId)
    await launcher.close()
    await Promise.allSettled(background)
  }

  return {
    nodeRoot,
    perform(effects) {
      if (closed) return
      for (const effect of effects) perform(effect)
    },
    close: () => (closed ??= close()),
  }
}
