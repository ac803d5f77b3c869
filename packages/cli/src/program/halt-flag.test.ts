import { formatHalt } from '@malachite/orchestrator'
import { expect, test } from 'vitest'
import { parseHalt } from './halt-flag.ts'

test.each([
  ['now,fail=1', 'now,fail=1'],
  ['soon,fail=30%', 'soon,fail=30%'],
  ['now,success=2', 'now,success=2'],
  ['soon,done=100%', 'soon,done=100%'],
  ['1', 'soon,fail=1'],
  ['2', 'now,fail=1'],
  ['-1', 'soon,success=1'],
  ['-2', 'now,success=1'],
  ['5%', 'soon,fail=5%'],
])('%s means %s', (text, meaning) => {
  const condition = parseHalt(text)
  expect(condition === 'never' ? condition : formatHalt(condition)).toBe(meaning)
})

test.each(['never', '0'])('%s halts nothing', (text) => {
  expect(parseHalt(text)).toBe('never')
})

test.each([
  ['later,fail=1', /now or soon/],
  ['now', /such as now,fail=1/],
  ['now,lost=1', /fail, success or done/],
  ['now,fail=', /such as/],
  ['now,fail=1.5', /such as/],
  ['now,fail=-1', /such as/],
  ['', /such as/],
  ['now,fail=0', /of at least 1/],
  ['now,fail=101%', /from 1 to 100/],
  ['0%', /from 1 to 100/],
])('%s is refused', (text, message) => {
  expect(() => parseHalt(text)).toThrow(message)
})
