// A job of 100,000 tasks through its whole life: nothing in it may cost more because it is large, and nobody may wait for
// it. Bounds are generous: the machine may have others to serve, and what is to be found is what grows with the job.

import { beforeAll, expect, test } from 'vitest'
import { measureSize, type SizeFigures } from '../bench/scale.ts'

const [SMALL, LARGE] = [5000, 100_000]

/** Milliseconds of processor time. */
const TURN = 250

let small: SizeFigures
let large: SizeFigures

beforeAll(async () => {
  small = await measureSize(SMALL, 'memory')
  large = await measureSize(LARGE, 'memory')
}, 600_000)

test('a task of a large job costs no more than one of a small job', () => {
  expect(large.add).toBeLessThan(2 * small.add)
  expect(large.run).toBeLessThan(2 * small.run)
})

test('requests about a large job take no longer than those about a small one', () => {
  for (const phase of ['read', 'read completed'])
    expect(large.turns[phase]?.processor).toBeLessThan(50 + 2 * (small.turns[phase]?.processor ?? 0))
})

test('the deletion of a large job is answered long before the job is gone', () => {
  expect(large.answers['delete']).toBeLessThan(large.gone / 2)
})

test('the loop is never away for long', () => {
  for (const [what, { processor }] of Object.entries(large.turns))
    expect([what, processor < TURN]).toEqual([what, true])
})

// 0.2 kB when measured, nearly all of it room that the heap has not given back yet: the rows are in a file.
test('a task takes less than 1 kB of memory', () => {
  expect(large.done - small.done).toBeLessThan((LARGE - SMALL) / 1000)
})

test('a service opens again however many tasks it keeps', async () => {
  const kept = await measureSize(SMALL, 'location')
  expect(kept.restart).toBeLessThan(5000)
})
