// The one table of all rows: as text for the terminal and as Markdown for the page.

import { type Bound, keeps, ratiosOf, type Row, spreadOfRow } from './bench.ts'
import type { Result } from './report.ts'
import { median, round } from './statistics.ts'

/** The columns. A ratio of more than 1 means that Malachite is better, whatever the unit. */
export const COLUMNS = ['what', 'ours', 'peer', 'peer’s name', 'ratio', 'spread', 'bound'] as const

/** One row's cells; empty where there is nothing to say. */
export function cellsOf(row: Row): string[] {
  const { what, unit, ours, peer } = row
  return [
    what,
    formatValue(median(ours), unit),
    peer ? formatValue(median(peer.values), unit) : '',
    peer?.name ?? '',
    peer ? formatNumber(median(ratiosOf(row))) : '',
    formatEnds(row),
    verdicts(row).join('; '),
  ]
}

/** Three digits, thousands apart. */
export function formatNumber(value: number): string {
  return round(value).toLocaleString('en', { maximumSignificantDigits: 3 })
}

/** A number with its unit. */
export function formatValue(value: number, unit: string): string {
  return unit === '' ? formatNumber(value) : `${formatNumber(value)} ${unit}`
}

/** The least and the most of the rounds. */
function formatEnds(row: Row): string {
  if (row.ours.length === 1) return ''
  const { least, most } = spreadOfRow(row)
  return `${formatNumber(least)} to ${formatNumber(most)}`
}

/** `≤ 300 ms: kept`, and the same for the goal. */
function verdicts(row: Row): string[] {
  const all: [name: string, bound: Bound | undefined][] = [
    ['', row.bound],
    ['goal ', row.goal],
  ]
  return all.flatMap(([name, bound]) =>
    bound ? [`${name}${formatBound(row, bound)}: ${keeps(row, bound) ? 'kept' : 'MISSED'}`] : [],
  )
}

/** `≤ 300 ms` or `≥ 0.7 × the peer`. */
export function formatBound({ better, unit }: Row, bound: Bound): string {
  const sign = better === 'more' ? '≥' : '≤'
  if ('timesPeer' in bound) return `${sign} ${formatNumber(bound.timesPeer)} × the peer`
  return `${sign} ${formatValue(bound.limit, unit)}`
}

/** For the terminal: the benchmarks one below the other, their columns in line. */
export function textTable(results: readonly Result[]): string {
  const groups = results.map(({ name, rows }) => ({ name, rows: rows.map(cellsOf) }))
  const everything = [COLUMNS, ...groups.flatMap(({ rows }) => rows)]
  const widths = COLUMNS.map((_, i) => Math.max(...everything.map((cells) => (cells[i] ?? '').length)))
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, i) =>
      isNumber(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
    )
    return `  ${padded.join('  ')}`.trimEnd()
  }
  return [line(COLUMNS), ...groups.flatMap(({ name, rows }) => [name, ...rows.map(line)])].join('\n')
}

/** For the page: a line of its own for each benchmark, then its rows. */
export function markdownTable(results: readonly Result[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escape).join(' | ')} |`
  const groups = results.flatMap(({ name, form, rows }) => [
    `| **${name}**${form === 'quick' ? ' (quick)' : ''} |${' |'.repeat(COLUMNS.length - 1)}`,
    ...rows.map((row) => line(cellsOf(row))),
  ])
  const rule = COLUMNS.map((_, i) => (isNumber(i) ? '---:|' : '---|')).join('')
  return [line(COLUMNS), `|${rule}`, ...groups].join('\n')
}

function isNumber(column: number): boolean {
  return ['ours', 'peer', 'ratio', 'spread'].includes(COLUMNS[column] ?? '')
}

function escape(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
