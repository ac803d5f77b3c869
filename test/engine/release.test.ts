// Job release tasks: where and when they run, and how the end of the job waits for them.

import type { Engine } from '@malachite/emulator'
import { expect, test } from 'vitest'
import { openWithScripts, preparationsOf, RELEASE, statusOf } from '../helpers/job-tasks.ts'
import { taskBody } from '../helpers/virtual-engine.ts'

test('the release task runs on every prepared node, and the job ends when all of them are done', () => {
  const { engine, seconds, add, started } = openWithScripts(
    { release: { duration: 4000 } },
    { targetDedicatedNodes: 2 },
  )
  add(RELEASE)
  engine.tasks.add('j', taskBody('a'))
  seconds(5)
  engine.jobs.terminate('j')
  seconds(1)
  expect(engine.jobs.get('j').state).toBe('terminating')
  expect(statusOf(engine)).toMatchObject([{ jobReleaseTaskExecutionInfo: { state: 'running' } }])
  seconds(5)
  expect(engine.jobs.get('j')).toMatchObject({
    state: 'completed',
    executionInfo: { terminateReason: 'UserTerminate' },
  })
  expect(started()).toEqual(['jobpreparation', 'a', 'jobrelease'])
  const [node] = statusOf(engine)
  expect(node?.jobReleaseTaskExecutionInfo).toMatchObject({
    state: 'completed',
    exitCode: 0,
    result: 'success',
  })
  expect(node?.jobReleaseTaskExecutionInfo).not.toHaveProperty('retryCount')
})

test('the release task starts only when the job’s processes are gone', () => {
  const { engine, seconds, add, runtime } = openWithScripts({ 'run t': { duration: 60_000 } })
  add(RELEASE)
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.jobs.terminate('j')
  seconds(5)
  const order = runtime.effects.flatMap((effect) =>
    effect.type === 'endTask' ? ['end'] : effect.type === 'runTask' ? [effect.taskId] : [],
  )
  expect(order).toEqual(['jobpreparation', 't', 'end', 'jobrelease'])
  expect(engine.jobs.get('j').state).toBe('completed')
})

test.each<[string, object, (engine: Engine) => void]>([
  ['a wall clock time that is over', { constraints: { maxWallClockTime: 'PT10S' } }, () => undefined],
  ['onAllTasksComplete', {}, (engine) => engine.jobs.patch('j', { onAllTasksComplete: 'terminatejob' })],
  ['the deletion of an active job', {}, (engine) => engine.jobs.delete('j')],
])('%s brings the release task', (_, more, end) => {
  const { engine, seconds, add, started } = openWithScripts()
  add({ ...RELEASE, ...more })
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  end(engine)
  seconds(10)
  expect(started()).toEqual(['jobpreparation', 't', 'jobrelease'])
})

test('deleting a completed job does not run its release task again', () => {
  const { engine, seconds, add, started } = openWithScripts()
  add(RELEASE)
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.jobs.terminate('j')
  seconds(5)
  engine.jobs.delete('j')
  seconds(5)
  expect(() => engine.jobs.get('j')).toThrow(expect.objectContaining({ code: 'JobNotFound' }))
  expect(started()).toEqual(['jobpreparation', 't', 'jobrelease'])
})

test('a job that is deleted stays until its release tasks are done', () => {
  const { engine, seconds, add } = openWithScripts({ release: { duration: 5000 } })
  add(RELEASE)
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.jobs.delete('j')
  seconds(3)
  expect(engine.jobs.get('j').state).toBe('deleting')
  seconds(5)
  expect(() => engine.jobs.get('j')).toThrow(expect.objectContaining({ code: 'JobNotFound' }))
})

test('a release task that fails does not keep the job from ending', () => {
  const { engine, seconds, add } = openWithScripts({ release: { exitCode: 1 } })
  add(RELEASE)
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.jobs.terminate('j')
  seconds(5)
  expect(engine.jobs.get('j').state).toBe('completed')
  expect(statusOf(engine)).toMatchObject([
    { jobReleaseTaskExecutionInfo: { result: 'failure', exitCode: 1 } },
  ])
})

test('a release task may take 15 minutes', () => {
  const { engine, seconds, add, runtime } = openWithScripts()
  add(RELEASE)
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.jobs.terminate('j')
  seconds(1)
  expect(runtime.started.at(-1)).toMatchObject({ taskId: 'jobrelease', maxWallClockMs: 900_000 })
})

test('no release task runs where no task of the job could run', () => {
  const { engine, seconds, add, started } = openWithScripts({ prepare: { exitCode: 1 } })
  add(RELEASE)
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.jobs.terminate('j')
  seconds(2)
  expect(engine.jobs.get('j').state).toBe('completed')
  expect(started()).toEqual(['jobpreparation'])
})

