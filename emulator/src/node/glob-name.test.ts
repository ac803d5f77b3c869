import { expect, test } from 'vitest'
import { matchFiles, parseGlob } from './glob.ts'
import { parseName } from './glob-name.ts'

const fits = (pattern: string, name: string): boolean => {
  const parsed = parseName(pattern)
  return typeof parsed === 'string' ? parsed === name : parsed(name)
}

test.each([
  ['a*c', 'abbc', true],
  ['a*c', 'ac', true],
  ['a*c', 'abcd', false],
  ['*ab*ab', 'abab', true],
  ['*ab*ab', 'aab', false],
  ['**', 'x', true],
  ['?', '💥', true],
  ['[z-a]', 'm', false],
  ['[!z-a]', 'm', true],
  ['[a-]', '-', true],
  ['[]]x', ']x', true],
  ['[]a]', 'a', true],
  ['[!]]', 'a', true],
  ['[!]]', ']', false],
  ['a[]*', 'a[]b', true],
  ['[^a]*', '^b', true],
  ['[*', '[b', true],
  ['(a|b)+.$', '(a|b)+.$', true],
  ['*\n*', 'a\nb', true],
  ['[.]x*', '.xy', false],
])('%j and %j: %s', (pattern, name, expected) => {
  expect(fits(pattern, name)).toBe(expected)
})

test.each(['[', '[!', '*[', '[]', '[!]', '[a', ']', '[[', '-', '\\'])(
  '%j has no set and is taken as it is',
  (pattern) => {
    expect(fits(pattern, pattern.replace('*', 'x'))).toBe(true)
  },
)

test('many stars and long names take no longer than the product of their lengths', () => {
  expect(fits(`${'*a'.repeat(1000)}b`, 'a'.repeat(255))).toBe(false)
  expect(fits('*a'.repeat(255), 'a'.repeat(255))).toBe(true)
})

test.each(['[', '[!', '[a]', '[]', '*['])('a pattern of a million characters %j is read at once', (part) => {
  expect(() => parseName(part.repeat(1_000_000 / part.length))).not.toThrow()
})

test('many ** look into each directory once for each of them, not in all ways', async () => {
  let listings = 0
  const list = (path: string) => {
    listings += 1
    return Promise.resolve(path.length < 40 ? [{ name: 'd', isDirectory: true }] : [])
  }
  expect(await matchFiles(parseGlob(`${'**/'.repeat(20)}x`).segments, list)).toEqual([])
  expect(listings).toBeLessThan(21 * 22)
})
