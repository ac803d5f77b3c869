import { expect, test } from 'vitest'
import { median, quantile, round, spreadOf } from './statistics.ts'

test('the median is the middle value, whatever the order', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 3, 2])).toBe(3)
})

test('a quantile is the value that this part of the others stay below', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)
  expect(quantile(hundred, 0.99)).toBe(100)
  expect(quantile(hundred, 0.5)).toBe(51)
  expect(quantile(hundred, 1)).toBe(100)
  expect(quantile([], 0.5)).toBeNaN()
})

test('a spread has the middle and both ends', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 })
  expect(() => spreadOf([])).toThrow('nothing was measured')
})

test('numbers have three digits', () => {
  expect([1234.5, 0.012345, 2].map(round)).toEqual([1230, 0.0123, 2])
})