test('a preparation that still runs at the end of the job is ended with it', () => {
  const { engine, seconds, add, started, task } = openWithScripts({ prepare: { duration: 60_000 } })
  add({ ...RELEASE, constraints: { maxTaskRetryCount: 5 } })
  engine.tasks.add('j', taskBody('t'))
  seconds(1)
  engine.jobs.terminate('j')
  seconds(1)
  expect(engine.jobs.get('j').state).toBe('completed')
  expect(task()).toMatchObject({ state: 'completed', executionInfo: { failureInfo: { code: 'TaskEnded' } } })
  expect(preparationsOf(engine)).toMatchObject([{ state: 'completed', failureInfo: { code: 'TaskEnded' } }])
  expect(started()).toEqual(['jobpreparation'])
})

test('a release task that a reboot interrupted runs again', () => {
  const { engine, seconds, add, started, nodeId } = openWithScripts({ release: { duration: 5000 } })
  add(RELEASE)
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.jobs.terminate('j')
  seconds(1)
  engine.nodes.reboot('p', nodeId())
  seconds(10)
  expect(started()).toEqual(['jobpreparation', 't', 'jobrelease', 'jobrelease'])
  expect(engine.jobs.get('j').state).toBe('completed')
})

test('a job waits neither for a node that left nor for one that was emptied', () => {
  const { engine, seconds, add, started, nodeId } = openWithScripts({ release: { duration: 60_000 } })
  add(RELEASE)
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.nodes.reimage('p', nodeId())
  seconds(2)
  engine.jobs.terminate('j')
  seconds(1)
  expect(engine.jobs.get('j').state).toBe('completed')
  add(RELEASE, 'k')
  engine.tasks.add('k', taskBody('t'))
  seconds(5)
  engine.jobs.terminate('k')
  seconds(1)
  expect(started().filter((id) => id === 'jobrelease')).toHaveLength(1)
  engine.pools.removeNodes('p', { nodeList: [nodeId()] })
  seconds(1)
  expect(engine.jobs.get('k').state).toBe('completed')
  expect(statusOf(engine, 'k')).toMatchObject([
    { jobReleaseTaskExecutionInfo: { state: 'completed', failureInfo: { code: 'TaskEnded' } } },
  ])
})

test('terminating with force completes the job before its release tasks are done', () => {
  const { engine, seconds, add } = openWithScripts({ release: { duration: 5000 } })
  add(RELEASE)
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.jobs.terminate('j', undefined, { force: true })
  expect(engine.jobs.get('j')).toMatchObject({
    state: 'completed',
    executionInfo: { endTime: expect.any(String) },
  })
  expect(statusOf(engine)).toMatchObject([{ jobReleaseTaskExecutionInfo: { state: 'running' } }])
  seconds(6)
  expect(statusOf(engine)).toMatchObject([
    { jobReleaseTaskExecutionInfo: { state: 'completed', result: 'success' } },
  ])
})

test('a release task of a job that was ended by force is lost with a reboot, and not made up for', () => {
  const { engine, seconds, add, started, nodeId } = openWithScripts({ release: { duration: 5000 } })
  add(RELEASE)
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.jobs.terminate('j', undefined, { force: true })
  seconds(1)
  engine.nodes.reboot('p', nodeId())
  seconds(5)
  engine.jobs.delete('j')
  seconds(10)
  expect(started()).toEqual(['jobpreparation', 't', 'jobrelease'])
})

test('deleting with force does not wait for processes', () => {
  const { engine, seconds, add, nodes, clock } = openWithScripts({ 'run t': { duration: 60_000 } })
  add(RELEASE)
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.jobs.delete('j', { force: true })
  clock.advance(0)
  expect(() => engine.jobs.get('j')).toThrow(expect.objectContaining({ code: 'JobNotFound' }))
  seconds(1)
  expect(nodes()[0]?.runningTaskSlotsCount).toBe(0)
})

test('the files of both tasks go after their retention time, on nodes that are still there', () => {
  const { engine, seconds, add, runtime } = openWithScripts()
  const constraints = { retentionTime: 'PT1M' }
  add({
    jobPreparationTask: { commandLine: 'prepare', constraints },
    jobReleaseTask: { commandLine: 'release', retentionTime: 'PT2M' },
  })
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.jobs.terminate('j')
  const deleted = () =>
    runtime.effects.flatMap((effect) => (effect.type === 'deleteTaskFiles' ? [effect.directory] : []))
  seconds(50)
  expect(deleted()).toEqual([])
  seconds(10)
  expect(deleted()).toEqual(['workitems/j/job-1/jobpreparation'])
  seconds(120)
  expect(deleted()).toEqual(['workitems/j/job-1/jobpreparation', 'workitems/j/job-1/jobrelease'])
})

test('a release task leaves its node idle and is tried only once', () => {
  const { engine, seconds, add, started, nodes } = openWithScripts({
    release: { duration: 4000, exitCode: 1 },
  })
  add({ ...RELEASE, constraints: { maxTaskRetryCount: 3 } })
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.jobs.terminate('j')
  seconds(2)
  expect(statusOf(engine)).toMatchObject([{ jobReleaseTaskExecutionInfo: { state: 'running' } }])
  expect(nodes()[0]).toMatchObject({ state: 'idle', runningTasksCount: 0 })
  seconds(60)
  expect(engine.jobs.get('j').state).toBe('completed')
  expect(started()).toEqual(['jobpreparation', 't', 'jobrelease'])
})
