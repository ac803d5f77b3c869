// Nodes that take their time: the runtime does at once what the engine asks for, and its reports are kept until the
// time that they take in the profile is over. The engine ignores those that something else has overtaken meanwhile.

import type { Clock } from '@malachite/model'
import type { Effect, NodeReports } from '../engine/effects.ts'
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
  /** Drops what is kept. */
  close(): void
}

/** Nodes at the pace of a profile. The work on a node counts as part of the time that its report takes. */
export function createPacedNodes({ clock, delay, reports }: PacedNodesOptions): PacedNodes {
  /** Report → when it may be told, milliseconds. */
  const times = new Map<string, number>()
  const kept = new Set<() => void>()

  function tellAt(time: number, tell: (to: NodeReports) => void): void {
    const left = time - clock.now()
    if (left <= 0) return tell(reports())
    const cancel = clock.after(left, () => {
      kept.delete(cancel)
      tell(reports())
    })
    kept.add(cancel)
  }

  function tell(name: string, report: (to: NodeReports) => void): void {
    const time = times.get(name) ?? 0
    times.delete(name)
    tellAt(time, report)
  }

  function tellBooted(boot: number, report: (to: NodeReports) => void): void {
    times.delete(booting(boot))
    tell(booted(boot), report)
  }

  function expectOne(effect: Effect): void {
    const now = clock.now()
    if (effect.type === 'allocateNodes')
      times.set(allocated(effect), now + delay(effect.machines > 0 ? 'allocation' : 'emptyAllocation'))
    else if (effect.type === 'bootNode') {
      const isBooting = now + delay(effect.wipe ? 'creating' : 'rebooting')
      times.set(booting(effect.boot), isBooting)
      times.set(booted(effect.boot), isBooting + delay('starting'))
    } else if (effect.type === 'stopNode') times.set(stopped(effect.boot), now + delay('nodeStopping'))
    else if (effect.type === 'removeNode')
      times.set(removed(effect.node.nodeId), now + delay('nodeRemoval'))
  }

  return {
    reports: {
      nodesAllocated: (poolId, resize) =>
        tell(allocated({ poolId, resize }), (to) => to.nodesAllocated(poolId, resize)),
      nodeBooting: (nodeId, boot) => tell(booting(boot), (to) => to.nodeBooting(nodeId, boot)),
      nodeBooted: (nodeId, boot) => tellBooted(boot, (to) => to.nodeBooted(nodeId, boot)),
      nodeBootFailed: (nodeId, boot, error) =>
        tellBooted(boot, (to) => to.nodeBootFailed(nodeId, boot, error)),
      nodeStopped: (nodeId, boot) => tell(stopped(boot), (to) => to.nodeStopped(nodeId, boot)),
      nodeRemoved: (nodeId) => tell(removed(nodeId), (to) => to.nodeRemoved(nodeId)),
      startTaskEnded: (nodeId, outcome) =>
        tellAt(clock.now() + delay('startTask'), (to) => to.startTaskEnded(nodeId, outcome)),
      taskEnded: (outcome) => tellAt(clock.now() + delay('taskEnd'), (to) => to.taskEnded(outcome)),
      tick: () => reports().tick(),
    },
    expect: (effects) => effects.forEach(expectOne),
    close() {
      for (const cancel of kept) cancel()
      kept.clear()
    },
  }
}

// Boots have numbers of their own; resizes of several pools may have the same.
const allocated = ({ poolId, resize }: { poolId: string; resize: number }): string =>
  `allocated ${poolId} ${resize}`
const booting = (boot: number): string => `booting ${boot}`
const booted = (boot: number): string => `booted ${boot}`
const stopped = (boot: number): string => `stopped ${boot}`
const removed = (nodeId: string): string => `removed ${nodeId}`
