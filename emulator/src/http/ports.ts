// The sockets that the service listens on. Node's http alone: with one route for everything, a framework would only be
// switched off part by part, and the one that was here took 80 of the 280 ms and 14 of the 101 MB of a start.

import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BatchError } from '@malachite/model'
import { refuseMalformed } from './malformed.ts'

/** Certificate and key in PEM. */
export interface Tls {
  cert: string
  key: string
}

/** Where a service listens. */
export interface Ports {
  /** Listens (port 0 = a free one) and resolves to the port. Rejects with node's error, e.g. code `EADDRINUSE`. */
  listen(address: { host: string; port: number }): Promise<number>
  /** Stops listening and ends all connections, idle or not. Calling it again does nothing. */
  close(): Promise<void>
}

/** Ports that hand every request to `onRequest`. Throws `ConfigurationError` when `tls` cannot be used. */
export function createPorts(onRequest: RequestListener, tls?: Tls): Ports {
  requireTls(tls)
  const servers: Server[] = []
  const bind = async (host: string, port: number): Promise<number> => {
    const server = createServer(onRequest, tls)
    server.listen({ host, port })
    await once(server, 'listening')
    servers.push(server)
    return (server.address() as AddressInfo).port
  }
  return {
    async listen({ host, port }) {
      const [first = host, ...others] = await addressesOf(host)
      const bound = await bind(first, port)
      // Whoever resolves the name the other way gets there, too. Where IPv6 is switched off nobody does.
      await Promise.allSettled(others.map((other) => bind(other, bound)))
      return bound
    },
    close: async () => {
      await Promise.all(servers.splice(0).map(closeServer))
    },
  }
}

/** `localhost` is two addresses on most machines, and clients differ in which one they take. */
async function addressesOf(host: string): Promise<string[]> {
  if (host !== 'localhost') return [host]
  return (await lookup(host, { all: true })).map(({ address }) => address)
}

/** Milliseconds within which a request must have come in whole, so that half ones do not stay for ever. */
const REQUEST_TIMEOUT = 300_000
/** Milliseconds that an idle connection stays: above the 60 s of most clients and proxies, so that they end it. */
const KEEP_ALIVE_TIMEOUT = 72_000

// `getBuiltinModule`, because `import … from 'node:http'` reads every export of it, which loads node's WebSocket and
// with it the whole of undici: 30 ms and 14 MB of each start.
function createServer(onRequest: RequestListener, tls?: Tls): Server {
  const limits = { requestTimeout: REQUEST_TIMEOUT, keepAliveTimeout: KEEP_ALIVE_TIMEOUT }
  const server = tls
    ? process.getBuiltinModule('node:https').createServer({ ...limits, ...tls }, onRequest)
    : process.getBuiltinModule('node:http').createServer(limits, onRequest)
  return server.on('clientError', refuseMalformed)
}

/** A `ConfigurationError` for a certificate and a key that are none, or do not belong together. */
function requireTls(tls?: Tls): void {
  if (!tls) return
  try {
    process.getBuiltinModule('node:tls').createSecureContext(tls)
  } catch (cause) {
    const message = `The certificate and its key cannot be used: ${(cause as Error).message}`
    throw new BatchError('ConfigurationError', {}, { message, cause })
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
