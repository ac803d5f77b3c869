import { expect, test } from 'vitest'
import { createPick, readSelect } from './select.ts'
import { parseTarget } from './target.ts'
import type { ApiVersion } from './versions.ts'

const queryOf = (search: string) => parseTarget(`/pools?${search}`).query
const callOf = (search: string, version: ApiVersion = '2022-10-01.16.0') => ({
  query: queryOf(search),
  version,
})

test('reads names between commas and blanks; nothing selected is everything', () => {
  expect(readSelect(queryOf('$select=id,%20state,'))).toEqual(['id', 'state'])
  expect(readSelect(queryOf('$select='))).toBeUndefined()
  expect(readSelect(queryOf(''))).toBeUndefined()
})

test('keeps the order of the body, and everything without a selection', () => {
  const body = { id: 'p', url: 'u', state: 'active' }
  expect(Object.keys(createPick(callOf('$select=state,id'), 'pools')(body))).toEqual(['id', 'state'])
  expect(createPick(callOf(''), 'pools')(body)).toBe(body)
})

test('refuses a member that the resource does not have, in lists and single resources', () => {
  for (const fragment of ['pools', 'pools/@Element'])
    expect(() => createPick(callOf('$select=id,colour'), fragment)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ QueryParameterName: '$select' }) }),
    )
})

test('takes members that no answer has yet', () => {
  expect(createPick(callOf('$select=stats'), 'jobs')({ id: 'j' })).toEqual({})
})

test('knows the members of the version, by the names of the version', () => {
  const old = '2020-03-01.11.0'
  expect(createPick(callOf('$select=maxTasksPerNode', old), 'pools')({ maxTasksPerNode: 4 })).toEqual({
    maxTasksPerNode: 4,
  })
  for (const name of ['taskSlotsPerNode', 'targetNodeCommunicationMode', 'upgradePolicy'])
    expect(() => createPick(callOf(`$select=${name}`, old), 'pools')).toThrow(/query parameters/)
  expect(() => createPick(callOf('$select=maxTasksPerNode'), 'pools')).toThrow(/query parameters/)
})
