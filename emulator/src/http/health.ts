// Health checks for containers and scripts: no authentication, no Batch protocol.

import type { HttpAnswer } from './answer.ts'

/** Prefix of everything that is ours and not the service's. */
const HEALTH_PATH = '/_malachite/health/'

/** Answers `live` (the process serves) and `ready` (requests will be served, else 503); `undefined` for other paths. */
export function healthAnswer(
  { method, url }: { method: string; url: string },
  isReady: () => boolean,
): HttpAnswer | undefined {
  if (method !== 'GET' || !url.startsWith(HEALTH_PATH)) return undefined
  const [check] = url.slice(HEALTH_PATH.length).split('?')
  if (check === 'live') return jsonAnswer(200, { status: 'live' })
  if (check === 'ready')
    return isReady() ? jsonAnswer(200, { status: 'ready' }) : jsonAnswer(503, { status: 'starting' })
  return undefined
}

function jsonAnswer(status: number, body: object): HttpAnswer {
  const text = JSON.stringify(body)
  return {
    status,
    headers: { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text)) },
    body: text,
  }
}
