// Durations, times and ranges of bytes.

import { formatDuration, parseDuration, parseTimeSpan } from '@malachite/model'
import { parseTimestamp } from '../../../emulator/src/autoscale/time.ts'
import { readRange } from '../../../emulator/src/http/file-query.ts'
import { parseDateTime } from '../../../emulator/src/odata/date-time.ts'
import { duration } from '../../../emulator/src/schema/common.ts'
import { dateTime } from '../../../emulator/src/schema/date-time.ts'
import { parseBody } from '../../../emulator/src/schema/parse.ts'
import { defineTarget, expectThat, orRefused, type Target } from '../target.ts'
import { type Language, makeText, wordsOf } from '../texts.ts'

const TIMES: Language = {
  valid: [
    'PT15M',
    'P1Y2M3W4DT5H6M7.89S',
    '-P10675199DT2H48M5.4775807S',
    '2026-01-31T12:00:00.1234567Z',
    '2024-02-29T23:59:60+14:00',
    'Wed, 01 May 2024 10:00:00 GMT',
    'bytes=0-99',
    'bytes=-5',
    '1.5h',
  ],
  words: wordsOf(
    `
      P T Y M W D H S - . : Z + bytes= 00 24 99 0000 9999 2026 -01- -13- -31 -30T GMT Feb 1e3
      999999999999999999999 h ms`,
  ),
}
const durations = duration()

/** A text that may be a time. */
export function openTimes(): Target {
  return defineTarget({
    name: 'times',
    make: (random) => ({ text: makeText(random, TIMES), size: random.pick([0, 1, 100, 2 ** 40]) }),
    check({ text, size }) {
      const ms = parseDuration(text)
      expectThat(ms === undefined || !Number.isNaN(ms), 'a duration is a number')
      parseTimeSpan(text)
      parseDateTime(text)
      const stamp = parseTimestamp(text)
      expectThat(stamp === undefined || new Date(stamp).toISOString() !== '', 'a time has a date')
      expectNormal(durations, text)
      expectNormal(dateTime, text)
      if (ms !== undefined && Math.abs(ms) < 1e12)
        expectThat(near(parseDuration(formatDuration(ms)), ms), 'a duration stays')
      const range = orRefused(() => readRange(text, size))
      const { offset = 0, length = size - offset } = range ?? {}
      expectThat(offset >= 0 && length >= 0 && offset + length <= size, 'a range lies in its file')
    },
  })
}

/** The normal form of what is taken is taken as it is. */
function expectNormal(schema: typeof durations, text: string): void {
  const normal = orRefused(() => parseBody(schema, text))
  if (normal !== undefined) expectThat(parseBody(schema, normal) === normal, `${normal} is the normal form`)
}

function near(a = NaN, b: number): boolean {
  return Math.abs(a - b) < 1
}
