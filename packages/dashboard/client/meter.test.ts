import { expect, test } from 'vitest'
import { createMeter, METER_SECONDS } from './meter.ts'

const sum = (rates: number[]): number => Math.round(rates.reduce((a, b) => a + b, 0) * 1000) / 1000

test('spreads what ended between two counts over the time between them', () => {
  const meter = createMeter()
  meter.record('j', { succeeded: 5, failed: 0 }, 100_000)
  meter.record('j', { succeeded: 15, failed: 2 }, 102_000)
  const { succeeded, failed } = meter.rates(102_000)
  expect(succeeded.slice(-3)).toEqual([0, 5, 5])
  expect(failed.slice(-2)).toEqual([1, 1])
})

test('adds up jobs and does not count what ended before it looked', () => {
  const meter = createMeter()
  for (const job of ['a', 'b']) meter.record(job, { succeeded: 1000, failed: 0 }, 100_000)
  for (const job of ['a', 'b']) meter.record(job, { succeeded: 1010, failed: 0 }, 101_500)
  expect(sum(meter.rates(102_000).succeeded)).toBe(20)
})

test('counts that fall, as tasks are deleted or reactivated, are no throughput', () => {
  const meter = createMeter()
  meter.record('j', { succeeded: 10, failed: 5 }, 100_000)
  meter.record('j', { succeeded: 4, failed: 0 }, 101_000)
  expect(sum(meter.rates(101_000).succeeded)).toBe(0)
})

test('forgets what is older than the chart', () => {
  const meter = createMeter()
  meter.record('j', { succeeded: 0, failed: 0 }, 100_000)
  meter.record('j', { succeeded: 10, failed: 0 }, 101_000)
  expect(sum(meter.rates(100_000 + METER_SECONDS * 1000).succeeded)).toBe(10)
  expect(sum(meter.rates(102_000 + METER_SECONDS * 1000).succeeded)).toBe(0)
})
