// The most frequent words of a text that arrives in chunks of bytes. Words are split on Unicode white space; ASCII
// punctuation is stripped from both ends; case counts; a byte-order mark at the start is not part of a word.

import { createWordTable } from './word-table.ts'

/** A word and how often it occurred. */
export interface WordCount {
  readonly word: string
  readonly count: number
}

/** Counts the words of one text. */
export interface WordCounter {
  /** Takes the next bytes of the text. Words and characters may be split across chunks. */
  add(chunk: Uint8Array): void
  /** Ends the text: its `limit` most frequent words, ties in order of first appearance. */
  top(limit: number): WordCount[]
}

/** Longest run of bytes without white space, in bytes. What exceeds it is no text, and would have to fit in memory. */
export const LONGEST_WORD = 32 * 1024 * 1024

const FIRST_BYTES = 64 * 1024
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]
const PUNCTUATION = flags('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~')
const ASCII_SPACE = flags('\t\n\v\f\r ')
/** 1 for bytes that can begin white space: ASCII white space, and the first bytes of the multi-byte ones. */
const SPACE_START = flags('\t\n\v\f\r \u00c2\u00e1\u00e2\u00e3')

/** 1 at the codes (below 256) of the characters of `text`. */
function flags(text: string): Uint8Array {
  const table = new Uint8Array(256)
  for (const character of text) table[character.charCodeAt(0)] = 1
  return table
}

/**
 * Creates a counter. It works on bytes and decodes only the words of the result. Memory grows with the number of
 * distinct words, not with the text. Malformed UTF-8 is compared by its bytes and shown as U+FFFD.
 */
export function createWordCounter(): WordCounter {
  const table = createWordTable()
  let buffer = new Uint8Array(FIRST_BYTES)
  /** Bytes of an unfinished word at the start of the buffer. */
  let held = 0
  let begun = false

  function add(chunk: Uint8Array): void {
    const end = held + chunk.length
    if (end > buffer.length) buffer = enlarge(buffer, end)
    buffer.set(chunk, held)
    const scanned = held
    held = end
    if (!begun && end < BYTE_ORDER_MARK.length) return
    const start = begun ? 0 : textStart(buffer)
    begun = true
    // White space of up to three bytes may have begun in the last chunk.
    const rest = countWords(buffer, start, Math.max(start, scanned - 2), end)
    buffer.copyWithin(0, rest, end)
    held = end - rest
    if (held > LONGEST_WORD)
      throw new Error(`it has a word of more than ${LONGEST_WORD} bytes, so it is not a text`)
  }

  /** Counts the words between `start` and `end` and returns where the last, possibly unfinished one begins. */
  function countWords(bytes: Uint8Array, start: number, from: number, end: number): number {
    let wordStart = start
    for (let position = from; position < end;) {
      const width = SPACE_START[bytes[position] as number] === 0 ? 0 : spaceWidth(bytes, position, end)
      if (width === 0) {
        position += 1
        continue
      }
      if (position > wordStart) countWord(bytes, wordStart, position)
      position += width
      wordStart = position
    }
    return wordStart
  }

  function countWord(bytes: Uint8Array, from: number, to: number): void {
    let start = from
    let end = to
    while (start < end && PUNCTUATION[bytes[start] as number] === 1) start++
    while (start < end && PUNCTUATION[bytes[end - 1] as number] === 1) end--
    if (start < end) table.add(bytes, start, end)
  }

  function top(limit: number): WordCount[] {
    const rest = countWords(buffer, 0, Math.max(0, held - 2), held)
    countWord(buffer, rest, held)
    held = 0
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    return table.top(limit).map((word) => ({
      word: decoder.decode(table.bytesOf(word)),
      count: table.countOf(word),
    }))
  }

  return { add, top }
}

function enlarge(buffer: Uint8Array<ArrayBuffer>, needed: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(needed, buffer.length * 2))
  larger.set(buffer)
  return larger
}

function textStart(bytes: Uint8Array): number {
  return BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte) ? BYTE_ORDER_MARK.length : 0
}

/** How many bytes the white space at `position` has; 0 if there is none or the bytes up to `end` do not show it yet. */
function spaceWidth(bytes: Uint8Array, position: number, end: number): number {
  const first = bytes[position] as number
  if (ASCII_SPACE[first] === 1) return 1
  const second = position + 1 < end ? (bytes[position + 1] as number) : 0
  if (first === 0xc2) return second === 0x85 || second === 0xa0 ? 2 : 0
  const third = position + 2 < end ? (bytes[position + 2] as number) : 0
  return isWideSpace(first, second, third) ? 3 : 0
}

/** U+1680, U+2000–200A, U+2028, U+2029, U+202F, U+205F and U+3000: the white space of three bytes. */
function isWideSpace(first: number, second: number, third: number): boolean {
  if (first === 0xe1) return second === 0x9a && third === 0x80
  if (first === 0xe3) return second === 0x80 && third === 0x80
  if (second === 0x81) return third === 0x9f
  if (second !== 0x80) return false
  return (third >= 0x80 && third <= 0x8a) || third === 0xa8 || third === 0xa9 || third === 0xaf
}
