// Random sequences of whatever users and machines do, against the engine and a model of it. What breaks it is printed as
// the shortest sequence that does, with the seed that brings it back; MALACHITE_SEED and MALACHITE_RUNS choose others.

import { randomInt } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { EVENTS } from './model/events.ts'
import { finale } from './model/finale.ts'
import {
  ADD_JOB,
  ADD_POOL,
  JOB_OPERATIONS,
  NODE_OPERATIONS,
  type Operation,
  POOL_OPERATIONS,
  TASK_OPERATIONS,
} from './model/operations.ts'
import { shorten } from './model/shorten.ts'
import { createTrial } from './model/trial.ts'

/** Operations of the longest sequence. */
const MAX_LENGTH = 300
/** Sequences of one seed. */
const BATCH = 10
/** When no further batch is begun, milliseconds. */
const TIME = 15_000

const { MALACHITE_SEED: seed = randomInt(2 ** 30), MALACHITE_RUNS: runs } = process.env

const sequence = fc
  .tuple(
    fc.tuple(ADD_POOL.arbitrary, ADD_JOB.arbitrary),
    fc.array(
      fc.oneof(...EVENTS, ...POOL_OPERATIONS, ...NODE_OPERATIONS, ...JOB_OPERATIONS, ...TASK_OPERATIONS),
      { minLength: 50, maxLength: MAX_LENGTH, size: 'max' },
    ),
  )
  .map((parts) => parts.flat())

let count = 0

function play(operations: readonly Operation[]): void {
  const trial = createTrial()
  try {
    for (const operation of operations) {
      count += 1
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

test('engine and model agree after each of many thousand random operations', { timeout: 3_600_000 }, () => {
  const start = performance.now()
  const seconds = (): number => (performance.now() - start) / 1000
  const isOver = (batches: number): boolean =>
    runs === undefined ? seconds() * 1000 > TIME : batches * BATCH >= Number(runs)
  let batches = 0
  let failure: string | undefined
  for (; !isOver(batches) && failure === undefined; batches++)
    failure = failureOf(Number(seed) + batches, BATCH)
  console.log(
    `${count} operations in ${batches * BATCH} sequences, ${Math.round(count / seconds())}/s, MALACHITE_SEED=${seed}`,
  )
  expect(failure).toBeUndefined()
  expect(count).toBeGreaterThan(100)
})
