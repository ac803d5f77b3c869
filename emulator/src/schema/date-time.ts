// Times in requests.

import * as v from 'valibot'
import { text } from './common.ts'

const TIME = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,7})\d*)?(Z|[+-]\d\d:\d\d)?$/i

/** An ISO 8601 time in the service's normal form: UTC, up to 7 decimals without the last zeros. */
export const dateTime = v.pipe(
  text,
  v.rawTransform<string, string>(({ dataset, addIssue, NEVER }) => {
    const time = normalise(dataset.value)
    if (time !== undefined) return time
    addIssue({ message: 'must be a time such as 2026-01-31T12:00:00Z' })
    return NEVER
  }),
)

function normalise(value: string): string | undefined {
  const [, day = '', clock = '', decimals = '', zone = 'Z'] = TIME.exec(value) ?? []
  const ms = Date.parse(`${day}${clock}${zone}`.toUpperCase())
  if (Number.isNaN(ms) || !isDay(day)) return undefined
  const fraction = decimals.replace(/0+$/, '')
  return `${new Date(ms).toISOString().slice(0, 19)}${fraction && `.${fraction}`}Z`
}

// `Date` turns February 30th into March 2nd instead of refusing it.
function isDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}
