// Asking before something is deleted. Without a terminal there is nobody to ask: the flag has to say it.

import { mistake } from '../settings/mistake.ts'

/**
 * True when the flag or the person says yes; nothing means no. `ConfigurationError` without a terminal and flag, an
 * `AbortError` after Ctrl-C.
 */
export async function confirmed(question: string, { yes }: { yes?: boolean }): Promise<boolean> {
  if (yes) return true
  if (!canConfirm()) {
    const message = 'There is no terminal to ask on. Add --yes if you mean it.'
    throw mistake(message)
  }
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const { promise: unanswered, resolve: giveUp, reject } = Promise.withResolvers<string>()
  lines.once('close', () => giveUp(''))
  lines.once('SIGINT', () => reject(new DOMException('Interrupted', 'AbortError')))
  let answer: string | undefined
  try {
    answer = await Promise.race([lines.question(`${question} [y/N] `), unanswered])
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    if (!answer) process.stderr.write('\n') // what follows begins on a line of its own
    lines.close()
  }
}

/** Whether there is somebody to ask. */
export function canConfirm(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY
}
