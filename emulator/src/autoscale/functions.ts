// The built-in functions.

import { FormulaError, type Position } from './formula-error.ts'
import { parseTimestamp } from './time.ts'
import { double, expectType, type Value, vector } from './values.ts'

/** What functions take from outside. */
export interface FunctionWorld {
  /** Milliseconds since 1970. */
  now: number
  /** A number from 0 up to 1. */
  random: () => number
}

/** A function of the language: `args` are as many as `arity` allows. */
export interface BuiltIn {
  /** How many arguments: at least, at most. */
  arity: readonly [min: number, max: number]
  apply: (args: readonly Value[], at: Position, world: FunctionWorld) => Value
}

/** Thrown by `stop()`: the formula ends here, with what it has set so far. */
export const STOP = Symbol('stop')

const stop: BuiltIn = {
  arity: [0, 0],
  apply: () => {
    throw STOP
  },
}

/** All functions by name. */
export const FUNCTIONS: ReadonlyMap<string, BuiltIn> = new Map<string, BuiltIn>([
  ['avg', aggregate((all) => (all.length === 0 ? undefined : sum(all) / all.length))],
  ['len', aggregate((all) => all.length)],
  ['max', aggregate(greatest)],
  ['min', aggregate(least)],
  ['norm', aggregate((all) => Math.sqrt(sum(all.map((item) => item * item))))],
  ['range', aggregate((all) => (all.length === 0 ? undefined : (greatest(all) ?? 0) - (least(all) ?? 0)))],
  ['std', aggregate(standardDeviation)],
  ['sum', aggregate(sum)],
  ['lg', componentWise(Math.log2)],
  ['ln', componentWise(Math.log)],
  ['log', componentWise(Math.log10)],
  ['ceil', componentWise(Math.ceil)],
  ['floor', componentWise(Math.floor)],
  ['round', componentWise((value) => Math.sign(value) * Math.round(Math.abs(value)))],
  ['percentile', ofVectorAndNumber(percentile)],
  ['val', ofVectorAndNumber((all, index) => all[Math.trunc(index)])],
  ['rand', { arity: [0, 0], apply: (_args, _at, { random }) => double(random()) }],
  ['time', { arity: [0, 1], apply: time }],
  ['stop', stop],
])

/** A function of any number of doubles and vectors, taken as one list; `undefined` when it has no value for it. */
function aggregate(compute: (all: number[]) => number | undefined): BuiltIn {
  return {
    arity: [1, Infinity],
    apply: (args, at) => {
      const all = args.flatMap((arg) =>
        arg.type === 'doubleVec' ? arg.value : expectType(arg, 'double', at),
      )
      return defined(compute(all), at, 'There are too few values')
    },
  }
}

/** A function of one double, or of each component of a vector. */
function componentWise(compute: (value: number) => number): BuiltIn {
  return {
    arity: [1, 1],
    apply: ([arg = double(0)], at) =>
      arg.type === 'doubleVec'
        ? vector(arg.value.map(compute))
        : double(compute(expectType(arg, 'double', at))),
  }
}

function ofVectorAndNumber(compute: (all: readonly number[], n: number) => number | undefined): BuiltIn {
  return {
    arity: [2, 2],
    apply: ([all = vector([]), n = double(0)], at) => {
      const found = compute(expectType(all, 'doubleVec', at), expectType(n, 'double', at))
      return defined(found, at, 'The second argument is out of range')
    },
  }
}

function defined(value: number | undefined, at: Position, reason: string): Value {
  if (value === undefined) throw new FormulaError('evaluation', at, reason)
  return double(value)
}

function sum(all: readonly number[]): number {
  return all.reduce((total, item) => total + item, 0)
}

// Not Math.max(...all): a vector may hold more samples than a call takes arguments.
function greatest(all: readonly number[]): number | undefined {
  return all.length === 0 ? undefined : all.reduce((a, b) => Math.max(a, b))
}

function least(all: readonly number[]): number | undefined {
  return all.length === 0 ? undefined : all.reduce((a, b) => Math.min(a, b))
}

/** That of a sample: the squares are divided by one less than there are. */
function standardDeviation(all: readonly number[]): number | undefined {
  if (all.length < 2) return undefined
  const mean = sum(all) / all.length
  return Math.sqrt(sum(all.map((item) => (item - mean) ** 2)) / (all.length - 1))
}

/** The element below which `p` percent of the others are (nearest rank). */
function percentile(all: readonly number[], p: number): number | undefined {
  if (!(p >= 0 && p <= 100)) return undefined
  const rank = Math.max(1, Math.ceil((p / 100) * all.length))
  return all.toSorted((a, b) => a - b)[rank - 1]
}

function time(args: readonly Value[], at: Position, { now }: FunctionWorld): Value {
  const text = args[0] ? expectType(args[0], 'string', at) : ''
  const value = text === '' ? now : parseTimestamp(text)
  if (value === undefined) throw new FormulaError('evaluation', at, `Not a time: ${text}`)
  return { type: 'timestamp', value }
}
