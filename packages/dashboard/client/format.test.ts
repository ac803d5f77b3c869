import { expect, test } from 'vitest'
import { formatBytes, formatDuration, formatSpan, percent, plural, shortId } from './format.ts'

test.each([
  [0, '0 ms'],
  [820, '820 ms'],
  [4200, '4.2 s'],
  [9000, '9 s'],
  [59_900, '59 s'],
  [185_000, '3 min 5 s'],
  [7_800_000, '2 h 10 min'],
  [356_400_000, '4 d 3 h'],
])('writes a span of %d ms', (ms, text) => expect(formatSpan(ms)).toBe(text))

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KB'],
  [20 * 1024 ** 2, '20.0 MB'],
  [200 * 1024 ** 3, '200 GB'],
])('writes a size of %d bytes', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

test.each([
  ['P7D', '7 d'],
  ['PT15M', '15 min'],
  ['P1DT2H3M4S', '1 d 2 h 3 min 4 s'],
  ['PT0S', '0 s'],
  ['P10675199DT2H48M5.4775807S', 'no limit'],
  [undefined, ''],
])('writes a duration %s', (text, words) => expect(formatDuration(text)).toBe(words))

test('counts things', () => {
  expect([0, 1, 1234].map((count) => plural(count, 'task'))).toEqual(['0 tasks', '1 task', '1,234 tasks'])
  expect([percent(1, 4), percent(0, 0)]).toEqual([25, 0])
})

test('shortens an id in its middle', () => {
  expect(shortId('task-1')).toBe('task-1')
  expect(shortId(`tvmps_${'0123456789abcdef'.repeat(4)}_d`)).toBe('tvmps_01…abcdef_d')
})
