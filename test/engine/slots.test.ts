// Tasks that need more than one slot: who waits, who goes before them, and that waiting costs nothing.

import { openStore } from '@malachite/emulator'
import { expect, test, vi } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

function openWithPool(pool: object = {}) {
  const virtual = openVirtualEngine({
    script: (line) => ({ duration: line.includes('long') ? 60_000 : 1000 }),
  })
  virtual.engine.pools.add(poolBody('p', { taskSlotsPerNode: 4, ...pool }))
  virtual.engine.jobs.add(jobBody('j', 'p'))
  virtual.seconds(1)
  const add = (id: string, requiredSlots = 1) =>
    virtual.engine.tasks.add('j', taskBody(id, { requiredSlots }))
  const state = (id: string) => virtual.engine.tasks.get('j', id).state
  return { ...virtual, add, state }
}

test('a task that needs more slots than a node has waits for ever, others pass it', () => {
  const { add, state, seconds } = openWithPool()
  add('huge', 5)
  add('whole', 4)
  add('small')
  seconds(60)
  expect(['huge', 'whole', 'small'].map(state)).toEqual(['active', 'completed', 'completed'])
})

test('it runs once its job is moved to a pool whose nodes have enough', () => {
  const { engine, add, state, seconds } = openWithPool()
  engine.pools.add(poolBody('larger', { taskSlotsPerNode: 8 }))
  add('huge', 5)
  engine.jobs.disable('j', { disableTasks: 'wait' })
  seconds(1)
  engine.jobs.patch('j', { poolInfo: { poolId: 'larger' } })
  engine.jobs.enable('j')
  seconds(5)
  expect(state('huge')).toBe('completed')
})

test.each(['none', 'creationtime', undefined])(
  'jobs of equal priority run in the order of their creation (%s)',
  (order) => {
    const taskSchedulingPolicy = { nodeFillType: 'pack', ...(order && { jobDefaultOrder: order }) }
    const { engine, runtime, seconds } = openWithPool({ taskSlotsPerNode: 1, taskSchedulingPolicy })
    for (const id of ['z', 'a', 'm']) engine.jobs.add(jobBody(id, 'p'))
    engine.tasks.add('j', taskBody('first'))
    for (const id of ['a', 'm', 'z']) engine.tasks.add(id, taskBody('t'))
    seconds(10)
    expect(runtime.started.map(({ jobId }) => jobId)).toEqual(['j', 'z', 'a', 'm'])
  },
)

test('tasks of all sizes run in the order of the job as far as they fit', () => {
  const { runtime, add, seconds } = openWithPool()
  for (const [id, slots] of [
    ['a', 2],
    ['b', 3],
    ['c', 1],
    ['d', 4],
    ['e', 1],
  ] as const)
    add(id, slots)
  seconds(1)
  expect(runtime.started.map((run) => run.taskId)).toEqual(['a', 'c', 'e', 'b'])
  seconds(60)
  expect(runtime.started.map((run) => run.taskId)).toEqual(['a', 'c', 'e', 'b', 'd'])
})

test('with pack a large task finds its node though another one is fuller', () => {
  const { add, state, seconds } = openWithPool({
    targetDedicatedNodes: 2,
    taskSchedulingPolicy: { nodeFillType: 'pack' },
  })
  add('long', 1)
  add('whole', 4)
  expect(state('whole')).toBe('running')
  seconds(2)
  expect(state('whole')).toBe('completed')
})

test('the free nodes of a pool are not looked at for tasks that fit on none', () => {
  const store = openStore(':memory:')
  const looks = vi.spyOn(store.nodes, 'withFreeSlots')
  const { engine, seconds } = openVirtualEngine({ store })
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 50 }))
  engine.jobs.add(jobBody('j', 'p', { usesTaskDependencies: true }))
  seconds(1)
  engine.tasks.add('j', taskBody('huge', { requiredSlots: 2 }))
  engine.tasks.add('j', taskBody('blocked', { dependsOn: { taskIds: ['none'] } }))
  engine.tasks.add('j', taskBody('wide', { multiInstanceSettings: { coordinationCommandLine: 'c' } }))
  expect(looks).not.toHaveBeenCalled()
  engine.tasks.add('j', taskBody('small'))
  expect(looks).toHaveBeenCalledOnce()
})
