// An emulator as a dashboard in the same process sees it: requests without a socket, what changes, and what changed.

import type { Engine, EngineChange } from './engine/api.ts'
import type { BatchService } from './http/service.ts'
import { isOwnPath } from './http/own-routes.ts'
import { NEWEST } from './http/versions.ts'
import { createPast, type Past } from './window-past.ts'

/** Something that changed; of a node the id of its pool, of a task that of its job. */
export interface WindowChange {
  kind: Exclude<EngineChange['kind'], 'autoscale'>
  /** Absent: everything of the kind. */
  id?: string
}

/** A view of an emulator. */
export interface EmulatorWindow extends Pick<Past, 'history'> {
  backend: 'emulator'
  account: string
  url: string
  /** Sends a request of the Batch service; the newest api-version is added to the query. */
  request(request: WindowRequest): Promise<WindowAnswer>
  /** Tells of every change until the function that it returns is called. */
  events(listener: (change: WindowChange) => void): () => void
  /** Looks away: nothing is remembered any more. */
  close(): void
}

/** A request without its signature. */
export interface WindowRequest {
  method: string
  /** Percent-encoded, with its first `/`. */
  path: string
  /** Without `?`. */
  query: string
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  body?: Uint8Array
}

/** An answer, whatever its status. */
export interface WindowAnswer {
  status: number
  headers: Readonly<Record<string, string>>
  body?: string | ReadableStream<Uint8Array>
}

/** What a window looks at. */
export interface WindowParts {
  engine: Pick<Engine, 'watch'>
  handle: BatchService
  account: string
  url: string
}

/** Opens a window. From now on it remembers what changes. */
export function openWindow({ engine, handle, account, url }: WindowParts): EmulatorWindow {
  const past = createPast()
  const { host } = new URL(url)
  const close = engine.watch((changes) => changes.forEach((change) => past.add(change)))
  return {
    backend: 'emulator',
    account,
    url,
    async request({ method, path, query, headers, body = new Uint8Array() }) {
      const version = isOwnPath(path) ? '' : `api-version=${NEWEST}`
      const search = [query, version].filter(Boolean).join('&')
      return handle({
        method,
        url: search === '' ? path : `${path}?${search}`,
        headers: { ...headers, host },
        body: { bytes: Buffer.from(body.buffer, body.byteOffset, body.byteLength) },
      })
    },
    events: (listener) => engine.watch((changes) => changes.forEach((change) => listener(subjectOf(change)))),
    history: (query) => past.history(query),
    close,
  }
}

function subjectOf({ kind, id, parent }: EngineChange): WindowChange {
  const subject = parent ?? id
  return { kind: kind === 'autoscale' ? 'pool' : kind, ...(subject !== undefined && { id: subject }) }
}
