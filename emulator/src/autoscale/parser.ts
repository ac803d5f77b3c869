// Reads a formula: tokens to statements. Precedence is that of C.

import { FormulaError } from './formula-error.ts'
import { tokenize, type Token } from './lexer.ts'
import {
  BINARY_LEVELS,
  type BinaryOperator,
  type Expression,
  type Formula,
  type Statement,
} from './syntax.ts'

/** The service's limits. */
export const MAX_CHARACTERS = 8192
export const MAX_STATEMENTS = 100
/** Deeper nesting than any formula that people write; keeps recursion far from the limit of the stack. */
const MAX_DEPTH = 200

/** Binding strength of each operator between two expressions. */
const STRENGTH: ReadonlyMap<string, number> = new Map(
  BINARY_LEVELS.flatMap((operators, level) => operators.map((operator) => [operator, level] as const)),
)

/** Reads a formula. Throws a `FormulaError` of the kinds `tooLong` and `syntax`. */
export function parseFormula(text: string): Formula {
  if (text.length > MAX_CHARACTERS) {
    const reason = `The formula has ${text.length} characters; ${MAX_CHARACTERS} are allowed`
    throw new FormulaError('tooLong', { line: 1, column: 1 }, reason)
  }
  return { statements: createParser(tokenize(text)).statements() }
}

function createParser(tokens: readonly Token[]) {
  let index = 0
  let depth = 0

  const peek = (ahead = 0): Token => tokens[Math.min(index + ahead, tokens.length - 1)] as Token
  const isNext = (...symbols: string[]): boolean => peek().kind === 'symbol' && symbols.includes(peek().text)

  function take(): Token {
    const token = peek()
    index += 1
    return token
  }

  function takeIf(...symbols: string[]): Token | undefined {
    return isNext(...symbols) ? take() : undefined
  }

  function need(symbol: string): void {
    if (!takeIf(symbol)) fail(`Expected ${symbol}`)
  }

  function fail(expectation: string, token = peek()): never {
    const found = token.kind === 'end' ? 'the end of the formula' : token.text
    throw new FormulaError('syntax', token.at, `${expectation}, found ${found}`)
  }

  /** One level further down; every way back to `expression` goes through here. */
  function nested<T>(read: () => T): T {
    depth += 1
    if (depth > MAX_DEPTH) throw new FormulaError('syntax', peek().at, 'The formula is nested too deeply')
    const result = read()
    depth -= 1
    return result
  }

  function statements(): Statement[] {
    const all: Statement[] = []
    while (peek().kind !== 'end') {
      if (takeIf(';')) continue
      if (all.length === MAX_STATEMENTS) fail(`A formula has at most ${MAX_STATEMENTS} statements`)
      all.push(statement())
      if (peek().kind !== 'end') need(';')
    }
    return all
  }

  function statement(): Statement {
    const { kind, text, at } = peek()
    const assigned = peek(1)
    if (kind !== 'name' || assigned.kind !== 'symbol' || assigned.text !== '=') return { at, value: choice() }
    index += 2
    return { at, name: text, value: choice() }
  }

  function choice(): Expression {
    const condition = binary(0)
    if (!takeIf('?')) return condition
    const yes = nested(choice)
    need(':')
    return { kind: 'choice', at: condition.at, condition, yes, no: nested(choice) }
  }

  /** Operators of at least this strength; those of one strength are taken from left to right. */
  function binary(weakest: number): Expression {
    let left = unary()
    for (;;) {
      const { kind, text } = peek()
      const strength = kind === 'symbol' ? STRENGTH.get(text) : undefined
      if (strength === undefined || strength < weakest) return left
      const { at } = take()
      left = { kind: 'binary', at, operator: text as BinaryOperator, left, right: binary(strength + 1) }
    }
  }

  function unary(): Expression {
    const sign = takeIf('-', '!')
    if (!sign) return postfix()
    return { kind: 'unary', at: sign.at, operator: sign.text === '-' ? '-' : '!', operand: nested(unary) }
  }

  function postfix(): Expression {
    let value = primary()
    for (let links = 0; takeIf('.'); links++) {
      const { kind, text, at } = peek()
      if (kind !== 'name' || text.startsWith('$') || links > MAX_DEPTH) fail('Expected a name')
      take()
      const member = {
        kind: 'member',
        at: value.kind === 'name' ? value.at : at,
        object: value,
        name: text,
      } as const
      value = takeIf('(') ? { ...member, args: list(')') } : member
    }
    return value
  }

  function primary(): Expression {
    const token = take()
    const { at, text } = token
    if (token.kind === 'number') return { kind: 'number', at, value: Number(text) }
    if (token.kind === 'string') return { kind: 'string', at, value: text }
    if (token.kind === 'name') {
      return takeIf('(')
        ? { kind: 'call', at, name: text, args: list(')') }
        : { kind: 'name', at, name: text }
    }
    if (token.kind === 'symbol' && text === '[') return { kind: 'vector', at, items: list(']') }
    if (token.kind !== 'symbol' || text !== '(') fail('Expected a value', token)
    const inner = nested(choice)
    need(')')
    return inner
  }

  function list(close: string): Expression[] {
    const items: Expression[] = []
    if (takeIf(close)) return items
    do items.push(nested(choice))
    while (takeIf(','))
    need(close)
    return items
  }

  return { statements }
}
