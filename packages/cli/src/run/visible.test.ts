import { expect, test } from 'vitest'
import { visible } from './visible.ts'

test.each([
  ['plain größe 日本\ttext', 'plain größe 日本\ttext'],
  ['\u001B[31mred\u001B[0m', '^[[31mred^[[0m'],
  ['10%\r20%', '10%^M20%'],
  ['bell\u0007 nul\u0000 del\u007F', 'bell^G nul^@ del^?'],
  ['\u009B2J', '<U+009B>2J'],
  ['user\u202Etxt.exe', 'user<U+202E>txt.exe'],
])('%j is shown as %j', (text, shown) => {
  expect(visible(text)).toBe(shown)
})
