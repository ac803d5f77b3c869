// What the service hands to a handler and what it gets back. Handlers do not know node:http.

import type { NodeFile } from '@malachite/model'
import type { Engine, LogUpload, Stamp } from '../engine/api.ts'
import type { ApiVersion } from './versions.ts'

/** The part of the engine that the protocol speaks to. */
export type BatchEngine = Omit<Engine, 'account' | 'watch' | 'reports' | 'reset' | 'close'>

/** Files below a node's root; paths are relative to it and cannot leave it. Errors are `BatchError`s. */
export interface NodeFiles {
  /** Entries of a directory, names relative to it; `recursive` adds those of its directories, breadth first. */
  list(nodeId: string, directory: string, options: { recursive?: boolean }): Promise<NodeFile[]>
  stat(nodeId: string, path: string): Promise<NodeFile>
  read(
    nodeId: string,
    path: string,
    options: { offset?: number; length?: number },
  ): ReadableStream<Uint8Array> | Promise<ReadableStream<Uint8Array>>
  remove(nodeId: string, path: string, options: { recursive?: boolean }): Promise<void>
  /** Uploads the logs of a node's agent; how many files. `InvalidPropertyValue` when the container cannot be written. */
  uploadLogs(nodeId: string, upload: LogUpload): Promise<number>
}

/** Where log lines go. Lines carry no credentials and no bodies. */
export interface HttpLogger {
  debug(message: string): void
  info(message: string): void
  warn(message: string): void
  error(message: string, error?: unknown): void
}

/** Request headers, names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>

/** Decoded query parameters; of repeated ones the first counts. */
export type Query = ReadonlyMap<string, string>

/** What every handler may use besides its request. */
export interface Services {
  engine: BatchEngine
  files: NodeFiles
}

/** One authenticated request of a known operation. */
export interface Call<Name extends string = string> {
  /** Decoded parts of the path, by their names in the route's template. */
  params: Readonly<Record<Name, string>>
  /** The version whose shape the answer has. */
  version: ApiVersion
  /** Names in lower case. */
  query: Query
  /** The query as it came, for links to the next page. */
  search: string
  headers: RequestHeaders
  /** Parsed JSON; absent when the request had no body. */
  body: unknown
  /** `http://host:port` as the client wrote it: every URL of an answer begins so, because clients follow them. */
  base: string
  /** The request's URL without its query. */
  url: string
  requestId: string
  /** Milliseconds since 1970. */
  now: number
}

/** What a handler answers; the status is the route's. Everything absent: no body. */
export interface Reply {
  /** Goes into the ETag and Last-Modified headers. */
  stamp?: Stamp
  /** URL of what was created, for Location and DataServiceId. */
  location?: string
  json?: object
  stream?: ReadableStream<Uint8Array>
  /** Further headers; a `Content-Length` here replaces chunked framing. */
  headers?: Readonly<Record<string, string>>
}

/** Reads the request, calls the engine, says how the answer looks. Throws `BatchError`. */
export type Handler<Name extends string = string> = (
  services: Services,
  call: Call<Name>,
) => Reply | Promise<Reply>
