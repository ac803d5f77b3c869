// How many of the machines that a pool asks for it gets, when something limits them.

import type { ResizeError } from '@malachite/model'

/** Numbers of nodes by kind. */
export interface Kinds {
  dedicated: number
  lowPriority: number
}

/** A bound on the machines that come, and what the resize says that it stops. */
export interface Bound {
  /** The kinds that it counts, in the order in which they come. */
  kinds: readonly (keyof Kinds)[]
  /** Machines that may come; below 0 counts as none. */
  room: number
  error: ResizeError
}

/** The machines that come (none where `wanted` is below 0), and the errors of the bounds that let not all of them come. */
export function grant(wanted: Kinds, bounds: readonly Bound[]): { granted: Kinds; errors: ResizeError[] } {
  const granted = { dedicated: Math.max(0, wanted.dedicated), lowPriority: Math.max(0, wanted.lowPriority) }
  const errors = bounds.filter((bound) => apply(granted, bound)).map(({ error }) => error)
  return { granted, errors }
}

/** Cuts `granted` down to a bound; true when there was something to cut. */
function apply(granted: Kinds, { kinds, room }: Bound): boolean {
  let left = Math.max(0, room)
  let isShort = false
  for (const kind of kinds) {
    const count = Math.min(granted[kind], left)
    isShort ||= count < granted[kind]
    granted[kind] = count
    left -= count
  }
  return isShort
}
