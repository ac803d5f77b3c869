import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { createEventStreams } from './events.ts'
import type { Upstream, UpstreamChange } from './upstream.ts'

const QUICK = { interval: 20, gathering: 1, heartbeat: 60_000, look: 20 }

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** An account that tells what a test makes it tell. */
function createUpstream() {
  const listeners = new Set<(change: UpstreamChange) => void>()
  const upstream: Upstream = {
    backend: 'emulator',
    account: 'a',
    url: 'http://127.0.0.1:1',
    request: () => Promise.reject(new Error('not asked')),
    events(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  return {
    upstream,
    listeners,
    tell: (change: UpstreamChange) => listeners.forEach((listener) => listener(change)),
  }
}

async function serve(upstream: Upstream, rhythm = QUICK) {
  const streams = createEventStreams(upstream, 'i1', rhythm)
  const responses: ServerResponse[] = []
  const server = createServer((_, response) => {
    responses.push(response)
    streams.open(response, {})
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    streams.close()
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const open = async (): Promise<IncomingMessage> => {
    const [message] = (await once(get({ port, host: '127.0.0.1', agent: false }), 'response')) as [
      IncomingMessage,
    ]
    return message.setEncoding('utf8')
  }
  return { streams, responses, open }
}

/** What has come in so far. */
function collect(message: IncomingMessage): { text: string } {
  const collected = { text: '' }
  message.on('data', (chunk: string) => (collected.text += chunk))
  return collected
}

async function expectSoon(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i++) await sleep(10)
  expect(condition()).toBe(true)
}

test('begins with the name of the server, then tells what changes', async () => {
  const { upstream, tell } = createUpstream()
  const { open } = await serve(upstream)
  const seen = collect(await open())
  await expectSoon(() => seen.text.includes('hello'))
  tell({ kind: 'pool', id: 'p' })
  await expectSoon(() => seen.text.includes('change'))
  expect(seen.text).toBe('event: hello\ndata: {"instance":"i1"}\n\nevent: change\ndata: {"pools":["p"]}\n\n')
})

test('tells of 100,000 changes in a few short messages', async () => {
  const { upstream, tell } = createUpstream()
  const { open } = await serve(upstream)
  const seen = collect(await open())
  await expectSoon(() => seen.text.includes('hello'))
  for (let i = 0; i < 100_000; i++) tell({ kind: 'task', id: `job-${i % 1000}` })
  await expectSoon(() => seen.text.includes('"tasks":true'))
  expect(seen.text.length).toBeLessThan(200)
})

test('waits between two messages', async () => {
  const { upstream, tell } = createUpstream()
  const { open } = await serve(upstream, { ...QUICK, interval: 200 })
  const seen = collect(await open())
  await expectSoon(() => seen.text.includes('hello'))
  const begin = performance.now()
  for (let i = 0; i < 30; i++) {
    tell({ kind: 'job', id: `j${i}` })
    await sleep(10)
  }
  await expectSoon(() => seen.text.includes('j29'))
  const most = Math.floor((performance.now() - begin) / 200) + 2
  expect(seen.text.split('event: change').length - 1).toBeLessThanOrEqual(most)
})

test('keeps nothing for a page that does not read, and tells it to look at everything when it does', async () => {
  const { upstream, tell, listeners } = createUpstream()
  const { open, responses } = await serve(upstream, { ...QUICK, interval: 1, gathering: 0 })
  const message = await open()
  message.pause()
  await expectSoon(() => listeners.size > 0)
  let most = 0
  // Far more than the buffers of a connection take: one message has about 400 kB.
  for (let i = 0; i < 60; i++) {
    for (let j = 0; j < 190; j++) tell({ kind: 'job', id: `${'x'.repeat(2000)}${j}` })
    await sleep(5)
    most = Math.max(most, responses[0]?.writableLength ?? 0)
  }
  await expectSoon(() => responses[0]?.writableNeedDrain ?? false)
  expect(most).toBeLessThan(1_000_000)
  const seen = collect(message)
  message.resume()
  await expectSoon(() => seen.text.endsWith('event: change\ndata: {"all":true}\n\n'))
})

test('listens only while somebody listens to it', async () => {
  const { upstream, listeners } = createUpstream()
  const { open } = await serve(upstream)
  expect(listeners.size).toBe(0)
  const [one, other] = [await open(), await open()]
  expect(listeners.size).toBe(1)
  one.destroy()
  await sleep(30)
  expect(listeners.size).toBe(1)
  other.destroy()
  await expectSoon(() => listeners.size === 0)
})

test('ends all streams when it is closed', async () => {
  const { upstream, listeners } = createUpstream()
  const { open, streams } = await serve(upstream)
  const message = await open()
  const ended = once(message.resume(), 'end')
  streams.close()
  await ended
  expect(listeners.size).toBe(0)
})

test('tells pages of an account that is silent to look again from time to time', async () => {
  const { upstream } = createUpstream()
  delete upstream.events
  const { open } = await serve(upstream)
  const seen = collect(await open())
  await expectSoon(() => seen.text.split('{"all":true}').length > 2)
})

test('shows that it is alive when nothing changes', async () => {
  const { upstream } = createUpstream()
  const { open } = await serve(upstream, { ...QUICK, heartbeat: 10 })
  const seen = collect(await open())
  await expectSoon(() => seen.text.includes('\n\n:\n\n'))
})
