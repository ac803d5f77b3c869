// Points in time and spans of it.

import { formatSpan, formatTime } from '../format.ts'
import { now } from '../now.ts'

/** A point in time, to the second; the rest by pointing at it. */
export function Time({ at }: { at: string | undefined }) {
  if (at === undefined) return <span class="faint">–</span>
  return (
    <time dateTime={at} title={at}>
      {formatTime(at)}
    </time>
  )
}

/** How long something took, or has taken up to now. */
export function Span({ from, to }: { from: string | undefined; to?: string | undefined }) {
  if (from === undefined) return <span class="faint">–</span>
  const end = to === undefined ? now.value : Date.parse(to)
  return <span>{formatSpan(Math.max(0, end - Date.parse(from)))}</span>
}

/** How long ago something was. */
export function Ago({ at }: { at: string }) {
  const ms = now.value - Date.parse(at)
  return (
    <time dateTime={at} title={at}>
      {ms < 1500 ? 'now' : `${formatSpan(Math.floor(ms / 1000) * 1000)} ago`}
    </time>
  )
}
