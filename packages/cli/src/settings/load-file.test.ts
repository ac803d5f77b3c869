import { expect, test } from 'vitest'
import { parseLoad } from './load-file.ts'

test('a load is lines of time, tasks and duration', () => {
  expect(parseLoad('time, tasks, duration\n# morning\n0m, 50, 10m\n\n1.5h,200,PT5M # peak\r\n', 'l')).toEqual(
    [
      { at: 0, tasks: 50, duration: 600_000 },
      { at: 5_400_000, tasks: 200, duration: 300_000 },
    ],
  )
})

test.each([
  ['0m, 50', 'line 1: expected three values: time, tasks, duration'],
  ['0m, 1, 1m\nnoon, 1, 1m', 'line 2: "noon" is no time from the start'],
  ['0m, -1, 1m', 'line 1: "-1" is no number of tasks'],
  ['0m, 1, long', 'line 1: "long" is no duration'],
  ['# nothing', 'there are no tasks in it'],
  ['0m, 100001, 1m', '100000 are possible'],
])('%j is refused', (text, reason) => {
  expect(() => parseLoad(text, 'load.csv')).toThrow(reason)
})
