// A node runtime without time: commands, boots and allocations are open until the test says how they end. It keeps the
// contract of every runtime: each effect is answered once, and what runs on a node ends before its boot is reported.

import type { CommandOutcome, Effect, Engine, NodeRuntime, TaskRun } from '@malachite/emulator'
import type { VirtualClock } from '../../helpers/virtual-clock.ts'
import { directoryOf } from './queries.ts'
import type { Ending } from './tasks.ts'

type EffectOf<Type extends Effect['type']> = Extract<Effect, { type: Type }>
/** What was asked of a machine and is not answered yet. */
export type Errand = EffectOf<'allocateNodes' | 'bootNode' | 'stopNode' | 'removeNode'>

export interface Process {
  run: number
  nodeId: string
  /** A start task when absent. */
  task?: TaskRun
  startedAt: number
  /** It was told to end. */
  told: boolean
}

export interface World extends Pick<NodeRuntime, 'perform'> {
  readonly processes: Map<number, Process>
  readonly errands: Errand[]
  /** Directories of tasks by the ids of nodes. */
  readonly files: Map<string, Set<string>>
  /** Effects since they were last taken, in order. */
  takeEffects(): Effect[]
  /** Whether the errand is the latest of its kind: an answer to an earlier one means nothing. */
  isCurrent(errand: Errand): boolean
  /** Whether a tick was asked for by now. */
  isTickDue(): boolean
  /** Calls the tick that is due. */
  tick(engine: Engine): void
  /** All processes and errands are lost, as with a restart. */
  reset(): void
}

export function createWorld(clock: VirtualClock): World {
  const processes = new Map<number, Process>()
  const errands: Errand[] = []
  const files = new Map<string, Set<string>>()
  const latest = new Map<string, number>()
  let effects: Effect[] = []
  let wakes: number[] = []

  function start({ run, node }: { run: number; node: { nodeId: string } }, task?: TaskRun): void {
    const process = { run, nodeId: node.nodeId, startedAt: clock.now(), told: false }
    processes.set(run, { ...process, ...(task && { task }) })
  }

  function addFiles(nodeId: string, directory: string): void {
    files.set(nodeId, (files.get(nodeId) ?? new Set()).add(directory))
  }

  function deleteFiles(nodeId: string, directory: string): void {
    for (const name of files.get(nodeId) ?? [])
      if (`${name}/`.startsWith(`${directory}/`)) files.get(nodeId)?.delete(name)
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'runTask':
        addFiles(effect.node.nodeId, directoryOf(effect.jobId, effect.taskId, effect.instance?.id))
        start(effect, effect)
        return
      case 'runStartTask':
        start(effect)
        return
      case 'endTask': {
        const process = processes.get(effect.run)
        if (process) process.told = true
        return
      }
      case 'allocateNodes':
        latest.set(effect.poolId, effect.resize)
        errands.push(effect)
        return
      case 'bootNode':
      case 'stopNode':
        latest.set(effect.node.nodeId, effect.boot)
        errands.push(effect)
        return
      case 'removeNode':
        errands.push(effect)
        return
      case 'wakeAt':
        wakes.push(effect.time)
        return
      case 'deleteTaskFiles':
        deleteFiles(effect.nodeId, effect.directory)
    }
  }

  return {
    processes,
    errands,
    files,
    perform(list) {
      effects.push(...list)
      for (const effect of list) perform(effect)
    },
    takeEffects() {
      const taken = effects
      effects = []
      return taken
    },
    isCurrent(errand) {
      if (errand.type === 'allocateNodes') return latest.get(errand.poolId) === errand.resize
      return errand.type === 'removeNode' || latest.get(errand.node.nodeId) === errand.boot
    },
    isTickDue: () => wakes.some((time) => time <= clock.now()),
    tick(engine) {
      wakes = wakes.filter((time) => time > clock.now())
      engine.reports.tick()
    },
    reset() {
      processes.clear()
      errands.length = 0
      wakes = []
      effects = []
    },
  }
}

/** How a runtime tells an ending. */
export function outcomeOf(run: number, { exitCode, failure: code }: Ending): CommandOutcome {
  const failure = code && ({ category: 'UserError', code, message: 'It failed.' } as const)
  return { run, ...(exitCode !== undefined && { exitCode }), ...(failure && { failure }) }
}
