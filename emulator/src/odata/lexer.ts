// Splits the text of a `$filter` into tokens. Positions count from 1, as people do, and end up in error messages.

import { parseDateTime } from './date-time.ts'

/** A value written in a filter; the value of a time is in microseconds since 1970. */
export type Literal =
  | { type: 'text'; value: string }
  | { type: 'number' | 'time'; value: number }
  | { type: 'boolean'; value: boolean }
  | { type: 'null'; value: null }

/** A piece of a filter. `end` comes once, as the last one. */
export type Token = { kind: 'word' | 'punctuation' | 'end'; position: number; text: string } | LiteralToken

/** A value where it stands. */
export interface LiteralToken {
  kind: 'literal'
  position: number
  text: string
  literal: Literal
}

/** What is wrong with a filter, as a sentence that names the position. */
export class FilterError extends Error {
  override readonly name = 'FilterError'
}

/** The error for something unexpected at a token. */
export function filterError(problem: string, { position }: { position: number }): FilterError {
  return new FilterError(`${problem} at position ${position}.`)
}

// Longest first where one is the beginning of another; sticky, so that nothing between tokens is skipped.
const SPACE = /\s*/y
const TOKEN =
  /(?<time>datetime'[^']*')|(?<string>'(?:[^']|'')*')|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]))|(?<word>[A-Za-z_][\w/]*)|(?<punctuation>[(),])/iy

/** All tokens of a filter; throws `FilterError` for a character that begins none. */
export function tokenize(filter: string): Token[] {
  const tokens: Token[] = []
  let at = skipSpace(filter, 0)
  while (at < filter.length) {
    const token = readToken(filter, at)
    tokens.push(token)
    at = skipSpace(filter, at + token.text.length)
  }
  tokens.push({ kind: 'end', position: filter.length + 1, text: '' })
  return tokens
}

function skipSpace(filter: string, at: number): number {
  SPACE.lastIndex = at
  SPACE.test(filter)
  return SPACE.lastIndex
}

function readToken(filter: string, at: number): Token {
  const position = at + 1
  TOKEN.lastIndex = at
  const match = TOKEN.exec(filter)
  if (!match) throw filterError(startError(filter, at), { position })
  const [text] = match
  const literal = readLiteral(text, match.groups ?? {}, position)
  if (literal) return { kind: 'literal', position, text, literal }
  return { kind: match.groups?.['word'] ? 'word' : 'punctuation', position, text }
}

function startError(filter: string, at: number): string {
  return filter[at] === "'" ? 'A string without a closing quote' : `Unexpected '${filter[at]}'`
}

function readLiteral(
  text: string,
  groups: Record<string, string | undefined>,
  position: number,
): Literal | undefined {
  if (groups['time']) return { type: 'time', value: readTime(text, position) }
  if (groups['string']) return { type: 'text', value: text.slice(1, -1).replaceAll("''", "'") }
  if (groups['number']) return { type: 'number', value: Number(text) }
  if (text === 'true' || text === 'false') return { type: 'boolean', value: text === 'true' }
  return text === 'null' ? { type: 'null', value: null } : undefined
}

function readTime(text: string, position: number): number {
  const time = parseDateTime(text.slice("DateTime'".length, -1))
  if (time === undefined)
    throw filterError(`${text} is not a time like DateTime'2026-01-31T12:00:00Z'`, { position })
  return time
}
