import type { Simulation, SimulationRow } from '@malachite/emulator'
import { expect, test } from 'vitest'
import { simulationChart } from './simulation-chart.ts'
import { simulationSummary, simulationTable } from './simulation-text.ts'

const ROW: SimulationRow = {
  at: 0,
  dedicated: 0,
  targetDedicated: 1,
  lowPriority: 0,
  targetLowPriority: 0,
  waiting: 50,
  running: 0,
  completed: 0,
  nodeHours: 0,
}
const HOUR = 3_600_000

const SIMULATION: Simulation = {
  rows: [
    ROW,
    { ...ROW, at: HOUR, dedicated: 4, waiting: 10, running: 4 },
    { ...ROW, at: 2 * HOUR, dedicated: 4, waiting: 10, running: 4, nodeHours: 4 },
    { ...ROW, at: 3 * HOUR, dedicated: 4, waiting: 10, running: 4, nodeHours: 8.04 },
  ],
  evaluations: [
    { at: 0, results: '' },
    { at: HOUR, results: '', error: 'Line 1, Col 1: Undefined symbol: $x' },
    { at: 2 * HOUR, results: '', error: 'Line 1, Col 1: Undefined symbol: $x' },
  ],
  summary: {
    tasks: 50,
    completed: 36,
    nodeHours: 8.04,
    utilization: 0.5,
    peakNodes: 4,
    peakWaiting: 50,
    averageWait: 90_000,
    longestWait: HOUR,
  },
}

test('the table has a row for each change and for the end', () => {
  expect(simulationTable(SIMULATION)).toEqual([
    'time  nodes  target  waiting  running  completed  node-hours',
    '0:00      0       1       50        0          0         0.0',
    '1:00      4       1       10        4          0         0.0',
    '3:00      4       1       10        4          0         8.0',
  ])
})

test('spot nodes have a column when there are any', () => {
  const rows = [{ ...ROW, targetLowPriority: 3 }]
  expect(simulationTable({ ...SIMULATION, rows })[1]).toBe(
    '0:00      0       4             3       50        0          0         0.0',
  )
})

test('the summary tells each failure of the formula once', () => {
  expect(simulationSummary(SIMULATION)).toEqual([
    '36 of 50 tasks completed in 8.0 node-hours, 50 % of them busy.',
    'Tasks waited 0:01:30 on average and 1:00:00 at most.',
    'At most 4 nodes were there and 50 tasks waiting.',
    'The evaluation at 1:00 and 1 more times failed: Line 1, Col 1: Undefined symbol: $x',
  ])
})

test('the chart shows nodes, target and waiting tasks with their axes', () => {
  const svg = simulationChart(SIMULATION, '<formula & load>')
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" [^]*<\/svg>\n$/)
  expect(svg).toContain('>&#60;formula &#38; load&#62;</text>')
  // Four nodes are at the top of the left axis, fifty waiting tasks at that of the right one.
  expect(svg).toContain('d="M60 380H340V50H620V50H900V50"')
  expect(svg).toContain('d="M60 380V50H340V314H620V314H900V314V380Z"')
  expect(svg).toContain('>3:00</text>')
})

test('a chart of nothing has axes too', () => {
  expect(
    simulationChart({ ...SIMULATION, rows: [{ ...ROW, targetDedicated: 0, waiting: 0 }] }, 't'),
  ).not.toContain('NaN')
})
