import { expect, test } from 'vitest'
import { commonPrefix } from './follow-tasks.ts'

test.each([
  [['a_OUTPUT.txt'], 'a_OUTPUT.txt'],
  [['part1.txt', 'part22.txt', 'part3'], 'part'],
  [['a', 'b'], ''],
  [['ab', 'a'], 'a'],
  [[], ''],
])('%j begin with "%s"', (names, prefix) => {
  expect(commonPrefix(names)).toBe(prefix)
})
