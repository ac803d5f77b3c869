// How many times as good as each peer: bars to the right of 1 where Malachite is better, to the left where the peer is.

import { ratiosOf, type Row } from '../bench.ts'
import { spreadOf } from '../statistics.ts'
import { formatNumber } from '../table.ts'
import { logScale } from './scale.ts'
import { element, line, picture, spreadMark, text, WIDTH } from './svg.ts'

const [LEFT, RIGHT, TOP] = [400, WIDTH - 70, 76]
const [STEP, THICK] = [42, 18]

/** A chart of the rows, each of which has a peer; `name` is the benchmark's. */
export function ratioChart(title: string, rows: readonly (Row & { name: string })[]): string {
  const all = rows.flatMap((row) => ratiosOf(row))
  const scale = logScale([...all, 0.5, 2])
  const x = (value: number): number => LEFT + scale.place(value) * (RIGHT - LEFT)
  const bottom = TOP + rows.length * STEP
  const body = [
    text(x(1) - 10, TOP - 16, '← the peer is better', { class: 'quiet', 'text-anchor': 'end' }),
    text(x(1) + 10, TOP - 16, 'Malachite is better →', { class: 'quiet' }),
    ...scale.ticks.flatMap((tick) => [
      line([x(tick), TOP - 4], [x(tick), bottom], tick === 1 ? 'axis' : 'grid'),
      text(x(tick), bottom + 20, formatNumber(tick), { class: 'quiet', 'text-anchor': 'middle' }),
    ]),
    text(RIGHT, bottom + 44, 'times as good as the peer, median and spread of the rounds; logarithmic', {
      class: 'quiet',
      'text-anchor': 'end',
    }),
    ...rows.flatMap((row, i) => drawRow(row, TOP + i * STEP, x)),
  ]
  return picture({ title, description: describe(rows) }, bottom + 60, body)
}

function drawRow(row: Row & { name: string }, y: number, x: (value: number) => number): string[] {
  const { median, least, most } = spreadOf(ratiosOf(row))
  const middle = y + THICK / 2 + 4
  const [from, to] = [Math.min(x(1), x(median)), Math.max(x(1), x(median))]
  return [
    text(LEFT - 20, middle - 4, `${row.name}: ${row.what}`, { 'text-anchor': 'end' }),
    text(LEFT - 20, middle + 13, `beside ${row.peer?.name ?? ''}`, { class: 'quiet', 'text-anchor': 'end' }),
    element('rect', {
      class: median >= 1 ? 'ours' : 'worse',
      x: from,
      y: middle - THICK / 2,
      width: Math.max(1, to - from),
      height: THICK,
    }),
    ...spreadMark([x(least), middle], [x(most), middle]),
    text(Math.max(x(most), to) + 8, middle + 5, formatNumber(median)),
  ]
}

function describe(rows: readonly (Row & { name: string })[]): string {
  const parts = rows.map((row) => {
    const { median, least, most } = spreadOf(ratiosOf(row))
    const ends = `${formatNumber(least)} to ${formatNumber(most)}`
    return `${row.name}, ${row.what}, beside ${row.peer?.name}: ${formatNumber(median)} (${ends})`
  })
  return `How many times as good as the peer, median (least to most): ${parts.join('; ')}.`
}
