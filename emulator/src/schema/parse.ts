// Applies a schema to a request body and turns what is wrong into the service's error: code, leaf name, reason.

import { BatchError, type BatchErrorCode } from '@malachite/model'
import * as v from 'valibot'
import { EMPTY_KEY, MISSING, PRIORITY_RANGE, UNKNOWN } from './common.ts'
import { isNotEmulated } from './not-emulated.ts'

/** Deeper than any model of the service; keeps recursion over a hostile body far from the stack limit. */
const MAX_DEPTH = 64
/** Characters of a wrong value that an error repeats. */
const MAX_SHOWN = 200

/** Values that are never repeated in an error: passwords, keys, and what may hold them. */
const SECRETS: ReadonlySet<string> = new Set([
  'password',
  'sshPrivateKey',
  'protectedSettings',
  'value',
  'data',
])

/** The checked body with defaults filled in; throws `BatchError` (400, or 501 for what is not emulated). */
export function parseBody<Schema extends v.GenericSchema>(
  schema: Schema,
  body: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, withoutAbsent(body, 0), { abortEarly: true })
  if (result.success) return result.output
  throw bodyError(result.issues[0])
}

/** Null is the same as absent, as in the service; so is undefined, which callers in the same process may leave. */
function withoutAbsent(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_DEPTH)
    throw new BatchError('InvalidRequestBody', { Reason: 'The body is nested too deeply.' })
  if (Array.isArray(value)) return value.map((item) => withoutAbsent(item, depth + 1))
  const present = Object.entries(value).filter(([, member]) => member !== null && member !== undefined)
  for (const entry of present) entry[1] = withoutAbsent(entry[1], depth + 1)
  // Own members even for names such as __proto__, so that those are found to be unknown.
  return Object.fromEntries(present)
}

function bodyError({ path, message }: v.BaseIssue<unknown>): BatchError {
  const keys = path?.map((item) => item.key) ?? []
  const name = keys.findLast((key) => typeof key === 'string')
  if (name === undefined) return new BatchError('InvalidRequestBody', { Reason: `The body ${message}.` })
  if (isNotEmulated(message)) return new BatchError('NotImplemented', { PropertyName: name, Reason: message })

  const where = formatPath(keys)
  const reason = { Reason: `${where} ${message}.` }
  if (message === MISSING || message === UNKNOWN) {
    const code = message === MISSING ? 'MissingRequiredProperty' : 'UnsupportedProperty'
    return new BatchError(code, { PropertyName: name, ...(where === name ? {} : reason) })
  }
  const value = path?.at(-1)?.value
  return new BatchError(CODES.get(message) ?? 'InvalidPropertyValue', {
    PropertyName: name,
    ...describeValue(name, value),
    ...reason,
  })
}

/** Messages of wrong values that the service has a code of their own for. */
const CODES: ReadonlyMap<string, BatchErrorCode> = new Map([
  [PRIORITY_RANGE, 'OutOfRangePriority'],
  [EMPTY_KEY, 'EmptyMetadataKey'],
])

function formatPath(keys: readonly unknown[]): string {
  return keys
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i ? '.' : ''}${String(key)}`))
    .join('')
}

/** The value for the error, when it is a short scalar and no secret; of a URL only what comes before its query. */
function describeValue(name: string, value: unknown): { PropertyValue?: string } {
  if (SECRETS.has(name) || !isScalar(value)) return {}
  const shown = String(value).replace(/\?.*$/s, '?…')
  return { PropertyValue: shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}…` : shown }
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}
