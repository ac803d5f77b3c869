// The service's own JSON, unchanged, over the connection, the signature and the retries of the SDK's client. The SDK's
// operations drop members that they do not know and turn times into dates; whoever shows resources wants neither.

import { BatchError, type CallOptions } from '@malachite/model'
import { createBatchClient, type BatchClientOptions } from './batch-client.ts'
import { parseEndpoint } from './endpoint.ts'

/** The version of the protocol that requests ask for. */
const API_VERSION = '2022-10-01.16.0'

const JSON_TYPE = 'application/json; odata=minimalmetadata; charset=utf-8'

/** An object as the service writes it, without its `odata.metadata`. */
export type JsonObject = Readonly<Record<string, unknown>>

/** What a request takes besides its path. */
export interface RestRequest extends CallOptions {
  /** What is undefined is left out. */
  query?: Readonly<Record<string, string | number | boolean | undefined>>
  headers?: Readonly<Record<string, string>>
}

/** Requests to the Batch service by path segments, e.g. `['jobs', 'myjob']`. All reject with `BatchError`s. */
export interface RestClient {
  /** For people: where the requests go. */
  readonly endpoint: string
  /** One resource. */
  get(path: readonly string[], request?: RestRequest): Promise<JsonObject>
  /** The items of a list; the next page is asked for when the loop reaches it. */
  list(path: readonly string[], request?: RestRequest): AsyncGenerator<JsonObject, void, undefined>
  /** A change; the answer's body, `undefined` when it has none. */
  send(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: readonly string[],
    body?: unknown,
    request?: RestRequest,
  ): Promise<JsonObject | undefined>
  /** The headers of an answer to HEAD, by their names in lower case. */
  head(path: readonly string[], request?: RestRequest): Promise<Readonly<Record<string, string>>>
  /** The bytes of a file as they come. */
  read(path: readonly string[], request?: RestRequest): Promise<AsyncIterable<Uint8Array>>
  close(): Promise<void>
}

/** A client of an account. Nothing connects before the first call. */
export function createRestClient(options: BatchClientOptions): RestClient {
  const endpoint = parseEndpoint(options.endpoint)
  if (endpoint === undefined) throw wrongEndpoint(options.endpoint)
  const batch = createBatchClient({ ...options, endpoint })

  const send = (method: Method, url: string, { headers, ...call }: RestRequest, body?: unknown) =>
    batch.call(call, async (client, { abortSignal }) => {
      const answer = await client.sendRequest({
        method,
        url,
        headers: { accept: 'application/json', 'content-type': JSON_TYPE, ...headers },
        ...(abortSignal && { abortSignal }),
        ...(body !== undefined && { body: toAscii(body), disableJsonStringifyOnBody: true }),
      })
      if (answer.status >= 300) throw refusal(answer.status, answer.parsedBody)
      return answer
    })

  const urlOf = (path: readonly string[], { query = {} }: RestRequest): string =>
    `${endpoint}/${path.map(encodeURIComponent).join('/')}?${queryOf({ ...query, 'api-version': API_VERSION })}`

  return {
    endpoint,
    async get(path, request = {}) {
      return withoutMetadata((await send('GET', urlOf(path, request), request)).parsedBody)
    },
    async *list(path, request = {}) {
      let link: string | undefined = urlOf(path, request)
      while (link !== undefined) {
        const { parsedBody } = await send('GET', link, request)
        const page = parsedBody as { value?: JsonObject[]; 'odata.nextLink'?: string }
        yield* page.value ?? []
        link = page['odata.nextLink']
      }
    },
    async send(method, path, body, request = {}) {
      const { parsedBody } = await send(method, urlOf(path, request), request, body)
      return parsedBody == null || parsedBody === '' ? undefined : withoutMetadata(parsedBody)
    },
    async head(path, request = {}) {
      return (await send('HEAD', urlOf(path, request), request)).headers.rawHeaders()
    },
    async read(path, { headers, ...request } = {}) {
      const { WebResource } = await import('@azure/ms-rest-js')
      const url = urlOf(path, request)
      const { readableStreamBody } = await batch.call(request, async (client, { abortSignal }) => {
        const resource = new WebResource(url, 'GET', undefined, undefined, headers, true)
        if (abortSignal) resource.abortSignal = abortSignal
        const answer = await client.sendRequest(resource)
        if (answer.status >= 300) throw refusal(answer.status, answer.parsedBody)
        return answer
      })
      return chunksOf(
        readableStreamBody as AsyncIterable<Uint8Array> | undefined,
        batch.toError,
        request.signal,
      )
    },
    close: () => batch.close(),
  }
}

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** As the client throws it for its own operations. */
export function refusal(statusCode: number, body: unknown): Error {
  return Object.assign(new Error(`Unexpected status code ${statusCode}`), { statusCode, body })
}

/** The query of what is given. */
function queryOf(parameters: NonNullable<RestRequest['query']>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined)
  // A blank as %20: the signature is made of the text that the client decodes, which leaves a plus as it is.
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]))
    .toString()
    .replaceAll('+', '%20')
}

/** The client signs the number of characters as the length of the body, so each must be one byte. */
function toAscii(body: unknown): string {
  return JSON.stringify(body).replace(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function withoutMetadata(body: unknown): JsonObject {
  const { 'odata.metadata': _metadata, ...rest } = body as JsonObject
  return rest
}

async function* chunksOf(
  chunks: AsyncIterable<Uint8Array> | undefined,
  toError: (error: unknown, signal?: AbortSignal) => unknown,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (chunks) yield* chunks
  } catch (error) {
    throw toError(error, signal)
  }
}

function wrongEndpoint(text: string): BatchError {
  const message = `The Batch endpoint \`${text}\` is not a web address such as https://ACCOUNT.REGION.batch.azure.com.`
  return new BatchError('ConfigurationError', {}, { message })
}
