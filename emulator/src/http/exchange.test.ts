import { once } from 'node:events'
import { request, type IncomingMessage, type RequestOptions } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { createExchange } from './exchange.ts'
import { createPorts } from './ports.ts'
import type { BatchService } from './service.ts'

const warnings: string[] = []
const logger = { debug() {}, info() {}, error() {}, warn: (line: string) => void warnings.push(line) }

afterEach(() => void warnings.splice(0))

/** A server of the service; `send` resolves to the body of an answer. */
async function serve(service: BatchService) {
  const ports = createPorts(createExchange(service, logger))
  onTestFinished(() => ports.close())
  const port = await ports.listen({ host: '127.0.0.1', port: 0 })
  const send = async (options: RequestOptions, body = ''): Promise<string> => {
    const sent = request({ host: '127.0.0.1', port, agent: false, ...options }).end(body)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return text(response)
  }
  return { port, send }
}

/** Answers what the service was told of the body. */
const echo: BatchService = ({ body }) => {
  const told = 'refused' in body ? body.refused.code : `${body.bytes.length} bytes`
  return Promise.resolve({ status: 200, headers: {}, body: told })
}

test.each([
  ['POST', 'abc', 'application/json', '3 bytes'],
  ['POST', 'abc', 'Application/JSON ; charset=utf-8', '3 bytes'],
  ['POST', '', 'application/json', '0 bytes'],
  ['POST', 'abc', 'json', 'InvalidHeaderValue'],
  ['POST', 'abc', 'application/', 'InvalidHeaderValue'],
  ['POST', 'abc', 'a b/json', 'InvalidHeaderValue'],
  ['DELETE', '', 'json', 'InvalidHeaderValue'],
  ['GET', '', 'json', '0 bytes'],
])('%s with the body "%s" of type %s is told as %s', async (method, body, type, told) => {
  const { send } = await serve(echo)
  const length = Buffer.byteLength(body)
  expect(await send({ method, headers: { 'content-type': type, 'content-length': length } }, body)).toBe(told)
})

test('a body needs no content type', async () => {
  const { send } = await serve(echo)
  expect(await send({ method: 'PUT', headers: { 'content-length': 3 } }, 'abc')).toBe('3 bytes')
  expect(await send({ method: 'PATCH', headers: { 'transfer-encoding': 'chunked' } }, 'abcd')).toBe('4 bytes')
})

test('a body that the connection ends before its end is refused', async () => {
  const told = Promise.withResolvers<string | ReadableStream | undefined>()
  const { port } = await serve(async (given) => {
    const answer = await echo(given)
    told.resolve(answer.body)
    return answer
  })
  const socket = connect(port, '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc', () => socket.destroy())
  expect(await told.promise).toBe('InvalidHeaderValue')
})

test('a service that fails ends the connection, which is logged', async () => {
  const { send } = await serve(() => Promise.reject(new Error('beyond repair')))
  await expect(send({ method: 'GET', path: '/pools' })).rejects.toThrow('socket hang up')
  expect(warnings).toEqual(['GET /pools ended early: Error: beyond repair'])
})
