// Who may look: pages of this server only. A web page elsewhere reaches loopback, too, so names, origins and a token are
// checked; what is answered cannot run script.

import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** The header that every request to `/api/` carries. */
export const TOKEN_HEADER = 'x-malachite-token'

const ALWAYS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
}

/** Headers of the page and its files: script and style of this server only, nothing in line, in no frame. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  ...ALWAYS,
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
}

/** Headers of what `/api/` answers: files of tasks are among it, so it is nothing but data, whoever opens it. */
export const API_HEADERS: Readonly<Record<string, string>> = {
  ...ALWAYS,
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'Cache-Control': 'no-store',
}

/** Whether a Host header names this machine: under any other name a page of somebody else would be ours (DNS rebinding). */
export function isOwnHost(host: string | undefined): boolean {
  const [, name = ''] =
    /^(localhost|[\w-]+\.localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i.exec(host ?? '') ?? []
  return name !== ''
}

/** Whether a request can come from a page of this server: browsers say where it comes from, other programs do not. */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const { origin, host = '', 'sec-fetch-site': site } = headers
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  return origin === undefined || origin === `http://${host}`
}

/** Whether two texts are equal, in a time that does not tell how far they are. */
export function isSameSecret(given: string | string[] | undefined, secret: string): boolean {
  if (typeof given !== 'string') return false
  const [a, b] = [Buffer.from(given), Buffer.from(secret)]
  return a.length === b.length && timingSafeEqual(a, b)
}
