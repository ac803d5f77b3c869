// The present, second by second, for ages that are shown; it stands still while nobody sees it.

import { signal } from '@preact/signals'

/** Milliseconds since 1970. */
export const now = signal(Date.now())

/** Lets time pass for as long as the page is open. */
export function keepTime(): void {
  setInterval(() => {
    if (!document.hidden) now.value = Date.now()
  }, 1000)
}
