import { onTestFinished, expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { createNumberRuns } from './number-runs.ts'

function openRuns() {
  const db = openDatabase(':memory:')
  onTestFinished(() => db.close())
  db.exec('pragma foreign_keys = off')
  return createNumberRuns(db)
}

test('numbers join the runs beside them', () => {
  const runs = openRuns()
  expect(runs.add(1, 5)).toEqual({ first: 5, last: 5 })
  expect(runs.add(1, 7)).toEqual({ first: 7, last: 7 })
  expect(runs.add(1, 6)).toEqual({ first: 5, last: 7 })
  expect(runs.add(1, 4)).toEqual({ first: 4, last: 7 })
  expect(runs.add(1, 6)).toBeUndefined()
  expect(runs.add(2, 6)).toEqual({ first: 6, last: 6 })
})

test('a number that is taken out parts its run', () => {
  const runs = openRuns()
  for (let number = 0; number < 5; number++) runs.add(1, number)
  runs.remove(1, 2)
  runs.remove(1, 0)
  runs.remove(1, 9)
  expect(runs.covers(1, { first: 1, last: 1 })).toBe(true)
  expect(runs.covers(1, { first: 3, last: 4 })).toBe(true)
  expect(runs.covers(1, { first: 0, last: 1 })).toBe(false)
  expect(runs.covers(1, { first: 1, last: 3 })).toBe(false)
})

test('in any order of changes it knows what a plain set knows', () => {
  const runs = openRuns()
  const known = new Set<number>()
  let seed = 7
  const random = (bound: number): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % bound
  }
  for (let step = 0; step < 2000; step++) {
    const number = random(40)
    if (random(3) === 0) {
      runs.remove(1, number)
      known.delete(number)
    } else {
      runs.add(1, number)
      known.add(number)
    }
    const first = random(40)
    const last = first + random(6)
    const all = Array.from({ length: last - first + 1 }, (_, i) => first + i)
    expect(runs.covers(1, { first, last })).toBe(all.every((n) => known.has(n)))
  }
})
