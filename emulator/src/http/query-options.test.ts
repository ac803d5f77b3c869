import { expect, test } from 'vitest'
import { foldNames, requireKnownOptions } from './query-options.ts'
import { ROUTES } from './routes.ts'
import { parseTarget } from './target.ts'
import type { ApiVersion } from './versions.ts'

const USUAL = '2022-10-01.16.0'
const queryOf = (search: string) => foldNames(parseTarget(`/x?${search}`).query)
const check =
  (operation: string, search: string, version: ApiVersion = USUAL) =>
  () =>
    requireKnownOptions(operation, version, queryOf(search))
const refusal = (name: string) =>
  expect.objectContaining({
    code: 'UnsupportedQueryParameter',
    status: 400,
    details: expect.objectContaining({ QueryParameterName: name }),
  })

test('every operation takes api-version and timeout, however they are written', () => {
  for (const { operation } of ROUTES)
    for (const search of ['api-version=x&timeout=30', 'Api-Version=x&timeOut=30'])
      expect(check(operation, search)).not.toThrow()
})

test('every list of the service takes maxresults and the token of its links', () => {
  const lists = ROUTES.map(({ operation }) => operation).filter((name) => name.includes('.list'))
  expect(lists.length).toBeGreaterThan(14)
  for (const operation of lists) expect(check(operation, 'maxresults=1000&$skiptoken=x')).not.toThrow()
})

test.each([
  ['pool.get', '$filter'],
  ['pool.add', '$select'],
  ['computeNode.list', '$expand'],
  ['file.listFromTask', '$select'],
  ['job.getTaskCounts', 'maxresults'],
  ['task.delete', 'force'],
  ['pool.list', 'colour'],
  ['pool.list', '_'],
  ['application.list', '$filter'],
])('%s has no %s', (operation, name) => {
  expect(check(operation, `${name}=x`)).toThrow(refusal(name))
})

test('an empty parameter counts as absent', () => {
  expect(check('pool.get', 'api-version=x&$filter=&colour=')).not.toThrow()
})

test.each(['job.delete', 'job.terminate', 'jobSchedule.delete', 'jobSchedule.terminate'])(
  '%s can be forced since 2024-07-01.20.0',
  (operation) => {
    expect(check(operation, 'force=true', '2024-07-01.20.0')).not.toThrow()
    expect(check(operation, 'force=true', '2024-02-01.19.0')).toThrow(refusal('force'))
  },
)

test('of names that differ in case only the first counts', () => {
  expect(queryOf('timeOut=1&TIMEOUT=2').get('timeout')).toBe('1')
})
