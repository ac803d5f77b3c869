// A simulation as a table for people.

import type { Simulation, SimulationRow } from '@malachite/emulator'
import { formatClock } from '@malachite/model'

const COLUMNS: readonly [title: string, cell: (row: SimulationRow) => string][] = [
  ['time', (row) => formatHours(row.at)],
  ['nodes', (row) => String(row.dedicated + row.lowPriority)],
  ['target', (row) => String(row.targetDedicated + row.targetLowPriority)],
  ['of them spot', (row) => String(row.targetLowPriority)],
  ['waiting', (row) => String(row.waiting)],
  ['running', (row) => String(row.running)],
  ['completed', (row) => String(row.completed)],
  ['node-hours', (row) => row.nodeHours.toFixed(1)],
]

/** The table: a row for each time at which something has changed. */
export function simulationTable({ rows }: Simulation): string[] {
  const hasSpot = rows.some((row) => row.lowPriority + row.targetLowPriority > 0)
  const columns = COLUMNS.filter(([title]) => hasSpot || title !== 'of them spot')
  const changed = rows.filter((row, i) => i === 0 || i === rows.length - 1 || hasChanged(row, rows[i - 1]))
  const cells = [
    columns.map(([title]) => title),
    ...changed.map((row) => columns.map(([, cell]) => cell(row))),
  ]
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)))
  return cells.map((line) => line.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  '))
}

function hasChanged(row: SimulationRow, before: SimulationRow | undefined): boolean {
  const { at: _, nodeHours: __, ...state } = row
  return Object.entries(state).some(([name, value]) => before?.[name as keyof SimulationRow] !== value)
}

/** What it comes to, and the evaluations that failed: each kind once. */
export function simulationSummary({ summary, evaluations }: Simulation): string[] {
  const { tasks, completed, nodeHours, utilization, peakNodes, peakWaiting, averageWait, longestWait } =
    summary
  const failures = Map.groupBy(
    evaluations.filter(({ error }) => error !== undefined),
    ({ error }) => error ?? '',
  )
  return [
    `${completed} of ${tasks} tasks completed in ${nodeHours.toFixed(1)} node-hours, ${percent(utilization)} of them busy.`,
    `Tasks waited ${formatClock(averageWait)} on average and ${formatClock(longestWait)} at most.`,
    `At most ${peakNodes} nodes were there and ${peakWaiting} tasks waiting.`,
    ...Array.from(failures, ([error, all]) => {
      const times = all.length === 1 ? '' : ` and ${all.length - 1} more times`
      return `The evaluation at ${formatHours(all[0]?.at ?? 0)}${times} failed: ${error}`
    }),
  ]
}

/** `2:05` for two hours and five minutes. */
export function formatHours(ms: number): string {
  return formatClock(ms).replace(/:\d\d$/, '')
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`
}
