// Requests of the Batch protocol as they are, signed: for a window that speaks the protocol itself and has no key.

import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { HttpOperationResponse } from '@azure/ms-rest-js'
import { createBatchClient, type BatchClientOptions } from './batch-client.ts'

/** The newest version of the protocol that is known here. */
const API_VERSION = '2025-06-01'

/** A request without version and signature. */
export interface BatchRequest {
  method: string
  /** Percent-encoded, with its first `/`. */
  path: string
  /** Without `?`; empty for none. */
  query: string
  headers: Readonly<Record<string, string>>
  body?: Uint8Array
}

/** The service's answer, whatever its status. */
export interface BatchAnswer {
  status: number
  headers: Record<string, string>
  /** JSON is text, a file is a stream. */
  body?: string | ReadableStream<Uint8Array>
}

/** Sends requests on. */
export interface BatchProxy {
  /** Signs a request and sends it; rejects with a `BatchError` only when no answer comes. */
  request(request: BatchRequest): Promise<BatchAnswer>
  close(): Promise<void>
}

/** A proxy of one account. Nothing connects before the first request. */
export function createBatchProxy(options: BatchClientOptions): BatchProxy {
  const batch = createBatchClient(options)
  return {
    request: ({ method, path, query, headers, body }) =>
      batch.call(undefined, async (client) => {
        const answer = await client.sendRequest({
          method: method as 'GET',
          url: urlOf(options.endpoint, path, query),
          headers: { ...headers },
          // The signature is made over bytes that are there.
          ...(body && { body: Buffer.from(body), disableJsonStringifyOnBody: true }),
          streamResponseBody: true,
        })
        return toAnswer(answer)
      }),
    close: () => batch.close(),
  }
}

// The emulator's own operations have no version.
function urlOf(endpoint: string, path: string, query: string): string {
  const version = path.startsWith('/malachite/') ? '' : `api-version=${API_VERSION}`
  const search = [query, version].filter(Boolean).join('&')
  return `${endpoint.replace(/\/+$/, '')}${path}${search && `?${search}`}`
}

async function toAnswer(response: HttpOperationResponse): Promise<BatchAnswer> {
  const { status, readableStreamBody: stream, bodyAsText } = response
  const headers: Record<string, string> = {}
  for (const { name, value } of response.headers.headersArray()) headers[name.toLowerCase()] = value
  // What is passed on is unpacked already.
  if (headers['content-encoding'] !== undefined) delete headers['content-length']
  // Of a refusal the client has read the stream already.
  if (!stream || bodyAsText) return { status, headers, ...(bodyAsText && { body: bodyAsText }) }
  if (headers['content-type']?.includes('json')) return { status, headers, body: await text(stream) }
  return { status, headers, body: Readable.toWeb(Readable.from(stream)) as ReadableStream<Uint8Array> }
}
