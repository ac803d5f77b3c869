// A service that is restarted is waited for: whoever follows a task should not have to begin again.

import { setTimeout as sleep } from 'node:timers/promises'
import { isBatchError, isTransient } from '@malachite/model'

/** How long, and who is told. */
export interface PatienceOptions {
  /** A line for people: once when the service is away, once when it is back. */
  note: (line: string) => void
  signal: AbortSignal
  /** Longest absence, milliseconds. @default 60 000 */
  limit?: number
}

/** Pause between two attempts, milliseconds; the client makes some of its own. */
const PAUSE_MS = 500

/** A function that repeats a request while no answer comes, and rejects with the last error when that takes too long. */
export function createPatience({ note, signal, limit = 60_000 }: PatienceOptions) {
  return async <Answer>(request: () => Promise<Answer>): Promise<Answer> => {
    let awaySince: number | undefined
    for (;;) {
      try {
        const answer = await request()
        if (awaySince !== undefined) note('The service answers again.')
        return answer
      } catch (error) {
        signal.throwIfAborted()
        if (!isAway(error)) throw error
        if (awaySince === undefined) note('The service does not answer; waiting for it.')
        awaySince ??= Date.now()
        if (Date.now() - awaySince > limit) throw error
        await sleep(PAUSE_MS, undefined, { signal })
      }
    }
  }
}

function isAway(error: unknown): boolean {
  return isBatchError(error, 'ServiceUnreachable', 'InvalidResponse') || isTransient(error)
}
