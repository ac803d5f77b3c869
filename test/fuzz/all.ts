// Runs targets beside each other, each in a thread of its own that is watched: an input that never ends is found, too.

import { availableParallelism } from 'node:os'
import { inspect } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { Outcome } from './run.ts'
import { TARGETS } from './targets.ts'

/** What to fuzz, and how much. */
export interface FuzzOptions {
  seed: number
  /** Inputs of each target. */
  runs: number
  /** The first input. @default 0 */
  from?: number
  /** Only this target. */
  only?: string
  /** Called with each outcome as it comes. */
  onOutcome?: (outcome: Outcome) => void
}

/** How long an input may take before its thread is ended, milliseconds. */
const HANG = 10_000

/** The outcomes of all targets, in the order of the table. Rejects for a target that there is not. */
export async function fuzzAll({ only, onOutcome, ...options }: FuzzOptions): Promise<Outcome[]> {
  const names = Object.keys(TARGETS).filter((name) => only === undefined || name === only)
  if (names.length === 0) throw new Error(`no target "${only}"; there are ${Object.keys(TARGETS).join(', ')}`)
  const outcomes = new Map<string, Outcome>()
  const waiting = [...names]
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const outcome = await runInThread(name, options)
      outcomes.set(name, outcome)
      onOutcome?.(outcome)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return names.flatMap((name) => outcomes.get(name) ?? [])
}

async function runInThread(name: string, options: Omit<FuzzOptions, 'only' | 'onOutcome'>): Promise<Outcome> {
  // The number of the input that is being tried.
  const progress = new Int32Array(new SharedArrayBuffer(4)).fill(-1)
  const worker = new Worker(new URL('thread.ts', import.meta.url), {
    workerData: { name, progress, ...options },
  })
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const stopped = (error: string, seconds: number): void => {
    const index = progress[0] ?? -1
    const input = `number ${index}`
    const findings = [{ index, input, error }]
    const inputs = index - (options.from ?? 0) + 1
    resolve({ name, inputs, seconds, slowest: Infinity, slowestInput: input, findings })
  }
  // What is thrown where nobody can catch it is a finding, too.
  worker.once('message', resolve).once('error', (error) => stopped(inspect(error), 0))
  let seen = -1
  const watch = setInterval(() => {
    const index = progress[0] ?? -1
    if (index >= 0 && index === seen) stopped(`does not end within ${HANG / 1000} s`, HANG / 1000)
    seen = index
  }, HANG)
  try {
    return await promise
  } finally {
    clearInterval(watch)
    await worker.terminate()
  }
}
