// What may be done with a job in which state, and what of it can be changed.

import type { Engine } from '@malachite/emulator'
import { expect, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

/** The job `j` on two nodes, with the task `t` that runs for a minute; ended processes stay when `hangs`. */
function openWithJob({ job = {}, hangs = false }: { job?: object; hangs?: boolean } = {}) {
  const virtual = openVirtualEngine({ script: () => ({ duration: 60_000 }) })
  const { engine, runtime } = virtual
  if (hangs) runtime.ignored.add('endTask')
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 2 }))
  engine.jobs.add(jobBody('j', 'p', job))
  engine.tasks.add('j', taskBody('t'))
  virtual.seconds(1)
  return { ...virtual, job: () => engine.jobs.get('j'), task: (id = 't') => engine.tasks.get('j', id) }
}

const failing = (code: string) => expect.objectContaining({ code, status: 409 }) as Error

const VERBS: Readonly<Record<string, (engine: Engine) => unknown>> = {
  disable: ({ jobs }) => jobs.disable('j', { disableTasks: 'requeue' }),
  enable: ({ jobs }) => jobs.enable('j'),
  terminate: ({ jobs }) => jobs.terminate('j'),
  patch: ({ jobs }) => jobs.patch('j', { priority: 1 }),
  update: ({ jobs }) => jobs.update('j', { poolInfo: { poolId: 'p' } }),
  'new tasks': ({ tasks }) => tasks.add('j', taskBody('new')),
  collections: ({ tasks }) => tasks.addCollection('j', { value: [taskBody('new')] }),
}

test.each([
  ['terminating', 'JobBeingTerminated'],
  ['completed', 'JobCompleted'],
  ['deleting', 'JobBeingDeleted'],
])('a job that is %s refuses every change with %s', (state, code) => {
  const { engine, job, seconds } = openWithJob({ hangs: state !== 'completed' })
  if (state === 'deleting') engine.jobs.delete('j')
  else engine.jobs.terminate('j')
  seconds(1)
  const before = job()
  expect(before.state).toBe(state)
  for (const call of Object.values(VERBS)) expect(() => call(engine)).toThrow(failing(code))
  expect(job()).toEqual(before)
})

test('a job that is being enabled cannot be disabled, one that is active cannot be enabled', () => {
  const { engine, seconds } = openWithJob()
  expect(() => engine.jobs.enable('j')).toThrow(failing('OperationInvalidForCurrentState'))
  engine.jobs.disable('j', { disableTasks: 'wait' })
  engine.jobs.enable('j')
  expect(engine.jobs.get('j').state).toBe('enabling')
  expect(() => engine.jobs.disable('j', { disableTasks: 'wait' })).toThrow(failing('JobNotActive'))
  seconds(1)
  engine.jobs.disable('j', { disableTasks: 'wait' })
})

test('a job is active soon after it was enabled, whatever still runs since it was disabled', () => {
  const { engine, job, task, seconds } = openWithJob()
  engine.jobs.disable('j', { disableTasks: 'wait' })
  seconds(1)
  expect(job().state).toBe('disabling')
  engine.jobs.enable('j')
  seconds(1)
  expect(job()).toMatchObject({ state: 'active', previousState: 'active' })
  expect(task()).toMatchObject({ state: 'running', executionInfo: { requeueCount: 0 } })
  engine.tasks.add('j', taskBody('u'))
  expect(task('u').state).toBe('running')
})

test('what becomes of the running tasks can be said anew while a job is being disabled', () => {
  const { engine, job, task, seconds } = openWithJob()
  engine.jobs.disable('j', { disableTasks: 'wait' })
  engine.jobs.disable('j', { disableTasks: 'terminate' })
  expect(task()).toMatchObject({
    state: 'completed',
    executionInfo: { result: 'failure', failureInfo: { category: 'UserError', code: 'TaskEnded' } },
  })
  seconds(1)
  expect(job().state).toBe('disabled')
  engine.jobs.disable('j', { disableTasks: 'requeue' })
  expect(job().state).toBe('disabled')
})

test('a task that is requeued by its job counts as requeued, not as retried', () => {
  const { engine, task, seconds } = openWithJob()
  engine.jobs.disable('j', { disableTasks: 'requeue' })
  seconds(1)
  expect(task()).toMatchObject({
    state: 'active',
    previousState: 'running',
    executionInfo: { requeueCount: 1, lastRequeueTime: expect.any(String), retryCount: 0 },
  })
})

test('a disabled job takes tasks, but runs none before it is enabled', () => {
  const { engine, task, seconds } = openWithJob()
  engine.jobs.disable('j', { disableTasks: 'requeue' })
  seconds(1)
  engine.tasks.add('j', taskBody('u'))
  seconds(3600)
  expect([task().state, task('u').state]).toEqual(['active', 'active'])
  engine.jobs.enable('j')
  seconds(1)
  expect([task().state, task('u').state]).toEqual(['running', 'running'])
})

test('a disabled job ends, too, when its wall clock time is over', () => {
  const { engine, job, seconds } = openWithJob({ job: { constraints: { maxWallClockTime: 'PT1H' } } })
  engine.jobs.disable('j', { disableTasks: 'requeue' })
  seconds(3601)
  expect(job().executionInfo.terminateReason).toBe('MaxWallClockTimeExpiry')
})

