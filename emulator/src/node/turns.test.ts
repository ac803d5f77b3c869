import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

test('begins so many at once, and the others in the turns after it, in their order', async () => {
  const turns = createTurns(2)
  const begun: number[] = []
  const begin = async (name: number): Promise<void> => {
    const turn = turns.take()
    if (turn) await turn
    begun.push(name)
  }
  const all = [1, 2, 3, 4, 5].map(begin)
  expect(begun).toEqual([1, 2])
  await nextTurn()
  expect(begun).toEqual([1, 2, 3, 4])
  all.push(begin(6), begin(7))
  await Promise.all(all)
  expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7])
})

test('what comes one at a time never waits', async () => {
  const turns = createTurns(1)
  for (let i = 0; i < 3; i++) {
    expect(turns.take()).toBeUndefined()
    await nextTurn()
    await nextTurn()
  }
})
