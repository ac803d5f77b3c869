// Asking before something is deleted. Without a terminal there is nobody to ask: the flag has to say it.

import { BatchError } from '@malachite/model'

/** True when the flag or the person says yes; nothing means no. `ConfigurationError` without a terminal and flag. */
export async function confirmed(question: string, { yes }: { yes?: boolean }): Promise<boolean> {
  if (yes) return true
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    const message = 'There is no terminal to ask on. Add --yes if you mean it.'
    throw new BatchError('ConfigurationError', {}, { message })
  }
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const { promise: closed, resolve } = Promise.withResolvers<string>()
  lines.once('close', () => resolve(''))
  lines.once('SIGINT', () => lines.close())
  try {
    const answer = await Promise.race([lines.question(`${question} [y/N] `), closed])
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    lines.close()
  }
}
