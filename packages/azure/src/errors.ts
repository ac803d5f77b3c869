// Errors of the two clients and of the network become `BatchError`s here, once. They carry whole requests, whose bodies
// and URLs hold signatures, so the `cause` is a copy of the original without them.

import { BatchError, type ErrorDetails } from '@malachite/model'

/** The service that was called, for messages. */
export interface ErrorContext {
  /** For people: `The Batch service at https://…`. */
  service: string
  /** What to do when it does not answer. */
  hint: string
}

/** The parts that the errors of both clients may have. */
interface ClientError extends Error {
  code?: unknown
  statusCode?: unknown
  body?: { code?: unknown; message?: { value?: unknown }; values?: unknown } | null
  request?: unknown
  response?: { headers?: { get?: (name: string) => unknown } } | null
}

/** An error of a client or of the network as a `BatchError`; one that is already comes back as it is. */
export function toBatchError(error: unknown, context: ErrorContext): BatchError {
  if (error instanceof BatchError) return error
  const known = (error instanceof Error ? error : new Error(String(error))) as ClientError
  if (typeof known.statusCode === 'number' && known.statusCode >= 300)
    return answered(known, known.statusCode)
  if (isNetworkError(known)) return unreachable(known, context)
  if (isUnreadable(known)) return unreadable(known, context)
  const message = redact(text(known))
  return new BatchError('InvalidRequestBody', {}, { message, cause: withoutSecrets(known) })
}

function answered(error: ClientError, status: number): BatchError {
  const message = toSentence(redact(text(error)))
  const unparsed = error.code === 'PARSE_ERROR'
  const code = (!unparsed && firstText(error.body?.code, error.code)) || codeOf(status)
  const details = toDetails(error.body?.values)
  // What a proxy or another server answered is no sentence for people: the code's own takes its place.
  const readable = !unparsed && message !== undefined && !/^[<{]|^Unexpected status code/.test(message)
  return new BatchError(code, details, { status, ...(readable && { message }), cause: withoutSecrets(error) })
}

// An answer to HEAD has no body and so no code.
function codeOf(status: number): string {
  const codes: Record<number, string> = {
    403: 'AuthenticationFailed',
    404: 'ResourceNotFound',
    409: 'Conflict',
    412: 'ConditionNotMet',
    429: 'TooManyRequests',
    500: 'InternalError',
    503: 'ServerBusy',
  }
  return codes[status] ?? `HttpStatus${status}`
}

function unreachable(error: ClientError, { service, hint }: ErrorContext): BatchError {
  const reason = networkCode(error)
  const message = `${service} does not answer (${reason}). ${hint}`
  return new BatchError('ServiceUnreachable', { Reason: reason }, { message, cause: withoutSecrets(error) })
}

function unreadable(error: ClientError, { service, hint }: ErrorContext): BatchError {
  const message = `${service} sent an answer that is not one of this service. ${hint}`
  return new BatchError('InvalidResponse', {}, { status: 502, message, cause: withoutSecrets(error) })
}

function isUnreadable(error: ClientError): boolean {
  return error.code === 'PARSE_ERROR' || /occurred (in deserializing|while parsing)/.test(text(error))
}

const TEMPORARY = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ERR_STREAM_PREMATURE_CLOSE',
  'REQUEST_ABORTED_ERROR',
]
const TLS = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO)/

/** True when no answer came because of the network; a wrong certificate is the network's as well. */
export function isNetworkError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  const code = networkCode(error)
  return TEMPORARY.includes(code) || TLS.test(code) || code === 'REQUEST_SEND_ERROR'
}

/** True when the request may be sent once more: the network may come back, a certificate does not change. */
export function isTemporaryNetworkError(error: unknown): boolean {
  return error instanceof Error && TEMPORARY.includes(networkCode(error))
}

// Both clients hide the system's code of some errors behind one of their own; their messages end with the system's.
function networkCode(error: ClientError): string {
  const code = typeof error.code === 'string' ? error.code : ''
  if (code !== 'REQUEST_SEND_ERROR' && code !== '') return code
  const inside = TEMPORARY.find((known) => error.message.includes(known))
  if (inside) return inside
  return error.message === 'Premature close' || error.message === 'aborted' ? 'ECONNRESET' : code
}

/** Milliseconds that a `Retry-After` header asks for: seconds, or a date. */
export function parseRetryAfter(value: string, now: number): number | undefined {
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** The `Retry-After` header of the answer that an error of a client carries. */
export function retryAfterOf(error: unknown): string | undefined {
  const value = (error as ClientError | undefined)?.response?.headers?.get?.('retry-after')
  return typeof value === 'string' ? value : undefined
}

/** The service's sentence without the lines `RequestId:…` and `Time:…` that end its messages. */
export function toSentence(message: string | undefined): string | undefined {
  return message?.split(/\r?\n(?=RequestId:|Time:)/)[0]?.trim() || undefined
}

/** The `values` of an error as one object. */
export function toDetails(values: unknown): ErrorDetails {
  if (!Array.isArray(values)) return {}
  const pairs = values as { key?: string; value?: string }[]
  return Object.fromEntries(pairs.map(({ key, value }) => [key ?? '', redact(value ?? '')]))
}

const SECRETS: readonly [RegExp, string][] = [
  [/\bsig=[^&\s"'<>\\]+/gi, 'sig=…'],
  [/\bAccountKey=[^;\s"']+/gi, 'AccountKey=…'],
  [/\b(SharedKey|SharedKeyLite) ([^:\s]+):\S+/g, '$1 $2:…'],
  [/\bBearer \S+/g, 'Bearer …'],
]

/** The text without signatures, keys and tokens. */
export function redact(text: string): string {
  return SECRETS.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text)
}

// A copy: the blob client's error shows its request even after that is deleted.
function withoutSecrets(error: ClientError): Error {
  const copy = new Error(redact(text(error)))
  copy.name = error.name
  if (error.stack !== undefined) copy.stack = redact(error.stack)
  const { code, statusCode } = error
  return Object.assign(copy, {
    ...(code !== undefined && { code }),
    ...(statusCode !== undefined && { statusCode }),
  })
}

// The Batch client puts the whole `{ lang, value }` of the answer into the message of its error.
function text(error: ClientError): string {
  const message: unknown = error.message
  if (typeof message === 'string') return firstText(error.body?.message?.value) ?? message
  return firstText((message as { value?: unknown } | undefined)?.value) ?? ''
}

function firstText(...values: unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value !== '')
}
