// The history of a metric and the questions that formulas ask it.

import { FormulaError, type Position } from './formula-error.ts'
import { double, expectType, type Value, vector } from './values.ts'

/** Time between two samples, milliseconds; the service's. */
export const SAMPLE_PERIOD = 30_000

/** The samples of one metric, oldest first. */
export interface Series {
  /** Milliseconds since 1970. */
  times: readonly number[]
  values: readonly number[]
}

/** One call of a method of a metric. */
export interface SampleCall {
  /** As the formula writes it: `$RunningTasks`. */
  metric: string
  args: readonly Value[]
  at: Position
  /** Milliseconds since 1970. */
  now: number
}

type Method = (series: Series, call: SampleCall) => Value

/** The methods of metrics by name. */
export const SAMPLE_METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['GetSample', getSample],
  ['GetSamplePercent', (series, call) => double(percentOf(selectWindow(series, call)))],
  ['GetSamplePeriod', () => ({ type: 'timeinterval', value: SAMPLE_PERIOD })],
  ['Count', (series) => double(series.times.length)],
  ['HistoryBeginTime', historyBegin],
])

/** `(count)`, `(start [, percent])` or `(start, end [, percent])`. */
function getSample(series: Series, call: SampleCall): Value {
  const [first, ...rest] = call.args
  if (first?.type === 'double' && rest.length === 0) return latest(series, call, Math.trunc(first.value))
  const last = call.args.at(-1)
  const wanted = call.args.length > 1 && last?.type === 'double' ? last.value : undefined
  const args = wanted === undefined ? call.args : call.args.slice(0, -1)
  const found = selectWindow(series, { ...call, args })
  const percent = percentOf(found)
  if (wanted !== undefined && percent < wanted)
    throw insufficient(call, `wanted ${wanted}%, received ${Math.floor(percent)}%`)
  if (found.values.length === 0) throw insufficient(call, 'wanted at least 1 sample, received 0')
  return vector(found.values)
}

function latest({ values }: Series, call: SampleCall, count: number): Value {
  if (!(count >= 1)) throw new FormulaError('evaluation', call.at, 'The count of samples must be at least 1')
  if (values.length === 0) throw insufficient(call, `wanted ${count} samples, received 0`)
  return vector(values.slice(-count))
}

function historyBegin({ times: [first] }: Series, call: SampleCall): Value {
  if (first === undefined) throw insufficient(call, 'wanted at least 1 sample, received 0')
  return { type: 'timestamp', value: first }
}

interface Window {
  values: readonly number[]
  /** How many samples the time should have. */
  expected: number
}

function percentOf({ values, expected }: Window): number {
  return expected > 0 ? Math.min(100, (values.length / expected) * 100) : 0
}

/** The samples after the earlier and up to the later time; without an end up to now. */
function selectWindow({ times, values }: Series, { args, at, now }: SampleCall): Window {
  const [start, end] = args
  if (!start || args.length > 2) throw new FormulaError('evaluation', at, 'Expected a start and an end')
  const bounds = [toTime(start, at, now), end ? toTime(end, at, now) : now]
  const [from, to] = [Math.min(...bounds), Math.max(...bounds)]
  const first = countUpTo(times, from)
  return {
    values: values.slice(first, countUpTo(times, to)),
    expected: Math.floor((to - from) / SAMPLE_PERIOD),
  }
}

/** An interval looks back from now. */
function toTime(value: Value, at: Position, now: number): number {
  return value.type === 'timeinterval' ? now - value.value : expectType(value, 'timestamp', at)
}

/** How many of the ascending times are not after `time`. */
function countUpTo(times: readonly number[], time: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? Infinity) <= time) low = middle + 1
    else high = middle
  }
  return low
}

function insufficient({ metric, at }: SampleCall, reason: string): FormulaError {
  return new FormulaError('samples', at, `Insufficient data from data set: ${metric} ${reason}`)
}
