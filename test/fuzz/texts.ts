// Texts that are nearly right: valid ones with parts lost, doubled, moved or replaced, the words of a language in any
// order, and noise.

import type { Random } from './random.ts'

/** What the texts of a language are made from. */
export interface Language {
  valid: readonly [string, ...string[]]
  words: readonly [string, ...string[]]
}

/** The words of a text between blanks, and others that have blanks in them. */
export function wordsOf(text: string, ...others: string[]): [string, ...string[]] {
  const [first = '', ...more] = text.trim().split(/\s+/)
  return [first, ...more, ...others]
}

const NOISE =
  ' \t\n\r\0\u0007\'"`\\/%#?&;:,.()[]{}<>=+-*!~^$@_|0123456789aZzäß\u202e\ud800\udfff\u{1f4a5}\uffff'
const CHARACTERS: readonly string[] = Array.from(NOISE)
const LONGEST = 2000
/** What takes time by the square of the length shows itself here. */
const VERY_LONG = 20_000

/** A text of a language, or nearly. */
export function makeText(random: Random, language: Language): string {
  const kind = random.int(20)
  if (kind === 0) return noise(random, random.int(60))
  if (kind < 5)
    return Array.from({ length: random.int(25) }, () => word(random, language)).join(random.pick(['', ' ']))
  let text = random.pick(language.valid)
  for (let changes = random.int(5); changes > 0; changes--)
    text = change(random, text, language).slice(0, LONGEST)
  return random.oneIn(2000) ? text.concat(stretch(random, text, language)) : text
}

function word(random: Random, { words }: Language): string {
  return random.oneIn(12) ? noise(random, 1 + random.int(3)) : random.pick(words)
}

function noise(random: Random, length: number): string {
  return Array.from({ length }, () => CHARACTERS[random.int(CHARACTERS.length)] ?? '').join('')
}

function change(random: Random, text: string, language: Language): string {
  const [from, to] = span(random, text)
  const [before, part, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)]
  switch (random.int(7)) {
    case 0:
      return before + after
    case 1:
      return before + part + part + after
    case 2:
      return before + word(random, language) + after
    case 3:
      return before + word(random, language) + part + after
    case 4:
      return before + noise(random, 1) + part + after
    case 5:
      return after + part + before
    default:
      return before + random.pick(language.valid).slice(random.int(20)) + after
  }
}

function span(random: Random, text: string): [from: number, to: number] {
  const from = random.int(text.length + 1)
  return [from, Math.min(text.length, from + random.int(12))]
}

function stretch(random: Random, text: string, language: Language): string {
  const [from, to] = span(random, text)
  const part = text.slice(from, to) || word(random, language)
  return part.repeat(Math.ceil(VERY_LONG / part.length)).slice(0, VERY_LONG)
}
