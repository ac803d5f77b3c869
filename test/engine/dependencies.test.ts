// Task dependencies: who waits for whom, what lets a task go, and what never does.

import type { Engine } from '@malachite/emulator'
import { expect, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

/** A job with dependencies on one node with four slots; a task fails when its id begins with `bad`. */
function openWithDependencies(job: object = {}) {
  const failing = new Set<string>()
  const virtual = openVirtualEngine({
    script: (line) => ({ exitCode: line.startsWith('run bad') || failing.has(line) ? 1 : 0 }),
  })
  virtual.engine.pools.add(poolBody('p', { taskSlotsPerNode: 4 }))
  virtual.engine.jobs.add(jobBody('j', 'p', { usesTaskDependencies: true, ...job }))
  virtual.seconds(1)
  const add = (id: string, taskIds?: string[], more: object = {}) =>
    virtual.engine.tasks.add('j', taskBody(id, { ...(taskIds && { dependsOn: { taskIds } }), ...more }))
  const addRange = (id: string, ...ranges: [number, number][]) =>
    add(id, undefined, { dependsOn: { taskIdRanges: ranges.map(([start, end]) => ({ start, end })) } })
  return { ...virtual, add, addRange, state: (id: string) => virtual.engine.tasks.get('j', id).state }
}

const startOf = (engine: Engine, id: string) => engine.tasks.get('j', id).executionInfo.startTime ?? ''
const endOf = (engine: Engine, id: string) => engine.tasks.get('j', id).executionInfo.endTime ?? ''

test('a task waits until every task that it names has succeeded', () => {
  const { engine, add, state, seconds } = openWithDependencies()
  add('a')
  add('b')
  add('end', ['a', 'B'])
  expect(state('end')).toBe('active')
  seconds(5)
  expect(state('end')).toBe('completed')
  expect(Date.parse(startOf(engine, 'end'))).toBeGreaterThanOrEqual(Date.parse(endOf(engine, 'a')))
  expect(engine.tasks.get('j', 'end').dependsOn).toEqual({ taskIds: ['a', 'B'] })
})

test('a chain runs in its order though its tasks are added in the other one', () => {
  const { add, runtime, seconds } = openWithDependencies()
  for (let i = 20; i > 0; i--) add(`t${i}`, i > 1 ? [`t${i - 1}`] : undefined)
  seconds(30)
  expect(runtime.started.map((run) => run.taskId)).toEqual(Array.from({ length: 20 }, (_, i) => `t${i + 1}`))
})

test('a parent that failed keeps its dependents active for ever', () => {
  const { engine, add, state, seconds } = openWithDependencies({ onAllTasksComplete: 'noaction' })
  add('bad')
  add('child', ['bad'])
  add('grandchild', ['child'])
  seconds(60)
  expect([state('bad'), state('child'), state('grandchild')]).toEqual(['completed', 'active', 'active'])
  expect(engine.jobs.taskCounts('j').taskCounts).toMatchObject({ active: 2, failed: 1 })
})

test('blocked dependents keep a job from ending by itself', () => {
  const { engine, add, seconds } = openWithDependencies()
  add('bad')
  add('child', ['bad'])
  engine.jobs.patch('j', { onAllTasksComplete: 'terminatejob' })
  seconds(60)
  expect(engine.jobs.get('j').state).toBe('active')
  engine.tasks.terminate('j', 'child')
  seconds(1)
  expect(engine.jobs.get('j').state).toBe('completed')
})

test('a failed parent whose exit conditions say satisfy lets its dependents go', () => {
  const { add, state, seconds } = openWithDependencies()
  const exitOptions = { dependencyAction: 'Satisfy' }
  add('bad', undefined, { exitConditions: { exitCodes: [{ code: 1, exitOptions }] } })
  add('child', ['bad'])
  seconds(5)
  expect(state('child')).toBe('completed')
})

test('a parent counts only once its tries are used up', () => {
  const { add, state, seconds } = openWithDependencies()
  const exitConditions = { default: { dependencyAction: 'satisfy' } }
  add('bad', undefined, { exitConditions, constraints: { maxTaskRetryCount: 3 } })
  add('child', ['bad'])
  seconds(2)
  expect(state('child')).toBe('active')
  seconds(10)
  expect(state('child')).toBe('completed')
})

test('a parent that its user terminated blocks', () => {
  const { engine, add, state, seconds } = openWithDependencies()
  add('a')
  add('child', ['a'])
  engine.tasks.terminate('j', 'a')
  seconds(10)
  expect(state('child')).toBe('active')
})

test('a reactivated parent that succeeds lets its dependents go', () => {
  let exitCode = 1
  const { engine, seconds } = openVirtualEngine({ script: () => ({ exitCode }) })
  engine.pools.add(poolBody('p'))
  engine.jobs.add(jobBody('j', 'p', { usesTaskDependencies: true }))
  engine.tasks.add('j', taskBody('a'))
  engine.tasks.add('j', taskBody('child', { dependsOn: { taskIds: ['a'] } }))
  seconds(5)
  expect(engine.tasks.get('j', 'child').state).toBe('active')
  exitCode = 0
  engine.tasks.reactivate('j', 'a')
  seconds(5)
  expect(engine.tasks.get('j', 'child').state).toBe('completed')
})

test('parents that were done before, and those that were deleted since, count', () => {
  const { engine, add, addRange, state, seconds } = openWithDependencies()
  add('1')
  add('kept')
  seconds(5)
  engine.tasks.delete('j', '1')
  add('by-id', ['KEPT', '1'])
  addRange('by-range', [1, 1])
  seconds(5)
  expect([state('by-id'), state('by-range')]).toEqual(['completed', 'completed'])
})

test('a new task of the id of a deleted one has to run before its dependents', () => {
  const { engine, add, state, seconds } = openWithDependencies()
  add('a')
  seconds(5)
  engine.tasks.delete('j', 'a')
  engine.jobs.disable('j', { disableTasks: 'wait' })
  add('a')
  add('child', ['a'])
  engine.jobs.enable('j')
  seconds(0)
  expect([state('a'), state('child')]).toEqual(['running', 'active'])
  seconds(5)
  expect(state('child')).toBe('completed')
})

test('a missing parent, a task itself and a circle are accepted and wait', () => {
  const { add, state, seconds } = openWithDependencies()
  add('lonely', ['missing'])
  add('self', ['self'])
  add('left', ['right'])
  add('right', ['left'])
  seconds(10)
  expect(['lonely', 'self', 'left', 'right'].map(state)).toEqual(['active', 'active', 'active', 'active'])
  add('missing')
  seconds(10)
  expect(state('lonely')).toBe('completed')
})

test('a deleted parent that had not succeeded is waited for', () => {
  const { engine, add, state, seconds } = openWithDependencies()
  add('bad')
  add('child', ['bad'])
  seconds(5)
  engine.tasks.delete('j', 'bad')
  seconds(5)
  expect(state('child')).toBe('active')
})

test('every number of a range must succeed, leading zeros ignored and the first of them enough', () => {
  const { add, addRange, state, seconds } = openWithDependencies()
  addRange('end', [4, 6])
  for (const id of ['6', '004', '4x', '-5']) add(id)
  seconds(5)
  expect(state('end')).toBe('active')
  add('05')
  add('4')
  seconds(5)
  expect(state('end')).toBe('completed')
})

test('ranges that overlap, repeat or were partly done before are counted right', () => {
  const { add, addRange, state, seconds } = openWithDependencies()
  for (const id of ['1', '3', '4']) add(id)
  seconds(5)
  addRange('a', [1, 5], [3, 7], [1, 5])
  addRange('b', [3, 4])
  addRange('c', [1, 5])
  seconds(5)
  expect(['a', 'b', 'c'].map(state)).toEqual(['active', 'completed', 'active'])
  add('5')
  add('2')
  seconds(5)
  expect(['a', 'c'].map(state)).toEqual(['active', 'completed'])
  add('7')
  add('6')
  seconds(5)
  expect(state('a')).toBe('completed')
})

test('ids and ranges are waited for together', () => {
  const { add, state, seconds } = openWithDependencies()
  add('end', ['x'], { dependsOn: { taskIds: ['x', 'X'], taskIdRanges: [{ start: 0, end: 1 }] } })
  for (const id of ['0', '1']) add(id)
  seconds(5)
  expect(state('end')).toBe('active')
  add('x')
  seconds(5)
  expect(state('end')).toBe('completed')
})

test('a dependent that waits may be terminated and deleted', () => {
  const { engine, add, state, seconds } = openWithDependencies()
  add('gone', ['a'])
  add('ended', ['a'])
  engine.tasks.delete('j', 'gone')
  engine.tasks.terminate('j', 'ended')
  add('a')
  seconds(5)
  expect([state('a'), state('ended')]).toEqual(['completed', 'completed'])
  expect(engine.jobs.taskCounts('j').taskCounts).toMatchObject({ active: 0, succeeded: 1, failed: 1 })
})

test('a job with waiting dependents can be deleted and made anew', () => {
  const { engine, addRange, add, state, seconds } = openWithDependencies()
  add('1')
  addRange('end', [1, 2])
  seconds(5)
  engine.jobs.delete('j')
  seconds(1)
  engine.jobs.add(jobBody('j', 'p', { usesTaskDependencies: true }))
  addRange('end', [1, 1])
  seconds(5)
  expect(state('end')).toBe('active')
})

test('dependencies are refused in a job that does not use them', () => {
  const { engine } = openVirtualEngine()
  engine.jobs.add(jobBody('j', 'p'))
  const add = (dependsOn: object) => () => engine.tasks.add('j', taskBody('t', { dependsOn }))
  const error = expect.objectContaining({ code: 'TaskDependenciesNotSpecifiedOnJob', status: 400 })
  expect(add({ taskIds: ['a'] })).toThrow(error)
  expect(add({ taskIdRanges: [{ start: 1, end: 2 }] })).toThrow(error)
  expect(add({ taskIds: [] })).not.toThrow()
})

test('the ids of a list may have 64000 characters together', () => {
  const { add } = openWithDependencies()
  const ids = Array.from({ length: 1000 }, (_, i) => `${i}`.padStart(64, 'x'))
  expect(() => add('fits', ids)).not.toThrow()
  expect(() => add('long', [...ids, 'y'])).toThrow(
    expect.objectContaining({ code: 'TaskDependencyListTooLong', status: 400 }),
  )
})

test('the numbers of ranges may have as many', () => {
  const { addRange } = openWithDependencies()
  const ranges = Array.from({ length: 3201 }, (_, i): [number, number] => [1_000_000_000 + i, 2_000_000_000])
  expect(() => addRange('fits', ...ranges.slice(0, 3200))).not.toThrow()
  expect(() => addRange('long', ...ranges)).toThrow(
    expect.objectContaining({ code: 'TaskDependencyRangesTooLong', status: 400 }),
  )
})

test('a range that ends before it starts is refused', () => {
  const { addRange } = openWithDependencies()
  expect(() => addRange('t', [2, 1])).toThrow(
    expect.objectContaining({
      code: 'InvalidPropertyValue',
      details: expect.objectContaining({ PropertyName: 'end' }),
    }),
  )
})
