// What no client sends, in the request: paths of files, bodies and queries. After each test the server still answers,
// holds no file open and has logged no secret.

import type { Socket } from 'node:net'
import { ROUTES } from '@malachite/emulator'
import { describe, expect, test } from 'vitest'
import { expectError } from './expectations.ts'
import { poolOf } from './helpers.ts'
import { exchange, openSocket, statusesOf } from './raw.ts'
import { openVictim } from './victim.ts'

const { call, url, nodeId, raw, closing, statusOf } = await openVictim()

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('drain', resolve))
}

describe('paths of files', () => {
  const PATHS = [
    '..%2F..%2F..%2F..%2Fetc%2Fpasswd',
    '../../../../../../../../etc/passwd',
    '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '%252e%252e%252fetc%252fpasswd',
    '..%5C..%5C..%5Cetc%5Cpasswd',
    '..%255C..%255Cetc',
    'wd%2F..%2F..%2F..%2F..%2Fetc%2Fpasswd',
    'wd/../../../../etc/passwd',
    'wd%2F%2E%2E%2F%2E%2E%2Fstdout.txt',
    '%2Fetc%2Fpasswd',
    '%2F%2Fetc%2Fpasswd',
    'wd%2Flink',
    'stdout.txt%00',
    '%00',
    '%c0%ae%c0%ae%2fetc',
    'C%3A%5CWindows',
    'wd',
    '.',
    '..',
    '%2F',
    '~',
    'x'.repeat(5000),
    `${'a%2F'.repeat(3000)}b`,
  ]

  test.each(PATHS.map((path) => [path.slice(0, 40), path]))(
    '%s is no file of the task or the node',
    async (_, path) => {
      for (const place of ['/jobs/j/tasks/t', `/pools/p/nodes/${nodeId}`])
        for (const verb of ['GET', 'HEAD', 'DELETE']) {
          // Directories have properties, and are deleted only when they are empty.
          if (['wd', 'wd%2Flink'].includes(path) && verb !== 'GET') continue
          const answer = await call(`${verb} ${place}/files/${path}`)
          expect([400, 404]).toContain(answer.status)
          expect(answer.text).not.toContain('root:')
        }
    },
  )

  test.each(['', '%2F', 'wd%5Cbig', 'wd%2Fbig', 'wd/big', '%2Fwd%2Fbig'])(
    '%s is one way to name it',
    async (path) => {
      const answer = await call(`HEAD /jobs/j/tasks/t/files/${path}`)
      expect(answer.status).toBe(path.endsWith('big') ? 200 : path === '' ? 405 : 404)
    },
  )
})

describe('bodies', () => {
  const deep = (open: string, close: string): string => open.repeat(100_000) + close.repeat(100_000)
  const long = 'x'.repeat(10_000)
  const BODIES: [string, string | Buffer][] = [
    ['broken', '{"id":"s3cret"'],
    ['no UTF-8', Buffer.from('7b226964223a22ff fe227d'.replace(' ', ''), 'hex')],
    ['UTF-16', Buffer.from('\ufeff{"id":"s3cret"}', 'utf16le')],
    ['a hundred thousand arrays', deep('[', ']')],
    ['a hundred thousand objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['deep below a member', `{"id":"a","metadata":${deep('[', ']')}}`],
    ['deep in a collection', `{"value":[{"id":"a","commandLine":${deep('[', ']')}}]}`],
    [
      'an id of ten thousand characters',
      `{"id":"${long}","commandLine":"x","value":[{"id":"${long}","commandLine":"x"}]}`,
    ],
    ['an unknown member', '{"unknown":"s3cret","id":"a","commandLine":"x"}'],
    ['a prototype', '{"__proto__":{"id":"a"},"id":"a"}'],
    [
      'a prototype below',
      '{"id":"a","metadata":[{"__proto__":{"x":1},"name":"a","value":"b"}],"constraints":{"__proto__":{}}}',
    ],
    ['a constructor', '{"constructor":{"prototype":{"x":1}},"toString":1,"hasOwnProperty":1}'],
    [
      'numbers out of range',
      '{"id":"a","targetDedicatedNodes":1e999,"priority":-1e999,"maxParallelTasks":9007199254740993}',
    ],
    ['half a character', String.raw`{"id":"\ud800","displayName":"\udc00"}`],
    ['a zero', String.raw`{"id":"a\u0000b","commandLine":"\u0000"}`],
    ['an array', '[1,2,3]'],
    ['a text', '"s3cret"'],
    ['nothing', 'null'],
    ['wrong types', '{"id":{},"value":"x","commandLine":[],"poolInfo":7,"metadata":{},"constraints":[]}'],
    ['a million items', `{"value":[${'1,'.repeat(400_000)}1]}`],
  ]
  const WRITES = ROUTES.filter(({ verb }) => ['POST', 'PUT', 'PATCH'].includes(verb))
  const IDS: Record<string, string> = { poolId: 'p', jobId: 'j', taskId: 't', nodeId }
  const pathOf = (path: string): string =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => IDS[name] ?? 'x')

  test.each(WRITES)('$operation survives them all', async ({ verb, path }) => {
    for (const [title, body] of BODIES) {
      const answer = await call(`${verb} ${pathOf(path)}`, { body })
      expect({ title, status: answer.status, text: answer.text }).toEqual({
        title,
        status: expect.toBeOneOf([200, 201, 202, 204, 400, 404, 405, 409, 413, 501]),
        text: expect.not.stringContaining('s3cret'),
      })
      expect(answer.text.length).toBeLessThan(5000)
    }
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })

  test.each(['POST /pools', 'POST /jobs', 'POST /jobs/j/tasks', 'POST /jobs/j/addtaskcollection'])(
    '%s takes none of them',
    async (line) => {
      const codes = []
      for (const [, body] of BODIES) codes.push((await call(line, { body })).json()['code'])
      expect(codes.filter((code) => !/^(Invalid|Missing|Unsupported)/.test(String(code)))).toEqual([])
    },
  )

  test('bytes that are no UTF-8 are told as such', async () => {
    const body = Buffer.from('{"id":"\u00ff"}', 'latin1')
    expectError(await call('POST /pools', { body }), 400, 'InvalidRequestBody', {
      Reason: 'The body is not valid UTF-8',
    })
  })

  test('chunks need no length, which is then signed as empty', async () => {
    const body = JSON.stringify(poolOf('chunked'))
    const chunks = `${(5).toString(16)}\r\n${body.slice(0, 5)}\r\n${(body.length - 5).toString(16)}\r\n${body.slice(5)}\r\n0\r\n\r\n`
    const head = closing('POST /pools', {
      headers: { 'content-length': undefined },
      lines: ['Transfer-Encoding: chunked'],
    })
    expect(await statusOf(Buffer.concat([head, Buffer.from(chunks)]))).toBe(201)
  })

  test('without a length there is no body', async () => {
    const text = await exchange(url, closing('POST /pools', { headers: { 'content-length': undefined } }))
    expect(statusesOf(text)).toEqual([400])
    expect(text).toContain('InvalidRequestBody')
  })

  test('1 MiB is taken, a byte more is answered with 413 after it was read', async () => {
    const body = JSON.stringify({ value: [{ id: 'x', commandLine: 'x'.repeat(1_048_576) }] })
    expect(await statusOf(closing('POST /jobs/j/addtaskcollection', { body }))).toBe(413)
    const fits = body.slice(0, 1_048_576)
    expect(await statusOf(closing('POST /jobs/j/addtaskcollection', { body: fits }))).toBe(400)
  })

  test('a body without an end is cut off', { timeout: 30_000 }, async () => {
    const socket = await openSocket(url)
    const ended = new Promise<void>((resolve) => socket.on('error', () => {}).on('close', () => resolve()))
    socket.write(raw('POST /pools', { headers: { 'content-length': '99999999999' } }))
    const chunk = Buffer.alloc(1_048_576, ' ')
    let sent = 0
    while (!socket.destroyed && sent < 500) {
      sent++
      if (!socket.write(chunk)) await Promise.race([drained(socket), ended])
    }
    await ended
    expect(sent).toBeGreaterThan(60)
    expect(sent).toBeLessThan(200)
  })
})

