// Requests of the browser to the account behind, and its answers back: the browser speaks the service's own protocol, but
// has no key. What may pass in either direction is listed here; nothing else does.

import type { Answer } from './answer.ts'
import { hideSecrets } from './secrets.ts'
import type { UpstreamAnswer, UpstreamRequest } from './upstream.ts'

/** Where the service's own paths begin, as the browser sees them. */
export const BATCH_PREFIX = '/api/batch'

/** Requests that change nothing. */
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/** Whether a request may change something. */
export function isWriting(method: string): boolean {
  return !READING.has(method)
}

const SENT = /^(content-type|if-(match|none-match|modified-since|unmodified-since)|range|ocp-[\w-]+)$/
const RETURNED =
  /^(content-type|content-range|accept-ranges|etag|last-modified|retry-after|request-id|ocp-[\w-]+)$/

const JSON_TYPE = 'application/json; odata=minimalmetadata'

/** What is sent on of a request. `path` and `search` as in the URL, without the prefix. */
export function toUpstream(
  method: string,
  path: string,
  search: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: Uint8Array,
): UpstreamRequest {
  const sent: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (SENT.test(name) && typeof value === 'string') sent[name] = value
  }
  // Newer versions take no other form of JSON.
  if (sent['content-type']?.startsWith('application/json')) sent['content-type'] = JSON_TYPE
  const query = withoutVersion(search.replace(/^\?/, ''))
  return { method, path, query, headers: sent, ...(body.length > 0 && { body }) }
}

// The upstream says which version it is asked in.
function withoutVersion(query: string): string {
  return query
    .split('&')
    .filter((part) => part !== '' && !/^api-version(=|$)/i.test(part))
    .join('&')
}

/** What is sent back of an answer; links to a next page lead through here again. */
export function fromUpstream({ status, headers, body }: UpstreamAnswer): Answer {
  const returned: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers))
    if (RETURNED.test(name.toLowerCase())) returned[name] = value
  const rest =
    body === undefined ? {} : { body: typeof body === 'string' ? hideSecrets(rewriteLinks(body)) : body }
  // Where nothing changes the body its length tells how far a download is.
  const length = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-length')?.[1]
  if (length !== undefined && typeof body !== 'string') returned['Content-Length'] = length
  // A file: even opened by its address it is saved, never shown.
  if (body instanceof ReadableStream) returned['Content-Disposition'] = 'attachment'
  return { status, headers: returned, ...rest }
}

// Within a text of JSON a quote is escaped, so that this finds members only. Parsing a page of 1,000 tasks and writing it
// again would take 10 ms.
const NEXT_LINK = /("odata\.nextLink"\s*:\s*)("(?:[^"\\]|\\.)*")/g

/** JSON in which the links to a next page are paths of the window. */
export function rewriteLinks(json: string): string {
  return json.replaceAll(NEXT_LINK, (_, name: string, link: string) => {
    const url = URL.parse(JSON.parse(link) as string)
    if (!url) return `${name}null`
    const query = withoutVersion(url.search.slice(1))
    return `${name}${JSON.stringify(`${BATCH_PREFIX}${url.pathname}${query && `?${query}`}`)}`
  })
}
