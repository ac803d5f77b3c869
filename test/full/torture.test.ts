// The short form of `npm run torture`: another seed each time, named when something is found.

import { expect, test } from 'vitest'
import { torture } from '../torture/torture.ts'

const ROUNDS = 200
/** A machine with other things to do plays fewer of them. */
const [MINUTES, FEWEST] = [4, 40]

test('an emulator that is killed again and again loses nothing, and runs nothing that it should not', async () => {
  const seed = Date.now() % 2 ** 31
  const { rounds, violations, acknowledged } = await torture({ rounds: ROUNDS, seed, minutes: MINUTES })
  console.info(`torture: ${rounds} rounds, ${acknowledged} requests, seed ${seed}`)
  expect(violations, `seed ${seed}`).toEqual([])
  expect(rounds).toBeGreaterThanOrEqual(FEWEST)
})
