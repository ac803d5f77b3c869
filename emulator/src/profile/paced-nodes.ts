// Nodes that take their time: the runtime does at once what the engine asks for, and its reports are kept until the
// time that they take in the profile is over. The engine ignores those that something else has overtaken meanwhile.

import type { Clock } from '@malachite/model'
import type { Effect, NodeReports } from '../engine/core/effects.ts'
import type { NodeWaits } from '../engine/core/rounds.ts'
import type { Delayed } from './profile.ts'

/** What paced nodes need. */
export interface PacedNodesOptions {
  clock: Clock
  /** Milliseconds that something takes this time. */
  delay: (what: Delayed) => number
  /** Where the reports go. */
  reports: () => NodeReports
}

/** What stands between the nodes and the engine. */
export interface PacedNodes {
  /** For the runtime to report to. */
  reports: NodeReports
  /** Told of all effects before they are performed: from now on counts until when their reports are kept. */
  expect(effects: readonly Effect[]): void
  /** Until when reports are kept. */
  waits: NodeWaits
  /** Drops what is kept. */
  close(): void
}

/** Nodes at the pace of a profile. The work on a node counts as part of the time that its report takes. */
export function createPacedNodes({ clock, delay, reports }: PacedNodesOptions): PacedNodes {
  /** Report → milliseconds since 1970 before which it is not told. */
  const times = new Map<string, number>()
  const keeper = createKeeper(clock)
  const tell = (name: string, report: (to: NodeReports) => void): void => {
    keeper.callAt(times.get(name) ?? 0, () => {
      times.delete(name)
      report(reports())
    })
  }
  const tellBooted = (boot: number, report: (to: NodeReports) => void): void => {
    // The report before may be left out.
    times.delete(NAMES.booting(boot))
    tell(NAMES.booted(boot), report)
  }
  const untilOf = (name: string): number | undefined => {
    const time = times.get(name) ?? 0
    return time > clock.now() ? time : undefined
  }
  const tellEnd = (what: Delayed, report: (to: NodeReports) => void): void =>
    keeper.callAt(clock.now() + delay(what), () => report(reports()))
  return {
    reports: {
      nodesAllocated: (poolId, resize) =>
        tell(NAMES.allocated(poolId, resize), (to) => to.nodesAllocated(poolId, resize)),
      nodeBooting: (nodeId, boot) => tell(NAMES.booting(boot), (to) => to.nodeBooting(nodeId, boot)),
      nodeBooted: (nodeId, boot) => tellBooted(boot, (to) => to.nodeBooted(nodeId, boot)),
      nodeBootFailed: (nodeId, boot, error) =>
        tellBooted(boot, (to) => to.nodeBootFailed(nodeId, boot, error)),
      nodeStopped: (nodeId, boot) => tell(NAMES.stopped(boot), (to) => to.nodeStopped(nodeId, boot)),
      nodeRemoved: (nodeId) => tell(NAMES.removed(nodeId), (to) => to.nodeRemoved(nodeId)),
      startTaskEnded: (nodeId, outcome) => tellEnd('startTask', (to) => to.startTaskEnded(nodeId, outcome)),
      taskEnded: (outcome) => tellEnd('taskEnd', (to) => to.taskEnded(outcome)),
      tick: () => reports().tick(),
    },
    expect(effects) {
      for (const effect of effects)
        for (const [name, wait] of waitsOf(effect, delay)) times.set(name, clock.now() + wait)
    },
    waits: {
      allocation: (poolId, resize) => untilOf(NAMES.allocated(poolId, resize)),
      boot: (boot) => untilOf(NAMES.booted(boot)),
      stop: (boot) => untilOf(NAMES.stopped(boot)),
      removal: (nodeId) => untilOf(NAMES.removed(nodeId)),
    },
    close: () => keeper.close(),
  }
}

/** The reports that follow an effect, and the milliseconds before which they do not. */
function waitsOf(effect: Effect, delay: PacedNodesOptions['delay']): [name: string, wait: number][] {
  if (effect.type === 'allocateNodes') {
    const what = effect.machines > 0 ? 'allocation' : 'emptyAllocation'
    return [[NAMES.allocated(effect.poolId, effect.resize), delay(what)]]
  }
  if (effect.type === 'bootNode') {
    const wait = delay(effect.wipe ? 'creating' : 'rebooting')
    return [
      [NAMES.booting(effect.boot), wait],
      [NAMES.booted(effect.boot), wait + delay('starting')],
    ]
  }
  if (effect.type === 'stopNode') return [[NAMES.stopped(effect.boot), delay('nodeStopping')]]
  if (effect.type === 'removeNode') return [[NAMES.removed(effect.node.nodeId), delay('nodeRemoval')]]
  return []
}

/** Boots have numbers of their own; resizes of several pools may have the same. */
const NAMES = {
  allocated: (poolId: string, resize: number) => `allocated ${poolId} ${resize}`,
  booting: (boot: number) => `booting ${boot}`,
  booted: (boot: number) => `booted ${boot}`,
  stopped: (boot: number) => `stopped ${boot}`,
  removed: (nodeId: string) => `removed ${nodeId}`,
}

/** Calls at a time, or at once when it is over, unless it is closed before. */
function createKeeper(clock: Clock) {
  const kept = new Set<() => void>()
  return {
    callAt(time: number, fn: () => void): void {
      const left = time - clock.now()
      if (left <= 0) return fn()
      const cancel = clock.after(left, () => {
        kept.delete(cancel)
        fn()
      })
      kept.add(cancel)
    },
    close(): void {
      for (const cancel of kept) cancel()
      kept.clear()
    },
  }
}
