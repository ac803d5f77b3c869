// The few statistics that the benchmarks use: the middle of several rounds and how far apart they were.

/** The middle value and the two ends of several rounds. */
export interface Spread {
  median: number
  least: number
  most: number
}

/** The middle one; of an even number, the higher of the two in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Infinity
}

/** The value that `part` (0 to 1) of the others stay below; NaN without values. */
export function quantile(values: readonly number[], part: number): number {
  const at = Math.min(values.length - 1, Math.floor(values.length * part))
  return values.toSorted((a, b) => a - b)[at] ?? NaN
}

/** Throws when there are no values. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('nothing was measured')
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) }
}

/** Three significant digits. */
export function round(value: number): number {
  return Number(value.toPrecision(3))
}
