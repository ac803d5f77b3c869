// What is no HTTP request, or never becomes a whole one: answered before the Batch service sees anything.

import type { Duplex } from 'node:stream'

/** Answers by the HTTP parser's codes; anything else that it does not understand is a bad request. */
const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/**
 * Tells the client what is wrong, without a body because clients read a body as the service's error, and ends the
 * connection: where the next request begins is not known.
 */
export function refuseMalformed({ code = '' }: NodeJS.ErrnoException, socket: Duplex): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const line = STATUS_LINES[code] ?? '400 Bad Request'
  socket.end(`HTTP/1.1 ${line}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`, () => socket.destroy())
}
