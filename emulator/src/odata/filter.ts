// The service's `$filter` subset of OData: comparisons, `startswith`, `and`, `or`, `not`, parentheses.
// Parsing checks names and types too, so that what comes out can be folded into SQL or evaluated without questions.

import { filterError, tokenize, type Literal, type LiteralToken, type Token } from './lexer.ts'

/** What a property of a list can be compared with; an `enum` is a text of a few known words, such as a state. */
export type PropertyType = 'text' | 'enum' | 'number' | 'boolean' | 'time'

const OPERATORS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const
/** How a property is compared with a literal. */
export type Operator = (typeof OPERATORS)[number]

/** A parsed filter. `null` occurs only with `eq` and `ne`; other literals have the type of their property. */
export type Filter =
  | { kind: 'and'; terms: Filter[] }
  | { kind: 'or'; terms: Filter[] }
  | { kind: 'not'; term: Filter }
  | { kind: 'compare'; property: string; operator: Operator; value: Literal['value'] }
  | { kind: 'startswith'; property: string; prefix: string }

/** Nesting that a person would not write; keeps recursion here and in SQLite far from any stack limit. */
const MAX_DEPTH = 50
/** As much as fits into a URL. */
const MAX_LENGTH = 16_384

/** Parses a filter over these properties; throws `FilterError` for anything but a valid one. */
export function parseFilter(filter: string, typeOf: (property: string) => PropertyType | undefined): Filter {
  if (filter.length > MAX_LENGTH) throw filterError('The filter is too long', { position: MAX_LENGTH })
  const parser = createParser(tokenize(filter), typeOf)
  const tree = parser.parseTerms()
  parser.takeEnd()
  return tree
}

function createParser(tokens: Token[], typeOf: (property: string) => PropertyType | undefined) {
  let at = 0
  let depth = 0

  return { parseTerms, takeEnd }

  function peek(): Token {
    const token = tokens[at] ?? tokens.at(-1)
    return token ?? { kind: 'end', position: 1, text: '' }
  }

  function isNext(text: string): boolean {
    const token = peek()
    return token.kind !== 'literal' && token.kind !== 'end' && token.text === text
  }

  function skipIf(text: string): boolean {
    const found = isNext(text)
    if (found) at++
    return found
  }

  function takeEnd(): void {
    const token = peek()
    if (token.kind !== 'end')
      throw filterError(`Unexpected '${token.text}' after the end of the expression`, token)
  }

  function take(kind: Token['kind'], what: string): Token {
    const token = peek()
    if (token.kind !== kind) throw unexpected(token, what)
    at++
    return token
  }

  function takeLiteral(what: string): LiteralToken {
    const token = take('literal', what)
    if (token.kind !== 'literal') throw unexpected(token, what)
    return token
  }

  function expect(text: string): void {
    if (!skipIf(text)) throw unexpected(peek(), `'${text}'`)
  }

  /** Terms joined by `or`, the loosest; those joined by `and` bind tighter. */
  function parseTerms(): Filter {
    return parseJoined('or', () => parseJoined('and', parseTerm))
  }

  function parseJoined(kind: 'and' | 'or', parseOne: () => Filter): Filter {
    const first = parseOne()
    if (!isNext(kind)) return first
    const terms = [first]
    while (skipIf(kind)) terms.push(parseOne())
    return { kind, terms }
  }

  function parseTerm(): Filter {
    if (isNext('not') || isNext('(')) return parseNested()
    return isNext('startswith') ? parseStartsWith() : parseComparison()
  }

  function parseNested(): Filter {
    if (++depth > MAX_DEPTH) throw filterError('Too many nested parentheses', peek())
    const tree: Filter = skipIf('not') ? { kind: 'not', term: parseTerm() } : parseGroup()
    depth--
    return tree
  }

  function parseGroup(): Filter {
    expect('(')
    const tree = parseTerms()
    expect(')')
    return tree
  }

  function parseStartsWith(): Filter {
    expect('startswith')
    expect('(')
    const { property } = parseProperty('text')
    expect(',')
    const token = takeLiteral(LITERALS.text)
    if (token.literal.type !== 'text') throw unexpected(token, LITERALS.text)
    expect(')')
    return { kind: 'startswith', property, prefix: token.literal.value }
  }

  function parseComparison(): Filter {
    const { property, type } = parseProperty()
    const operator = parseOperator()
    const token = takeLiteral('a value')
    checkLiteral(token, property, type, operator)
    return { kind: 'compare', property, operator, value: token.literal.value }
  }

  function parseProperty(required?: PropertyType): { property: string; type: PropertyType } {
    const token = take('word', 'the name of a property')
    const type = typeOf(token.text)
    if (!type) throw filterError(`Unknown property '${token.text}'`, token)
    if (required && type !== required) {
      const reason = type === 'enum' ? 'can be compared only with eq and ne' : `is not a ${required}`
      throw filterError(`'${token.text}' ${reason}`, token)
    }
    return { property: token.text, type }
  }

  function parseOperator(): Operator {
    const token = take('word', `one of ${OPERATORS.join(', ')}`)
    const operator = OPERATORS.find((known) => known === token.text)
    if (!operator) throw filterError(`Unknown operator '${token.text}'`, token)
    return operator
  }
}

function unexpected(token: Token, wanted: string): Error {
  if (wanted === 'end')
    return filterError(`Unexpected '${token.text}' after the end of the expression`, token)
  const found = token.kind === 'end' ? 'the filter ends' : `found ${token.text}`
  return filterError(`Expected ${wanted}, but ${found}`, token)
}

const LITERALS: Record<PropertyType, string> = {
  text: 'a string in quotes',
  enum: 'a string in quotes',
  number: 'a number',
  boolean: 'true or false',
  time: "a time like DateTime'2026-01-31T12:00:00Z'",
}

function checkLiteral(token: LiteralToken, property: string, type: PropertyType, operator: Operator): void {
  const found = token.literal.type
  const isOrdered = operator !== 'eq' && operator !== 'ne'
  if (found === 'null' && isOrdered) throw filterError('null can be compared only with eq and ne', token)
  const wanted = type === 'enum' ? 'text' : type
  if (found !== 'null' && found !== wanted) {
    throw filterError(`'${property}' is compared with ${LITERALS[type]}, not with ${token.text}`, token)
  }
  if ((type === 'boolean' || type === 'enum') && isOrdered)
    throw filterError(`'${property}' can be compared only with eq and ne`, token)
}
