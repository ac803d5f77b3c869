import { expect, test } from 'vitest'
import { createPick, readSelect } from './select.ts'
import { parseTarget } from './target.ts'

const queryOf = (search: string) => parseTarget(`/pools?${search}`).query

test('reads names between commas and blanks; nothing selected is everything', () => {
  expect(readSelect(queryOf('$select=id,%20state,'))).toEqual(['id', 'state'])
  expect(readSelect(queryOf('$select='))).toBeUndefined()
  expect(readSelect(queryOf(''))).toBeUndefined()
})

test('keeps the order of the body, and everything without a selection', () => {
  const body = { id: 'p', url: 'u', state: 'active' }
  expect(Object.keys(createPick(queryOf('$select=state,id'), 'pools')(body))).toEqual(['id', 'state'])
  expect(createPick(queryOf(''), 'pools')(body)).toBe(body)
})

test('refuses a member that the resource does not have, in lists and single resources', () => {
  for (const fragment of ['pools', 'pools/@Element'])
    expect(() => createPick(queryOf('$select=id,colour'), fragment)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ QueryParameterName: '$select' }) }),
    )
})

test('takes members that no answer has yet', () => {
  expect(createPick(queryOf('$select=stats'), 'jobs')({ id: 'j' })).toEqual({})
})
