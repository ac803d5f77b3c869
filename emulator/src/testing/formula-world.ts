// A pool as formulas see it, for the tests of the language.

import { runFormula, type Decision } from '../autoscale/run.ts'
import { parseFormula } from '../autoscale/parser.ts'
import type { FormulaWorld } from '../autoscale/evaluate.ts'
import { SAMPLE_PERIOD, type Series } from '../autoscale/samples.ts'
import type { Metric } from '../autoscale/variables.ts'

/** Thursday, 2016-10-13T19:18:47.805Z. */
export const NOW = Date.UTC(2016, 9, 13, 19, 18, 47, 805)

/** Present values of metrics, and their samples, oldest first, the last of them taken now. */
export interface WorldOptions {
  now?: number
  dedicated?: number
  lowPriority?: number
  current?: Partial<Record<Metric, number>>
  samples?: Partial<Record<Metric, number[]>>
  random?: number
}

export function worldOf(options: WorldOptions = {}): FormulaWorld {
  const { now = NOW, dedicated = 2, lowPriority = 1, current = {}, samples = {}, random = 0.25 } = options
  return {
    now,
    random: () => random,
    targets: { dedicated, lowPriority },
    current: (metric) => current[metric] ?? samples[metric]?.at(-1) ?? 0,
    history: (metric) => series(samples[metric] ?? [], now),
  }
}

function series(values: number[], now: number): Series {
  return { values, times: values.map((_, i) => now - (values.length - 1 - i) * SAMPLE_PERIOD) }
}

/** Runs a formula. */
export function run(text: string, options?: WorldOptions): Decision {
  return runFormula(parseFormula(text), worldOf(options))
}

/** What the expression is, as results show it; or the place and reason of its error. */
export function valueOf(expression: string, options?: WorldOptions): string {
  const { results, error } = run(`x = ${expression}`, options).run
  return error?.values?.[0]?.value ?? results.split(';x=')[1] ?? ''
}
