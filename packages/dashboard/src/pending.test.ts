import { expect, test } from 'vitest'
import { createPending } from './pending.ts'

test('names what changed once, by its kind', () => {
  const pending = createPending()
  pending.add({ kind: 'pool', id: 'p' })
  pending.add({ kind: 'node', id: 'p' })
  for (const id of ['j', 'j', 'k']) pending.add({ kind: 'task', id })
  pending.add({ kind: 'jobSchedule', id: 's' })
  expect(pending.take()).toEqual({ pools: ['p'], nodes: ['p'], tasks: ['j', 'k'], jobSchedules: ['s'] })
})

test('has nothing to tell twice', () => {
  const pending = createPending()
  pending.add({ kind: 'job', id: 'j' })
  pending.take()
  expect(pending.take()).toBeUndefined()
})

test('says that anything may have changed when there are more than 200 names of a kind', () => {
  const pending = createPending()
  for (let i = 0; i < 200; i++) pending.add({ kind: 'job', id: `j${i}` })
  pending.add({ kind: 'job', id: 'j0' })
  expect(pending.take()?.jobs).toHaveLength(200)
  for (let i = 0; i < 100_000; i++) pending.add({ kind: 'job', id: `j${i}` })
  expect(pending.take()).toEqual({ jobs: true })
})

test('says that anything may have changed when no name is given', () => {
  const pending = createPending()
  pending.add({ kind: 'job', id: 'j' })
  pending.add({ kind: 'job' })
  pending.add({ kind: 'job', id: 'k' })
  expect(pending.take()).toEqual({ jobs: true })
})
