// A container of blobs for tests of uploads: a small server in this process that keeps what is put there.

import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A container that listens until it is closed. */
export interface BlobContainer {
  /** With a SAS that must not be seen anywhere. */
  url: string
  /** Contents by path. */
  blobs: Map<string, string>
  /** The headers that each came with, by path. */
  headers: Map<string, IncomingHttpHeaders>
  close: () => void
}

/** Opens a container; `refusal` is the status and code with which it refuses uploads. */
export async function openBlobContainer(refusal?: [status: number, code: string]): Promise<BlobContainer> {
  const blobs = new Map<string, string>()
  const headers = new Map<string, IncomingHttpHeaders>()
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const content = await text(request)
    if (refusal)
      return response
        .writeHead(refusal[0], { 'content-type': 'application/xml' })
        .end(`<Error><Code>${refusal[1]}</Code></Error>`)
    const path = decodeURIComponent(new URL(request.url ?? '', 'http://x').pathname)
    blobs.set(path, content)
    headers.set(path, request.headers)
    return response.writeHead(201).end()
  }
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/account/box?sig=SECRET`,
    blobs,
    headers,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
