// Rows of text: as a table that fits a terminal, or separated by tabs for other programs.

import { printable } from '../terminal/screen.ts'

/** Widths of columns, in characters. */
export type Widths = readonly number[]

const GAP = '  '
/** No column is made narrower, however many there are. */
const NARROWEST = 6

/** A value as text in one line; nothing for what is absent. */
export function toCell(value: unknown): string {
  if (value === undefined || value === null) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return printable(text).replaceAll('\t', ' ')
}

/** The widths that show all of the rows; with `columns`, the widest are narrowed until a line fits. */
export function fitWidths(rows: readonly (readonly string[])[], columns?: number): Widths {
  const count = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: count }, (_, i) =>
    Math.max(0, ...rows.map((row) => lengthOf(row[i] ?? ''))),
  )
  if (columns === undefined) return widths
  let excess = widths.reduce((sum, width) => sum + width, GAP.length * (count - 1)) - columns
  for (; excess > 0; excess--) {
    const widest = Math.max(...widths)
    if (widest <= NARROWEST) return widths
    widths[widths.indexOf(widest)] = widest - 1
  }
  return widths
}

/** A line of a table. What is wider than its column is cut when `isCut`, else it moves the rest to the right. */
export function tableLine(row: readonly string[], widths: Widths, isCut: boolean): string {
  const cells = row.map((cell, i) => {
    const width = widths[i] ?? 0
    return (isCut ? cut(cell, width) : cell).padEnd(width + cell.length - lengthOf(cell))
  })
  return cells.join(GAP).trimEnd()
}

function cut(text: string, width: number): string {
  const characters = Array.from(text)
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`
}

function lengthOf(text: string): number {
  return Array.from(text).length
}
