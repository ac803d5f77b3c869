import { expect, test } from 'vitest'

import { reasonOf } from './failure.ts'

function withCode(code: string): Error {
  return Object.assign(new Error('request to https://a.example/?sig=x failed'), { code })
}

test.each([
  ['a known code', withCode('ENOENT'), 'no such file or directory'],
  ['an unknown code', withCode('EBUSY'), 'EBUSY'],
  [
    'the code of a cause',
    new TypeError('fetch failed', { cause: withCode('ECONNREFUSED') }),
    'connection refused',
  ],
  [
    'the code of the first address',
    new TypeError('fetch failed', { cause: new AggregateError([withCode('ECONNREFUSED')]) }),
    'connection refused',
  ],
  ['the deepest message', new TypeError('fetch failed', { cause: new Error('bad port') }), 'bad port'],
  ['no message with a URL', new TypeError('Failed to parse URL from https://a?sig=x'), 'unexpected error'],
  ['no value that is not an error', 'sig=x', 'unexpected error'],
])('names %s', (_, error, reason) => {
  expect(reasonOf(error)).toBe(reason)
})
