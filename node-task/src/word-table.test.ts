import { expect, test } from 'vitest'

import { createWordTable } from './word-table.ts'

const encoder = new TextEncoder()

function tableOf(words: readonly string[]) {
  const table = createWordTable()
  for (const word of words) {
    const bytes = encoder.encode(`<${word}>`)
    table.add(bytes, 1, bytes.length - 1)
  }
  const read = (limit: number): [string, number][] =>
    table.top(limit).map((word) => [new TextDecoder().decode(table.bytesOf(word)), table.countOf(word)])
  return { read }
}

test('lists the most frequent words first and ties in order of first appearance', () => {
  const { read } = tableOf(['c', 'b', 'a', 'b', 'a', 'd'])
  expect(read(3)).toEqual([
    ['b', 2],
    ['a', 2],
    ['c', 1],
  ])
})

test('lists all words if there are fewer than asked for', () => {
  expect(tableOf(['a']).read(10)).toEqual([['a', 1]])
  expect(tableOf([]).read(10)).toEqual([])
})

test('keeps every word and count while it grows', () => {
  const words = Array.from({ length: 20_000 }, (_, index) => `word${index}`)
  const { read } = tableOf([...words, ...words, 'word19999'])
  expect(read(3)).toEqual([
    ['word19999', 3],
    ['word0', 2],
    ['word1', 2],
  ])
  expect(read(Infinity)).toHaveLength(20_000)
})

test('keeps a word that is longer than its first block of bytes', () => {
  const long = 'x'.repeat(200_000)
  expect(tableOf(['a', long, long]).read(1)).toEqual([[long, 2]])
})

test('tells words with the same hash apart', () => {
  // These two have the same 32-bit FNV-1a hash.
  expect(tableOf(['costarring', 'liquid', 'liquid']).read(2)).toEqual([
    ['liquid', 2],
    ['costarring', 1],
  ])
})
