import { expect, test } from 'vitest'
import { barChart } from './bars.ts'
import { lineChart } from './lines.ts'
import { ratioChart } from './ratios.ts'
import { linearScale, logScale } from './scale.ts'

const widthsOf = (svg: string, kind: string): number[] =>
  Array.from(svg.matchAll(new RegExp(`<rect class="${kind}"[^>]* width="([\\d.]+)"`, 'g')), ([, width]) =>
    Number(width),
  )

test('a linear axis goes from 0 to a round number above the values', () => {
  const { ticks, place } = linearScale([3, 86])
  expect(ticks).toEqual([0, 20, 40, 60, 80, 100])
  expect([0, 50, 100].map(place)).toEqual([0, 0.5, 1])
  expect(linearScale([0.3]).ticks).toEqual([0, 0.1, 0.2, 0.3])
  expect(linearScale([0]).ticks.every(Number.isFinite)).toBe(true)
})

test('a logarithmic axis has whole powers of ten at its ends', () => {
  const { ticks, place } = logScale([1000, 1_000_000])
  expect(ticks).toEqual([1000, 10_000, 100_000, 1_000_000])
  expect(place(1000)).toBe(0)
  expect(place(1_000_000)).toBe(1)
  expect(logScale([0.5, 3]).ticks).toEqual([0.1, 0.2, 0.5, 1, 2, 5, 10])
})

test('bars are as long as their medians', () => {
  const svg = barChart('Start', 'ms', 'less is better', [
    { name: 'ours', values: [90, 100, 150], isOurs: true },
    { name: 'theirs', values: [200], isOurs: false },
  ])
  const [ours = 0] = widthsOf(svg, 'ours')
  const [theirs] = widthsOf(svg, 'peer')
  expect(theirs).toBe(2 * ours)
  expect(svg).toContain('ours 100 (90 to 150); theirs 200 (200 to 200).</desc>')
})

test('a ratio below 1 goes to the other side and has another colour', () => {
  const row = (ours: number) => ({
    name: 'short-tasks',
    what: 'a & b',
    unit: '/s',
    better: 'more' as const,
    ours: [ours],
    peer: { name: 'xargs', values: [100], kind: 'measured' as const },
  })
  const svg = ratioChart('Peers', [row(200), row(50)])
  expect(widthsOf(svg, 'ours')).toEqual(widthsOf(svg, 'worse'))
  expect(widthsOf(svg, 'ours')).toHaveLength(1)
  expect(svg).toContain('short-tasks: a &#38; b')
})

test('a chart of lines has its axes, its limit and a description', () => {
  const svg = lineChart({
    title: 'Memory',
    x: 'tasks',
    y: 'megabytes',
    lines: [
      {
        name: 'in memory',
        points: [
          [1000, 10],
          [10_000, 40],
        ],
      },
    ],
    limit: { value: 300, name: 'bound' },
    hasDots: true,
  })
  expect(svg.match(/<circle/g)).toHaveLength(2)
  expect(svg).toContain('tasks (logarithmic)')
  expect(svg).toContain('class="limit"')
  expect(svg).toContain(
    '<desc id="description">megabytes, by tasks. in memory: 10 at 1,000, 40 at 10,000.</desc>',
  )
})
