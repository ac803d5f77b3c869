// Bars from 0, one below the other: the median of the rounds, with a mark from the least to the most.

import { formatNumber } from '../table.ts'
import { spreadOf } from '../statistics.ts'
import { linearScale } from './scale.ts'
import { element, line, picture, spreadMark, text, WIDTH } from './svg.ts'

/** One bar. */
export interface Bar {
  name: string
  values: readonly number[]
  isOurs: boolean
}

const [LEFT, RIGHT, TOP] = [270, WIDTH - 110, 56]
/** Pixels from bar to bar, and of a bar. */
const [STEP, THICK] = [36, 22]

/** A chart of several quantities of the same unit. `note` says which direction is better. */
export function barChart(title: string, unit: string, note: string, bars: readonly Bar[]): string {
  const scale = linearScale(bars.flatMap(({ values }) => [...values]))
  const x = (value: number): number => LEFT + scale.place(value) * (RIGHT - LEFT)
  const bottom = TOP + bars.length * STEP
  const body = [
    ...scale.ticks.flatMap((tick) => [
      line([x(tick), TOP - 4], [x(tick), bottom], 'grid'),
      text(x(tick), bottom + 20, formatNumber(tick), { class: 'quiet', 'text-anchor': 'middle' }),
    ]),
    text(LEFT, bottom + 44, `${unit}; ${note}`, { class: 'quiet' }),
    ...bars.flatMap((bar, i) => drawBar(bar, TOP + i * STEP, x)),
  ]
  return picture({ title, description: describe(unit, bars) }, bottom + 60, body)
}

function drawBar({ name, values, isOurs }: Bar, y: number, x: (value: number) => number): string[] {
  const { median, least, most } = spreadOf(values)
  const middle = y + THICK / 2
  return [
    text(LEFT - 12, middle + 5, name, { 'text-anchor': 'end' }),
    element('rect', {
      class: isOurs ? 'ours' : 'peer',
      x: LEFT,
      y,
      width: Math.max(1, x(median) - LEFT),
      height: THICK,
    }),
    ...spreadMark([x(least), middle], [x(most), middle]),
    text(x(most) + 8, middle + 5, formatNumber(median)),
  ]
}

function describe(unit: string, bars: readonly Bar[]): string {
  const parts = bars.map(({ name, values }) => {
    const { median, least, most } = spreadOf(values)
    return `${name} ${formatNumber(median)} (${formatNumber(least)} to ${formatNumber(most)})`
  })
  return `${unit}, median (least to most): ${parts.join('; ')}.`
}
