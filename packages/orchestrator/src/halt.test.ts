import { expect, test } from 'vitest'
import { findHalt, formatHalt, haltProblem, type HaltCondition } from './halt.ts'

function counts(succeeded: number, failed: number) {
  return { active: 0, running: 0, completed: succeeded + failed, succeeded, failed }
}

const onFailures = (amount: number, unit: HaltCondition['unit'] = 'tasks'): HaltCondition => ({
  when: 'soon',
  why: 'fail',
  amount,
  unit,
})

test('a run is halted once so many tasks have failed, and not before', () => {
  expect(findHalt(onFailures(2), counts(5, 1), 10)).toBeUndefined()
  expect(findHalt(onFailures(2), counts(5, 2), 10)).toEqual({
    condition: onFailures(2),
    reason: '2 of 10 tasks had failed',
  })
})

test.each([
  [3, 10, 30, true],
  [2, 10, 30, false],
  [1, 3, 33, true],
  [1, 3, 34, false],
  [3, 3, 100, true],
  [0, 3, 1, false],
])('%d of %d tasks are %d percent: %s', (failed, total, percent, isReached) => {
  expect(findHalt(onFailures(percent, 'percent'), counts(0, failed), total) !== undefined).toBe(isReached)
})

test('successes are counted apart from failures, and completed tasks are both', () => {
  const condition = { when: 'now', amount: 2, unit: 'tasks' } as const
  expect(findHalt({ ...condition, why: 'success' }, counts(1, 5), 9)).toBeUndefined()
  expect(findHalt({ ...condition, why: 'success' }, counts(2, 0), 9)?.reason).toBe(
    '2 of 9 tasks had succeeded',
  )
  expect(findHalt({ ...condition, why: 'done' }, counts(1, 1), 9)?.reason).toBe('2 of 9 tasks had completed')
})

test('without a condition nothing is halted', () => {
  expect(findHalt(undefined, counts(0, 9), 9)).toBeUndefined()
})

test('a condition is written as it is typed', () => {
  expect(formatHalt(onFailures(3))).toBe('soon,fail=3')
  expect(formatHalt(onFailures(30, 'percent'))).toBe('soon,fail=30%')
})

test.each([onFailures(0), onFailures(1.5), onFailures(101, 'percent'), onFailures(Number.NaN)])(
  '%o is refused',
  (condition) => {
    expect(haltProblem(condition)).toMatch(/must be a whole number/)
  },
)

test.each([undefined, onFailures(1), onFailures(100, 'percent')])('%o is accepted', (condition) => {
  expect(haltProblem(condition)).toBeUndefined()
})
