import { expect, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

function openWithPool(options: Parameters<typeof openVirtualEngine>[0] = {}, pool: object = {}) {
  const virtual = openVirtualEngine(options)
  virtual.engine.pools.add(poolBody('p', pool))
  virtual.seconds(1)
  return virtual
}

const ids = (n: number) => ({ value: Array.from({ length: n }, (_, i) => taskBody(`t${i}`)) })

test('a job may name a pool that does not exist yet; its tasks wait', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobs.add(jobBody('j', 'later'))
  engine.tasks.add('j', taskBody('t'))
  seconds(60)
  expect(engine.tasks.get('j', 't').state).toBe('active')
  engine.pools.add(poolBody('later'))
  seconds(5)
  expect(engine.tasks.get('j', 't').state).toBe('completed')
})

test('tasks of the job with the higher priority go first', () => {
  const { engine, seconds, runtime } = openVirtualEngine()
  engine.jobs.add(jobBody('low', 'p'))
  engine.jobs.add(jobBody('high', 'p', { priority: 10 }))
  engine.tasks.add('low', taskBody('a'))
  engine.tasks.add('high', taskBody('b'))
  engine.pools.add(poolBody('p'))
  seconds(5)
  expect(runtime.started.map((task) => task.taskId)).toEqual(['b', 'a'])
})

test('maxParallelTasks bounds the running tasks of a job', () => {
  const { engine } = openWithPool({ script: () => ({ duration: 60_000 }) }, { taskSlotsPerNode: 8 })
  engine.jobs.add(jobBody('j', 'p', { maxParallelTasks: 3 }))
  engine.tasks.addCollection('j', ids(6))
  expect(engine.jobs.taskCounts('j').taskCounts).toMatchObject({ running: 3, active: 3 })
})

test.each([
  ['requeue', { active: 2, failed: 0 }],
  ['terminate', { active: 1, failed: 1 }],
])('disabling with %s deals with the running task, then the job is disabled', (disableTasks, counts) => {
  const { engine, seconds } = openWithPool({ script: () => ({ duration: 60_000 }) })
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.addCollection('j', ids(2))
  engine.jobs.disable('j', { disableTasks })
  expect(engine.jobs.get('j').state).toBe('disabling')
  seconds(1)
  expect(engine.jobs.get('j')).toMatchObject({ state: 'disabled', previousState: 'active' })
  expect(engine.jobs.taskCounts('j').taskCounts).toMatchObject(counts)
  engine.jobs.enable('j')
  seconds(1)
  expect(engine.jobs.get('j').state).toBe('active')
  expect(engine.jobs.taskCounts('j').taskCounts.running).toBe(1)
})

test('disabling with wait lets the running task finish', () => {
  const { engine, seconds } = openWithPool({ script: () => ({ duration: 10_000 }) })
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.addCollection('j', ids(2))
  engine.jobs.disable('j', { disableTasks: 'wait' })
  seconds(5)
  expect(engine.jobs.get('j').state).toBe('disabling')
  seconds(6)
  expect(engine.jobs.get('j').state).toBe('disabled')
  expect(engine.jobs.taskCounts('j').taskCounts).toMatchObject({ active: 1, succeeded: 1 })
})

test('disabling with wait is over when the running task failed and waits for its next try', () => {
  const { engine, seconds } = openWithPool({ script: () => ({ duration: 5000, exitCode: 1 }) })
  engine.jobs.add(jobBody('j', 'p', { constraints: { maxTaskRetryCount: 3 } }))
  engine.tasks.add('j', taskBody('t'))
  engine.jobs.disable('j', { disableTasks: 'wait' })
  seconds(6)
  expect(engine.jobs.get('j').state).toBe('disabled')
  expect(engine.tasks.get('j', 't')).toMatchObject({ state: 'active', executionInfo: { retryCount: 1 } })
})

test('terminating ends what runs, leaves what waits and refuses new tasks', () => {
  const { engine, seconds } = openWithPool({ script: () => ({ duration: 60_000 }) })
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.addCollection('j', ids(2))
  engine.jobs.terminate('j', { terminateReason: 'enough' })
  expect(() => engine.tasks.add('j', taskBody('x'))).toThrow(
    expect.objectContaining({ code: 'JobBeingTerminated' }),
  )
  seconds(1)
  expect(engine.jobs.get('j')).toMatchObject({
    state: 'completed',
    previousState: 'active',
    executionInfo: { terminateReason: 'enough', endTime: expect.any(String) },
  })
  expect(engine.jobs.taskCounts('j').taskCounts).toMatchObject({ active: 1, failed: 1, running: 0 })
  expect(() => engine.jobs.terminate('j')).toThrow(expect.objectContaining({ code: 'JobCompleted' }))
  expect(() => engine.jobs.add(jobBody('j', 'p'))).toThrow(expect.objectContaining({ code: 'JobCompleted' }))
})

