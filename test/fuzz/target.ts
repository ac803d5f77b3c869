// What is fuzzed: how its inputs are made, and what must be true of each of them.

import { isBatchError } from '@malachite/model'
import type { Random } from './random.ts'

/** One kind of input. */
export interface Target<Input = unknown> {
  name: string
  /** An input; the same for the same chance. */
  make(random: Random): Input
  /** Throws, or rejects, when something is wrong with what becomes of the input. */
  check(input: Input): void | Promise<void>
  /** Afterwards. */
  close?(): void
}

/** A target whose type of inputs is forgotten. */
export function defineTarget<Input>(target: Target<Input>): Target {
  return { ...target, check: (input) => target.check(input as Input) }
}

/** What a call gives, or `undefined` when it refuses the input with an error that callers are told. */
export function orRefused<Result>(call: () => Result, isRefusal = isToldToCallers): Result | undefined {
  try {
    return call()
  } catch (error) {
    if (!isRefusal(error)) throw error
    return undefined
  }
}

/** An error of the service, and not the one for what nobody expected. */
export function isToldToCallers(error: unknown): boolean {
  return isBatchError(error) && error.code !== 'InternalError'
}

/** Fails with what was expected of an input. */
export function expectThat(condition: boolean, expectation: string): asserts condition {
  if (!condition) throw new Error(`not kept: ${expectation}`)
}
