import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { blobUrl, putBlob } from './put-blob.ts'

const SAS = 'sv=2025&sig=c2VjcmV0%3D'

let directory = ''
let server: Server
let statuses: number[] = []
let bodies: string[] = []

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'malachite-put-blob-'))
  statuses = []
  bodies = []
  server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await rm(directory, { recursive: true })
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  bodies.push((await request.toArray()).join(''))
  const status = statuses.shift() ?? 201
  // Status 0 stands for a connection that breaks.
  if (status === 0) request.socket.destroy()
  else response.writeHead(status, status === 403 ? { 'x-ms-error-code': 'AuthenticationFailed' } : {}).end()
}

async function put(text: string): Promise<void> {
  const filePath = join(directory, 'out.txt')
  await writeFile(filePath, text)
  const { port } = server.address() as AddressInfo
  await putBlob({
    filePath,
    blobName: 'out.txt',
    storageUrl: `http://127.0.0.1:${port}/account`,
    storageContainer: 'output',
    sasToken: SAS,
    pauses: [1, 1],
  })
}

test('sends the whole file again after a broken connection, 429 and 5xx', async () => {
  statuses = [429, 503]
  await put('some text')
  statuses = [0]
  await put('more text')
  expect(bodies).toEqual(['some text', 'some text', 'some text', 'more text', 'more text'])
})

test('sends an empty file', async () => {
  await put('')
  expect(bodies).toEqual([''])
})

test('gives up after the last pause', async () => {
  statuses = [500, 500, 503]
  await expect(put('text')).rejects.toThrow(
    'cannot upload out.txt to container output: the storage service answered 503',
  )
  expect(bodies).toHaveLength(3)
})

test('does not repeat what is refused or redirected', async () => {
  statuses = [403, 307]
  await expect(put('text')).rejects.toThrow('the storage service answered 403 AuthenticationFailed')
  await expect(put('text')).rejects.toThrow('the storage service answered 307')
  expect(bodies).toHaveLength(2)
})

test('says why the service cannot be reached', async () => {
  statuses = [0, 0, 0]
  await expect(put('text')).rejects.toThrow('cannot upload out.txt to container output: connection lost')
})

test('says why nobody answers', async () => {
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  const target = { storageUrl: `http://127.0.0.1:${port}`, storageContainer: 'output', sasToken: SAS }
  const filePath = join(directory, 'out.txt')
  await writeFile(filePath, 'text')
  await expect(putBlob({ ...target, filePath, blobName: 'out.txt', pauses: [] })).rejects.toThrow(
    'connection refused',
  )
})

test('encodes the names of blobs', () => {
  const names = { storageUrl: 'https://a.example', storageContainer: 'output', sasToken: SAS }
  expect(blobUrl({ ...names, blobName: 'a b/ü?#%.txt' })).toBe(
    `https://a.example/output/a%20b/%C3%BC%3F%23%25.txt?${SAS}`,
  )
})