test('a wall clock time that an update gives counts from the creation of the job', () => {
  const { engine, job, seconds } = openWithJob()
  seconds(1800)
  engine.jobs.patch('j', { constraints: { maxWallClockTime: 'PT1H' } })
  seconds(1790)
  expect(job().state).toBe('active')
  seconds(20)
  expect(job().state).toBe('completed')
})

test('when and why a job has ended is told once it is completed', () => {
  const { engine, job, seconds } = openWithJob({ hangs: true })
  engine.jobs.terminate('j', { terminateReason: 'enough' })
  seconds(1)
  expect(job().state).toBe('terminating')
  expect(Object.keys(job().executionInfo)).toEqual(['startTime', 'poolId'])
  const filter = "executionInfo/terminateReason eq 'enough'"
  expect(engine.jobs.list({ filter }).items).toEqual([])
  seconds(60)
  expect(Object.keys(job().executionInfo)).toEqual(['startTime', 'endTime', 'poolId', 'terminateReason'])
  expect(engine.jobs.list({ filter }).items).toHaveLength(1)
})

test('tasks that come and go do not modify their job', () => {
  const { engine, job, seconds } = openWithJob()
  const { eTag, lastModified } = job()
  engine.tasks.add('j', taskBody('u'))
  seconds(120)
  engine.tasks.delete('j', 't')
  expect(engine.jobs.taskCounts('j').taskCounts.succeeded).toBe(1)
  expect(job()).toMatchObject({ eTag, lastModified })
})

test('an update may repeat the pool of an active job', () => {
  const { engine, job } = openWithJob()
  engine.jobs.patch('j', { poolInfo: { poolId: 'P' }, priority: 3 })
  engine.jobs.update('j', { poolInfo: { poolId: 'p' }, priority: 4 })
  expect(job()).toMatchObject({ priority: 4, executionInfo: { poolId: 'p' } })
  for (const change of ['patch', 'update'] as const)
    expect(() => engine.jobs[change]('j', { poolInfo: { poolId: 'q' } })).toThrow(
      failing('OperationInvalidForCurrentState'),
    )
})

test('a put returns to its default what it leaves out', () => {
  const { engine, job } = openWithJob({
    job: {
      priority: 5,
      maxParallelTasks: 3,
      allowTaskPreemption: true,
      constraints: { maxWallClockTime: 'P1D', maxTaskRetryCount: 2 },
      metadata: [{ name: 'a', value: 'b' }],
      usesTaskDependencies: true,
      onTaskFailure: 'performexitoptionsjobaction',
    },
  })
  engine.jobs.update('j', { poolInfo: { poolId: 'p' } })
  expect(job()).toMatchObject({
    priority: 0,
    maxParallelTasks: -1,
    allowTaskPreemption: false,
    constraints: { maxWallClockTime: 'P10675199DT2H48M5.4775807S', maxTaskRetryCount: 0 },
    onAllTasksComplete: 'noaction',
    // What no update can change.
    usesTaskDependencies: true,
    onTaskFailure: 'performexitoptionsjobaction',
  })
  expect(job()).not.toHaveProperty('metadata')
})

test('terminatejob cannot be taken back, not even by leaving it out of a put', () => {
  const { engine, job } = openWithJob()
  engine.jobs.patch('j', { onAllTasksComplete: 'terminatejob' })
  const poolInfo = { poolId: 'p' }
  const refused = expect.objectContaining({ code: 'InvalidPropertyValue', status: 400 }) as Error
  expect(() => engine.jobs.patch('j', { onAllTasksComplete: 'noaction' })).toThrow(refused)
  expect(() => engine.jobs.update('j', { poolInfo, onAllTasksComplete: 'noaction' })).toThrow(refused)
  expect(() => engine.jobs.update('j', { poolInfo })).toThrow(refused)
  engine.jobs.update('j', { poolInfo, onAllTasksComplete: 'terminatejob' })
  engine.jobs.patch('j', { priority: 1 })
  expect(job()).toMatchObject({ priority: 1, onAllTasksComplete: 'terminatejob' })
})

test('tasks that wait for one that failed keep their job from ending by itself', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ exitCode: 1 }) })
  engine.pools.add(poolBody('p'))
  engine.jobs.add(jobBody('j', 'p', { usesTaskDependencies: true }))
  engine.tasks.add('j', taskBody('a'))
  engine.tasks.add('j', taskBody('b', { dependsOn: { taskIds: ['a'] } }))
  engine.jobs.patch('j', { onAllTasksComplete: 'terminatejob' })
  seconds(3600)
  expect(engine.jobs.get('j').state).toBe('active')
  engine.tasks.terminate('j', 'b')
  seconds(1)
  expect(engine.jobs.get('j').executionInfo.terminateReason).toBe('AllTasksCompleted')
})

test.each(['taskcompletion', 'retaineddata'])('a job cannot be disabled with %s', (disableTasks) => {
  const { engine, job } = openWithJob()
  expect(() => engine.jobs.disable('j', { disableTasks })).toThrow(
    expect.objectContaining({ code: 'InvalidPropertyValue', status: 400 }),
  )
  expect(job().state).toBe('active')
})
