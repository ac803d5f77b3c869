// ISO 8601 times to microseconds since 1970: `Date` alone would lose what the service writes after the milliseconds.

const ISO = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,7})\d*)?)?(Z|[+-]\d\d:\d\d)?$/i

/** Microseconds since 1970 (with a fraction for the 7th decimal); UTC unless the text says otherwise; `undefined` when it is no time. */
export function parseDateTime(text: string): number | undefined {
  const match = ISO.exec(text)
  if (!match) return undefined
  const [, day = '', clock = '00:00', decimals = '', zone = 'Z'] = match
  if (!isDay(day)) return undefined
  const ms = Date.parse(`${day}T${clock}${zone.toUpperCase()}`)
  return Number.isNaN(ms) ? undefined : ms * 1000 + Number(decimals.padEnd(7, '0')) / 10
}

// `Date` turns February 30th into March 2nd instead of refusing it.
function isDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day)
}
