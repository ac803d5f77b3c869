import { expect, test } from 'vitest'
import type { EngineChange } from './engine/api.ts'
import { createPast } from './window-past.ts'

function moved(kind: EngineChange['kind'], id: string, parent?: string, second = 1): EngineChange {
  return {
    kind,
    id,
    ...(parent !== undefined && { parent }),
    move: { time: second * 1e6, from: 'a', to: 'b' },
  }
}

test('tells the latest first, whatever it happened to', () => {
  const past = createPast()
  past.add(moved('pool', 'p', undefined, 1))
  past.add(moved('task', 't', 'j', 2))
  past.add(moved('node', 'n', 'p', 3))
  expect(past.history().map(({ kind, id }) => `${kind} ${id}`)).toEqual(['node p/n', 'task j/t', 'pool p'])
  expect(past.history().at(-1)).toEqual({
    time: '1970-01-01T00:00:01.000Z',
    kind: 'pool',
    id: 'p',
    from: 'a',
    to: 'b',
  })
})

test('tells of one thing only when asked, regardless of case', () => {
  const past = createPast()
  for (const id of ['n1', 'n2']) past.add(moved('node', id, 'p'))
  past.add(moved('task', 'n1', 'p'))
  expect(past.history({ kind: 'node', id: 'P/N1' }).map(({ id }) => id)).toEqual(['p/n1'])
  expect(past.history({ id: 'p/n1' })).toHaveLength(2)
})

test('forgets what was no change of state', () => {
  const past = createPast()
  past.add({ kind: 'node', id: 'n', parent: 'p' })
  past.add({ kind: 'pool' })
  expect(past.history()).toEqual([])
})

test('remembers the latest, and tells of 200 at most', () => {
  const past = createPast(300)
  for (let i = 0; i < 1000; i++) past.add(moved('job', `j${i}`, undefined, i))
  const told = past.history()
  expect(told).toHaveLength(200)
  expect([told[0]?.id, told.at(-1)?.id]).toEqual(['j999', 'j800'])
  expect(past.history({ id: 'j700' })).toHaveLength(1)
  expect(past.history({ id: 'j699' })).toEqual([])
})

test('does not lose pools and nodes among many tasks', () => {
  const past = createPast(100)
  past.add(moved('pool', 'p'))
  for (let i = 0; i < 1000; i++) past.add(moved('task', `t${i}`, 'j'))
  expect(past.history({ kind: 'pool' })).toHaveLength(1)
})

test('does not lose how a node came into being among the many tasks that it ran', () => {
  const past = createPast(100)
  past.add(moved('node', 'n', 'p', 0))
  for (let second = 1; second < 1000; second++) {
    const [from, to] = second % 2 === 1 ? ['idle', 'running'] : ['running', 'idle']
    past.add({ kind: 'node', id: 'n', parent: 'p', move: { time: second * 1e6, from, to } })
  }
  const told = past.history({ kind: 'node', id: 'p/n' })
  expect(told).toHaveLength(101)
  expect([told[0]?.to, told.at(-1)?.to]).toEqual(['running', 'b'])
})

test('tells how a task ended', () => {
  const past = createPast()
  const move = { time: 1e6, to: 'completed', result: 'failure', detail: 'exit code 3' } as const
  past.add({ kind: 'task', id: 't', parent: 'j', move })
  expect(past.history()[0]).toMatchObject({ to: 'completed', result: 'failure', detail: 'exit code 3' })
})
