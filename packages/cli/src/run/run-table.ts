// The figures of a run in a few lines, below its transcript. Rows of tasks are those of failed ones: nobody reads the others.

import { formatClock, type TaskCounts } from '@malachite/model'
import type { FailedTask, RunResult, RunStatistics } from '@malachite/orchestrator'
import { fitWidths, tableLine, toCell } from '../text/table.ts'

/** Rows of failed tasks. */
const SHOWN = 10
/** Columns of a terminal that shows no node. */
const NARROW = 72

/** The lines for a run whose tasks were waited for; none otherwise. With `columns` they are cut to that width. */
export function runTable(result: RunResult, columns?: number): string[] {
  const { taskCounts, statistics, elapsedMs, failedTasks } = result
  if (taskCounts.active + taskCounts.running + taskCounts.completed === 0) return []
  const figures = [
    ['Tasks', tasksText(taskCounts)],
    ...runTimeRow(statistics),
    ['Nodes', String(statistics.nodes)],
    ['Files', `${formatBytes(statistics.bytesUploaded)} up, ${formatBytes(statistics.bytesDownloaded)} down`],
    ['Wall clock', formatClock(elapsedMs)],
  ]
  return ['', ...table(figures, columns), ...failedTable(failedTasks, columns)]
}

function tasksText({ succeeded, failed, active, running }: TaskCounts): string {
  const open = active + running
  const parts = [
    `${succeeded} succeeded`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(open > 0 ? [`${open} not completed`] : []),
  ]
  return parts.join(', ')
}

function runTimeRow({ runTimes }: RunStatistics): string[][] {
  if (!runTimes) return []
  const { minMs, medianMs, maxMs } = runTimes
  return [['Run time', `min ${formatTime(minMs)}, median ${formatTime(medianMs)}, max ${formatTime(maxMs)}`]]
}

function failedTable(failedTasks: readonly FailedTask[], columns: number | undefined): string[] {
  if (failedTasks.length === 0) return []
  const rows = failedTasks.slice(0, SHOWN).map(failedRow)
  const more = failedTasks.length - rows.length
  const whole = [['Failed task', 'Exit', 'Time', 'Reason', 'Node'], ...rows]
  // In a narrow terminal the long name of the node would leave no room for the others.
  const shown = columns !== undefined && columns < NARROW ? whole.map((row) => row.slice(0, -1)) : whole
  return ['', ...table(shown, columns), ...(more > 0 ? [`… and ${more} more`] : [])]
}

function failedRow({ taskId, exitCode, runTimeMs, reason, nodeId }: FailedTask): string[] {
  return [taskId, exitCode, runTimeMs === undefined ? undefined : formatTime(runTimeMs), reason, nodeId].map(
    toCell,
  )
}

function table(rows: readonly (readonly string[])[], columns: number | undefined): string[] {
  const widths = fitWidths(rows, columns)
  return rows.map((row) => tableLine(row, widths, columns !== undefined))
}

/** Seconds with a digit, from a minute on hours, minutes and seconds. */
function formatTime(ms: number): string {
  return ms < 59_950 ? `${(ms / 1000).toFixed(1)} s` : formatClock(ms)
}

const UNITS = ['kB', 'MB', 'GB', 'TB'] as const

/** Bytes in the largest unit that leaves a number before the point: `512 B`, `1.2 MB`. */
export function formatBytes(bytes: number): string {
  const exponent = Math.min(UNITS.length, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const unit = UNITS[exponent - 1]
  return unit === undefined ? `${bytes} B` : `${(bytes / 1000 ** exponent).toFixed(1)} ${unit}`
}
