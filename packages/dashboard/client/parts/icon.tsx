// The signs of the pages, drawn on 16 by 16.

import type { Sign } from '../states.ts'

const PATHS: Readonly<Record<Sign, string>> = {
  check: 'M3.5 8.5l3 3 6-7',
  play: 'M5 3.5v9l7-4.5z',
  clock: 'M8 4.5V8l2.5 1.5M8 2a6 6 0 100 12A6 6 0 008 2z',
  cross: 'M4 4l8 8M12 4l-8 8',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  dash: 'M4 8h8',
  turn: 'M13 8a5 5 0 11-1.6-3.7M13 2.5v3h-3',
  bolt: 'M9 1.5L4 9h4l-1 5.5L12 7H8z',
  warn: 'M8 2.5L14.5 13.5h-13zM8 6.5v3.5M8 11.6v.4',
  leave: 'M3 8h9M9 4.5L12.5 8 9 11.5',
}

/** A sign; what it means stands beside it in words. */
export function Icon({ sign }: { sign: Sign }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[sign]} />
    </svg>
  )
}

/** The sign of Malachite. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <path class="logo-stone" d="M16 1l13 7.5v15L16 31 3 23.5v-15z" />
      <path class="logo-band" d="M16 7l8 4.5v9L16 25l-8-4.5v-9z" />
      <path class="logo-band" d="M16 12.5l3.2 1.8v3.5L16 19.6l-3.2-1.8v-3.5z" />
    </svg>
  )
}
