import { expect, test } from 'vitest'
import { isBinary, LONGEST_LINE, toHex, toPlainText } from './text.ts'

test.each([
  ['colours', '\u001B[1;31mred\u001B[0m', 'red'],
  ['the cursor', 'a\u001B[2K\u001B[1Gb', 'ab'],
  ['titles', '\u001B]0;title\u0007text', 'text'],
  ['links', '\u001B]8;;http://evil/\u001B\\text\u001B]8;;\u001B\\', 'text'],
  ['an escape at the end', 'text\u001B[3', 'text'],
])('takes sequences for %s out of a text', (_, text, plain) => {
  expect(toPlainText(text)).toBe(plain)
})

test('shows what was last written over a line, as a terminal does', () => {
  expect(toPlainText('10%\r20%\r30%\ndone\r\n')).toBe('30%\ndone\n')
})

test('shows other control characters as signs and none that turn the direction', () => {
  expect(toPlainText('a\u0000b\u0008c\u007F')).toBe('a\u2400b\u2408c\u2421')
  expect(toPlainText('safe\u202Etxt')).toBe('safe\uFFFDtxt')
})

test('cuts a long line and says by how much', () => {
  const cut = toPlainText(`${'x'.repeat(LONGEST_LINE + 1500)}\nshort`)
  expect(cut).toBe(`${'x'.repeat(LONGEST_LINE)} […1,500 more characters in this line]\nshort`)
})

test('tells text from bytes by a zero', () => {
  expect(isBinary(new TextEncoder().encode('Grüße'))).toBe(false)
  expect(isBinary(new Uint8Array([1, 0, 2]))).toBe(true)
})

test('writes 16 bytes to the line of a hex dump', () => {
  expect(toHex(new Uint8Array(17).fill(65))).toBe(
    `000000  ${Array(16).fill('41').join(' ')}  ${'A'.repeat(16)}\n000010  41${' '.repeat(45)}  A`,
  )
})
