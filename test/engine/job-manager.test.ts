// Job manager tasks: a task that comes with its job, runs before the others, and may end it.

import { expect, test } from 'vitest'
import { openWithScripts, type Scripts } from '../helpers/job-tasks.ts'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

/** An engine with the pool `p`, and a way to add the job `j` with a manager. */
function open(scripts: Scripts = {}, pool: object = {}) {
  const virtual = openWithScripts(scripts, pool)
  const { runtime } = virtual
  return {
    ...virtual,
    add: (manager: object = {}, more: object = {}) =>
      virtual.add({ jobManagerTask: { id: 'manager', commandLine: 'manage', ...manager }, ...more }),
    started: () => runtime.started.map(({ jobId, taskId }) => `${jobId}/${taskId}`),
  }
}

test('the job manager is a task of the new job, with the defaults of one and the job’s retries', () => {
  const { engine, seconds, add } = open()
  add({}, { constraints: { maxTaskRetryCount: 4 } })
  expect(engine.tasks.list('j').items).toHaveLength(1)
  expect(engine.tasks.get('j', 'manager')).toMatchObject({
    commandLine: 'manage',
    state: 'running',
    requiredSlots: 1,
    constraints: { maxTaskRetryCount: 4, retentionTime: 'P7D' },
  })
  expect(engine.tasks.get('j', 'manager')).not.toHaveProperty('runExclusive')
  expect(engine.jobs.get('j')).toMatchObject({
    jobManagerTask: {
      id: 'manager',
      constraints: { maxWallClockTime: 'P10675199DT2H48M5.4775807S', maxTaskRetryCount: 4 },
      requiredSlots: 1,
      killJobOnCompletion: true,
      runExclusive: true,
      allowLowPriorityNode: true,
    },
  })
  seconds(2)
})

test.each([
  ['success', 0],
  ['failure', 1],
])('the end of the job manager in %s ends the job and its running tasks', (result, exitCode) => {
  const { engine, seconds, add } = open(
    { manage: { duration: 5000, exitCode }, 'run t': { duration: 60_000 } },
    { targetDedicatedNodes: 2 },
  )
  add()
  engine.tasks.add('j', taskBody('t'))
  seconds(7)
  expect(engine.jobs.get('j')).toMatchObject({
    state: 'completed',
    executionInfo: { terminateReason: 'JMComplete' },
  })
  expect(engine.tasks.get('j', 'manager').executionInfo.result).toBe(result)
  expect(engine.tasks.get('j', 't')).toMatchObject({
    state: 'completed',
    executionInfo: { failureInfo: { code: 'TaskEnded' } },
  })
})

test('with killJobOnCompletion=false the job goes on', () => {
  const { engine, seconds, add } = open()
  add({ killJobOnCompletion: false })
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  expect(engine.jobs.get('j').state).toBe('active')
  expect(engine.tasks.get('j', 't').state).toBe('completed')
})

test('a job manager that is tried again, or requeued, does not end the job', () => {
  const { engine, seconds, add } = open({ manage: { duration: 3000, exitCode: 1 } })
  add({ constraints: { maxTaskRetryCount: 1 } })
  seconds(4)
  expect(engine.jobs.get('j').state).toBe('active')
  expect(engine.tasks.get('j', 'manager')).toMatchObject({
    state: 'running',
    executionInfo: { retryCount: 1 },
  })
  engine.nodes.reboot('p', engine.nodes.list('p').items[0]?.id ?? '')
  seconds(1)
  expect(engine.jobs.get('j').state).toBe('active')
  expect(engine.tasks.get('j', 'manager').executionInfo.requeueCount).toBe(1)
  seconds(5)
  expect(engine.jobs.get('j').executionInfo.terminateReason).toBe('JMComplete')
})

test('terminating the job keeps the caller’s reason', () => {
  const { engine, seconds, add } = open({ manage: { duration: 60_000 } })
  add()
  engine.jobs.terminate('j', { terminateReason: 'enough' })
  seconds(2)
  expect(engine.jobs.get('j')).toMatchObject({
    state: 'completed',
    executionInfo: { terminateReason: 'enough' },
  })
})

test('the job manager runs before the other tasks of its job, even if it comes back later', () => {
  const { engine, seconds, add, started } = open({ manage: { exitCode: 1 } })
  add({ killJobOnCompletion: false, constraints: { maxTaskRetryCount: 1 } })
  engine.tasks.add('j', taskBody('t'))
  seconds(10)
  expect(started()).toEqual(['j/manager', 'j/manager', 'j/t'])
})

test('a job of higher priority comes before the job manager of another', () => {
  const { engine, seconds, runtime } = openVirtualEngine()
  engine.jobs.add(jobBody('low', 'p', { jobManagerTask: { id: 'm', commandLine: 'manage' } }))
  engine.jobs.add(jobBody('high', 'p', { priority: 1 }))
  engine.tasks.add('high', taskBody('t'))
  engine.pools.add(poolBody('p'))
  seconds(5)
  expect(runtime.started.map(({ taskId }) => taskId)).toEqual(['t', 'm'])
})

