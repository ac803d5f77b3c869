// The server of the window: a port on loopback. What is answered there is loaded with the first request, because most who
// start an emulator never look, and all of them wait for its start.

import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Handler, WindowOptions } from './handler.ts'

/** What a dashboard shows, and where. */
export interface DashboardOptions extends WindowOptions {
  /** Port on 127.0.0.1; 0 = a free one. @default 0 */
  port?: number
}

/** A window that is open. */
export interface Dashboard {
  /** `http://127.0.0.1:PORT` */
  url: string
  /** Ends all connections and frees the port. Calling it again does nothing. */
  close(): Promise<void>
}

/** Opens a window on an account. Rejects with node's error when the port cannot be had, e.g. code `EADDRINUSE`. */
export async function startDashboard({ port = 0, ...options }: DashboardOptions): Promise<Dashboard> {
  let loading: Promise<Handler> | undefined
  const load = async (): Promise<Handler> => (await import('./handler.ts')).createHandler(options)
  // `getBuiltinModule`, because an import of all of node:http would load its WebSocket: 30 ms.
  const server = process.getBuiltinModule('node:http').createServer((request, response) => {
    loading ??= load()
    loading.then((handler) => handler.answer(request, response)).catch(() => response.destroy())
  })
  server.listen({ host: '127.0.0.1', port })
  await once(server, 'listening')
  let closing: Promise<void> | undefined
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => (closing ??= close(server, loading)),
  }
}

async function close(server: Server, loading: Promise<Handler> | undefined): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
  const handler = await loading
  handler?.close()
  server.closeAllConnections()
  await closed
}
