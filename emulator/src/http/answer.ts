// Answers as they go over the wire: status, reason phrase, headers and framing as recorded from the service.

import { type BatchError } from '@malachite/model'
import type { Call, Reply, RequestHeaders } from './context.ts'
import { errorBody, reasonPhrase, type ErrorContext } from './errors.ts'
import type { Route } from './route.ts'

/** An answer for the HTTP library to write. Without a Content-Length header it is sent chunked. */
export interface HttpAnswer {
  status: number
  /** Absent: the status's usual one. */
  reason?: string
  headers: Record<string, string>
  body?: string | ReadableStream<Uint8Array>
}

const JSON_TYPE = 'application/json;odata=minimalmetadata'

/** The answer to a request that succeeded. */
export function replyAnswer(route: Route, call: Call, reply: Reply): HttpAnswer {
  const headers: Record<string, string> = {}
  if (reply.json) headers['Content-Type'] = JSON_TYPE
  if (reply.stamp) {
    headers['ETag'] = reply.stamp.eTag
    headers['Last-Modified'] = httpDate(reply.stamp.lastModified)
  }
  if (reply.location !== undefined) headers['Location'] = reply.location
  if (route.marks.includes('D')) headers['DataServiceId'] = reply.location ?? call.url
  Object.assign(headers, framing(route, reply), reply.headers)
  const body = reply.json ? JSON.stringify(reply.json) : reply.stream
  return { status: route.status, headers, ...(body !== undefined && { body }) }
}

// 204 says that it is empty; HEAD says nothing about a body's size unless the handler knows it.
function framing(route: Route, reply: Reply): Record<string, string> {
  if (route.status === 204) return { 'Content-Length': '0' }
  if (route.verb === 'HEAD' && !reply.headers?.['Content-Length']) return { 'Transfer-Encoding': 'chunked' }
  return {}
}

/** The answer to a request that failed: the reason phrase is the error's sentence. HEAD and 304 carry no body. */
export function errorAnswer(method: string, error: BatchError, context: ErrorContext): HttpAnswer {
  const { status } = error
  const reason = reasonPhrase(error)
  if (status === 304) return { status, reason, headers: {} }
  // Only bearer tokens are answered with 401; clients that renew them look for the challenge.
  const challenge = status === 401 && { 'WWW-Authenticate': 'Bearer error="invalid_token"' }
  if (method === 'HEAD') return { status, reason, headers: { 'Transfer-Encoding': 'chunked', ...challenge } }
  const body = JSON.stringify(errorBody(error, context))
  const length = String(Buffer.byteLength(body))
  return {
    status,
    reason,
    headers: { 'Content-Length': length, 'Content-Type': JSON_TYPE, ...challenge },
    body,
  }
}

/** Adds the headers that are on every answer, and echoes the client's request id if it asks for that. */
export function completeAnswer(answer: HttpAnswer, requestId: string, request: RequestHeaders): HttpAnswer {
  const echo = request['client-request-id']
  const wanted = request['return-client-request-id']?.toLowerCase() === 'true'
  return {
    ...answer,
    headers: {
      ...answer.headers,
      Server: 'Microsoft-HTTPAPI/2.0',
      'request-id': requestId,
      ...(wanted && echo !== undefined && { 'client-request-id': echo }),
      'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
      'X-Content-Type-Options': 'nosniff',
      DataServiceVersion: '3.0',
    },
  }
}

/** A time as headers write it, whole seconds. */
export function httpDate(time: string | Date): string {
  return new Date(time).toUTCString()
}
