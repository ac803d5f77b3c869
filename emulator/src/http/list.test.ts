import { expect, test } from 'vitest'
import type { Call } from './context.ts'
import { entityReply, listReply, readListQuery } from './list.ts'
import { parseTarget } from './target.ts'

function callOf(url: string): Call {
  const { path, search, query } = parseTarget(url)
  const base = 'http://127.0.0.1:10003'
  return {
    params: {},
    version: '2022-10-01.16.0',
    query,
    search,
    headers: {},
    body: undefined,
    base,
    url: base + path,
    requestId: 'r',
    now: 0,
  }
}

const queryOf = (search: string) => parseTarget(`/pools?${search}`).query

test('reads every option of a list, encoded or not', () => {
  const query = queryOf("$filter=state%20eq%20'active'&%24select=id,%20state&maxresults=10&$skiptoken=a%2Fb")
  expect(readListQuery(query)).toEqual({
    filter: "state eq 'active'",
    select: ['id', 'state'],
    maxResults: 10,
    skipToken: 'a/b',
  })
})

test('reads nothing from an empty query', () => {
  expect(readListQuery(queryOf('api-version=x&$filter=&$select=&maxresults='))).toEqual({})
})

test('reads the id from the engine when only the URL is selected', () => {
  expect(readListQuery(queryOf('$select=url')).select).toEqual(['id'])
  expect(readListQuery(queryOf('$select=url,state')).select).toEqual(['id', 'state'])
  expect(readListQuery(queryOf('$select=state')).select).toEqual(['state'])
})

test.each([
  ['-5', 'MaxResults cannot be less than 1'],
  ['0', 'MaxResults cannot be less than 1'],
  ['1001', 'MaxResults cannot be greater than 1000'],
  ['ten', 'MaxResults is not a number'],
  ['1.5', 'MaxResults is not a number'],
])('refuses maxresults=%s', (value, Reason) => {
  expect(() => readListQuery(queryOf(`maxresults=${value}`))).toThrow(
    expect.objectContaining({
      code: 'InvalidQueryParameterValue',
      details: { QueryParameterName: 'maxresults', QueryParameterValue: value, Reason },
    }),
  )
})

test('expands statistics only', () => {
  expect(() => readListQuery(queryOf('$expand=stats'))).not.toThrow()
  expect(() => readListQuery(queryOf('$expand=tasks'))).toThrow(/query parameters/)
})

test('links to the next page with every option of the request and the new token', () => {
  const call = callOf('/pools?api-version=2022-10-01.16.0&%24skiptoken=old&maxresults=1&%24select=id')
  const { json } = listReply(call, 'pools', { items: [{ id: 'a', state: 'active' }], next: 'n&1' }, (i) => i)
  expect(Object.entries(json ?? {})).toEqual([
    ['odata.metadata', 'http://127.0.0.1:10003/$metadata#pools'],
    ['value', [{ id: 'a' }]],
    [
      'odata.nextLink',
      'http://127.0.0.1:10003/pools?api-version=2022-10-01.16.0&maxresults=1&%24select=id&$skiptoken=n%261',
    ],
  ])
})

test('an empty list has a value and no link', () => {
  expect(listReply(callOf('/pools?api-version=x'), 'pools', { items: [] }, (i) => i).json).toEqual({
    'odata.metadata': 'http://127.0.0.1:10003/$metadata#pools',
    value: [],
  })
})

test('$select reduces a single resource and keeps the order of its members', () => {
  const reply = entityReply(callOf('/pools/a?$select=state,id'), 'pools/@Element', {
    id: 'a',
    url: 'u',
    state: 'active',
  })
  expect(Object.keys(reply.json ?? {})).toEqual(['odata.metadata', 'id', 'state'])
})
