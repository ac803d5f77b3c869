// A simulation as a picture: nodes and their target as lines, waiting tasks as an area behind them.

import type { Simulation, SimulationRow } from '@malachite/emulator'
import { formatHours } from './simulation-text.ts'

const WIDTH = 960
const HEIGHT = 420
/** The corners of the area with the lines. */
const [LEFT, TOP, RIGHT, BOTTOM] = [60, 50, WIDTH - 60, HEIGHT - 40]
const COLORS = { nodes: '#0b62a4', target: '#d9822b', waiting: '#c9d3dc', axis: '#5c6670' }

/** The picture as the text of an SVG file. */
export function simulationChart({ rows }: Simulation, title: string): string {
  const length = rows.at(-1)?.at ?? 0
  const nodes = scale(rows.map((row) => Math.max(nodesOf(row), targetOf(row))))
  const waiting = scale(rows.map((row) => row.waiting))
  const x = (at: number): number => LEFT + (length === 0 ? 0 : (at / length) * (RIGHT - LEFT))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(LEFT, 20, title, { 'font-weight': 'bold', 'font-size': '14' }),
    legend(),
    area(rows.map((row) => [x(row.at), waiting.y(row.waiting)])),
    ...nodes.ticks.map((value) => gridLine(nodes.y(value))),
    ...nodes.ticks.map((value) => tick(LEFT - 8, nodes.y(value), value, 'end')),
    ...waiting.ticks.map((value) => tick(RIGHT + 8, waiting.y(value), value, 'start')),
    ...hours(length).map((at) => text(x(at), BOTTOM + 18, formatHours(at), { 'text-anchor': 'middle' })),
    line(
      rows.map((row) => [x(row.at), nodes.y(targetOf(row))]),
      { stroke: COLORS.target, 'stroke-dasharray': '5 4' },
    ),
    line(
      rows.map((row) => [x(row.at), nodes.y(nodesOf(row))]),
      { stroke: COLORS.nodes },
    ),
    '</svg>',
    '',
  ].join('\n')
}

type Point = readonly [x: number, y: number]

function nodesOf(row: SimulationRow): number {
  return row.dedicated + row.lowPriority
}

function targetOf(row: SimulationRow): number {
  return row.targetDedicated + row.targetLowPriority
}

/** An axis from 0 to a round number above the values, with about five marks. */
function scale(values: readonly number[]): { ticks: number[]; y: (value: number) => number } {
  const highest = values.reduce((a, b) => Math.max(a, b), 1)
  const magnitude = 10 ** Math.floor(Math.log10(highest / 5))
  const step = Math.max(1, [1, 2, 5, 10].map((n) => n * magnitude).find((n) => n * 5 >= highest) ?? highest)
  const top = Math.ceil(highest / step) * step
  return {
    ticks: Array.from({ length: top / step + 1 }, (_, i) => i * step),
    y: (value) => BOTTOM - (value / top) * (BOTTOM - TOP),
  }
}

const HOUR = 3_600_000

/** At most about twelve marks of whole hours, or of whole minutes when there is less than an hour. */
function hours(length: number): number[] {
  const unit = length < HOUR ? HOUR / 12 : HOUR
  const step = unit * Math.max(1, Math.ceil(length / unit / 12))
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, i) => i * step)
}

/** Nodes come and go at once: each value holds until the next. */
function line(points: readonly Point[], attributes: Record<string, string>): string {
  const path = points.map(([x, y], i) => (i === 0 ? `M${n(x)} ${n(y)}` : `H${n(x)}V${n(y)}`)).join('')
  return element('path', { d: path, fill: 'none', 'stroke-width': '2', ...attributes })
}

function area(points: readonly Point[]): string {
  const path = points
    .map(([x, y], i) => (i === 0 ? `M${n(x)} ${BOTTOM}V${n(y)}` : `H${n(x)}V${n(y)}`))
    .join('')
  return element('path', { d: `${path}V${BOTTOM}Z`, fill: COLORS.waiting })
}

function gridLine(y: number): string {
  return element('path', { d: `M${LEFT} ${n(y)}H${RIGHT}`, stroke: COLORS.axis, 'stroke-width': '0.3' })
}

function tick(x: number, y: number, value: number, anchor: string): string {
  return text(x, y + 4, String(value), { 'text-anchor': anchor, fill: COLORS.axis })
}

function legend(): string {
  const entries = [
    ['nodes (left)', COLORS.nodes],
    ['target (left)', COLORS.target],
    ['waiting tasks (right)', COLORS.waiting],
  ] as const
  return entries
    .map(([name, color], i) => {
      const x = RIGHT - 400 + i * 130
      const mark = element('rect', { x: String(x), y: '28', width: '12', height: '12', fill: color })
      return `${mark}\n${text(x + 18, 38, name, {})}`
    })
    .join('\n')
}

function text(x: number, y: number, content: string, attributes: Record<string, string>): string {
  return element('text', { x: n(x), y: n(y), ...attributes }, content)
}

function element(name: string, attributes: Record<string, string>, content?: string): string {
  const all = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(value)}"`)
  return content === undefined
    ? `<${name}${all.join('')}/>`
    : `<${name}${all.join('')}>${escape(content)}</${name}>`
}

function escape(value: string): string {
  return value.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}

function n(value: number): string {
  return String(Number(value.toFixed(1)))
}
