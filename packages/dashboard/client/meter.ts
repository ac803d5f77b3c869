// Tasks per second, from counts that are read now and then.

import { signal, type ReadonlySignal } from '@preact/signals'

/** Seconds that a meter remembers. */
export const METER_SECONDS = 120

/** What has ended by now. */
export interface Ended {
  succeeded: number
  failed: number
}

export interface Meter {
  /** Rises with every record. */
  version: ReadonlySignal<number>
  /** Takes in the counts of one job at a time, milliseconds. */
  record: (job: string, ended: Ended, time: number) => void
  /** Ended tasks per second, the latest second last. */
  rates: (now: number) => { succeeded: number[]; failed: number[] }
}

/** A meter of the tasks of any number of jobs. */
export function createMeter(): Meter {
  const version = signal(0)
  const last = new Map<string, Ended & { time: number }>()
  const seconds = new Map<number, Ended>()

  /** Spreads what ended between two records evenly over the seconds between them. */
  const spread = (from: number, to: number, ended: Ended): void => {
    const first = Math.max(Math.floor(from / 1000), Math.floor(to / 1000) - METER_SECONDS)
    const length = Math.max(to - from, 1)
    for (let second = first; second * 1000 < to; second++) {
      const part = (Math.min(to, (second + 1) * 1000) - Math.max(from, second * 1000)) / length
      const sum = seconds.get(second) ?? { succeeded: 0, failed: 0 }
      sum.succeeded += ended.succeeded * part
      sum.failed += ended.failed * part
      seconds.set(second, sum)
    }
    for (const second of seconds.keys()) if (second < to / 1000 - METER_SECONDS) seconds.delete(second)
  }

  return {
    version,
    record(job, { succeeded, failed }, time) {
      const before = last.get(job)
      last.set(job, { succeeded, failed, time })
      if (!before || time <= before.time) return
      // Deleted and reactivated tasks are counted no longer: nothing has ended then.
      const more = (a: number, b: number): number => Math.max(0, a - b)
      const ended = { succeeded: more(succeeded, before.succeeded), failed: more(failed, before.failed) }
      // Counts are read when something changes: a long silence before that was one.
      spread(Math.max(before.time, time - 2000), time, ended)
      version.value++
    },
    rates(now) {
      const end = Math.floor(now / 1000)
      const places = Array.from({ length: METER_SECONDS }, (_, i) => end - METER_SECONDS + i)
      return {
        succeeded: places.map((second) => seconds.get(second)?.succeeded ?? 0),
        failed: places.map((second) => seconds.get(second)?.failed ?? 0),
      }
    },
  }
}
