// The files of completed tasks and how long they stay.

import { expect, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

const DAY = 24 * 3600

function openWithPool(more: object = {}) {
  const opened = openVirtualEngine()
  const { engine, runtime, seconds } = opened
  engine.pools.add(poolBody('p', more))
  engine.jobs.add(jobBody('j', 'p'))
  seconds(1)
  const deleted = () =>
    runtime.effects.flatMap((effect) => (effect.type === 'deleteTaskFiles' ? [effect.directory] : []))
  return { ...opened, deleted }
}

function code(name: string) {
  return expect.objectContaining({ code: name }) as Error
}

test('files go when their retention time is over, 7 days unless the task says otherwise', () => {
  const { engine, seconds, deleted } = openWithPool()
  engine.tasks.add('j', taskBody('hour', { constraints: { retentionTime: 'PT1H' } }))
  engine.tasks.add('j', taskBody('week'))
  seconds(10)
  expect(deleted()).toEqual([])
  seconds(3600)
  expect(deleted()).toEqual(['workitems/j/job-1/hour'])
  expect(() => engine.tasks.location('j', 'hour')).toThrow(code('TaskFilesCleanedup'))
  expect(engine.tasks.location('j', 'week').directory).toBe('workitems/j/job-1/week')
  seconds(7 * DAY)
  expect(deleted()).toEqual(['workitems/j/job-1/hour', 'workitems/j/job-1/week'])
  expect(() => engine.tasks.location('j', 'week')).toThrow(code('TaskFilesCleanedup'))
})

test('the time counts from the end of the task, however it ended', () => {
  const { engine, seconds, deleted } = openWithPool()
  engine.tasks.add('j', taskBody('t', { constraints: { retentionTime: 'PT1M' } }))
  engine.tasks.terminate('j', 't')
  seconds(59)
  expect(deleted()).toEqual([])
  seconds(3)
  expect(deleted()).toEqual(['workitems/j/job-1/t'])
})

test('no retention time at all: the files go with the task’s end', () => {
  const { engine, seconds, deleted } = openWithPool()
  engine.tasks.add('j', taskBody('t', { constraints: { retentionTime: 'PT0S' } }))
  seconds(3)
  expect(deleted()).toEqual(['workitems/j/job-1/t'])
})

test('an unlimited retention time never ends', () => {
  const { engine, seconds, deleted } = openWithPool()
  const retentionTime = 'P10675199DT2H48M5.4775807S'
  engine.tasks.add('j', taskBody('t', { constraints: { retentionTime } }))
  seconds(3650 * DAY)
  expect(deleted()).toEqual([])
  expect(engine.tasks.location('j', 't').directory).toBe('workitems/j/job-1/t')
})

test('the latest update of a task counts', () => {
  const { engine, seconds, deleted } = openWithPool()
  engine.tasks.add('j', taskBody('t', { constraints: { retentionTime: 'PT1H' } }))
  engine.tasks.update('j', 't', { constraints: { retentionTime: 'PT2H' } })
  seconds(3700)
  expect(deleted()).toEqual([])
  seconds(3600)
  expect(deleted()).toHaveLength(1)
})

test('a task that runs again keeps its files until it is done again', () => {
  const { engine, seconds, deleted } = openWithPool()
  engine.tasks.add('j', taskBody('t', { constraints: { retentionTime: 'PT1M' } }))
  engine.tasks.terminate('j', 't')
  seconds(30)
  engine.tasks.reactivate('j', 't')
  seconds(45)
  expect(engine.tasks.get('j', 't').executionInfo.result).toBe('success')
  expect(deleted()).toEqual([])
  seconds(18)
  expect(deleted()).toEqual(['workitems/j/job-1/t'])
})

test('a new task of the same name keeps its files though the old one’s time is over', () => {
  const { engine, seconds, deleted } = openWithPool()
  engine.tasks.add('j', taskBody('t', { constraints: { retentionTime: 'PT1M' } }))
  seconds(30)
  engine.tasks.delete('j', 't')
  expect(deleted()).toHaveLength(1)
  engine.tasks.add('j', taskBody('t'))
  seconds(120)
  expect(deleted()).toHaveLength(1)
})

test('nothing is deleted on a node that is gone', () => {
  const { engine, seconds, deleted } = openWithPool()
  engine.tasks.add('j', taskBody('t', { constraints: { retentionTime: 'PT1M' } }))
  seconds(5)
  engine.pools.resize('p', { targetDedicatedNodes: 0 })
  seconds(120)
  expect(deleted()).toEqual([])
  expect(() => engine.tasks.location('j', 't')).toThrow(code('TaskFilesUnavailable'))
})

test('thousands of tasks that end together are cleaned up in several steps, with few timers', () => {
  const { engine, runtime, seconds, deleted } = openWithPool({
    taskSlotsPerNode: 256,
    targetDedicatedNodes: 10,
  })
  for (let i = 0; i < 13; i++) {
    const value = Array.from({ length: 100 }, (_, k) =>
      taskBody(`t${i}-${k}`, { constraints: { retentionTime: 'PT1H' } }),
    )
    engine.tasks.addCollection('j', { value })
  }
  seconds(60)
  const timers = () => runtime.effects.filter(({ type }) => type === 'wakeAt').length
  expect(timers()).toBeLessThan(20)
  seconds(3600)
  expect(deleted()).toHaveLength(1300)
  expect(timers()).toBeLessThan(40)
})
