import { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { refuseMalformed } from './malformed.ts'

function createSocket() {
  const written: string[] = []
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString())
      done()
    },
  })
  return { socket, written, closed: new Promise((resolve) => socket.once('close', resolve)) }
}

test.each([
  ['HPE_INVALID_METHOD', '400 Bad Request'],
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout'],
])('%s is answered with %s, and the connection ends', async (code, line) => {
  const { socket, written, closed } = createSocket()
  refuseMalformed(Object.assign(new Error('refused'), { code }), socket)
  await closed
  expect(written).toEqual([`HTTP/1.1 ${line}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`])
})

test('who has gone is not answered', async () => {
  const { socket, written, closed } = createSocket()
  refuseMalformed(Object.assign(new Error('reset'), { code: 'ECONNRESET' }), socket)
  await closed
  expect(written).toEqual([])
})
