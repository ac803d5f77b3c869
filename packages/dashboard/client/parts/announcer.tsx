// What happened, said aloud by screen readers and shown for a while to everybody else.

import { signal } from '@preact/signals'

const SHOWN_FOR = 6000

const message = signal('')
let timer: ReturnType<typeof setTimeout> | undefined

/** Says what happened. */
export function announce(text: string): void {
  message.value = text
  clearTimeout(timer)
  timer = setTimeout(() => {
    message.value = ''
  }, SHOWN_FOR)
}

/** The place where it is said; there is one on the page. */
export function Announcer() {
  return (
    <div class="announcer" role="status" aria-live="polite">
      {message.value && <p>{message.value}</p>}
    </div>
  )
}
