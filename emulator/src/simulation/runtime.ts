// Nodes that exist on paper: they boot and run tasks in no time but that of the clock.

import type { Clock } from '@malachite/model'
import type { Effect, NodeReports, NodeRuntime, TaskRun } from '../engine/core/effects.ts'

/** What the nodes of a simulation need to know. */
export interface SimulatedNodesOptions {
  clock: Clock
  reports: () => NodeReports
  /** From the request for a node until it can take tasks, milliseconds. */
  bootMs: number
  /** How long a task runs, milliseconds. */
  durationOf: (task: TaskRun) => number
  /** Called when a task starts. */
  started: (task: TaskRun) => void
}

/** The nodes of a simulation. */
export interface SimulatedNodes extends NodeRuntime {
  /** Hours that nodes were there, added up until now. */
  nodeHours(): number
  /** Hours that tasks ran, added up until now. */
  taskHours(): number
}

const HOUR = 3_600_000

/** Nodes for pools without start tasks and for jobs of plain tasks. */
export function createSimulatedNodes(options: SimulatedNodesOptions): SimulatedNodes {
  const { clock, reports, bootMs, durationOf, started } = options
  const since = new Map<string, number>()
  const running = new Map<number, { nodeId: string; start: number; cancel: () => void }>()
  const past = { nodeMs: 0, taskMs: 0 }

  function run(task: TaskRun): void {
    started(task)
    const cancel = clock.after(durationOf(task), () => end(task.run, 0))
    running.set(task.run, { nodeId: task.node.nodeId, start: clock.now(), cancel })
  }

  function end(run: number, exitCode: number): void {
    const task = running.get(run)
    if (!task) return
    task.cancel()
    past.taskMs += clock.now() - task.start
    running.delete(run)
    reports().taskEnded({ run, exitCode })
  }

  function remove(nodeId: string): void {
    for (const [run, task] of running) if (task.nodeId === nodeId) end(run, -9)
    past.nodeMs += clock.now() - (since.get(nodeId) ?? clock.now())
    since.delete(nodeId)
    reports().nodeRemoved(nodeId)
  }

  function perform(effect: Effect): void {
    const soon = (fn: () => void): void => void clock.after(0, fn)
    if (effect.type === 'wakeAt') clock.after(effect.time - clock.now(), () => reports().tick())
    else if (effect.type === 'allocateNodes')
      soon(() => reports().nodesAllocated(effect.poolId, effect.resize))
    else if (effect.type === 'bootNode') {
      const { nodeId } = effect.node
      since.set(nodeId, clock.now())
      clock.after(bootMs, () => reports().nodeBooted(nodeId, effect.boot))
    } else if (effect.type === 'runTask') run(effect)
    else if (effect.type === 'endTask') soon(() => end(effect.run, -15))
    else if (effect.type === 'removeNode') soon(() => remove(effect.node.nodeId))
  }

  return {
    perform: (effects) => effects.forEach(perform),
    nodeHours: () => hoursUntil(clock.now(), [...since.values()], past.nodeMs),
    taskHours: () =>
      hoursUntil(
        clock.now(),
        Array.from(running.values(), ({ start }) => start),
        past.taskMs,
      ),
    close: () => Promise.resolve(),
  }
}

function hoursUntil(now: number, starts: readonly number[], pastMs: number): number {
  return starts.reduce((ms, start) => ms + now - start, pastMs) / HOUR
}
