import { expect, test } from 'vitest'
import { safePath } from './safe-path.ts'

test.each(['a.txt', 'dir/b.txt', '..a', 'a..', 'ein Wort.txt', "it's $HOME.txt", 'héé/日本.txt', '-rf'])(
  'keeps %j below the directory',
  (name) => {
    expect(safePath('/out', name)).toEqual({ path: `/out/${name}` })
  },
)

test.each([
  '../../x',
  '..',
  'a/../../x',
  'a/..',
  '/etc/passwd',
  'C:/x',
  'c:x',
  'a\\..\\x',
  'a//b',
  'a/',
  './a',
  'a/./b',
  '',
  'a\0b',
])('refuses %j', (name) => {
  expect(safePath('/out', name)).toEqual({ refused: expect.any(String) })
})
