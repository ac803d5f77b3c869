import * as v from 'valibot'
import { expect, test } from 'vitest'
import { dateTime } from './date-time.ts'

test.each([
  ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z'],
  ['2026-01-31T12:00:00.000Z', '2026-01-31T12:00:00Z'],
  ['2026-01-31T12:00:00.1230000Z', '2026-01-31T12:00:00.123Z'],
  ['2026-01-31T12:00:00.12345678Z', '2026-01-31T12:00:00.1234567Z'],
  ['2026-01-31T12:00', '2026-01-31T12:00:00Z'],
  ['2026-01-31T01:30:00+02:00', '2026-01-30T23:30:00Z'],
  ['2026-01-31t12:00:00z', '2026-01-31T12:00:00Z'],
])('%s is %s', (text, normal) => {
  expect(v.parse(dateTime, text)).toBe(normal)
})

test.each(['', 'soon', '2026-02-30T00:00:00Z', '2026-01-31', '2026-01-31T25:00:00Z', 1])(
  '%j is no time',
  (value) => {
    expect(v.safeParse(dateTime, value).success).toBe(false)
  },
)
