// The engine against its reference model; MALACHITE_SEED=random looks for what no one has seen yet.

import { expect, test } from 'vitest'
import { playRandom } from '../engine/model/random.ts'

test('engine and model agree after each of a hundred thousand random operations', () => {
  const { failure, summary } = playRandom(100_000)
  console.info(summary)
  expect(failure).toBeUndefined()
})
