// SharedKey authentication: the client signs what is on the wire with the account's key; here it is signed again.

import { createHmac, timingSafeEqual } from 'node:crypto'
import { BatchError, DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY } from '@malachite/model'
import type { Accounts } from './accounts.ts'
import type { Query, RequestHeaders } from './context.ts'
import { clockHint, unknownAccountHint, wrongKeyHint } from './hints.ts'

/** What of a request is signed. */
export interface SignedRequest {
  method: string
  /** Raw, still percent-encoded. */
  path: string
  query: Query
  headers: RequestHeaders
}

/** Difference allowed between the client's clock and ours, milliseconds. */
const CLOCK_WINDOW = 15 * 60 * 1000

/**
 * Name of the account whose key signed the request. `InvalidAuthenticationInfo` when its Authorization header cannot
 * be read, `AuthenticationFailed` otherwise. `now` in milliseconds.
 */
export function verifySharedKey(
  request: SignedRequest,
  authorization: string,
  accounts: Accounts,
  now: number,
): string {
  const claim = /^SharedKey\s+([^:\s]+):(\S+)$/i.exec(authorization)
  if (!claim) throw new BatchError('InvalidAuthenticationInfo')
  const [, account = '', signature = ''] = claim

  const keys = accounts.get(account.toLowerCase())
  if (!keys)
    throw failed(
      `Cannot find the claimed account when trying to GetProperties for the account ${account}.`,
      unknownAccountHint(account),
    )
  requireRecent(request.headers, now)
  if (!isSigned(request, account, signature, keys)) {
    const escaped = stringToSign(request, account).replaceAll('\n', String.raw`\n`)
    throw failed(
      `The MAC signature found in the HTTP request '${signature}' is not the same as any computed signature. ` +
        `Server used following string to sign: '${escaped}'`,
      wrongKeyHint(account, ownerOf(request, account, signature, accounts)),
    )
  }
  return account.toLowerCase()
}

/** The account whose key the signature is of, for those who mixed up names and keys. */
function ownerOf(
  request: SignedRequest,
  account: string,
  signature: string,
  accounts: Accounts,
): string | undefined {
  const known = [...accounts, [DEVELOPMENT_ACCOUNT, [DEVELOPMENT_KEY]] as const]
  return known.find(([, keys]) => isSigned(request, account, signature, keys))?.[0]
}

function failed(detail: string, hint: string): BatchError {
  return new BatchError('AuthenticationFailed', { AuthenticationErrorDetail: detail, Hint: hint })
}

function requireRecent(headers: RequestHeaders, now: number): void {
  const date = headers['ocp-date'] ?? headers['date']
  if (date === undefined)
    throw failed('The request has neither an ocp-date nor a Date header.', clockHint(NaN))
  const difference = Date.parse(date) - now
  if (!(Math.abs(difference) <= CLOCK_WINDOW))
    throw failed(
      `The date '${date}' of the request is not within 15 minutes of the server's '${new Date(now).toUTCString()}'.`,
      clockHint(difference),
    )
}

function isSigned(
  request: SignedRequest,
  account: string,
  signature: string,
  keys: readonly string[],
): boolean {
  const claimed = Buffer.from(signature, 'base64')
  for (const variant of variants(request, account)) {
    const text = stringToSign(request, account, variant)
    for (const key of keys) {
      const computed = createHmac('sha256', Buffer.from(key, 'base64')).update(text, 'utf8').digest()
      if (claimed.length === computed.length && timingSafeEqual(claimed, computed)) return true
    }
  }
  return false
}

/** In what the clients' signatures differ while their requests look the same. */
interface Variant {
  contentLength?: string
  /** Java signs the account and the names of query parameters in lower case. */
  lowerCase?: boolean
  /** Python signs no query parameters without a value. */
  withoutEmpty?: boolean
  /** Java signs an empty Date when there is an ocp-date. */
  withoutDate?: boolean
}

// The first variant is what current JavaScript, Python and az clients sign: others are tried only when it fails.
function* variants({ headers, query }: SignedRequest, account: string): Generator<Variant> {
  const length = headers['content-length'] ?? ''
  // A request without a body may be signed with or without the 0, whatever is on the wire.
  const lengths = length === '' ? ['', '0'] : length === '0' ? ['0', ''] : [length]
  const names = [...query.keys(), account]
  const lowers = names.some((name) => name !== name.toLowerCase()) ? [false, true] : [false]
  const empties = [...query.values()].includes('') ? [false, true] : [false]
  const dates = headers['date'] && headers['ocp-date'] ? [false, true] : [false]
  for (const lowerCase of lowers)
    for (const withoutEmpty of empties)
      for (const withoutDate of dates)
        for (const contentLength of lengths) yield { contentLength, lowerCase, withoutEmpty, withoutDate }
}

const SIGNED_HEADERS = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-md5',
  'content-type',
  'date',
  'if-modified-since',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'range',
]

function stringToSign(request: SignedRequest, account: string, variant: Variant = {}): string {
  const replaced: Record<string, string | undefined> = {
    'content-length': variant.contentLength,
    date: variant.withoutDate ? '' : undefined,
  }
  const values = SIGNED_HEADERS.map((name) => replaced[name] ?? request.headers[name] ?? '')
  const ocp = Object.keys(request.headers)
    .filter((name) => name.startsWith('ocp-'))
    .sort()
    .map((name) => `${name}:${request.headers[name]}\n`)
  const fold = (name: string): string => (variant.lowerCase ? name.toLowerCase() : name)
  const parameters = [...request.query]
    .filter(([, value]) => value !== '' || !variant.withoutEmpty)
    .map(([name, value]) => [fold(name), value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `\n${name}:${value}`)
  const head = [request.method, ...values].join('\n')
  return `${head}\n${ocp.join('')}/${fold(account)}${request.path}${parameters.join('')}`
}
