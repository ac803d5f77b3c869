import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

/** Turns of ten milliseconds, and work that takes some by a clock that goes no further by itself. */
function open() {
  let time = 0
  const turns = createTurns(10, () => time)
  const begun: number[] = []
  const begin = async (name: number, takes: number): Promise<void> => {
    const turn = turns.take()
    if (turn) await turn
    begun.push(name)
    time += takes
  }
  return { begun, begin }
}

test('begins as many as there is time for, and the others in the turns after it, in their order', async () => {
  const { begun, begin } = open()
  const all = [1, 2, 3, 4, 5].map((name) => begin(name, 5))
  expect(begun).toEqual([1, 2])
  await nextTurn()
  expect(begun).toEqual([1, 2, 3, 4])
  all.push(begin(6, 5), begin(7, 5))
  await Promise.all(all)
  expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7])
})

test('what takes longer than a turn has one for itself', async () => {
  const { begun, begin } = open()
  const all = [1, 2, 3].map((name) => begin(name, 30))
  expect(begun).toEqual([1])
  await nextTurn()
  expect(begun).toEqual([1, 2])
  await Promise.all(all)
  expect(begun).toEqual([1, 2, 3])
})

test('what comes one at a time never waits', async () => {
  const { begun, begin } = open()
  for (let i = 0; i < 3; i++) {
    void begin(i, 30)
    expect(begun).toHaveLength(i + 1)
    await nextTurn()
    await nextTurn()
  }
})