test('a job manager has its node for itself and takes one that is empty', () => {
  const { engine, seconds, add, started } = open(
    { manage: { duration: 10_000 }, 'run a': { duration: 3000 } },
    { taskSlotsPerNode: 4 },
  )
  engine.jobs.add(jobBody('other', 'p'))
  engine.tasks.add('other', taskBody('a'))
  add()
  engine.tasks.add('j', taskBody('t'))
  seconds(2)
  expect(started()).toEqual(['other/a'])
  seconds(2)
  engine.tasks.add('other', taskBody('b'))
  expect(started()).toEqual(['other/a', 'j/manager'])
  expect(engine.nodes.list('p').items[0]).toMatchObject({ runningTasksCount: 1, runningTaskSlotsCount: 1 })
  seconds(15)
  expect(started()).toEqual(['other/a', 'j/manager', 'other/b'])
})

test('with runExclusive=false other tasks run beside the job manager', () => {
  const { engine, add, started } = open({ manage: { duration: 10_000 } }, { taskSlotsPerNode: 4 })
  add({ runExclusive: false, requiredSlots: 2 })
  engine.tasks.addCollection('j', { value: ['a', 'b', 'c'].map((id) => taskBody(id)) })
  expect(started()).toEqual(['j/manager', 'j/a', 'j/b'])
})

test('after the job manager all slots of its node are free again', () => {
  const { engine, seconds, add } = open(
    { 'run a': { duration: 9000 }, 'run b': { duration: 9000 } },
    { taskSlotsPerNode: 2 },
  )
  add({ killJobOnCompletion: false })
  engine.tasks.addCollection('j', { value: ['a', 'b'].map((id) => taskBody(id)) })
  seconds(2)
  expect(engine.nodes.list('p').items[0]).toMatchObject({ runningTasksCount: 2 })
})

test('with allowLowPriorityNode=false the job manager waits for a dedicated node', () => {
  const { engine, seconds, add } = open({}, { targetDedicatedNodes: 0, targetLowPriorityNodes: 2 })
  add({ allowLowPriorityNode: false })
  seconds(5)
  expect(engine.tasks.get('j', 'manager').state).toBe('active')
  engine.pools.resize('p', { targetDedicatedNodes: 1, targetLowPriorityNodes: 2 })
  seconds(5)
  expect(engine.jobs.get('j').executionInfo.terminateReason).toBe('JMComplete')
})

test('the node of a job manager is prepared like any other, and released at its end', () => {
  const { seconds, add, engine, started } = open()
  add({}, { jobPreparationTask: { commandLine: 'prepare' }, jobReleaseTask: { commandLine: 'release' } })
  seconds(10)
  expect(started()).toEqual(['j/jobpreparation', 'j/manager', 'j/jobrelease'])
  expect(engine.jobs.get('j')).toMatchObject({
    state: 'completed',
    executionInfo: { terminateReason: 'JMComplete' },
  })
})

test('a job manager that has the id of the preparation task makes no job', () => {
  const { engine, add } = open()
  const jobPreparationTask = { id: 'manager', commandLine: 'prepare' }
  expect(() => add({}, { jobPreparationTask })).toThrow(
    expect.objectContaining({ code: 'TaskIdSameAsJobPreparationTask' }),
  )
  expect(engine.jobs.list().items).toEqual([])
})

test('a pool that shrinks keeps the node of a job manager longest', () => {
  const { engine, seconds, add } = open(
    { manage: { duration: 60_000 }, 'run t': { duration: 60_000 } },
    { targetDedicatedNodes: 2, taskSlotsPerNode: 4 },
  )
  add()
  engine.tasks.addCollection('j', { value: ['t', 'u'].map((id) => taskBody(id, { commandLine: 'run t' })) })
  engine.pools.resize('p', { targetDedicatedNodes: 1 })
  seconds(1)
  expect(engine.tasks.get('j', 'manager').executionInfo.requeueCount).toBe(0)
  expect(engine.nodes.list('p').items.map(({ id }) => id)).toEqual([
    engine.tasks.get('j', 'manager').nodeInfo?.nodeId,
  ])
})

test.each(['delete', 'terminate'] as const)(
  'after the %s of a job manager that waits for a node the other tasks run',
  (verb) => {
    const { engine, seconds, add } = open({}, { targetDedicatedNodes: 0, targetLowPriorityNodes: 1 })
    add({ allowLowPriorityNode: false, killJobOnCompletion: false })
    engine.tasks.add('j', taskBody('t'))
    seconds(10)
    expect(engine.tasks.list('j').items.map(({ state }) => state)).toEqual(['active', 'active'])
    engine.tasks[verb]('j', 'manager')
    expect(engine.tasks.get('j', 't').state).toBe('running')
  },
)
