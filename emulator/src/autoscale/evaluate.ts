// Runs a formula, statement by statement.

import { FormulaError, type Position } from './formula-error.ts'
import { FUNCTIONS, type FunctionWorld, STOP } from './functions.ts'
import { applyBinary, applyUnary } from './operators.ts'
import { SAMPLE_METHODS } from './samples.ts'
import type { Expression, Formula } from './syntax.ts'
import { TIMESTAMP_PARTS } from './time.ts'
import { double, expectType, truth, type Value, vector } from './values.ts'
import { createVariables, type FormulaPool, type Variables } from './variables.ts'

/** Everything that a formula may ask for. */
export interface FormulaWorld extends FormulaPool, FunctionWorld {}

/** The variables after the last statement, or after `stop()`. Throws a `FormulaError`. */
export function evaluateFormula(formula: Formula, world: FormulaWorld): Variables {
  const variables = createVariables(world)
  const evaluate = createEvaluator(variables, world)
  try {
    for (const { name, value, at } of formula.statements) {
      const result = evaluate(value)
      if (name !== undefined) variables.set(name, result, at)
    }
  } catch (error) {
    if (error !== STOP) throw error
  }
  return variables
}

type Node<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>

function createEvaluator(variables: Variables, world: FormulaWorld): (expression: Expression) => Value {
  const evaluators: { readonly [Kind in Expression['kind']]: (expression: Node<Kind>) => Value } = {
    number: ({ value }) => double(value),
    string: ({ value }) => ({ type: 'string', value }),
    name: ({ name, at }) => variables.get(name, at),
    vector: ({ items }) => vector(items.map(number)),
    call,
    member: (expression) => (expression.args ? method(expression, expression.args) : part(expression)),
    unary: ({ operator, operand, at }) => applyUnary(operator, evaluate(operand), at),
    binary,
    choice: ({ condition, yes, no }) => evaluate(number(condition) === 0 ? no : yes),
  }

  function evaluate(expression: Expression): Value {
    return (evaluators[expression.kind] as (expression: Expression) => Value)(expression)
  }

  function number(expression: Expression): number {
    return expectType(evaluate(expression), 'double', expression.at)
  }

  /** Chains such as `1 + 1 + 1 …` lean to the left and may be thousands long: their left sides go without recursion. */
  function binary(expression: Node<'binary'>): Value {
    const chain: Node<'binary'>[] = []
    let first: Expression = expression
    for (; first.kind === 'binary'; first = first.left) chain.push(first)
    return chain.reduceRight((left, node) => combine(node, left), evaluate(first))
  }

  function combine({ operator, left, right, at }: Node<'binary'>, value: Value): Value {
    if (operator !== '&&' && operator !== '||') return applyBinary(operator, value, evaluate(right), at)
    const isTrue = expectType(value, 'double', left.at) !== 0
    return truth(isTrue === (operator === '&&') ? number(right) !== 0 : isTrue)
  }

  function call({ name, args, at }: Node<'call'>): Value {
    const builtIn = FUNCTIONS.get(name)
    if (!builtIn) throw undefinedSymbol(name, at)
    const [min, max] = builtIn.arity
    if (args.length >= min && args.length <= max) return builtIn.apply(args.map(evaluate), at, world)
    const expected = max === Infinity ? `at least ${min}` : min === max ? min : `${min} to ${max}`
    throw new FormulaError('evaluation', at, `${name} takes ${expected} arguments, found ${args.length}`)
  }

  function method({ object, name, at }: Node<'member'>, args: Expression[]): Value {
    const metric = object.kind === 'name' ? variables.metric(object.name) : undefined
    const apply = SAMPLE_METHODS.get(name)
    if (!metric || !apply || object.kind !== 'name') throw undefinedSymbol(name, at)
    const { now } = world
    return apply(world.history(metric), { metric: object.name, args: args.map(evaluate), at, now })
  }

  function part({ object, name, at }: Node<'member'>): Value {
    const read = TIMESTAMP_PARTS.get(name)
    if (!read) throw undefinedSymbol(name, at)
    return double(read(new Date(expectType(evaluate(object), 'timestamp', at))))
  }

  return evaluate
}

function undefinedSymbol(name: string, at: Position): FormulaError {
  return new FormulaError('evaluation', at, `Undefined symbol: ${name}`)
}
