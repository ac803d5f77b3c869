// What each request is answered: the page and its files, settings, the account behind, the emulator's own operations.

import type { IncomingMessage } from 'node:http'
import { isBatchError } from '@malachite/model'
import { refusal, jsonAnswer, type Answer } from './answer.ts'
import { chooseEncoding, type Asset, type Assets } from './assets.ts'
import { renderPage } from './page.ts'
import { BATCH_PREFIX, fromUpstream, isWriting, toUpstream } from './proxy.ts'
import { API_HEADERS, isSameOrigin, isSameSecret, PAGE_HEADERS, TOKEN_HEADER } from './security.ts'
import type { HistoryQuery, Upstream, UpstreamRequest } from './upstream.ts'

const OWN_PREFIX = '/api/malachite'

/** What the window shows, and how. */
export interface Window {
  upstream: Upstream
  title: string
  readOnly: boolean
  /** Another one after each start. */
  instance: string
  token: string
  assets: () => Promise<Assets>
}

/** A request taken apart. */
export interface PageRequest {
  method: string
  path: string
  /** With its `?`; empty for none. */
  search: string
  headers: IncomingMessage['headers']
  /** Reads the body; `undefined` when it is too large. */
  body: () => Promise<Uint8Array | undefined>
}

/** The page, or a file that it loads. */
export async function answerPage(
  window: Window,
  { method, path, search, headers }: PageRequest,
): Promise<Answer> {
  if (isWriting(method)) return refusal(405, 'MethodNotAllowed', 'Only GET and HEAD are served here.')
  const [, name] = /^\/assets\/([\w.-]+)$/.exec(path) ?? []
  if (name === undefined && path.startsWith('/assets/')) return missing()
  let assets: Assets
  try {
    assets = await window.assets()
  } catch (error) {
    return plain(
      500,
      `The pages cannot be bundled: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  if (name === undefined) return page(window, assets)
  const asset = assets.get(name)
  return asset ? file(asset, search, headers) : missing()
}

function missing(): Answer {
  return plain(404, 'There is no such file.')
}

function plain(status: number, text: string): Answer {
  return {
    status,
    headers: { ...PAGE_HEADERS, 'Content-Type': 'text/plain; charset=utf-8' },
    body: `${text}\n`,
  }
}

function page({ title, token }: Window, assets: Assets): Answer {
  const urlOf = (name: string): string | undefined => {
    const asset = assets.get(name)
    return asset && `/assets/${name}?v=${asset.hash}`
  }
  const style = urlOf('app.css')
  const body = renderPage({ title, token, script: urlOf('app.js') ?? '', ...(style && { style }) })
  const headers = { ...PAGE_HEADERS, 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }
  return { status: 200, headers, body }
}

async function file(asset: Asset, search: string, headers: PageRequest['headers']): Promise<Answer> {
  const eTag = `"${asset.hash}"`
  const isLasting = asset.isNamedByContent || search === `?v=${asset.hash}`
  const common = {
    ...PAGE_HEADERS,
    'Content-Type': asset.type,
    ETag: eTag,
    Vary: 'Accept-Encoding',
    'Cache-Control': isLasting ? 'public, max-age=31536000, immutable' : 'no-cache',
  }
  if (headers['if-none-match'] === eTag) return { status: 304, headers: common }
  const encoding = chooseEncoding(headers['accept-encoding']?.toString())
  const encoded = encoding !== 'identity' && { 'Content-Encoding': encoding }
  return { status: 200, headers: { ...common, ...encoded }, body: await asset.bytes(encoding) }
}

/** What a request to `/api/` lacks, if anything: it must come from a page of this server. */
export function refuseStranger({ token }: Window, headers: PageRequest['headers']): Answer | undefined {
  if (isSameOrigin(headers) && isSameSecret(headers[TOKEN_HEADER], token)) return undefined
  return withApiHeaders(
    refusal(
      403,
      'Token',
      'The request does not come from a page of this server, or the server was restarted: reload.',
    ),
  )
}

/** Everything below `/api/` but the stream of events. */
export async function answerApi(window: Window, request: PageRequest): Promise<Answer> {
  return withApiHeaders(await answerOf(window, request))
}

function withApiHeaders(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, ...API_HEADERS } }
}

async function answerOf(window: Window, request: PageRequest): Promise<Answer> {
  const { method, path, search } = request
  const [owns, batch] = [after(path, OWN_PREFIX), after(path, BATCH_PREFIX)]
  if (batch !== undefined) {
    // The emulator's own operations have their own way in.
    if (/^\/+malachite(\/|$)/i.test(batch)) return unknownPath()
    return forward(window, request, batch)
  }
  if (owns !== undefined) {
    const message = 'Only an emulator can tell why, preempt nodes or let things fail.'
    if (window.upstream.backend !== 'emulator') return refusal(501, 'NotImplemented', message)
    return forward(window, request, `/malachite${owns}`)
  }
  if (isWriting(method)) return refusal(405, 'MethodNotAllowed', 'Only GET and HEAD are served here.')
  if (path === '/api/settings') return jsonAnswer(200, settingsOf(window))
  if (path === '/api/history') return jsonAnswer(200, window.upstream.history?.(historyQuery(search)) ?? [])
  return unknownPath()
}

function unknownPath(): Answer {
  return refusal(404, 'NotFound', 'There is nothing at this path.')
}

/** The rest of a path below a prefix, with its `/`. */
function after(path: string, prefix: string): string | undefined {
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined
}

function settingsOf({ title, upstream, readOnly, instance }: Window) {
  const { account, url, backend } = upstream
  return { title, account, url, backend, readOnly, instance }
}

function historyQuery(search: string): HistoryQuery {
  const given = new URLSearchParams(search)
  const [kind, id] = [given.get('kind'), given.get('id')]
  return { ...(kind !== null && { kind }), ...(id !== null && { id }) }
}

async function forward(
  { upstream, readOnly }: Window,
  { method, search, headers, body }: PageRequest,
  path: string,
): Promise<Answer> {
  if (readOnly && isWriting(method))
    return refusal(403, 'ReadOnly', 'This window only looks; it changes nothing.')
  const bytes = await body()
  if (!bytes) return refusal(413, 'RequestBodyTooLarge', 'The body is larger than the service takes.')
  return ask(upstream, toUpstream(method, path, search, headers, bytes))
}

async function ask(upstream: Upstream, request: UpstreamRequest): Promise<Answer> {
  try {
    return fromUpstream(await upstream.request(request))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    // Nobody is signed in: that is told as the service would tell it.
    if (isBatchError(error, 'AuthenticationFailed')) return refusal(401, error.code, message)
    return refusal(502, 'Unreachable', message)
  }
}
