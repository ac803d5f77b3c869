// Tasks of jobs that allow it make room for those of jobs with a higher priority.

import { expect, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

/** A node with `slots` slots, filled by 60 s tasks of the job `low`. */
function openWithBusyNode({ slots = 2, low = {}, task = {} } = {}) {
  const virtual = openVirtualEngine({ script: () => ({ duration: 60_000 }) })
  const { engine, seconds } = virtual
  engine.pools.add(poolBody('p', { taskSlotsPerNode: slots }))
  engine.jobs.add(jobBody('low', 'p', { allowTaskPreemption: true, priority: -5, ...low }))
  engine.jobs.add(jobBody('high', 'p', { priority: 5 }))
  seconds(1)
  for (let i = 0; i < slots; i++) {
    engine.tasks.add('low', taskBody(`l${i}`, task))
    seconds(1)
  }
  const states = (jobId: string) => engine.tasks.list(jobId).items.map(({ id, state }) => `${id} ${state}`)
  return { ...virtual, states }
}

test('a task of a higher priority takes the place of the one that started last', () => {
  const { engine, states, seconds } = openWithBusyNode()
  engine.tasks.add('high', taskBody('h'))
  expect(states('low')).toEqual(['l0 running', 'l1 active'])
  expect(states('high')).toEqual(['h active'])
  seconds(1)
  expect(states('high')).toEqual(['h running'])
  expect(engine.tasks.get('low', 'l1').executionInfo).toEqual({ retryCount: 0, requeueCount: 0 })
  seconds(200)
  expect(states('low')).toEqual(['l0 completed', 'l1 completed'])
})

test('no more tasks are evicted than there are tasks that wait', () => {
  const { engine, states, seconds } = openWithBusyNode({ slots: 4 })
  engine.tasks.addCollection('high', { value: [taskBody('h0'), taskBody('h1')] })
  expect(states('low')).toEqual(['l0 running', 'l1 running', 'l2 active', 'l3 active'])
  // While their slots are about to come free, nothing else is evicted.
  engine.jobs.patch('high', { priority: 6 })
  expect(states('low').filter((state) => state.endsWith('active'))).toHaveLength(2)
  seconds(1)
  expect(states('high')).toEqual(['h0 running', 'h1 running'])
  expect(states('low').filter((state) => state.endsWith('running'))).toHaveLength(2)
})

test.each([
  ['a job that does not allow it', { allowTaskPreemption: false }],
  ['a job of the same priority', { priority: 5 }],
])('nothing of %s is evicted', (_, low) => {
  const { engine, states, seconds } = openWithBusyNode({ low })
  engine.tasks.add('high', taskBody('h'))
  seconds(1)
  expect(states('low')).toEqual(['l0 running', 'l1 running'])
})

test('a job may come to allow it while its tasks run', () => {
  const { engine, states, seconds } = openWithBusyNode({ low: { allowTaskPreemption: false } })
  engine.tasks.add('high', taskBody('h'))
  seconds(1)
  engine.jobs.patch('low', { allowTaskPreemption: true })
  expect(engine.jobs.get('low').allowTaskPreemption).toBe(true)
  seconds(1)
  expect(states('high')).toEqual(['h running'])
})

test('nobody is evicted for a task that would not fit in the place', () => {
  const { engine, states, seconds } = openWithBusyNode({ slots: 4 })
  engine.tasks.add('high', taskBody('wide', { requiredSlots: 3 }))
  seconds(1)
  expect(states('low').filter((state) => state.endsWith('running'))).toHaveLength(4)
  expect(states('high')).toEqual(['wide active'])
})

test('the limit of parallel tasks of the higher job holds', () => {
  const { engine, states, seconds } = openWithBusyNode()
  engine.jobs.patch('high', { maxParallelTasks: 1 })
  engine.tasks.addCollection('high', { value: [taskBody('h0'), taskBody('h1')] })
  seconds(1)
  expect(states('high')).toEqual(['h0 running', 'h1 active'])
  expect(states('low').filter((state) => state.endsWith('running'))).toHaveLength(1)
})
