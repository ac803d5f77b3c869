// Lines over a logarithmic x-axis: how something grows with the size, or which part of the tasks was how fast.

import { formatNumber } from '../table.ts'
import { linearScale, logScale } from './scale.ts'
import { element, line, pathOf, picture, type Point, text, WIDTH } from './svg.ts'

/** One line; the first is drawn as ours. */
export interface Line {
  name: string
  points: readonly (readonly [x: number, y: number])[]
}

/** What a chart of lines shows. */
export interface Lines {
  title: string
  x: string
  y: string
  lines: readonly Line[]
  /** A value of y that is not to be passed, and what it is called. */
  limit?: { value: number; name: string }
  /** Small circles at the points, for few of them. */
  hasDots?: boolean
}

const [LEFT, RIGHT, TOP, BOTTOM] = [80, WIDTH - 40, 92, 340]

/** The chart as SVG. */
export function lineChart({ title, x: xLabel, y: yLabel, lines, limit, hasDots = false }: Lines): string {
  const points = lines.flatMap((one) => [...one.points])
  const xScale = logScale(points.map(([x]) => x).filter((x) => x > 0))
  const yScale = linearScale([...points.map(([, y]) => y), ...(limit ? [limit.value] : [])])
  const x = (value: number): number => LEFT + Math.max(0, xScale.place(value)) * (RIGHT - LEFT)
  const y = (value: number): number => BOTTOM - yScale.place(value) * (BOTTOM - TOP)
  const body = [
    ...lines.flatMap(({ name }, i) => legend(name, i)),
    text(20, TOP - 14, yLabel, { class: 'quiet' }),
    ...yScale.ticks.flatMap((tick) => [
      line([LEFT, y(tick)], [RIGHT, y(tick)], 'grid'),
      text(LEFT - 10, y(tick) + 5, formatNumber(tick), { class: 'quiet', 'text-anchor': 'end' }),
    ]),
    ...xScale.ticks.map((tick) =>
      text(x(tick), BOTTOM + 22, formatNumber(tick), { class: 'quiet', 'text-anchor': 'middle' }),
    ),
    line([LEFT, BOTTOM], [RIGHT, BOTTOM], 'axis'),
    text(RIGHT, BOTTOM + 44, `${xLabel} (logarithmic)`, { class: 'quiet', 'text-anchor': 'end' }),
    ...(limit
      ? [
          line([LEFT, y(limit.value)], [RIGHT, y(limit.value)], 'limit'),
          text(RIGHT, y(limit.value) - 6, limit.name, { class: 'quiet', 'text-anchor': 'end' }),
        ]
      : []),
    ...lines.flatMap((one, i) =>
      drawLine(
        one.points.map(([px, py]) => [x(px), y(py)] as const),
        i,
        hasDots,
      ),
    ),
  ]
  return picture({ title, description: describe(xLabel, yLabel, lines) }, BOTTOM + 60, body)
}

const kindOf = (i: number): string => (i === 0 ? 'ours' : 'peer')

function legend(name: string, i: number): string[] {
  const x = 20 + i * 300
  return [line([x, 54], [x + 30, 54], `line ${kindOf(i)}`), text(x + 40, 59, name)]
}

function drawLine(points: readonly Point[], i: number, hasDots: boolean): string[] {
  return [
    element('path', { class: `line ${kindOf(i)}`, d: pathOf(points) }),
    ...(hasDots
      ? points.map(([cx, cy]) => element('circle', { class: `dot ${kindOf(i)}`, cx, cy, r: 4.5 }))
      : []),
  ]
}

/** Few points as they are, many by their quarters. */
function describe(x: string, y: string, lines: readonly Line[]): string {
  const parts = lines.map(({ name, points }) => {
    const step = points.length > 10 ? Math.floor(points.length / 4) : 1
    const some = points.filter((_, i) => i % step === 0)
    const values = some.map(([px, py]) => `${formatNumber(py)} at ${formatNumber(px)}`)
    return `${name}: ${values.join(', ')}`
  })
  return `${y}, by ${x}. ${parts.join('; ')}.`
}
