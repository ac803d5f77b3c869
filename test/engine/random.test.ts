// Some random operations of the kind of which `npm run test:full` plays a hundred thousand.

import { expect, test } from 'vitest'
import { playRandom } from './model/random.ts'

test('engine and model agree after each of some thousand random operations', { timeout: 120_000 }, () => {
  const { failure, summary } = playRandom(6000)
  console.info(summary)
  expect(failure).toBeUndefined()
})
