// What all lists have in common: $filter, $select, $expand, maxresults, and the links from page to page.

import { expect, test } from 'vitest'
import { expectError } from './expectations.ts'
import { items, jobOf, must, openProtocol, poolOf, taskOf, type Json } from './helpers.ts'

const { call, url } = await openProtocol()

const IDS = ['B', 'Z-1', '_', 'a', 'b-2', 'c']
for (const id of IDS.toReversed()) {
  await must(call('POST /pools', { json: poolOf(`p${id}`) }))
  await must(call('POST /jobs', { json: jobOf(`j${id}`, 'p', { priority: id.length, displayName: id }) }))
}
const value = IDS.toReversed().map((id) => taskOf(`t${id}`))
await must(call('POST /jobs/jc/addtaskcollection', { json: { value } }))

const idsOf = (body: Json): unknown[] => items(body).map((item) => item['id'])
const ids = async (path: string): Promise<unknown[]> => idsOf((await must(call(`GET ${path}`))).json())

/** Follows links as clients do: the URL as it came, signed anew; at most 20 pages. */
async function pages(path: string, between?: (page: number) => Promise<unknown>): Promise<Json[]> {
  const found: Json[] = []
  let next: string | undefined = path
  let version: string | false = '2022-10-01.16.0'
  while (next !== undefined && found.length < 20) {
    const body: Json = (await must(call(`GET ${next}`, { version }))).json()
    found.push(body)
    await between?.(found.length)
    next = (body['odata.nextLink'] as string | undefined)?.replace(url, '')
    version = false
  }
  return found
}

test.each([
  ['/pools', 'p'],
  ['/jobs', 'j'],
  ['/jobs/jc/tasks', 't'],
])('%s is ordered by id, upper case before lower case', async (path, prefix) => {
  expect(await ids(path)).toEqual(IDS.map((id) => prefix + id))
})

test('an empty list is an empty value without a link', async () => {
  const { text } = await call("GET /pools?$filter=state eq 'deleting'")
  expect(text).toBe(JSON.stringify({ 'odata.metadata': `${url}/$metadata#pools`, value: [] }))
})

test.each([
  ['/pools', 'pools'],
  ['/jobs', 'jobs'],
  ['/jobs/jc/tasks', 'tasks'],
  ['/pools/pa/nodes', 'nodes'],
  ['/nodecounts', 'poolnodecounts'],
  ['/supportedimages', 'supportedimages'],
])('%s begins with the metadata of its list and has no ETag', async (path, fragment) => {
  const answer = await must(call(`GET ${path}`))
  expect(Object.entries(answer.json())[0]).toEqual(['odata.metadata', `${url}/$metadata#${fragment}`])
  expect(answer.headers).not.toHaveProperty('etag')
  expect(answer.headers).not.toHaveProperty('last-modified')
})

test('items of a list have the members of the resource, without metadata of their own', async () => {
  const [first = {}] = items((await call('GET /jobs')).json())
  const { 'odata.metadata': _, ...single } = (await call('GET /jobs/jB')).json()
  expect(JSON.stringify(first)).toBe(JSON.stringify(single))
})

test('the link is absolute, on the host of the request, and repeats every option', async () => {
  const headers = { host: 'emulator.localhost:81' }
  const search = "maxresults=2&%24select=id,%20state&$expand=stats&$filter=startswith(id%2C'p')&timeout=30"
  const answer = await call(`GET /pools?${search}`, { headers })
  const body = answer.json()
  expect(Object.keys(body)).toEqual(['odata.metadata', 'value', 'odata.nextLink'])
  const link = String(body['odata.nextLink'])
  expect(link).toMatch(/^http:\/\/emulator\.localhost:81\/pools\?/)
  expect(link).toContain(`?${search}&api-version=2022-10-01.16.0&$skiptoken=`)
})

test('the second page’s link replaces the token of the first', async () => {
  const [, second] = await pages('/pools?maxresults=2')
  expect(String(second?.['odata.nextLink']).match(/skiptoken/g)).toHaveLength(1)
})

test.each(['raw', 'encoded'])('a link whose token is sent %s leads to the next page', async (form) => {
  const { 'odata.nextLink': link } = (await call('GET /pools?maxresults=4')).json<{
    'odata.nextLink': string
  }>()
  const path = form === 'raw' ? link.replace(url, '') : encodeToken(link.replace(url, ''))
  expect(idsOf((await must(call(`GET ${path}`, { version: false }))).json())).toEqual(['pb-2', 'pc'])
})

function encodeToken(link: string): string {
  return link.replace(/\$skiptoken=(.*)/, (_, token: string) => `%24skiptoken=${encodeURIComponent(token)}`)
}