test('a large job is deleted in many short changes', () => {
  const { engine, seconds, runtime } = openVirtualEngine()
  engine.jobs.add(jobBody('j', 'none'))
  for (let i = 0; i < 50; i++) {
    engine.tasks.addCollection('j', { value: Array.from({ length: 100 }, (_, k) => taskBody(`t${i}-${k}`)) })
  }
  engine.jobs.delete('j')
  expect(engine.jobs.get('j').state).toBe('deleting')
  expect(() => engine.jobs.delete('j')).toThrow(expect.objectContaining({ code: 'JobBeingDeleted' }))
  seconds(1)
  expect(() => engine.jobs.get('j')).toThrow(expect.objectContaining({ code: 'JobNotFound' }))
  expect(runtime.effects.filter((effect) => effect.type === 'wakeAt').length).toBeGreaterThanOrEqual(3)
})

test('terminatejob ends the job after its last task, and an empty one soon', () => {
  const { engine, seconds } = openWithPool()
  engine.jobs.add(jobBody('empty', 'p', { onAllTasksComplete: 'terminatejob' }))
  expect(engine.jobs.get('empty').state).toBe('active')
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.addCollection('j', ids(2))
  engine.jobs.patch('j', { onAllTasksComplete: 'terminatejob' })
  seconds(1)
  expect(engine.jobs.get('empty')).toMatchObject({
    state: 'completed',
    executionInfo: { terminateReason: 'AllTasksCompleted' },
  })
  expect(engine.jobs.get('j').state).toBe('active')
  seconds(3)
  expect(engine.jobs.get('j').state).toBe('completed')
})

test('a job ends when its wall clock time is over, counted from its creation', () => {
  const { engine, seconds } = openWithPool({ script: () => ({ duration: 600_000 }) })
  engine.jobs.add(jobBody('j', 'p', { constraints: { maxWallClockTime: 'PT1M' } }))
  engine.tasks.add('j', taskBody('t'))
  seconds(59)
  expect(engine.jobs.get('j').state).toBe('active')
  seconds(2)
  expect(engine.jobs.get('j')).toMatchObject({
    state: 'completed',
    executionInfo: { terminateReason: 'MaxWallClockTimeExpiry' },
  })
})

test('PUT replaces what it may, PATCH only what it names', () => {
  const { engine } = openWithPool()
  engine.jobs.add(jobBody('j', 'p', { priority: 5, metadata: [{ name: 'a', value: '1' }] }))
  engine.jobs.patch('j', { priority: 7 })
  expect(engine.jobs.get('j')).toMatchObject({ priority: 7, metadata: [{ name: 'a', value: '1' }] })
  engine.jobs.update('j', { poolInfo: { poolId: 'p' } })
  expect(engine.jobs.get('j').priority).toBe(0)
  expect(engine.jobs.get('j').metadata).toBeUndefined()
})

test('the pool of a job changes only while the job is disabled', () => {
  const { engine, seconds } = openWithPool()
  engine.jobs.add(jobBody('j', 'p'))
  expect(() => engine.jobs.patch('j', { poolInfo: { poolId: 'q' } })).toThrow(
    expect.objectContaining({ status: 409 }),
  )
  engine.jobs.disable('j', { disableTasks: 'requeue' })
  seconds(1)
  engine.jobs.patch('j', { poolInfo: { poolId: 'q' } })
  expect(engine.jobs.get('j').executionInfo.poolId).toBe('q')
})

test('a job whose tasks are all completed ends when it is enabled', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobs.add(jobBody('j', 'none'))
  engine.jobs.disable('j', { disableTasks: 'requeue' })
  seconds(1)
  engine.jobs.patch('j', { onAllTasksComplete: 'terminatejob' })
  engine.jobs.enable('j')
  seconds(1)
  expect(engine.jobs.get('j')).toMatchObject({
    state: 'completed',
    executionInfo: { terminateReason: 'AllTasksCompleted' },
  })
})
