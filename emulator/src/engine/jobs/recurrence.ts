// When a job schedule makes its next job. Pure: the schedule, its past and the time decide. All times microseconds.

/** In the year 2255: later times are no exact numbers any more, and what is due then is never due. */
const FAR = Number.MAX_SAFE_INTEGER

/** When a schedule may make jobs. */
export interface Timing {
  /** The first job is due no earlier than this: the schedule's creation or, if later, `doNotRunUntil`. */
  from: number
  /** No job from here on; `Infinity` = no end. */
  to: number
  /** Between the times at which successive jobs are due; `undefined` = one job only. */
  interval: number | undefined
  /** How long after it was due a job may still be made; `Infinity` = until the next one is due. */
  window: number
}

/** What has happened so far. */
export interface Past {
  /** When the latest job was due; `null` before the first. */
  lastDue: number | null
  /** Whether a job of the schedule is not completed yet: there is one at a time. */
  isBusy: boolean
}

/** What to do at `now`. */
export type Decision =
  /** Make the job that was due at `due`. */
  | { action: 'run'; due: number }
  /** Decide again at `wakeAt`, or when the active job is over. `nextRun`: when the next job is due, if there is one. */
  | { action: 'wait'; nextRun: number | null; wakeAt: number | null }
  /** No job will be made any more, and none is active. */
  | { action: 'complete' }

/** Decides what a schedule does now. What was missed is not made up for: of all jobs that were due the last one runs. */
export function decideRun(timing: Timing, past: Past, now: number): Decision {
  const due = now < timing.to ? nextDue(timing, past.lastDue, now) : null
  if (due !== null && due <= now && !past.isBusy) return { action: 'run', due }
  const isLast = now >= timing.to || (due === null && timing.interval === undefined)
  if (isLast && !past.isBusy) return { action: 'complete' }
  return { action: 'wait', nextRun: due, wakeAt: isLast ? null : nextChange(timing, due, now) }
}

/** When the job is due that may be made now or, if there is none, the next; `null` when there is none before the end. */
function nextDue(timing: Timing, lastDue: number | null, now: number): number | null {
  const { interval, window, to } = timing
  const first = firstDue(timing, lastDue)
  if (first === null) return null
  const due = now < first ? first : dueAt(first, interval, window, now)
  return due !== null && due < Math.min(to, FAR) ? due : null
}

/** The first time not used yet. A single job runs anew only if its schedule was given a later time meanwhile. */
function firstDue({ from, interval }: Timing, lastDue: number | null): number | null {
  if (lastDue === null) return Math.min(from, FAR - 1)
  if (from > lastDue) return Math.min(Math.max(from, lastDue + (interval ?? 0)), FAR - 1)
  return interval === undefined ? null : lastDue + interval
}

/** Of the times from `first` to `now` the latest, if its window is open still; else the one that follows. */
function dueAt(first: number, interval: number | undefined, window: number, now: number): number | null {
  const latest = interval === undefined ? first : now - ((now - first) % interval)
  // A job that is due in one interval is never carried forward into the next.
  if (window >= (interval ?? Infinity) || now < latest + window) return latest
  return interval === undefined ? null : latest + interval
}

/** When time alone changes the decision: a job falls due, its window closes, the schedule ends. */
function nextChange({ to, interval, window }: Timing, due: number | null, now: number): number | null {
  const changes = due === null ? [to] : [due, due + window, due + (interval ?? Infinity), to]
  const next = Math.min(...changes.filter((time) => time > now))
  return next < FAR ? next : null
}