test.each(['/pools', '/jobs', '/jobs/jc/tasks', '/nodecounts', '/supportedimages'])(
  'the pages of %s are the list, and the last one has no link',
  async (path) => {
    const all = items((await call(`GET ${path}`)).json())
    const size = Math.ceil(all.length / 3)
    const found = await pages(`${path}?maxresults=${size}`)
    expect(found.flatMap(items)).toEqual(all)
    expect(found).toHaveLength(Math.ceil(all.length / size))
  },
)

test('a page that is exactly full is the last', async () => {
  expect(await pages(`/pools?maxresults=${IDS.length}`)).toHaveLength(1)
})

test('what stays is listed exactly once while other things come and go', async () => {
  await must(call('POST /jobs', { json: jobOf('moving') }))
  const stay = Array.from({ length: 10 }, (_, i) => `s${i}`)
  const go = Array.from({ length: 10 }, (_, i) => `s${i}-go`)
  await must(
    call('POST /jobs/moving/addtaskcollection', {
      json: { value: [...stay, ...go].map((id) => taskOf(id)) },
    }),
  )
  const found = await pages('/jobs/moving/tasks?maxresults=4&$select=id', async (page) => {
    await call(`DELETE /jobs/moving/tasks/s${page - 1}-go`)
    await call(`DELETE /jobs/moving/tasks/s${9 - page}-go`)
    await call('POST /jobs/moving/tasks', { json: taskOf(`s${page}-come`) })
  })
  const seen = found.flatMap(idsOf).filter((id) => stay.includes(String(id)))
  expect(seen).toEqual(stay)
})

test.each([
  ["id eq 'pa'", ['pa']],
  ["startswith(id,'pb-')", ['pb-2']],
  ["startswith(id,'p') and id ne 'pa' and (id lt 'pb' or id ge 'pz')", ['pZ-1', 'p_']],
  ["state eq 'Deleting'", []],
  ["vmSize eq 'standard_d1_v2' and id eq 'pc'", ['pc']],
  ["creationTime gt DateTime'2100-01-01T00:00:00Z'", []],
  ["id eq 'it''s'", []],
])('pools where %s', async (filter, expected) => {
  expect(await ids(`/pools?$filter=${encodeURIComponent(filter)}`)).toEqual(expected)
})

test('jobs are filtered by their numbers and by what runs them', async () => {
  expect(await ids('/jobs?$filter=priority gt 1')).toEqual(['jZ-1', 'jb-2'])
  expect(await ids("/jobs?$filter=executionInfo/poolId eq 'nope'")).toEqual([])
})

test('a filter goes from page to page', async () => {
  const found = await pages("/pools?maxresults=1&$filter=id eq 'pa' or id eq 'pc'")
  expect(found.map(idsOf)).toEqual([['pa'], ['pc']])
})

test.each([
  ['$filter', "colour eq 'red'"],
  ['$filter', "id eq 'a' nonsense"],
  ['$filter', 'id eq 5'],
  ['$filter', 'id eq'],
  ['$select', 'id,colour'],
  ['$expand', 'colour'],
  ['$skiptoken', 'nonsense'],
])('the %s "%s" is refused, with the reason', async (name, text) => {
  const answer = await call(`GET /pools?${name}=${encodeURIComponent(text)}`)
  expectError(answer, 400, 'InvalidQueryParameterValue', {
    QueryParameterName: name,
    QueryParameterValue: text,
    Reason: expect.stringMatching(/./),
  })
})

test.each([
  ['-5', 'MaxResults cannot be less than 1'],
  ['0', 'MaxResults cannot be less than 1'],
  ['1001', expect.any(String)],
  ['ten', expect.any(String)],
])('maxresults=%s is refused', async (text, reason) => {
  expectError(await call(`GET /jobs?maxresults=${text}`), 400, 'InvalidQueryParameterValue', {
    QueryParameterName: 'maxresults',
    QueryParameterValue: text,
    Reason: reason,
  })
})

test('maxresults=1000 and timeout are taken by every list', async () => {
  const lists = ['/pools', '/pools/pa/nodes', '/jobs', '/jobs/jc/tasks', '/nodecounts', '/supportedimages']
  for (const path of lists) expect((await call(`GET ${path}?maxresults=1000&timeout=30`)).status).toBe(200)
})

test('$select keeps the order of the resource, blanks are allowed, nothing else is answered', async () => {
  const { text } = await call("GET /jobs?$select=state, id , displayName&$filter=id eq 'ja'")
  const metadata = `${url}/$metadata#jobs`
  expect(text).toBe(
    JSON.stringify({ 'odata.metadata': metadata, value: [{ id: 'ja', displayName: 'a', state: 'active' }] }),
  )
})

