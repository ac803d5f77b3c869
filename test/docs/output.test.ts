import { expect, test } from 'vitest'
import { isWhatWasShown } from './output.ts'

test.each([
  ['ports', 'at http://127.0.0.1:10003', 'at http://127.0.0.1:43211'],
  ['times', '2026-11-21 22:20:46 0:00:01', '2027-01-01 00:00:00 0:00:17'],
  ['ids of nodes', 'node tvmps_0123_d failed', `node tvmps_${'a'.repeat(64)}_d failed`],
  ['widths of columns', 'id  state\n--  -----', 'id          state\n--  --------'],
  ['dots of progress', 'Waiting.........', 'Waiting.....'],
  [
    'the order of transfers',
    'Uploading file …/b\nUploading file …/a',
    'Uploading file /x/a\nUploading file /x/b',
  ],
  ['what npm says first', 'hello', '\n> start\n> pnpm run job\n\n$ node main.ts\nhello'],
  ['what is left out of a line', 'cat: …/a.txt: No such file', 'cat: /tmp/node/a.txt: No such file'],
  ['lines that are left out', 'first\n…\nlast', 'first\n1\n2\nlast'],
  ['no line where some are left out', 'first\n…\nlast', 'first\nlast'],
])('may differ: %s', (_, shown, printed) => {
  expect(isWhatWasShown(shown, `${printed}\n`)).toBe(true)
})

test.each([
  ['a word', 'succeeded', 'failed'],
  ['a number', '3 tasks', '4 tasks'],
  ['a line too many', 'one', 'one\ntwo'],
  ['a line too few', 'one\ntwo', 'one'],
  ['what is a pattern elsewhere', 'a.c', 'abc'],
])('must not differ: %s', (_, shown, printed) => {
  expect(isWhatWasShown(shown, `${printed}\n`)).toBe(false)
})
