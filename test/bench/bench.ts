// What a benchmark gives back: rows for the one table of `npm run bench`, and what is judged about them.

import { spawnSync } from 'node:child_process'
import { median, type Spread, spreadOf } from './statistics.ts'

/** What a benchmark found out. */
export interface Measurement {
  /** What was measured, with how many of it, in half a sentence. */
  title: string
  rows: Row[]
  /** What is only printed, with its unit in the label. */
  figures?: Record<string, number | string>
  /** What is only drawn. */
  series?: Series[]
  /** Peers that are not on this machine, with how to get them. */
  missing?: string[]
}

/** One line of the table. */
export interface Row {
  what: string
  /** As it stands behind a number; empty for a bare number. */
  unit: string
  better: 'more' | 'less'
  /** One value for each round. */
  ours: number[]
  peer?: Peer
  /** What the row must keep; the exit code of a full run says whether all do. */
  bound?: Bound
  /** What the row is aimed at, where that is more than its bound. */
  goal?: Bound
  /** Why the bound or the goal is missed, when it is. */
  reason?: string
}

/** What the row is held against. */
export interface Peer {
  name: string
  /** Of the same rounds as ours; a single value stands beside all of them. */
  values: number[]
  /** `measured`: another program, in the same run. `own`: Malachite under other conditions. `quoted`: from a text. */
  kind: 'measured' | 'own' | 'quoted'
}

/** The most where less is better, the least where more is: in the row's unit, or as a multiple of the peer. */
export type Bound = { limit: number } | { timesPeer: number }

/** Points of a line in a chart. */
export interface Series {
  /** Which chart it belongs to. */
  chart: 'time per task' | 'memory' | 'latency'
  name: string
  points: [x: number, y: number][]
}

/** How many times as good as the peer each round was: more than 1 is better, whatever the unit. */
export function ratiosOf({ ours, peer, better }: Row): number[] {
  return ours.flatMap((value, i) => {
    const beside = peer?.values[i] ?? peer?.values[0]
    if (beside === undefined) return []
    return [better === 'more' ? value / beside : beside / value]
  })
}

/** The ratios' spread where there is a peer, else that of our own values. */
export function spreadOfRow(row: Row): Spread {
  return spreadOf(row.peer ? ratiosOf(row) : row.ours)
}

/** Whether the median of the rounds keeps a bound. */
export function keeps(row: Row, bound: Bound): boolean {
  if ('timesPeer' in bound) {
    const least = row.better === 'more' ? bound.timesPeer : 1 / bound.timesPeer
    return median(ratiosOf(row)) >= least
  }
  return row.better === 'more' ? median(row.ours) >= bound.limit : median(row.ours) <= bound.limit
}

/** Several rounds of one benchmark as one measurement: the values of its rows one after the other. */
export function combine(rounds: readonly Measurement[]): Measurement {
  const [first] = rounds
  if (!first) throw new Error('nothing was measured')
  const rows = first.rows.map((row, i) => {
    const all = rounds.flatMap((other) => other.rows[i] ?? [])
    const values = all.flatMap(({ peer }) => peer?.values ?? [])
    return {
      ...row,
      ours: all.flatMap(({ ours }) => ours),
      ...(row.peer && { peer: { ...row.peer, values } }),
    }
  })
  const series = first.series?.map((one) => mergeSeries(one, rounds))
  return { ...first, rows, ...(series && { series }) }
}

/** The median of the rounds at each point. */
function mergeSeries(one: Series, rounds: readonly Measurement[]): Series {
  const all = rounds.flatMap(({ series = [] }) =>
    series.filter(({ chart, name }) => chart === one.chart && name === one.name),
  )
  const points = one.points.map(([x]): [number, number] => [
    x,
    median(all.flatMap(({ points }) => points.filter((point) => point[0] === x).map(([, y]) => y))),
  ])
  return { ...one, points }
}

/** Measures this many times, one after the other. */
export async function repeat(rounds: number, measure: () => Promise<Measurement>): Promise<Measurement> {
  const all: Measurement[] = []
  for (let i = 0; i < rounds; i++) all.push(await measure())
  return combine(all)
}

/** Seconds that a command takes; undefined when its program is not on this machine. */
export function timeCommand(program: string, args: readonly string[], input?: string): number | undefined {
  const start = performance.now()
  const { error, status, stderr } = spawnSync(program, args, { input, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (error && 'code' in error && error.code === 'ENOENT') return undefined
  if (error || status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr}`)
  return (performance.now() - start) / 1000
}
