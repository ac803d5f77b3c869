// What may be asked for: which profile, which seed, and how fast the clock of the service goes.

import { BatchError, clockBy, type Clock } from '@malachite/model'
import { type Profile, PROFILES } from './profile.ts'

/** Beyond that a timer of one millisecond would be minutes late. */
const MAX_TIME_SCALE = 10_000
const MINUTE = 60_000

/** The options that decide how long things take. */
export interface PaceOptions {
  profile?: Profile
  seed?: number
  timeScale?: number
}

/** Refuses values that mean nothing, with a `ConfigurationError`. */
export function requirePace({ profile = 'instant', seed = 0, timeScale = 1 }: PaceOptions): void {
  if (!PROFILES.includes(profile))
    throw refusal(`There is no profile '${profile}', only ${PROFILES.join(', ')}.`)
  if (!Number.isSafeInteger(seed)) throw refusal(`The seed must be a whole number, not ${seed}.`)
  if (!(timeScale >= 1 && timeScale <= MAX_TIME_SCALE))
    throw refusal(`The time scale must be a number from 1 to ${MAX_TIME_SCALE}, not ${timeScale}.`)
}

function refusal(message: string): BatchError {
  return new BatchError('ConfigurationError', {}, { message })
}

/**
 * The clock of a service whose latest change was at `latest`, milliseconds. What a faster life has left lies ahead of
 * the clock on the wall: time goes on from there.
 */
export function openClock(wallClock: Clock, timeScale: number, latest: number): Clock {
  const now = wallClock.now()
  if (timeScale === 1 && latest - now < MINUTE) return wallClock
  return clockBy(wallClock, { speed: timeScale, start: Math.max(now, latest) })
}
