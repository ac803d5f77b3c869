// The request target as it came. The path stays encoded: it is signed so, and `%2F` in a file path is no separator.

import { BatchError } from '@malachite/model'
import type { Query } from './context.ts'

/** A request target in its parts. */
export interface Target {
  /** Still percent-encoded. */
  path: string
  /** Without `?`, still percent-encoded. */
  search: string
  query: Query
}

/** Splits `/path?query` (or the absolute form that proxies send). `RequestUrlFailedToParse` on broken encoding. */
export function parseTarget(url: string): Target {
  const relative = url.replace(/^https?:\/\/[^/?#]*/i, '')
  const mark = relative.indexOf('?')
  const path = mark < 0 ? relative : relative.slice(0, mark)
  const search = mark < 0 ? '' : relative.slice(mark + 1)
  return { path: path || '/', search, query: parseQuery(search) }
}

/** A target for the log: a client for blobs that takes this port for its own sends its SAS here. */
export function withoutSignature(url: string): string {
  return url.replace(/\bsig=[^&]+/gi, 'sig=…')
}

/** A part of a URL decoded, `RequestUrlFailedToParse` when it cannot be. */
export function decodePart(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new BatchError('RequestUrlFailedToParse', {}, { cause })
  }
}

/** An id as a part of a URL. The colon of job ids that schedules make stays, as in the service's own URLs. */
export function encodePart(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':')
}

function parseQuery(search: string): Query {
  const query = new Map<string, string>()
  for (const pair of search.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
    const key = decodeQueryPart(name)
    if (!query.has(key)) query.set(key, decodeQueryPart(value))
  }
  return query
}

function decodeQueryPart(text: string): string {
  return decodePart(text.replaceAll('+', ' '))
}
