// The values of formulas and how they are written in results.

import { FormulaError, type Position } from './formula-error.ts'

/** Timestamps are milliseconds since 1970, intervals milliseconds; truth is the double 1 or 0. */
export type Value =
  | { type: 'double'; value: number }
  | { type: 'doubleVec'; value: readonly number[] }
  | { type: 'string'; value: string }
  | { type: 'timestamp'; value: number }
  | { type: 'timeinterval'; value: number }

export type ValueType = Value['type']

/** The JavaScript value that a type of the language is kept in. */
export type Inner<Type extends ValueType> = Extract<Value, { type: Type }>['value']

/** A double. */
export function double(value: number): Value {
  return { type: 'double', value }
}

/** The double of a condition. */
export function truth(condition: boolean): Value {
  return double(condition ? 1 : 0)
}

/** A vector of doubles. */
export function vector(value: readonly number[]): Value {
  return { type: 'doubleVec', value }
}

/** What a value of this type is kept in; a `FormulaError` when the value is of another type. */
export function expectType<Type extends ValueType>(value: Value, type: Type, at: Position): Inner<Type> {
  if (value.type === type) return value.value as Inner<Type>
  throw new FormulaError('evaluation', at, `Expected a ${type}, found a ${value.type}`)
}

/** The value as results show it: plain numbers, ISO 8601 times, intervals as `[d.]hh:mm:ss[.fffffff]`. */
export function formatValue({ type, value }: Value): string {
  if (type === 'doubleVec') return `[${value.join(',')}]`
  if (type === 'timestamp') return formatTimestamp(value)
  if (type === 'timeinterval') return formatInterval(value)
  return String(value)
}

/** The first and the last time of the service's calendar, the years 1 to 9999, in milliseconds. */
const FIRST_TIME = -62_135_596_800_000
const LAST_TIME = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** A time that the calendar knows. */
export function isTimestamp(ms: number): boolean {
  return ms >= FIRST_TIME && ms <= LAST_TIME
}

function formatTimestamp(ms: number): string {
  return new Date(ms).toISOString()
}

function formatInterval(ms: number): string {
  if (!Number.isFinite(ms)) return String(ms)
  const ticks = Math.round(Math.abs(ms) * 10_000)
  const seconds = Math.floor(ticks / 1e7)
  const days = Math.floor(seconds / 86_400)
  const two = (n: number): string => String(n).padStart(2, '0')
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
    .map(two)
    .join(':')
  const fraction = ticks % 1e7 === 0 ? '' : `.${String(ticks % 1e7).padStart(7, '0')}`
  return `${ms < 0 ? '-' : ''}${days > 0 ? `${days}.` : ''}${clock}${fraction}`
}
