// The terminal, or whatever stands in for it: finished lines, one line in the making, and on a terminal one line below
// them that is redrawn in place.

import { stripVTControlCharacters, styleText } from 'node:util'

/** The part of a stream that a screen needs. */
export interface ScreenStream {
  write(text: string): unknown
  isTTY?: boolean
  columns?: number
}

/** Lines for people. */
export interface Screen {
  /** Whether `status` shows anything. */
  readonly isLive: boolean
  /** A line of the story, on standard output. */
  line(text: string): void
  /** A line of trouble, on standard error. */
  note(text: string): void
  /** The beginning of a line on standard output, which `more` continues and the next line ends. */
  begin(text: string): void
  more(text: string): void
  /** Replaces the line that is redrawn in place; '' removes it. */
  status(text: string): void
}

const CLEAR = '\r\u001B[K'

/** A screen on two streams. */
export function createScreen(out: ScreenStream, err: ScreenStream, isLive: boolean): Screen {
  let isOpen = false
  let shown = ''

  function finish(): void {
    if (isOpen) out.write('\n')
    isOpen = false
    if (shown !== '') out.write(CLEAR)
  }

  function draw(): void {
    if (shown !== '') out.write(CLEAR + styleLive(fit(shown, out.columns ?? 80)))
  }

  return {
    isLive,
    line(text) {
      finish()
      out.write(`${printable(text)}\n`)
      draw()
    },
    note(text) {
      finish()
      err.write(`${printable(text)}\n`)
      draw()
    },
    begin(text) {
      finish()
      out.write(printable(text))
      isOpen = true
    },
    more(text) {
      out.write(text)
      isOpen = true
    },
    status(text) {
      if (!isLive || text === shown) return
      if (text === '') out.write(CLEAR)
      shown = printable(text)
      draw()
    },
  }
}

/** Text without what would steer a terminal: names of blobs and programs' output come from elsewhere. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/(?!\t)\p{Cc}/gu, '\uFFFD')
}

/** The text cut to one line of a terminal; the last column stays free, or the terminal would wrap. */
export function fit(text: string, columns: number): string {
  const characters = Array.from(text)
  return characters.length < columns ? text : `${characters.slice(0, Math.max(0, columns - 2)).join('')}…`
}

function styleLive(text: string): string {
  return styleText('dim', text) // plain with NO_COLOR, or when standard output takes no colours
}
