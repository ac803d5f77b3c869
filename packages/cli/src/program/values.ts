// What people type after a flag, checked while the command line is read, so that a mistake is told before anything starts.

import { parseTimeSpan, QUOTA_NAMES, type Quotas } from '@malachite/model'
import { InvalidArgumentError } from 'commander'

/** A parser of whole numbers from `min` to `max`. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN
    if (value >= min && value <= max) return value
    throw new InvalidArgumentError(`It must be a whole number ${range}.`)
  }
}

/** A parser of numbers from `min` to `max`, such as 60 or 1.5. */
export function decimalNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
    if (value >= min && value <= max) return value
    throw new InvalidArgumentError(`It must be a number from ${min} to ${max}.`)
  }
}

const port = wholeNumber(0, 65_535)

/** A TCP port; 0 = a free one. */
export function parsePort(text: string): number {
  return port(text)
}

/** A TCP port, or `none`. */
export function parseOptionalPort(text: string): number | 'none' {
  if (text === 'none') return text
  try {
    return port(text)
  } catch {
    throw new InvalidArgumentError('It must be a whole number from 0 to 65535, or none.')
  }
}

/** Milliseconds of `90s`, `20m`, `1.5h` or an ISO 8601 duration. */
export function parseTimeLimit(text: string): number {
  const ms = parseTimeSpan(text)
  if (ms !== undefined && ms > 0) return ms
  throw new InvalidArgumentError('It must be a time with a unit, such as 90s, 20m or 1.5h.')
}

/** The quotas of `pools=2,dedicatedCores=8`, added to those before. */
export function parseQuotas(text: string, before: Quotas = {}): Quotas {
  const given = parseNames(text).map((pair) => {
    const [, name, value] = /^(\w+)=(\d{1,9})$/.exec(pair) ?? []
    const known = QUOTA_NAMES.find((quota) => quota === name)
    if (known) return [known, Number(value)] as const
    throw new InvalidArgumentError(
      `It must be a name and a number such as pools=2; the names are ${QUOTA_NAMES.join(', ')}.`,
    )
  })
  return { ...before, ...Object.fromEntries(given) }
}

/** A text that is not empty. */
export function parseText(text: string): string {
  if (text.trim() !== '') return text
  throw new InvalidArgumentError('It must not be empty.')
}

/** The names of `a,b`, without blanks. */
export function parseNames(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
}

/** The same, of at least one. */
export function parseSomeNames(text: string): string[] {
  const names = parseNames(text)
  if (names.length > 0) return names
  throw new InvalidArgumentError('It must name at least one, such as id,state.')
}
