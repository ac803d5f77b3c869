// A profile as one thing: what the engine, its nodes and its counts take their times from. `instant` is none at all.

import type { Clock } from '@malachite/model'
import type { Engine } from '../engine/api.ts'
import type { NodeReports } from '../engine/core/effects.ts'
import type { Pace } from '../engine/core/rounds.ts'
import { withLateCounts, type LateCounts } from './late-counts.ts'
import { createPacedNodes, type PacedNodes } from './paced-nodes.ts'
import { createDelays, SPREADS, type Profile } from './profile.ts'

/** What a service that takes its time has besides the others. */
export interface Slowness {
  pace: Pace
  nodes: PacedNodes
  /** The engine whose counts are behind; `undefined` when the profile's are up to date. */
  delayCounts(engine: Engine): LateCounts | undefined
}

/** The times of a profile on a clock; `undefined` for `instant`. */
export function createSlowness(
  { profile = 'instant', seed = 0 }: { profile?: Profile; seed?: number },
  clock: Clock,
  reports: () => NodeReports,
): Slowness | undefined {
  if (profile === 'instant') return undefined
  const delays = createDelays(profile, seed)
  return {
    pace: (what, name) => delays.of(what, name),
    nodes: createPacedNodes({ clock, delay: (what) => delays.next(what), reports }),
    delayCounts: (engine) =>
      SPREADS[profile].counts === 0
        ? undefined
        : withLateCounts(engine, { clock, delay: () => delays.next('counts') }),
  }
}
