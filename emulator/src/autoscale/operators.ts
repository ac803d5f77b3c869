// What the operators do with each pair of types. The table is the service's; any other pair is an error.

import { FormulaError, type Position } from './formula-error.ts'
import type { BinaryOperator, UnaryOperator } from './syntax.ts'
import { double, isTimestamp, truth, type Value, vector } from './values.ts'

type Compute = (left: number, right: number) => number

const ARITHMETIC: Readonly<Record<string, Compute>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
}

const COMPARISON: Readonly<Record<string, (left: number | string, right: number | string) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
}

/** The types of sums, differences, products and quotients, `left operator right`; both operands are scalars. */
const SCALAR_RESULTS: ReadonlyMap<string, 'double' | 'timestamp' | 'timeinterval'> = new Map([
  ['double + double', 'double'],
  ['double - double', 'double'],
  ['double * double', 'double'],
  ['double / double', 'double'],
  ['double * timeinterval', 'timeinterval'],
  ['timeinterval * double', 'timeinterval'],
  ['timeinterval / double', 'timeinterval'],
  ['timeinterval + timeinterval', 'timeinterval'],
  ['timeinterval - timeinterval', 'timeinterval'],
  ['timeinterval + timestamp', 'timestamp'],
  ['timestamp + timeinterval', 'timestamp'],
  ['timestamp - timeinterval', 'timestamp'],
  ['timestamp - timestamp', 'timeinterval'],
])

/** The value of `left operator right`. `&&` and `||` are not here: they may leave their right side alone. */
export function applyBinary(operator: BinaryOperator, left: Value, right: Value, at: Position): Value {
  const compare = COMPARISON[operator]
  if (compare && left.type === right.type && left.type !== 'doubleVec' && right.type !== 'doubleVec')
    return truth(compare(left.value, right.value))
  const compute = ARITHMETIC[operator]
  if (compute && left.type === 'doubleVec' && right.type === 'double')
    return vector(left.value.map((item) => compute(item, right.value)))
  if (compute && left.type === 'doubleVec' && right.type === 'doubleVec')
    return vector(zip(compute, left.value, right.value, at))
  const type = SCALAR_RESULTS.get(`${left.type} ${operator} ${right.type}`)
  if (!type || !compute) throw mismatch(`${left.type} ${operator} ${right.type}`, at)
  return checked(type, compute(Number(left.value), Number(right.value)), at)
}

/** The value of `operator operand`. */
export function applyUnary(operator: UnaryOperator, operand: Value, at: Position): Value {
  const { type, value } = operand
  if (type === 'double') return operator === '!' ? truth(value === 0) : double(-value)
  if (type === 'timeinterval' && operator === '-') return { type, value: -value }
  throw mismatch(`${operator} ${type}`, at)
}

function zip(compute: Compute, left: readonly number[], right: readonly number[], at: Position): number[] {
  if (right.length === left.length) return left.map((item, i) => compute(item, right[i] ?? NaN))
  const reason = `Vectors of different lengths: ${left.length} and ${right.length}`
  throw new FormulaError('evaluation', at, reason)
}

function checked(type: 'double' | 'timestamp' | 'timeinterval', value: number, at: Position): Value {
  if (type !== 'timestamp' || isTimestamp(value)) return { type, value }
  throw new FormulaError('evaluation', at, 'The time is outside of the years 1 to 9999')
}

function mismatch(operation: string, at: Position): FormulaError {
  return new FormulaError('evaluation', at, `Operation is not defined: ${operation}`)
}
