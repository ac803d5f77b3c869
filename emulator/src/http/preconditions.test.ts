import type { BatchError } from '@malachite/model'
import { expect, test } from 'vitest'
import { checkPreconditions, isConditional } from './preconditions.ts'

const CURRENT = { eTag: '0x8DA9061B2F7BB2F', lastModified: '2022-09-06T23:44:11.5153711Z' }
const SAME_SECOND = 'Tue, 06 Sep 2022 23:44:11 GMT'
const BEFORE = 'Tue, 06 Sep 2022 23:44:10 GMT'
const AFTER = 'Tue, 06 Sep 2022 23:44:12 GMT'

/** `undefined` when the operation may go on, else code and status of the answer. */
function outcome(verb: string, headers: Record<string, string>): string | undefined {
  try {
    checkPreconditions(verb, headers, CURRENT)
    return undefined
  } catch (error) {
    const { code, status } = error as BatchError
    return `${code} ${status}`
  }
}

const GOES_ON = undefined
const UNCHANGED = 'ConditionNotMet 304'
const NOT_MET = 'ConditionNotMet 412'

test.each([
  ['if-match', CURRENT.eTag, GOES_ON, GOES_ON],
  ['if-match', `"${CURRENT.eTag}"`, GOES_ON, GOES_ON],
  ['if-match', '*', GOES_ON, GOES_ON],
  ['if-match', '0x1, 0x2', NOT_MET, NOT_MET],
  ['if-none-match', '0x1', GOES_ON, GOES_ON],
  ['if-none-match', CURRENT.eTag, UNCHANGED, NOT_MET],
  ['if-none-match', '*', UNCHANGED, NOT_MET],
  ['if-modified-since', BEFORE, GOES_ON, GOES_ON],
  ['if-modified-since', SAME_SECOND, UNCHANGED, NOT_MET],
  ['if-modified-since', AFTER, UNCHANGED, NOT_MET],
  ['if-unmodified-since', BEFORE, NOT_MET, NOT_MET],
  ['if-unmodified-since', SAME_SECOND, GOES_ON, GOES_ON],
  ['if-unmodified-since', AFTER, GOES_ON, GOES_ON],
])('%s: %s gives a read %s and a write %s', (name, value, read, write) => {
  expect(outcome('GET', { [name]: value })).toBe(read)
  expect(outcome('HEAD', { [name]: value })).toBe(read)
  expect(outcome('PUT', { [name]: value })).toBe(write)
})

test('a resource without an ETag matches the star only', () => {
  const file = { lastModified: CURRENT.lastModified }
  expect(() => checkPreconditions('GET', { 'if-match': '*' }, file)).not.toThrow()
  expect(() => checkPreconditions('GET', { 'if-match': 'undefined' }, file)).toThrow()
})

test('refuses several conditions at once and dates that are none', () => {
  expect(() => checkPreconditions('GET', { 'if-match': '*', 'if-none-match': 'x' }, CURRENT)).toThrow(
    expect.objectContaining({ code: 'MultipleConditionHeadersNotSupported' }),
  )
  expect(() => checkPreconditions('GET', { 'if-modified-since': 'soon' }, CURRENT)).toThrow(
    expect.objectContaining({ details: { HeaderName: 'if-modified-since', HeaderValue: 'soon' } }),
  )
})

test('knows whether a request sets a condition', () => {
  expect(isConditional({ 'if-match': '*' })).toBe(true)
  expect(isConditional({ 'ocp-date': 'x' })).toBe(false)
})
