import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { createRestClient } from './rest-client.ts'

/** A client of a service that answers like this. */
async function connect(answer: (request: IncomingMessage, response: ServerResponse) => unknown) {
  const server = createServer(answer)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = createRestClient({ account: 'mine', key: 'a2V5', endpoint, retry: { maxAttempts: 1 } })
  onTestFinished(async () => {
    await client.close()
    server.close()
  })
  return { client, endpoint }
}

const json = (response: ServerResponse, status: number, body: object) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

test('a resource comes as the service writes it, without its metadata', async () => {
  let url = ''
  const { client } = await connect((request, response) => {
    url = request.url ?? ''
    json(response, 200, { 'odata.metadata': 'x', id: 'a/b', time: '2026-01-01T00:00:00Z', unknown: [1] })
  })
  expect(await client.get(['jobs', 'a/b c'], { query: { $select: 'id,time', $filter: undefined } })).toEqual({
    id: 'a/b',
    time: '2026-01-01T00:00:00Z',
    unknown: [1],
  })
  expect(url).toBe('/jobs/a%2Fb%20c?%24select=id%2Ctime&api-version=2022-10-01.16.0')
})

test('the next page is asked for when the loop reaches it', async () => {
  const urls: string[] = []
  const { client } = await connect((request, response) => {
    urls.push(request.url ?? '')
    const link = `http://${request.headers.host}/pools?page=${urls.length}`
    json(response, 200, { value: [{ id: 1 }, { id: 2 }], 'odata.nextLink': link })
  })
  const pools = client.list(['pools'])
  for (let i = 0; i < 3; i++) expect((await pools.next()).done).toBe(false)
  expect(urls).toHaveLength(2)
  expect(urls[1]).toBe('/pools?page=1')
})

test('a body is sent in ASCII, because the signature counts its characters as bytes', async () => {
  const bodies: string[] = []
  const { client } = await connect(async (request, response) => {
    bodies.push(await text(request))
    expect(request.headers['content-length']).toBe(String(bodies[0]?.length))
    response.writeHead(201).end()
  })
  expect(await client.send('POST', ['jobs'], { id: 'j', displayName: 'h\u00e4 \u{1F600}' })).toBeUndefined()
  expect(bodies[0]).toMatch(/^[ -~]*$/)
  expect(JSON.parse(bodies[0] ?? '')).toEqual({ id: 'j', displayName: 'h\u00e4 \u{1F600}' })
})

test('refusals are errors with the code of the service, also when a file was asked for', async () => {
  const { client } = await connect((_request, response) =>
    json(response, 404, {
      code: 'JobNotFound',
      message: { lang: 'en-US', value: 'No job.\nRequestId:1\nTime:2' },
    }),
  )
  const refusal = { name: 'BatchError', code: 'JobNotFound', status: 404, message: 'No job.' }
  await expect(client.get(['jobs', 'j'])).rejects.toMatchObject(refusal)
  await expect(client.read(['jobs', 'j'])).rejects.toMatchObject(refusal)
  await expect(client.send('DELETE', ['jobs', 'j'])).rejects.toMatchObject(refusal)
  await expect(client.head(['jobs', 'j'])).rejects.toMatchObject({ code: 'ResourceNotFound', status: 404 })
})

test('a file is read as it comes, headers are by their names in lower case', async () => {
  const { client } = await connect((request, response) =>
    response.writeHead(206, { 'Ocp-Batch-File-Isdirectory': 'False' }).end(request.headers['ocp-range']),
  )
  const chunks = await client.read(['f'], { headers: { 'ocp-range': 'bytes=5-9' } })
  expect(await text(chunks)).toBe('bytes=5-9')
  expect(await client.head(['f'])).toMatchObject({ 'ocp-batch-file-isdirectory': 'False' })
})

test('an endpoint that is no address is refused at once', () => {
  expect(() => createRestClient({ account: 'a', key: 'a2V5', endpoint: 'not an address' })).toThrow(
    'is not a web address',
  )
})
