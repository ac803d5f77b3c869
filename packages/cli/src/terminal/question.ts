// Yes-or-no questions on a terminal.

import { createInterface } from 'node:readline/promises'
import type { Confirm } from '@malachite/orchestrator'

/** The streams of a terminal. */
export interface Terminal {
  input: NodeJS.ReadableStream
  output: NodeJS.WritableStream
}

/** Asks with yes as the default. A terminal that asks reads Ctrl-C as a key: `onInterrupt` is told of it. */
export function createConfirm({ input, output }: Terminal, onInterrupt: () => void): Confirm {
  return async ({ text }, { signal }) => {
    const lines = createInterface({ input, output })
    lines.on('SIGINT', () => {
      output.write('\n')
      onInterrupt()
    })
    const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
    const options = signal ? { signal } : {}
    try {
      for (;;) {
        const answer = parseAnswer(await Promise.race([lines.question(`${text} [Y/n] `, options), closed]))
        if (answer !== undefined) return answer
        output.write('Please answer y or n.\n')
      }
    } finally {
      lines.close()
    }
  }
}

/** True for yes or nothing, false for no, undefined for anything else. */
export function parseAnswer(text: string): boolean | undefined {
  const answer = text.trim().toLowerCase()
  if (['', 'y', 'yes'].includes(answer)) return true
  return ['n', 'no'].includes(answer) ? false : undefined
}
