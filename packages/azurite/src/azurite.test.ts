import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'

import { startAzurite, type Azurite } from './azurite.ts'
import type { AzuriteOptions } from './options.ts'

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean()
})

async function start(options: AzuriteOptions = {}): Promise<Azurite> {
  const azurite = await startAzurite(options)
  cleanups.push(() => azurite.close())
  return azurite
}

async function takePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(async () => server.close())
  return (server.address() as AddressInfo).port
}

async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'malachite-azurite-'))
  cleanups.push(() => rm(directory, { recursive: true }))
  return directory
}

/** Sends a request about a container, signed with the account's key. */
async function requestContainer(azurite: Azurite, method: 'PUT' | 'GET', container: string): Promise<number> {
  const date = new Date().toUTCString()
  const path = `/${container}?restype=container`
  const headers = `x-ms-date:${date}\nx-ms-version:2025-01-05`
  // An account appears twice in the resource of a storage emulator: as the account and in the path of its URL.
  const resource = `/${azurite.account}/${azurite.account}/${container}\nrestype:container`
  const text = [method, ...Array.from({ length: 11 }, () => ''), headers, resource].join('\n')
  const signature = createHmac('sha256', Buffer.from(azurite.key, 'base64')).update(text).digest('base64')
  const response = await fetch(azurite.url + path, {
    method,
    headers: {
      'x-ms-date': date,
      'x-ms-version': '2025-01-05',
      authorization: `SharedKey ${azurite.account}:${signature}`,
    },
  })
  await response.arrayBuffer()
  return response.status
}

test('serves the development account until it is closed', async () => {
  const azurite = await start()
  expect(azurite.url).toBe(`http://127.0.0.1:${azurite.port}/devstoreaccount1`)
  expect(azurite.connectionString).toContain(`BlobEndpoint=${azurite.url};`)
  expect(await requestContainer(azurite, 'PUT', 'output')).toBe(201)
  expect(await requestContainer(azurite, 'GET', 'output')).toBe(200)
  await Promise.all([azurite.close(), azurite.close()])
  await expect(fetch(azurite.url)).rejects.toThrow('fetch failed')
})

test('runs twice at once on free ports, with separate blobs', async () => {
  const [first, second] = await Promise.all([start(), start()])
  expect(first.port).not.toBe(second.port)
  expect(await requestContainer(first, 'PUT', 'output')).toBe(201)
  expect(await requestContainer(second, 'GET', 'output')).toBe(404)
})

test('serves the first of the accounts that are given', async () => {
  const azurite = await start({ accounts: 'mystore:bXkga2V5;other:a2V5' })
  expect(azurite).toMatchObject({ account: 'mystore', key: 'bXkga2V5' })
  expect(await requestContainer(azurite, 'PUT', 'output')).toBe(201)
})

test('keeps what a directory holds when it is closed and started again', async () => {
  const location = await makeDirectory()
  const first = await start({ location })
  expect(await requestContainer(first, 'PUT', 'output')).toBe(201)
  await first.close()
  expect(await readdir(location)).toContain('__azurite_db_blob__.json')
  const second = await start({ location, port: first.port })
  expect(await requestContainer(second, 'GET', 'output')).toBe(200)
})

test('names the port that is taken', async () => {
  const port = await takePort()
  const started = startAzurite({ port })
  await expect(started).rejects.toMatchObject({ code: 'EADDRINUSE', port })
  await expect(started).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken`)
})

test('rejects with the output of Azurite if it cannot start', async () => {
  await expect(startAzurite({ location: '/dev/null/blobs' })).rejects.toThrow(/did not start[^]*\/dev\/null/)
})

test('ends the start with the reason of the signal', async () => {
  const controller = new AbortController()
  const started = startAzurite({ signal: controller.signal })
  controller.abort(new Error('no longer needed'))
  await expect(started).rejects.toThrow('no longer needed')
  await expect(startAzurite({ signal: controller.signal })).rejects.toThrow('no longer needed')
})

test('closes when the signal is aborted later', async () => {
  const controller = new AbortController()
  const azurite = await start({ signal: controller.signal })
  controller.abort()
  await azurite.close()
  await expect(fetch(azurite.url)).rejects.toThrow('fetch failed')
})
