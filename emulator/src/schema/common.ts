// Building blocks of the request schemas. Messages are the second half of a sentence that begins with the member's path.

import { formatDuration, parseDuration, UNLIMITED } from '@malachite/model'
import * as v from 'valibot'
import { NOT_EMULATED, type NotEmulated } from './not-emulated.ts'

/** Message of an issue that is a missing member. */
export const MISSING = 'is required'
/** Message of an issue that is a member the model does not have. */
export const UNKNOWN = 'is not a member of this resource'

/** Message of an issue that is a priority out of its range. */
export const PRIORITY_RANGE = 'must be from -1000 to 1000'
/** Message of an issue that is metadata without a name. */
export const EMPTY_KEY = 'must not be an empty key'

const INT32_MAX = 2_147_483_647

/** Any text, the empty one too. */
export const text = v.string('must be a string')
/** true or false. */
export const flag = v.boolean('must be true or false')
/** A text of at least one character. */
export const nonEmpty = v.pipe(text, v.minLength(1, 'must not be empty'))

/** The id of a pool, job or task. */
export const id = v.pipe(
  text,
  v.regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 characters of A-Z, a-z, 0-9, - and _'),
)

/** A name for people. */
export const displayName = v.pipe(text, v.maxLength(1024, 'must have at most 1024 characters'))

/** Text that is handed to the operating system, which ends it at a NUL. */
export const systemText = v.pipe(text, v.excludes('\0', 'must not contain a NUL character'))

/** A command line: the service knows no empty one outside of containers. */
export const commandLine = v.pipe(systemText, v.minLength(1, 'must not be empty'))

/** A web address; what follows its `?` may be a secret. */
export const url = v.pipe(text, v.check(isWebAddress, 'must be an absolute http or https URL'))

function isWebAddress(address: string): boolean {
  return /^https?:\/\//i.test(address) && URL.canParse(address)
}

/** A whole number; without bounds any that 32 bits hold from zero up. */
export function integer(min = 0, max = INT32_MAX) {
  const message = `must be an integer from ${min} to ${max}`
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message))
}

/** Further tries after a failure; -1 = no limit. */
export const retryCount = integer(-1)

/** An array. */
export function list<Item extends v.GenericSchema>(item: Item) {
  return v.array(item, 'must be an array')
}

/** An object with these members and no other; arrays are no objects here. Members without a value are left out. */
export function members<const Entries extends v.ObjectEntries>(entries: Entries) {
  const object = v.strictObject(entries, ({ expected }) => (expected === 'never' ? UNKNOWN : MISSING))
  return v.pipe(v.custom<v.InferInput<typeof object>>(isObject, 'must be an object'), object)
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One of these words, whatever its case; gives the word as it is written here. */
export function choice<const Words extends readonly string[]>(...words: Words) {
  const canonical = new Map<string, Words[number]>(words.map((word) => [word.toLowerCase(), word]))
  return v.pipe(
    text,
    v.rawTransform<string, Words[number]>(({ dataset, addIssue, NEVER }) => {
      const word = canonical.get(dataset.value.toLowerCase())
      if (word !== undefined) return word
      addIssue({ message: `must be one of ${words.join(', ')}` })
      return NEVER
    }),
  )
}

/** An ISO 8601 duration of at least `min`, in the service's normal form (`PT06M00S` becomes `PT6M`). */
export function duration(min = 'PT0S') {
  const minMs = parseDuration(min) ?? 0
  const maxMs = parseDuration(UNLIMITED) ?? Infinity
  return v.pipe(
    text,
    v.rawTransform<string, string>(({ dataset, addIssue, NEVER }) => {
      const ms = parseDuration(dataset.value)
      if (ms !== undefined && ms >= minMs && ms <= maxMs) return formatDuration(ms)
      const limit =
        ms === undefined
          ? 'must be an ISO 8601 duration such as PT15M'
          : `must be from ${min} to ${UNLIMITED}`
      addIssue({ message: limit })
      return NEVER
    }),
  )
}

/** Time for a resize to come about. @default PT15M */
export const resizeTimeout = v.exactOptional(duration('PT5M'), 'PT15M')

/** What becomes of the running tasks of a node that goes away. @default requeue */
export const deallocationOption = v.exactOptional(
  choice('requeue', 'terminate', 'taskcompletion', 'retaineddata'),
  'requeue',
)

/** Where an issue belongs that a check over several members finds. */
export function memberPath<Input extends object>(
  object: Input,
  key: keyof Input & string,
): [v.IssuePathItem] {
  const input: Record<string, unknown> = Object.fromEntries(Object.entries(object))
  return [{ type: 'object', origin: 'value', input, key, value: input[key] }]
}

/** A copy without a member that is checked but never answered. */
export function omit<Value extends object, Key extends keyof Value>(
  value: Value,
  key: Key,
): Omit<Value, Key> {
  const { [key]: _, ...rest } = value
  return rest
}

/** A member that is refused with 501 whatever its value. */
export function refused(row: NotEmulated) {
  return v.exactOptional(v.custom<never>(() => false, NOT_EMULATED[row]))
}

/** A list that is refused with 501 unless it is empty. */
export function refusedUnlessEmpty(row: NotEmulated) {
  return v.pipe(list(v.unknown()), v.custom<never[]>(isEmpty, NOT_EMULATED[row]))
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}
