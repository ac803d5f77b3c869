// What no client sends, around the request: broken framing, doubled headers, other sites, several requests at once, and
// clients that go. After each test the server still answers, holds no file open and has logged no secret.

import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { expectError } from './expectations.ts'
import { poolOf } from './helpers.ts'
import { exchange, openSocket, statusesOf } from './raw.ts'
import { CLOSE, openFiles, openVictim } from './victim.ts'

const { call, url, logged, raw, closing, statusOf } = await openVictim()

describe('what is no request', () => {
  test.each([
    ['words', 'hello\r\n\r\n', 400],
    ['a greeting of TLS', Buffer.from('16030100a5010000a1030352', 'hex'), 400],
    ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['no host', `GET /pools HTTP/1.1\r\n${CLOSE}\r\n\r\n`, 400],
    ['a broken header', 'GET /pools HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n', 400],
    ['a blank in a name', 'GET /pools HTTP/1.1\r\nHost: localhost\r\nAuthorization : x\r\n\r\n', 400],
    ['a control character in the path', 'GET /po\u0001ols HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
    ['a negative length', 'POST /pools HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n', 400],
    [
      'two lengths',
      'POST /pools HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
    ],
    [
      'a length and chunks',
      'POST /pools HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    [
      'a broken chunk',
      'POST /pools HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      400,
    ],
    ['headers of 20 KB', `GET /pools HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['a path of 20 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431],
  ])('%s is answered without a body and the connection ends', async (_, bytes, status) => {
    const text = await exchange(url, bytes)
    expect(statusesOf(text)).toEqual([status])
    // The HTTP library itself answers one of them, with an empty chunk.
    expect(['', '0']).toContain(text.split('\r\n\r\n')[1])
  })
})

describe('headers', () => {
  test('of two Authorization headers the first counts', async () => {
    const wrong = 'Authorization: SharedKey devbatchaccount1:c2lnbmF0dXJl'
    expect(await statusOf(closing('GET /pools', { lines: [wrong] }))).toBe(200)
    const first = raw('GET /pools', { lines: [CLOSE] }).toString('latin1')
    expect(await statusOf(first.replace('Authorization:', `${wrong}\r\nAuthorization:`))).toBe(403)
  })

  test('two hosts are refused', async () => {
    expect(await statusOf(closing('GET /pools', { lines: ['Host: evil.example'] }))).toBe(400)
    const evilFirst = closing('GET /pools', { headers: { host: 'evil.example' }, lines: ['Host: localhost'] })
    expect(await statusOf(evilFirst)).toBe(400)
  })

  test('of two versions the first counts', async () => {
    const signed = '/pools?api-version=2022-10-01.16.0'
    expect(await statusOf(closing(`GET ${signed}&api-version=latest`, { signed }))).toBe(200)
    expect(await statusOf(closing('GET /pools?api-version=latest&api-version=2022-10-01.16.0'))).toBe(400)
  })

  test('hundreds of them are no harm', async () => {
    const lines = Array.from({ length: 500 }, (_, i) => `x-${i}: y`)
    expect(await statusOf(closing('GET /pools', { lines }))).toBe(200)
  })

  test('the absolute form of a proxy is signed by its path', async () => {
    const bytes = closing('GET /pools').toString('latin1').replace('GET /pools', `GET ${url}/pools`)
    expect(await statusOf(bytes)).toBe(200)
  })

  test('an upgrade to another protocol is ignored', async () => {
    const lines = ['Upgrade: websocket', 'Connection: Upgrade, close']
    expect(await statusOf(raw('GET /pools', { lines }))).toBe(200)
  })

  test('who waits for 100 Continue gets it', async () => {
    const body = JSON.stringify(poolOf('continued'))
    const text = await exchange(url, closing('POST /pools', { body, lines: ['Expect: 100-continue'] }))
    expect(statusesOf(text)).toEqual([100, 201])
  })

  test('a request of long ago is refused, also with a right signature', async () => {
    const bytes = closing('GET /pools', { headers: { 'ocp-date': 'Sun, 06 Nov 1994 08:49:37 GMT' } })
    const text = await exchange(url, bytes)
    expect(statusesOf(text)).toEqual([403])
    expect(text).toContain('"key":"Hint"')
  })

  test('a request can be sent again while its date is near', async () => {
    const bytes = closing('GET /pools')
    expect([await statusOf(bytes), await statusOf(bytes)]).toEqual([200, 200])
  })
})

describe('other sites', () => {
  const origin = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }

  test('a preflight learns nothing', async () => {
    const answers = [
      await call('OPTIONS /pools', {
        headers: { ...origin, 'access-control-request-private-network': 'true' },
      }),
      await call('OPTIONS /pools', { headers: origin, tamper: (h) => delete h['authorization'] }),
      await call('OPTIONS /pools', { headers: origin, version: false }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([405, 400, 400])
    expectError(answers[0] ?? (await call('GET /pools')), 405, 'UnsupportedHttpVerb')
    for (const { headers } of answers)
      expect(Object.keys(headers).filter((name) => /^access-control|^allow$/.test(name))).toEqual([])
  })

  test.each(['GET /pools', 'GET /nothing', 'HEAD /pools/p'])('%s has no CORS headers', async (line) => {
    const { headers } = await call(line, { headers: origin })
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test('health checks have none either', async () => {
    const { headers } = await fetch(`${url}/_malachite/health/live`, { headers: origin })
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

test.each(['OPTIONS *', 'TRACE /pools', 'PROPFIND /pools', 'OPTIONS /pools'])(
  '%s is refused',
  async (line) => {
    expect([400, 403, 404, 405]).toContain(await statusOf(closing(line)))
  },
)

test('CONNECT is not answered', async () => {
  expect(await exchange(url, `CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n`)).toBe('')
})

describe('several requests in one go', () => {
  const numbered = (line: string, i: number, lines: readonly string[] = []): Buffer =>
    raw(line, {
      lines: [`client-request-id: number-${i}.`, 'return-client-request-id: true', ...lines],
    })
  const order = (text: string): number[] =>
    Array.from(text.matchAll(/^client-request-id: number-(\d+)\./gim), ([, number]) => Number(number))

  test('are answered in their order, however long each takes', async () => {
    const lines = ['GET /pools', 'GET /jobs/j/tasks/t/files/wd%2Fbig', 'GET /pools/none', 'HEAD /pools/p']
    const requests = Array.from({ length: 20 }, (_, i) =>
      numbered(lines[i % 4] ?? '', i, i === 19 ? [CLOSE] : i % 4 === 1 ? [] : []),
    )
    const text = await exchange(url, Buffer.concat(requests))
    expect(order(text)).toEqual(Array.from({ length: 20 }, (_, i) => i))
  })

  test('are each authenticated on their own', async () => {
    const requests = [
      numbered('GET /pools', 0),
      Buffer.from(`GET /pools?api-version=2022-10-01.16.0 HTTP/1.1\r\nHost: localhost\r\n\r\n`),
      numbered('GET /pools', 2, [CLOSE]),
    ]
    expect(statusesOf(await exchange(url, Buffer.concat(requests)))).toEqual([200, 400, 200])
  })

  test('come in bytes that arrive one by one', async () => {
    const socket = await openSocket(url)
    const answer = once(socket, 'data') as Promise<[Buffer]>
    socket.setNoDelay(true)
    for (const byte of closing('GET /pools')) {
      socket.write(Buffer.from([byte]))
      await new Promise(setImmediate)
    }
    expect(statusesOf((await answer)[0].toString())).toEqual([200])
    socket.destroy()
  })
})

describe('clients that go', () => {
  test.each([
    ['in the middle of the headers', (): Buffer => raw('GET /pools').subarray(0, 60)],
    ['before the body', (): Buffer => raw('POST /pools', { headers: { 'content-length': '1000' } })],
    [
      'in the middle of the body',
      (): Buffer => {
        const body = JSON.stringify(poolOf('abandoned'))
        return raw('POST /pools', { body, headers: { 'content-length': String(body.length + 10) } })
      },
    ],
    [
      'in the middle of a chunk',
      (): Buffer =>
        Buffer.concat([
          raw('POST /pools', {
            headers: { 'content-length': undefined },
            lines: ['Transfer-Encoding: chunked'],
          }),
          Buffer.from('ff\r\n{"id"'),
        ]),
    ],
  ])('%s have asked for nothing', async (_, bytes) => {
    const socket = await openSocket(url)
    await new Promise((resolve) => socket.write(bytes(), resolve))
    await sleep(30)
    socket.resetAndDestroy()
    await once(socket, 'close')
    await sleep(30)
    expect((await call('GET /pools/abandoned')).status).toBe(404)
  })

  test.each(['end', 'reset'])('in the middle of a download leave no file open (%s)', async (how) => {
    const sockets = await Promise.all(Array.from({ length: 10 }, () => openSocket(url)))
    for (const socket of sockets) {
      socket.on('error', () => {})
      socket.write(raw('GET /jobs/j/tasks/t/files/wd%2Fbig'))
      await once(socket, 'data')
      socket.pause()
    }
    for (const socket of sockets) {
      if (how === 'end') socket.destroy()
      else socket.resetAndDestroy()
    }
    // That none is open is asserted after each test.
    expect(await openFiles()).toEqual([])
    expect(logged.filter((line) => line.includes('ended early')).length).toBeGreaterThan(0)
  })

  test('after the request still have it done', async () => {
    const socket = await openSocket(url)
    const body = JSON.stringify(poolOf('left'))
    await new Promise((resolve) => socket.write(raw('POST /pools', { body }), resolve))
    socket.end()
    socket.resume()
    await once(socket, 'close')
    expect((await call('GET /pools/left')).status).toBe(200)
  })
})
