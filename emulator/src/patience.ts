// What the nodes report is not lost when the disk is full: a process that has ended ends once. Reports wait, in their order,
// until the disk takes them; requests fail meanwhile, and their clients come again.

import type { Clock } from '@malachite/model'
import type { NodeReports } from './engine/core/effects.ts'
import { isDiskFailure } from './storage/integrity.ts'

/** Milliseconds between two tries. */
const PAUSE = 500

/** The reports of an engine, for nodes. */
export interface PatientReports {
  reports: NodeReports
  /** Gives up on what waits. */
  close(): void
}

/** Makes them; `onWait` is told when waiting begins. Errors that have nothing to do with the disk are thrown. */
export function createPatience(
  engineReports: () => NodeReports,
  clock: Clock,
  onWait: (error: Error) => void,
): PatientReports {
  const waiting: (() => void)[] = []
  let stopTimer: (() => void) | undefined
  let reason: Error | undefined

  const deliver = (): void => {
    stopTimer = undefined
    for (let next = waiting[0]; next; next = waiting[0]) {
      if (!isTaken(next)) return
      waiting.shift()
    }
  }
  const isTaken = (report: () => void): boolean => {
    try {
      report()
      return true
    } catch (error) {
      if (!isDiskFailure(error)) waiting.shift()
      if (waiting.length > 0) stopTimer = clock.after(PAUSE, deliver)
      if (!isDiskFailure(error)) throw error
      reason = error as Error
      return false
    }
  }
  const patient = <Args extends unknown[]>(report: (...args: Args) => void) => {
    return (...args: Args): void => {
      waiting.push(() => report(...args))
      if (stopTimer) return
      deliver()
      if (stopTimer && reason) onWait(reason)
    }
  }
  return {
    reports: {
      nodesAllocated: patient((...args) => engineReports().nodesAllocated(...args)),
      nodeBooting: patient((...args) => engineReports().nodeBooting(...args)),
      nodeBooted: patient((...args) => engineReports().nodeBooted(...args)),
      nodeBootFailed: patient((...args) => engineReports().nodeBootFailed(...args)),
      nodeStopped: patient((...args) => engineReports().nodeStopped(...args)),
      startTaskEnded: patient((...args) => engineReports().startTaskEnded(...args)),
      taskEnded: patient((...args) => engineReports().taskEnded(...args)),
      nodeRemoved: patient((...args) => engineReports().nodeRemoved(...args)),
      tick: patient(() => engineReports().tick()),
    },
    close: () => stopTimer?.(),
  }
}
