// Times of formulas: constants, the texts that time() reads, and the parts of a timestamp. All in UTC.

import { isTimestamp } from './values.ts'

const SECOND = 1000
const DAY = 86_400 * SECOND

/** The named intervals, milliseconds. */
export const INTERVALS: ReadonlyMap<string, number> = new Map([
  ['TimeInterval_Zero', 0],
  ['TimeInterval_100ns', 0.0001],
  ['TimeInterval_Microsecond', 0.001],
  ['TimeInterval_Millisecond', 1],
  ['TimeInterval_Second', SECOND],
  ['TimeInterval_Minute', 60 * SECOND],
  ['TimeInterval_Hour', 3600 * SECOND],
  ['TimeInterval_Day', DAY],
  ['TimeInterval_Week', 7 * DAY],
  ['TimeInterval_Year', 365 * DAY],
])

/** The parts of a timestamp by their names; Monday is weekday 1, Sunday 0. */
export const TIMESTAMP_PARTS: ReadonlyMap<string, (date: Date) => number> = new Map([
  ['year', (date: Date) => date.getUTCFullYear()],
  ['month', (date: Date) => date.getUTCMonth() + 1],
  ['day', (date: Date) => date.getUTCDate()],
  ['weekday', (date: Date) => date.getUTCDay()],
  ['hour', (date: Date) => date.getUTCHours()],
  ['minute', (date: Date) => date.getUTCMinutes()],
  ['second', (date: Date) => date.getUTCSeconds()],
])

const W3C =
  /^(?<year>\d{4})(?:-(?<month>\d\d)(?:-(?<day>\d\d)(?:T(?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:\.(?<fraction>\d{1,7}))?)?(?<zone>Z|[+-]\d\d:\d\d)?)?)?)?$/
const RFC1123 =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\d\d) (?<name>[A-Z][a-z]{2}) (?<year>\d{4}) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d) GMT$/
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Milliseconds since 1970 of a W3C-DTF or RFC 1123 text, at most 7 decimals; `undefined` when it is neither. */
export function parseTimestamp(text: string): number | undefined {
  const groups = (W3C.exec(text) ?? RFC1123.exec(text))?.groups
  if (!groups) return undefined
  const number = (name: string, absent: number): number => Number(groups[name] ?? absent)
  const month = groups['name'] === undefined ? number('month', 1) : MONTHS.indexOf(groups['name']) + 1
  const [day, hour, minute] = [number('day', 1), number('hour', 0), number('minute', 0)]
  const date = new Date(0)
  date.setUTCFullYear(number('year', 1), month - 1, day)
  date.setUTCHours(hour, minute, number('second', 0))
  // A day or an hour that the calendar does not have moves on to the next month or day.
  if (date.getUTCMonth() !== month - 1 || date.getUTCHours() !== hour || date.getUTCMinutes() !== minute)
    return undefined
  const ms = date.getTime() + Number(`0.${groups['fraction'] ?? 0}`) * SECOND - zoneOffset(groups['zone'])
  return isTimestamp(ms) ? ms : undefined
}

function zoneOffset(zone = 'Z'): number {
  if (zone === 'Z') return 0
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number)
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60 * SECOND
}
