// The short form of `npm run fuzz`: another seed each time, named when something is found.

import { expect, test } from 'vitest'
import { fuzzAll } from '../fuzz/all.ts'
import { MAX_MS } from '../fuzz/run.ts'

const RUNS = 100_000

test('no input that clients can send is a crash, a hang or a way out of a node', async () => {
  const seed = Date.now() % 2 ** 31
  const outcomes = await fuzzAll({ seed, runs: RUNS })
  for (const { name, inputs, slowest, slowestInput, findings } of outcomes) {
    expect(findings, `${name}, seed ${seed}`).toEqual([])
    expect(inputs).toBe(RUNS)
    expect(slowest, `${name}, seed ${seed}: ${slowestInput}`).toBeLessThan(MAX_MS)
  }
})
