// Random sequences of whatever users and machines do, against the engine and a model of it. What breaks it is printed as
// the shortest sequence that does, with the seed that brings it back.

import { randomInt } from 'node:crypto'
import * as fc from 'fast-check'
import { EVENTS } from './events.ts'
import { finale } from './finale.ts'
import {
  ADD_JOB,
  ADD_POOL,
  JOB_OPERATIONS,
  NODE_OPERATIONS,
  type Operation,
  POOL_OPERATIONS,
} from './operations.ts'
import { SCALE_OPERATIONS } from './scale-operations.ts'
import { SCHEDULE_OPERATIONS } from './schedule-operations.ts'
import { shorten } from './shorten.ts'
import { TASK_OPERATIONS } from './task-operations.ts'
import { createTrial } from './trial.ts'

/** Operations of the longest sequence. */
const MAX_LENGTH = 300
/** Sequences of one seed. */
const BATCH = 10

/** The seed of all runs that are given none: a test that fails today fails tomorrow. */
const SEED = 20_261_122

const sequence = fc
  .tuple(
    fc.tuple(ADD_POOL.arbitrary, ADD_JOB.arbitrary),
    fc.array(
      fc.oneof(
        ...EVENTS,
        ...POOL_OPERATIONS,
        ...NODE_OPERATIONS,
        ...JOB_OPERATIONS,
        ...TASK_OPERATIONS,
        ...SCHEDULE_OPERATIONS,
        ...SCALE_OPERATIONS,
      ),
      { minLength: 50, maxLength: MAX_LENGTH, size: 'max' },
    ),
  )
  .map((parts) => parts.flat())

let played = 0

function play(operations: readonly Operation[]): void {
  const trial = createTrial()
  try {
    for (const operation of operations) {
      played += 1
      operation.run(trial)
      trial.endStep()
    }
    finale(trial)
  } finally {
    trial.close()
  }
}

/** Plays the sequences of a seed; the first one that fails, made as short as can be, as text. */
function failureOf(seed: number, numRuns: number): string | undefined {
  const { counterexample } = fc.check(fc.property(sequence, play), { seed, numRuns, endOnFailure: true })
  if (!counterexample) return undefined
  const operations = shorten(counterexample[0], (list) => errorOf(list) !== undefined)
  const list = operations.map(({ text }) => text)
  return [...list, `MALACHITE_SEED=${seed}`, errorOf(operations)].join('\n')
}

function errorOf(operations: readonly Operation[]): string | undefined {
  try {
    play(operations)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.stack : String(error)
  }
}

/** What came of a run. */
export interface RandomRun {
  /** The shortest sequence that fails, its seed and its error; `undefined` when all went well. */
  failure: string | undefined
  /** For the log. */
  summary: string
}

/**
 * Plays at least so many operations. MALACHITE_SEED and MALACHITE_OPERATIONS choose others; the seed `random` is a new
 * one each time.
 */
export function playRandom(operations: number): RandomRun {
  const { MALACHITE_SEED: wanted = String(SEED), MALACHITE_OPERATIONS: count = operations } = process.env
  const seed = wanted === 'random' ? randomInt(2 ** 30) : Number(wanted)
  const start = performance.now()
  played = 0
  let failure: string | undefined
  for (let batch = 0; played < Number(count) && failure === undefined; batch++)
    failure = failureOf(seed + batch, BATCH)
  const rate = Math.round((played * 1000) / (performance.now() - start))
  return { failure, summary: `${played} random operations, ${rate}/s, MALACHITE_SEED=${seed}` }
}
