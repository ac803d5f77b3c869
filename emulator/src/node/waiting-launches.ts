// The launches of one helper whose end is not known yet.

import { dirname } from 'node:path'
import { type Launch, type LaunchEnd, LAUNCHER_LOST } from './launch.ts'
import { endOrphans } from './orphans.ts'

/** Told when the first launch begins and when the last has ended: the helper keeps the event loop alive in between. */
export interface Keeper {
  ref(): void
  unref(): void
}

/** The register; `keeper` lets the program that uses the emulator end by itself, but not while a task runs. */
export function createWaitingLaunches(keeper: Keeper) {
  const waiting = new Map<number, { launch: Launch; resolve: (end: LaunchEnd) => void }>()
  const settle = (id: number, end: LaunchEnd): void => {
    const known = waiting.get(id)
    waiting.delete(id)
    if (waiting.size === 0) keeper.unref()
    known?.resolve(end)
  }
  return {
    has: (id: number): boolean => waiting.has(id),
    /** Resolves once `settle` is called for it. */
    add(id: number, launch: Launch): Promise<LaunchEnd> {
      keeper.ref()
      return new Promise((resolve) => waiting.set(id, { launch, resolve }))
    },
    settle,
    /** The helper is gone: nobody will tell how these ended. Unless it ended in order, it has not killed them either. */
    lose({ inOrder }: { inOrder: boolean }): void {
      if (!inOrder && waiting.size > 0)
        endOrphans(Array.from(waiting.values(), ({ launch }) => dirname(launch.stdout)))
      for (const id of waiting.keys()) settle(id, { error: LAUNCHER_LOST })
    },
  }
}
