import { expect, test } from 'vitest'
import { fromUpstream, rewriteLinks, toUpstream } from './proxy.ts'

const NOTHING = new Uint8Array()

test('passes on what the service knows of a request, and nothing else', () => {
  const headers = {
    host: 'localhost:11003',
    cookie: 'a=b',
    authorization: 'Bearer x',
    'x-malachite-token': 'secret',
    'if-match': '"1"',
    'ocp-range': 'bytes=0-9',
  }
  expect(toUpstream('GET', '/jobs', '?$filter=a&api-version=1&maxresults=2', headers, NOTHING)).toEqual({
    method: 'GET',
    path: '/jobs',
    query: '$filter=a&maxresults=2',
    headers: { 'if-match': '"1"', 'ocp-range': 'bytes=0-9' },
  })
})

test('sends JSON in the form that every version of the service takes', () => {
  const body = Buffer.from('{}')
  const { headers, body: sent } = toUpstream(
    'POST',
    '/jobs',
    '',
    { 'content-type': 'application/json' },
    body,
  )
  expect(headers).toEqual({ 'content-type': 'application/json; odata=minimalmetadata' })
  expect(sent).toBe(body)
})

test('returns the headers that pages use, and neither cookies nor addresses', () => {
  const headers = {
    ETag: '"1"',
    'Last-Modified': 'now',
    'ocp-batch-file-isdirectory': 'false',
    Location: 'http://127.0.0.1:1/jobs/j',
    'Set-Cookie': 'a=b',
    Authorization: 'SharedKey a:b',
  }
  expect(fromUpstream({ status: 200, headers }).headers).toEqual({
    ETag: '"1"',
    'Last-Modified': 'now',
    'ocp-batch-file-isdirectory': 'false',
  })
})

test('leads the link to the next page back through the window', () => {
  const link =
    'https://a.westeurope.batch.azure.com/jobs?api-version=2025-06-01&maxresults=1&$skiptoken=WATV2:x/y^1$1'
  const json = JSON.stringify({ value: [], 'odata.nextLink': link })
  expect(JSON.parse(rewriteLinks(json))).toEqual({
    value: [],
    'odata.nextLink': '/api/batch/jobs?maxresults=1&$skiptoken=WATV2:x/y^1$1',
  })
})

test('leaves what tasks call a link to the next page as it is', () => {
  const task = {
    id: 't',
    commandLine: 'echo "odata.nextLink":"http://evil/x"',
    displayName: 'odata.nextLink',
  }
  const json = JSON.stringify({ value: [task] })
  expect(rewriteLinks(json)).toBe(json)
})

test('leads no link anywhere else', () => {
  const json = '{"odata.nextLink":"javascript:alert(1)//x?y"}'
  const link = (JSON.parse(rewriteLinks(json)) as Record<string, string>)['odata.nextLink']
  expect(link).toMatch(/^\/api\/batch/)
})
