// How long things take that the emulator could do at once: nothing, a moment that a poller can see, or as long as they
// were seen to take on Azure Batch. Chance is drawn from a seed: the same seed gives the same times in the same order.

import type { Paced } from '../engine/core/rounds.ts'

/** The profiles, the default one first. */
export const PROFILES = ['instant', 'fast', 'azure'] as const
/** How long the service and its machines take their time. */
export type Profile = (typeof PROFILES)[number]

/** What can take time: in the engine, on the nodes, and until counts tell it. */
export type Delayed =
  | Paced
  | 'allocation'
  | 'emptyAllocation'
  | 'creating'
  | 'rebooting'
  | 'starting'
  | 'startTask'
  | 'taskEnd'
  | 'nodeStopping'
  | 'nodeRemoval'
  | 'counts'

/** Milliseconds: always as many, or chance within [least, most likely, most]. */
export type Spread = number | readonly [least: number, likely: number, most: number]

type Spreads = Readonly<Record<Delayed, Spread>>

const fast: Spreads = {
  allocation: 500,
  emptyAllocation: 300,
  creating: 300,
  rebooting: 300,
  starting: 300,
  startTask: 300,
  scheduling: 200,
  taskEnd: 300,
  nodeStopping: 300,
  nodeRemoval: 300,
  resizeStopping: 300,
  poolDeleting: 300,
  disabling: 300,
  enabling: 300,
  terminating: 300,
  deleting: 300,
  certificateDeleting: 300,
  counts: 0,
}

const azure: Spreads = {
  allocation: [43_000, 52_000, 87_000],
  emptyAllocation: [1000, 1500, 2000],
  creating: [8000, 10_000, 14_000],
  rebooting: [20_000, 30_000, 60_000],
  starting: [10_000, 12_000, 20_000],
  startTask: [300, 500, 1500],
  scheduling: [400, 600, 5000],
  taskEnd: [300, 500, 1000],
  nodeStopping: [35_000, 45_000, 60_000],
  nodeRemoval: [80_000, 110_000, 130_000],
  resizeStopping: [1000, 2000, 5000],
  poolDeleting: [1000, 2000, 4000],
  disabling: [500, 750, 1200],
  enabling: 0,
  terminating: [300, 450, 900],
  deleting: [2000, 4000, 10_000],
  certificateDeleting: [1000, 2000, 4000],
  counts: [1000, 3000, 5000],
}

/** What each profile waits for; `instant` has nothing. */
export const SPREADS: Readonly<Record<Exclude<Profile, 'instant'>, Spreads>> = { fast, azure }

/** The times of a profile. */
export interface Delays {
  /** Milliseconds that it takes, always the same for one name. */
  of(what: Delayed, name: string): number
  /** Milliseconds that it takes this time. */
  next(what: Delayed): number
}

/** The times of a profile, drawn from a seed. */
export function createDelays(profile: Exclude<Profile, 'instant'>, seed: number): Delays {
  const spreads = SPREADS[profile]
  const counts = new Map<Delayed, number>()
  const of = (what: Delayed, name: string): number => draw(spreads[what], chance(`${seed}/${what}/${name}`))
  return {
    of,
    next(what) {
      const count = counts.get(what) ?? 0
      counts.set(what, count + 1)
      return of(what, String(count))
    },
  }
}

/** Milliseconds of a spread for a chance from 0 up to 1; a triangle, whose peak is what is most likely. */
export function draw(spread: Spread, chance: number): number {
  if (typeof spread === 'number') return spread
  const [least, likely, most] = spread
  const width = most - least
  const value =
    chance * width < likely - least
      ? least + Math.sqrt(chance * width * (likely - least))
      : most - Math.sqrt((1 - chance) * width * (most - likely))
  return Math.round(value)
}

/** A number from 0 up to 1 that is always the same for one text: FNV-1a, whose bits are then mixed. */
function chance(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
