// A proxy between clients and a service that writes down what is asked and answered, and can keep an answer to itself:
// the service has done what it was asked to, and the client does not learn of it.

import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that the service has answered. */
export interface Exchange {
  /** `PUT /devstoreaccount1/input`: without the query. */
  what: string
  query: string
  status: number
}

/** A proxy with its record. */
export interface Proxy {
  url: string
  exchanges: Exchange[]
  /** Called with each answer before it is passed on; `true` keeps it. */
  onAnswer: (exchange: Exchange) => boolean
  close(): Promise<void>
}

/** Starts a proxy to a service on this machine. */
export async function startProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target)
  const exchanges: Exchange[] = []
  const server = createServer((incoming, outgoing) => pass(incoming, outgoing))

  function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = '', url = '', headers } = incoming
    const onward = request({ hostname, port, method, path: url, headers }, (answer) => {
      const { pathname, search } = new URL(url, target)
      const exchange = { what: `${method} ${pathname}`, query: search, status: answer.statusCode ?? 0 }
      exchanges.push(exchange)
      if (proxy.onAnswer(exchange)) {
        answer.resume()
      } else {
        outgoing.writeHead(exchange.status, answer.rawHeaders)
        answer.pipe(outgoing)
      }
    })
    // A client that was killed ends its request in the middle.
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: Proxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    onAnswer: () => false,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}