describe('queries', () => {
  const QUERIES = [
    `$filter=${'('.repeat(5000)}`,
    `$filter=${'('.repeat(2000)}id eq 'a'${')'.repeat(2000)}`,
    `$filter=${'not '.repeat(2000)}id eq 'a'`,
    `$filter=${Array.from({ length: 300 }, () => "id eq 'a'").join(' or ')}`,
    `$filter=id eq '${'x'.repeat(10_000)}'`,
    "$filter=id eq 'a' or 1 eq 1",
    "$filter=id eq '''; DROP TABLE pools; --'",
    "$filter=constructor eq 'a'",
    "$filter=__proto__ eq 'a'",
    "$filter=toString eq 'a'",
    "$filter=id eq 'a%00b'",
    '$filter=id eq',
    "$filter=startswith(id,'%25')",
    '$select=__proto__,constructor,toString',
    `$select=${'id,'.repeat(4000)}`,
    '$expand=__proto__',
    'maxresults=99999999999999999999',
    'maxresults=-1',
    'maxresults=1e3',
    '$skiptoken=..%2F..%2F',
    '$skiptoken=%00',
    `$skiptoken=${'x'.repeat(10_000)}`,
    'timeout=99999999999999999999',
    '__proto__=1&constructor=2',
    '%24filter=%ff',
  ]
  const LISTS = ROUTES.filter(({ verb }) => verb === 'GET')

  test.each(LISTS)('$operation survives them all', async ({ path }) => {
    const ids: Record<string, string> = {
      poolId: 'p',
      jobId: 'j',
      taskId: 't',
      nodeId,
      filePath: 'stdout.txt',
    }
    const target = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'x')
    for (const query of QUERIES) {
      const { status } = await call(`GET ${target}?${query}`)
      expect({ query, status }).toEqual({
        query,
        status: expect.toBeOneOf([200, 304, 400, 404, 409, 501]),
      })
    }
  })

  test('an id of ten thousand characters is of nothing', async () => {
    const long = 'x'.repeat(10_000)
    for (const path of [`/pools/${long}`, `/jobs/${long}`, `/jobs/j/tasks/${long}`, `/pools/p/nodes/${long}`])
      expect((await call(`GET ${path}`)).status).toBe(404)
  })

  test.each([
    '__proto__',
    'constructor',
    '%00',
    '%20',
    '..',
    '%2e%2e',
    '.',
    '*',
    "'",
    '%25',
    '%2F',
    '%F0%9F%92%A9',
  ])('no pool has the id %s', async (id) => {
    expect([400, 404]).toContain((await call(`GET /pools/${id}`)).status)
  })
})
