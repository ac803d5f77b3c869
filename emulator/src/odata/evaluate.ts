// The same filters over objects, for lists that are computed and not stored in tables (images, node counts, files).

import { parseDateTime } from './date-time.ts'
import type { Filter, Operator, PropertyType } from './filter.ts'

type Value = string | number | boolean | null
type Reader = (item: Record<string, unknown>) => Value

/** Decides whether an object is in the filtered list. */
export type Predicate = (item: Record<string, unknown>) => boolean

/** Builds the predicate of a parsed filter. Text ignores the case of ASCII letters, as the service's values do. */
export function toPredicate(filter: Filter, types: Readonly<Record<string, PropertyType>>): Predicate {
  if (filter.kind === 'not') {
    const term = toPredicate(filter.term, types)
    return (item) => !term(item)
  }
  if (filter.kind === 'and' || filter.kind === 'or') {
    const terms = filter.terms.map((term) => toPredicate(term, types))
    return filter.kind === 'and'
      ? (item) => terms.every((term) => term(item))
      : (item) => terms.some((term) => term(item))
  }
  const read = readerOf(filter.property, types)
  return filter.kind === 'startswith'
    ? startsWith(read, lower(filter.prefix))
    : comparison(read, filter.operator, normal(filter.value))
}

function startsWith(read: Reader, prefix: string): Predicate {
  return (item) => {
    const found = read(item)
    return typeof found === 'string' && found.startsWith(prefix)
  }
}

const HOLDS: Record<Exclude<Operator, 'eq' | 'ne'>, (order: number) => boolean> = {
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
}

function comparison(read: Reader, operator: Operator, wanted: Value): Predicate {
  if (operator === 'eq') return (item) => read(item) === wanted
  if (operator === 'ne') return (item) => read(item) !== wanted
  const holds = HOLDS[operator]
  return (item) => {
    const found = read(item)
    return found !== null && wanted !== null && holds(order(found, wanted))
  }
}

// Texts by UTF-8 bytes like SQLite, not by UTF-16 units: they differ above U+FFFF.
function order(a: string | number | boolean, b: string | number | boolean): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return Number(a) - Number(b)
}

function readerOf(property: string, types: Readonly<Record<string, PropertyType>>): Reader {
  const path = property.split('/')
  const isTime = types[property] === 'time'
  return (item) => {
    const value = walk(item, path)
    return isTime && typeof value === 'string' ? (parseDateTime(value) ?? null) : normal(value)
  }
}

function walk(item: unknown, path: readonly string[]): unknown {
  let value = item
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null
    value = (value as Record<string, unknown>)[name]
  }
  return value
}

function normal(value: unknown): Value {
  if (typeof value === 'string') return lower(value)
  return typeof value === 'number' || typeof value === 'boolean' ? value : null
}

// ASCII only, as SQLite's NOCASE.
function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
