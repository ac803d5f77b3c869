import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CHAPTERS } from './chapters.ts'
import type { Rule } from './rule.ts'

const ROOT = join(import.meta.dirname, '../..')
/** How the call of a test begins up to its title, and how the title ends. */
const OPENINGS = ["'", '"', '`'].flatMap((quote) => [`(${quote}`, `( ${quote}`].map((open) => [open, quote]))
const texts = new Map<string, string>()

describe.each(CHAPTERS)('$title', ({ sections }) => {
  test.each(Object.entries(sections))('%s: what proves each rule exists', (_, rules) => {
    expect(rules.filter((rule) => !exists(rule))).toEqual([])
  })
})

test('no rule stands twice', () => {
  const all = CHAPTERS.flatMap(({ sections }) => Object.values(sections).flat()).map(({ says }) => says)
  expect(all.filter((says, index) => all.indexOf(says) !== index)).toEqual([])
})

function exists(rule: Rule): boolean {
  if ('difference' in rule) return read('docs/differences.md').includes(rule.difference)
  const text = read(rule.file)
  return OPENINGS.some(([open, quote]) => text.includes(`${open}${rule.title}${quote},`))
}

/** A file's text with its white space as single spaces and its quotes bare. */
function read(file: string): string {
  const text = texts.get(file) ?? normalized(readFileSync(join(ROOT, file), 'utf8'))
  texts.set(file, text)
  return text
}

function normalized(text: string): string {
  return text.replaceAll(/\\(['"`])/g, '$1').replaceAll(/\s+/g, ' ')
}
