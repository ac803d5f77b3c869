import { expect, test } from 'vitest'
import { invalid, readFlag, requireTimeout } from './query.ts'
import { parseTarget } from './target.ts'

const queryOf = (search: string) => parseTarget(`/pools?${search}`).query

test('reads flags and the timeout', () => {
  expect(readFlag(queryOf('recursive=True'), 'recursive')).toBe(true)
  expect(readFlag(queryOf(''), 'recursive')).toBe(false)
  expect(() => readFlag(queryOf('recursive=1'), 'recursive')).toThrow(/query parameters/)
  expect(() => requireTimeout(queryOf('timeout=30'))).not.toThrow()
  expect(() => requireTimeout(queryOf('timeout=soon'))).toThrow(/query parameters/)
})

test('names the parameter, its value and the reason', () => {
  expect(invalid(queryOf('a=1'), 'a', 'why')).toMatchObject({
    code: 'InvalidQueryParameterValue',
    details: { QueryParameterName: 'a', QueryParameterValue: '1', Reason: 'why' },
  })
})
