// Runs a target over many inputs and notes what is wrong with any of them, and which took longest.

import { inspect } from 'node:util'
import { createRandom } from './random.ts'
import type { Target } from './target.ts'

/** An input that is a mistake of the program. */
export interface Finding {
  index: number
  input: string
  error: string
}

/** What came of one target. */
export interface Outcome {
  name: string
  inputs: number
  seconds: number
  /** Of the input that took longest, milliseconds. */
  slowest: number
  slowestInput: string
  /** The first of them. */
  findings: Finding[]
}

/** How a target is run. */
export interface RunOptions {
  seed: number
  /** The first input; all before it are left out. @default 0 */
  from?: number
  runs: number
  /** Told the number of each input before it is tried. */
  onInput?: (index: number) => void
}

/** No input may take longer, milliseconds. */
export const MAX_MS = 1000
/** An input that takes longer is tried again, milliseconds. */
const SEEMS_SLOW = 5
/** On a machine that is busy an input may seem to take too long so many times. */
const MAX_TRIES = 20
const MAX_FINDINGS = 5
const MAX_SHOWN = 600

/** Tries `runs` inputs; those that are wrong or too slow are findings, and after five of them it stops. */
export async function runTarget(
  target: Target,
  { seed, from = 0, runs, onInput }: RunOptions,
): Promise<Outcome> {
  const outcome: Outcome = {
    name: target.name,
    inputs: 0,
    seconds: 0,
    slowest: 0,
    slowestInput: '',
    findings: [],
  }
  const begin = performance.now()
  for (let index = from; index < from + runs && outcome.findings.length < MAX_FINDINGS; index++) {
    onInput?.(index)
    const input = target.make(createRandom(seed, target.name, index))
    let { time, error } = await attempt(target, input)
    // Other programs, and collecting garbage, take time as well: what seems slow is tried again.
    const limit = Math.max(SEEMS_SLOW, outcome.slowest)
    for (let tries = 1; time > limit && tries < (time > MAX_MS ? MAX_TRIES : 4); tries++)
      time = Math.min(time, (await attempt(target, input)).time)
    if (time > MAX_MS) error ??= `took ${Math.round(time)} ms`
    if (error !== undefined) outcome.findings.push({ index, input: show(input), error: inspect(error) })
    if (time > outcome.slowest) Object.assign(outcome, { slowest: time, slowestInput: show(input) })
    outcome.inputs += 1
  }
  target.close?.()
  return { ...outcome, seconds: (performance.now() - begin) / 1000 }
}

interface Attempt {
  /** Milliseconds. */
  time: number
  error?: unknown
}

async function attempt(target: Target, input: unknown): Promise<Attempt> {
  const start = performance.now()
  try {
    await target.check(input)
    return { time: performance.now() - start }
  } catch (error) {
    return { time: performance.now() - start, error: error ?? 'undefined was thrown' }
  }
}

function show(input: unknown): string {
  const text =
    typeof input === 'string' ? JSON.stringify(input) : inspect(input, { depth: 8, breakLength: Infinity })
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}… (${text.length} characters)` : text
}
