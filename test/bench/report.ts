// What `--json` writes and the page is drawn from: each benchmark's result with the machine and the moment it is of, so
// that parts of several runs can stand beside each other.

import type { Measurement } from './bench.ts'

/** Whether everything was measured, or less of it in less time. */
export type Form = 'full' | 'quick'

/** What the figures depend on. */
export interface Machine {
  processor: string
  cores: number
  memoryGigabytes: number
  os: string
  node: string
  /** Of Malachite, with `-dirty` behind it when files were changed; absent outside its repository. */
  commit?: string
}

/** One benchmark's result. */
export interface Result extends Measurement {
  name: string
  form: Form
  /** The moment of its start, ISO 8601. */
  date: string
  /** How long it took. */
  seconds: number
  /** How many cores other programs used just before it started. */
  loadBefore: number
  machine: Machine
}

/** All results, in the order of the benchmarks. */
export interface Report {
  results: Result[]
}

/** The report with these results in place of older ones of the same name, in the order of `names`. */
export function merge(report: Report, results: readonly Result[], names: readonly string[]): Report {
  const found = new Map([...report.results, ...results].map((result) => [result.name, result]))
  const rank = (name: string): number => (names.includes(name) ? names.indexOf(name) : names.length)
  return { results: [...found.values()].toSorted((a, b) => rank(a.name) - rank(b.name)) }
}

/** The report that a text holds. Throws a sentence when the text is not one. */
export function parseReport(text: string): Report {
  const value = parseJson(text)
  const isReport = typeof value === 'object' && value !== null && 'results' in value
  if (!isReport || !Array.isArray(value.results))
    throw new Error('it holds no results of npm run bench -- --json')
  return value as Report
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error('it is no JSON', { cause })
  }
}

/** Its text, with one value of a list behind the other. */
export function formatReport(report: Report): string {
  const lists = /\[[^[\]{}"]*\]/g
  const text = JSON.stringify(rounded(report), null, 2)
  return `${text.replace(lists, (list) => list.replaceAll(/\s+/g, ' ').replaceAll(/\[ | \]/g, (end) => end.trim()))}\n`
}

/** Six significant digits are more than any of the clocks has. */
function rounded(report: Report): unknown {
  return JSON.parse(
    JSON.stringify(report, (_, value: unknown) =>
      typeof value === 'number' ? Number(value.toPrecision(6)) : value,
    ),
  )
}
