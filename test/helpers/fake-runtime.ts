// The fake node runtime: nodes boot at once, commands end when and how the test's script says, all on the virtual clock.

import type { CommandOutcome, Effect, NodeReports, NodeRuntime, TaskRun } from '@malachite/emulator'
import type { Clock } from '@malachite/model'

/** What a command does: how long it takes (milliseconds) and how it ends. */
export interface Script {
  duration?: number
  exitCode?: number
  failure?: CommandOutcome['failure']
}

export interface FakeRuntimeOptions {
  clock: Clock
  reports: () => NodeReports
  /** @default every command ends after 1 s with exit code 0 */
  script?: (commandLine: string, tries: number) => Script
  /** Milliseconds between the request for nodes and their arrival. @default 0 */
  allocation?: number
  /** Milliseconds that a node is `starting`. @default 0 */
  boot?: number
}

export interface FakeRuntime extends NodeRuntime {
  /** Every effect so far, in order. */
  readonly effects: Effect[]
  /** Tasks that were started, in order: `job/task@node`. */
  readonly started: TaskRun[]
  /** Effects that it notes but does not react to, as a machine that hangs. */
  readonly ignored: Set<Effect['type']>
}

export function createFakeRuntime({
  clock,
  reports,
  script = () => ({}),
  allocation = 0,
  boot = 0,
}: FakeRuntimeOptions): FakeRuntime {
  const effects: Effect[] = []
  const started: TaskRun[] = []
  const ignored = new Set<Effect['type']>()
  const running = new Map<number, { nodeId: string; end: (outcome: Omit<CommandOutcome, 'run'>) => void }>()
  const tries = new Map<string, number>()

  function run(
    nodeId: string,
    id: number,
    commandLine: string,
    report: (outcome: CommandOutcome) => void,
  ): void {
    const count = tries.get(commandLine) ?? 0
    tries.set(commandLine, count + 1)
    const { duration = 1000, exitCode = 0, failure } = script(commandLine, count)
    const end = (outcome: Omit<CommandOutcome, 'run'>): void => {
      cancel()
      if (running.delete(id)) report({ run: id, ...outcome })
    }
    const cancel = clock.after(duration, () => end(failure ? { failure } : { exitCode }))
    running.set(id, { nodeId, end })
  }

  function clear(nodeId: string): void {
    for (const command of running.values()) if (command.nodeId === nodeId) command.end({ exitCode: -9 })
  }

  function perform(effect: Effect): void {
    const soon = (fn: () => void): void => void clock.after(0, fn)
    switch (effect.type) {
      case 'allocateNodes':
        clock.after(allocation, () => reports().nodesAllocated(effect.poolId, effect.resize))
        return
      case 'bootNode':
        return soon(() => {
          clear(effect.node.nodeId)
          reports().nodeBooting(effect.node.nodeId, effect.boot)
          clock.after(boot, () => reports().nodeBooted(effect.node.nodeId, effect.boot))
        })
      case 'runStartTask':
        return run(effect.node.nodeId, effect.run, effect.commandLine, (outcome) =>
          reports().startTaskEnded(effect.node.nodeId, outcome),
        )
      case 'runTask':
        started.push(effect)
        return run(effect.node.nodeId, effect.run, effect.commandLine, (outcome) =>
          reports().taskEnded(outcome),
        )
      case 'endTask':
        return soon(() => running.get(effect.run)?.end({ exitCode: -15 }))
      case 'stopNode':
        return soon(() => {
          clear(effect.node.nodeId)
          reports().nodeStopped(effect.node.nodeId, effect.boot)
        })
      case 'removeNode':
        return soon(() => {
          clear(effect.node.nodeId)
          reports().nodeRemoved(effect.node.nodeId)
        })
      case 'wakeAt':
        clock.after(Math.max(0, effect.time - clock.now()), () => reports().tick())
        return
      case 'deleteTaskFiles':
    }
  }

  return {
    effects,
    started,
    ignored,
    perform: (list) => {
      effects.push(...list)
      for (const effect of list) if (!ignored.has(effect.type)) perform(effect)
    },
    close: () => Promise.resolve(),
  }
}
