// What autoscale formulas are told about the past: samples of every pool that has one, in memory. A restart of the
// emulator forgets them, as moving a pool to another server would.

import type { Metric } from '../../autoscale/variables.ts'
import { SAMPLE_PERIOD, type Series } from '../../autoscale/samples.ts'

/** One look at a pool. Metrics that are not there are those of the machines, which no emulated node has: they are 0. */
export type Reading = Partial<Record<Metric, number>>

/** Samples of one pool that are kept: those of a day. */
const MAX_SAMPLES = 86_400_000 / SAMPLE_PERIOD

interface History {
  times: number[]
  readings: Reading[]
  /** When the next sample is to be taken, milliseconds. */
  due: number
}

/** The samples of all pools that have a formula, by the pools' keys. */
export type Histories = ReturnType<typeof createHistories>

/** No samples yet. */
export function createHistories() {
  const histories = new Map<number, History>()
  return {
    /** Starts afresh; the first sample is due at once. */
    begin: (pool: number, now: number) => void histories.set(pool, { times: [], readings: [], due: now }),
    end: (pool: number) => void histories.delete(pool),
    /** The pools whose next sample is due. */
    due: (now: number): number[] => [...histories].filter(([, { due }]) => due <= now).map(([pool]) => pool),
    /** When the next sample of any pool is due; infinity when there is none. */
    nextDue: () => [...histories.values()].reduce((next, { due }) => Math.min(next, due), Infinity),
    /** Keeps a sample under the time it was due, so that a timer that is a little late leaves no gap. */
    add(pool: number, reading: Reading, now: number): void {
      const history = histories.get(pool)
      if (!history) return
      const time = now - history.due < SAMPLE_PERIOD ? history.due : now
      history.times.push(time)
      history.readings.push(reading)
      history.due = time + SAMPLE_PERIOD
      if (history.times.length <= MAX_SAMPLES) return
      history.times.shift()
      history.readings.shift()
    },
    /** The samples of one metric. */
    series(pool: number, metric: Metric): Series {
      const { times, readings } = histories.get(pool) ?? { times: [], readings: [] }
      return { times, values: readings.map((reading) => reading[metric] ?? 0) }
    },
  }
}
