// Durations travel as ISO 8601 text ("PT15M"), as in the service; code computes with milliseconds.

/** An ISO 8601 duration such as `PT15M` or `P7D`. */
export type Duration = string

/** What the service writes for "no limit": the longest duration it knows (.NET `TimeSpan.MaxValue`). */
export const UNLIMITED: Duration = 'P10675199DT2H48M5.4775807S'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

// The service counts a year as 365 days and a month as 30 (recorded: P3Y6M4DT12H30M5S comes back as P1279DT12H30M5S).
const UNITS = [365 * DAY, 30 * DAY, 7 * DAY, DAY, HOUR, MINUTE, SECOND]
const ISO =
  /^(-)?P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

/** Milliseconds of an ISO 8601 duration; `undefined` when the text is none. */
export function parseDuration(text: Duration): number | undefined {
  const match = ISO.exec(text)
  if (!match) return undefined
  const sum = UNITS.reduce((total, unit, i) => total + unit * Number(match[i + 2] ?? 0), 0)
  return match[1] ? -sum : sum
}

/** The service's normal form of so many milliseconds: days, hours, minutes, seconds (`PT1H`, `P1DT30S`, `PT0S`). */
export function formatDuration(ms: number): Duration {
  if (ms >= MAX_MS) return UNLIMITED
  const abs = Math.abs(ms)
  const day = part(Math.floor(abs / DAY), 'D')
  const time =
    part(Math.floor((abs % DAY) / HOUR), 'H') +
    part(Math.floor((abs % HOUR) / MINUTE), 'M') +
    part((abs % MINUTE) / SECOND, 'S')
  if (!day && !time) return 'PT0S'
  return `${ms < 0 ? '-' : ''}P${day}${time && `T${time}`}`
}

/** The longest duration of the service in whole milliseconds. */
const MAX_MS = 10_675_199 * DAY + 2 * HOUR + 48 * MINUTE + 5_477

function part(count: number, unit: string): string {
  return count === 0 ? '' : `${Number(count.toFixed(7))}${unit}`
}

const SHORT = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/
const SHORT_UNITS: Record<string, number> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY }

/** Milliseconds of what people type: `90s`, `20m`, `1.5h`, `500ms`, or ISO 8601; `undefined` when it is neither. */
export function parseTimeSpan(text: string): number | undefined {
  const match = SHORT.exec(text.trim())
  const unit = SHORT_UNITS[match?.[2] ?? '']
  return match && unit ? Number(match[1]) * unit : parseDuration(text.trim())
}

/** Hours, minutes and seconds as the tutorial prints them: `0:20:00`. */
export function formatClock(ms: number): string {
  const seconds = Math.round(ms / SECOND)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
