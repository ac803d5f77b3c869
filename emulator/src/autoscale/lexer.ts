// Cuts a formula into tokens, each with its place.

import { FormulaError, type Position } from './formula-error.ts'

/** `name`: `$TargetDedicatedNodes`, `time`; `symbol`: an operator or a bracket; `end`: after the last token. */
export interface Token {
  kind: 'number' | 'string' | 'name' | 'symbol' | 'end'
  /** The text; of a string without its quotes. */
  text: string
  at: Position
}

// Order matters: the first alternative that fits is taken, so two-character symbols come first.
const TOKEN =
  /(?<space>\s+|\/\/[^\n\r]*)|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|"(?<string>[^"\n\r]*)"|(?<name>\$?[A-Za-z_]\w*)|(?<symbol>[<>=!]=|&&|\|\||[-+*/<>=!?:;,.()[\]])/y

/** The tokens of a formula, the last one of kind `end`. Throws a `FormulaError` at a character that fits nowhere. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  const pattern = new RegExp(TOKEN)
  const place = createPlaces(text)
  while (pattern.lastIndex < text.length) {
    const offset = pattern.lastIndex
    const groups = pattern.exec(text)?.groups
    if (!groups) throw new FormulaError('syntax', place(offset), unexpected(text, offset))
    if (groups['space'] === undefined) tokens.push({ ...readToken(groups), at: place(offset) })
  }
  return [...tokens, { kind: 'end', text: '', at: place(text.length) }]
}

function readToken(groups: Record<string, string | undefined>): Pick<Token, 'kind' | 'text'> {
  for (const kind of ['number', 'string', 'name'] as const) {
    const text = groups[kind]
    if (text !== undefined) return { kind, text }
  }
  return { kind: 'symbol', text: groups['symbol'] ?? '' }
}

function unexpected(text: string, offset: number): string {
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0)
  return character === '"' ? 'A string has no end' : `Unexpected character: ${character}`
}

/** Tells the place of an offset; offsets must not decrease from call to call. */
function createPlaces(text: string): (offset: number) => Position {
  let line = 1
  let start = 0
  return (offset) => {
    for (let end = text.indexOf('\n', start); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
      line += 1
      start = end + 1
    }
    return { line, column: offset - start + 1 }
  }
}