test('$select of one resource keeps its metadata and its ETag header', async () => {
  const answer = await call('GET /pools/pa?$select=url,state')
  expect(Object.keys(answer.json())).toEqual(['odata.metadata', 'url', 'state'])
  expect(answer.headers['etag']).toMatch(/^0x/)
})

test('statistics that do not exist yet are left out, expanded or selected', async () => {
  for (const path of ['/pools/pa', '/jobs/ja', '/jobs/jc/tasks/ta'])
    expect((await call(`GET ${path}?$select=id,stats&$expand=stats`)).json()).not.toHaveProperty('stats')
})

test.each([
  '/pools',
  '/jobs',
  '/jobs/jc/tasks',
  '/pools/pa/nodes',
  '/nodecounts',
  '/supportedimages',
  '/jobschedules',
  '/certificates',
  '/applications',
  '/poolusagemetrics',
])('a token that no link of %s had is refused', async (path) => {
  expectError(await call(`GET ${path}?$skiptoken=!`), 400, 'InvalidQueryParameterValue', {
    QueryParameterName: '$skiptoken',
    QueryParameterValue: '!',
    Reason: expect.any(String),
  })
})

test.each([
  ['/supportedimages', "osType eq 'linux' and nodeAgentSKUId eq 'batch.node.debian 12'"],
  ['/nodecounts', "poolId eq 'pa'"],
  ['/jobs', "state eq 'active' and executionInfo/poolId eq 'p' and startswith(id,'ja')"],
  ['/jobs/jc/tasks', "state eq 'active' and startswith(id,'ta')"],
])('%s where %s has one item', async (path, filter) => {
  const answer = await must(call(`GET ${path}?$filter=${encodeURIComponent(filter)}`))
  expect(items(answer.json())).toHaveLength(1)
})

test.each([
  ['/jobschedules', "state eq 'active' and startswith(id,'x')"],
  ['/jobschedules', "executionInfo/endTime gt DateTime'2020-01-01T00:00:00Z'"],
  ['/certificates', "state ne 'active' and stateTransitionTime gt DateTime'2020-01-01T00:00:00Z'"],
  ['/pools/pa/nodes', "startTaskInfo/exitCode ne 0 and lastBootTime gt DateTime'2020-01-01T00:00:00Z'"],
])('%s where %s is empty', async (path, filter) => {
  const answer = await must(call(`GET ${path}?$filter=${encodeURIComponent(filter)}`))
  expect(items(answer.json())).toEqual([])
})

test.each([
  ['/pools', "state ge 'active'", 'state'],
  ['/supportedimages', "imageReference/sku eq 'x'", 'imageReference/sku'],
  ['/nodecounts', "id eq 'x'", 'id'],
  ['/certificates', "publicData eq 'x'", 'publicData'],
  ['/jobschedules', 'priority gt 1', 'priority'],
])('%s cannot be filtered by %s, and the reason names %s', async (path, filter, property) => {
  expectError(
    await call(`GET ${path}?$filter=${encodeURIComponent(filter)}`),
    400,
    'InvalidQueryParameterValue',
    {
      QueryParameterName: '$filter',
      QueryParameterValue: filter,
      Reason: expect.stringContaining(`'${property}'`),
    },
  )
})

test.each([
  ['GET /pools/pa?$filter=x', '$filter'],
  ['GET /pools/pa/nodes?$expand=stats', '$expand'],
  ['GET /supportedimages?$select=id', '$select'],
  ['GET /jobs/jc/taskcounts?maxresults=5', 'maxresults'],
  ['DELETE /jobs/jc/tasks/none?recursive=true', 'recursive'],
  ['GET /pools?colour=red', 'colour'],
])('%s has a query parameter that the operation does not know', async (line, name) => {
  expectError(await call(line), 400, 'UnsupportedQueryParameter', {
    QueryParameterName: name,
    Reason: expect.any(String),
  })
})

test('a query parameter without a value counts as absent, and timeOut as timeout', async () => {
  await must(call('GET /pools?$filter=&$select=&$expand=&maxresults=&colour=&timeOut=30'))
  expectError(await call('GET /pools?timeOut=soon'), 400, 'InvalidQueryParameterValue')
})

test('the link of a list keeps the way in which its options were written', async () => {
  const { 'odata.nextLink': link } = (await call('GET /pools?timeOut=30&MaxResults=2')).json()
  expect(link).toContain('/pools?timeOut=30&MaxResults=2&api-version=')
  const second = (await must(call(`GET ${String(link).replace(url, '')}`, { version: false }))).json()
  expect(items(second)).toHaveLength(2)
})
