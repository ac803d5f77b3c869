import { expect, test } from 'vitest'

import { createWordCounter, LONGEST_WORD } from './top-words.ts'

/** Counts `text` in chunks of `size` bytes and returns `word=count` for every word. */
function count(text: string | Uint8Array, size = Infinity, limit = Infinity): string[] {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const counter = createWordCounter()
  for (let start = 0; start < bytes.length; start += size) counter.add(bytes.slice(start, start + size))
  return counter.top(limit).map((entry) => `${entry.word}=${entry.count}`)
}

const WHITE_SPACE = Array.from(
  '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a' +
    '\u2028\u2029\u202f\u205f\u3000',
)

test.each([
  ['counts words and puts ties in order of first appearance', 'b a c a b', ['b=2', 'a=2', 'c=1']],
  ['tells upper from lower case', 'The the The', ['The=2', 'the=1']],
  [
    'strips ASCII punctuation from both ends only',
    '(well-known), "3.14" C++ \'tis',
    ['well-known=1', '3.14=1', 'C=1', 'tis=1'],
  ],
  [
    'strips every ASCII punctuation character',
    '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~a!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    ['a=1'],
  ],
  ['keeps other punctuation', '“quoted” “quoted” «l’été»', ['“quoted”=2', '«l’été»=1']],
  ['drops words that are nothing but punctuation', '-- ... a ***', ['a=1']],
  ['drops a byte-order mark at the start', '\ufeffword word', ['word=2']],
  ['drops a byte-order mark that stands alone', '\ufeff', []],
  ['drops only one byte-order mark', '\ufeff\ufeffa', ['\ufeffa=1']],
  ['keeps a byte-order mark elsewhere', 'a \ufeffa', ['a=1', '\ufeffa=1']],
  ['treats CRLF like LF', 'a\r\nb\r\na', ['a=2', 'b=1']],
  [
    'keeps what only resembles white space',
    'a\u200bb \u180e \u00c2 \u2011 \u3001',
    ['a\u200bb=1', '\u180e=1', '\u00c2=1', '\u2011=1', '\u3001=1'],
  ],
  ['counts nothing in an empty text', '', []],
  ['counts nothing in white space', ' \n\u3000', []],
  ['counts a text of one character', 'a', ['a=1']],
])('%s, however the text is cut', (_, text, expected) => {
  for (const size of [Infinity, 1, 2, 3, 5]) expect(count(text, size)).toEqual(expected)
})

test('splits on every Unicode white space character, however the text is cut', () => {
  for (const space of WHITE_SPACE) {
    for (const size of [Infinity, 1, 2, 3])
      expect(count(`a${space}b${space}${space}a`, size)).toEqual(['a=2', 'b=1'])
  }
})

test('finds the same words in one chunk as in many small ones', () => {
  const text = 'Schöne Grüße, aus Zürich! 市場\u3000は 楽しい θάλασσα\u00a0θάλασσα 😀 😀\u2028“ende” '.repeat(
    50,
  )
  const whole = count(text)
  expect(whole).toContain('θάλασσα=100')
  expect(whole).toContain('😀=100')
  for (let size = 1; size < 40; size++) expect(count(text, size)).toEqual(whole)
})

test('returns at most as many words as asked for', () => {
  expect(count('a b b c c c', Infinity, 2)).toEqual(['c=3', 'b=2'])
})

test('shows malformed bytes as U+FFFD and ends words after them as usual', () => {
  expect(count(Uint8Array.of(0x61, 0xe9, 0x20, 0x62, 0xe2, 0x80, 0x20, 0x63, 0xc2))).toEqual([
    'a\ufffd=1',
    'b\ufffd=1',
    'c\ufffd=1',
  ])
})

test('refuses a word that no text has', () => {
  const counter = createWordCounter()
  const chunk = new Uint8Array(LONGEST_WORD / 4)
  const addAll = (): void => {
    for (let i = 0; i < 5; i++) counter.add(chunk)
  }
  expect(addAll).toThrow('a word of more than 33554432 bytes, so it is not a text')
})
