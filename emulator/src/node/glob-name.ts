// One level of a file pattern: `*`, `?` and `[…]` against one name. Not a regular expression, which takes for ever for
// names such as aaaa… and patterns such as *a*a*a*b: here the time is at most the product of both lengths.

/** Any number of characters. */
const ANY = Symbol('*')

/** A character, several of which one fits, or any number of them. */
type Part = string | ((character: string) => boolean) | typeof ANY

/** Tells whether a name fits. */
export type NameTest = (name: string) => boolean

/** The name that a pattern is, or the test of names that it is; `[*]` stands for the character itself. */
export function parseName(pattern: string): string | NameTest {
  const parts = partsOf(Array.from(pattern))
  const literals = parts.filter((part) => typeof part === 'string')
  if (literals.length === parts.length) return literals.join('')
  const isHidden = pattern.startsWith('.')
  return (name) => (isHidden || !name.startsWith('.')) && fits(parts, Array.from(name))
}

function partsOf(pattern: readonly string[]): Part[] {
  const parts: Part[] = []
  // What opens a set behind the last bracket that closes one is a character: nothing is looked for there.
  const last = pattern.lastIndexOf(']')
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? ''
    if (character === '*' && parts.at(-1) === ANY) continue
    const end = character === '[' && at < last ? endOfSet(pattern, at) : -1
    parts.push(end === -1 ? partOf(character) : setOf(pattern.slice(at + 1, end)))
    if (end !== -1) at = end
  }
  return parts
}

function partOf(character: string): Part {
  if (character === '*') return ANY
  return character === '?' ? () => true : character
}

/** Where the set that begins at `at` is closed; the first character of a set may be `]`. -1 when it is none. */
function endOfSet(pattern: readonly string[], at: number): number {
  const first = pattern[at + 1] === '!' ? at + 2 : at + 1
  return pattern.indexOf(']', first + 1)
}

function setOf(set: readonly string[]): Part {
  const isNegated = set[0] === '!'
  const members = isNegated ? set.slice(1) : set
  const [only = ''] = members
  if (members.length === 1 && !isNegated) return only
  const ranges: (readonly [first: string, last: string])[] = []
  for (let at = 0; at < members.length; at++) {
    const [first = '', dash, last] = members.slice(at, at + 3)
    const isRange = dash === '-' && last !== undefined
    ranges.push([first, isRange ? last : first])
    if (isRange) at += 2
  }
  return (character) => ranges.some((range) => isWithin(character, range)) !== isNegated
}

function isWithin(character: string, [first, last]: readonly [string, string]): boolean {
  const code = codeOf(character)
  return code >= codeOf(first) && code <= codeOf(last)
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0
}

/** Only the latest `*` ever takes more characters: the parts before it have found their first place. */
function fits(parts: readonly Part[], name: readonly string[]): boolean {
  let [part, star, taken] = [0, -1, 0]
  let at = 0
  while (at < name.length) {
    if (parts[part] === ANY) {
      star = part
      taken = at
      part += 1
    } else if (isFit(parts[part], name[at] ?? '')) {
      part += 1
      at += 1
    } else if (star === -1) {
      return false
    } else {
      part = star + 1
      taken += 1
      at = taken
    }
  }
  return parts.slice(part).every((rest) => rest === ANY)
}

function isFit(part: Part | undefined, character: string): boolean {
  return typeof part === 'function' ? part(character) : part === character
}
