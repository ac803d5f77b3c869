// Job preparation tasks: when they run on a node, and what waits for them.

import { expect, test } from 'vitest'
import { openWithScripts, PREPARE, preparationsOf, RELEASE, statusOf } from '../helpers/job-tasks.ts'
import { taskBody } from '../helpers/virtual-engine.ts'

test('the preparation runs once on a node, before the first task there, which is preparing meanwhile', () => {
  const { engine, seconds, add, started, task, nodes } = openWithScripts({}, { taskSlotsPerNode: 2 })
  add(PREPARE)
  expect(statusOf(engine)).toEqual([])
  engine.tasks.addCollection('j', { value: ['a', 'b', 'c'].map((id) => taskBody(id)) })
  expect(started()).toEqual(['jobpreparation'])
  expect(task('a')).toMatchObject({ state: 'preparing', nodeInfo: { nodeId: nodes()[0]?.id } })
  expect(task('a').executionInfo.startTime).toBeUndefined()
  expect(task('c').state).toBe('active')
  expect(engine.jobs.taskCounts('j').taskCounts).toMatchObject({ running: 2, active: 1 })
  seconds(1)
  expect(task('a')).toMatchObject({ state: 'running', previousState: 'preparing' })
  seconds(5)
  expect(started()).toEqual(['jobpreparation', 'a', 'b', 'c'])
  expect(task('c').state).toBe('completed')
})

test('a preparation takes no slot, is no task of the node, and leaves it idle', () => {
  const { engine, seconds, add, nodes } = openWithScripts()
  add(PREPARE)
  engine.tasks.add('j', taskBody('t'))
  expect(nodes()[0]).toMatchObject({ state: 'idle', runningTasksCount: 0 })
  expect(nodes()[0]?.recentTasks).toBeUndefined()
  seconds(1)
  expect(nodes()[0]).toMatchObject({ state: 'running', runningTasksCount: 1, runningTaskSlotsCount: 1 })
  seconds(1)
  expect(nodes()[0]).toMatchObject({ state: 'idle', totalTasksRun: 1, runningTaskSlotsCount: 0 })
})

test('each node is prepared by itself', () => {
  const { engine, seconds, add, started } = openWithScripts({}, { targetDedicatedNodes: 2 })
  add(PREPARE)
  engine.tasks.add('j', taskBody('a'))
  engine.tasks.add('j', taskBody('b'))
  seconds(5)
  expect(started()).toEqual(['jobpreparation', 'jobpreparation', 'a', 'b'])
  expect(statusOf(engine)).toHaveLength(2)
})

test('the status tells of the preparation while it runs and afterwards', () => {
  const { engine, seconds, add, nodeId } = openWithScripts()
  add(PREPARE)
  engine.tasks.add('j', taskBody('t'))
  expect(statusOf(engine)).toEqual([
    {
      poolId: 'p',
      nodeId: nodeId(),
      jobPreparationTaskExecutionInfo: {
        startTime: expect.any(String),
        state: 'running',
        taskRootDirectory: 'workitems/j/job-1/jobpreparation',
        retryCount: 0,
      },
    },
  ])
  seconds(1)
  const [info] = preparationsOf(engine)
  expect(info).toMatchObject({ state: 'completed', exitCode: 0, result: 'success' })
  expect(Object.keys(info ?? {})).toEqual([
    'startTime',
    'endTime',
    'state',
    'taskRootDirectory',
    'exitCode',
    'retryCount',
    'result',
  ])
})

test('a job without a preparation task has no such status', () => {
  const { engine, add } = openWithScripts()
  add({})
  expect(() => statusOf(engine)).toThrow(
    expect.objectContaining({ code: 'JobPreparationTaskOrReleaseTaskNotSpecified', status: 409 }),
  )
})

test('a failed preparation is tried again as often as the job says', () => {
  const { engine, seconds, add, task } = openWithScripts({ prepare: [{ exitCode: 1 }, { exitCode: 1 }, {}] })
  add({ ...PREPARE, constraints: { maxTaskRetryCount: 2 } })
  engine.tasks.add('j', taskBody('t'))
  seconds(1.5)
  expect(preparationsOf(engine)).toMatchObject([
    { state: 'running', retryCount: 1, lastRetryTime: expect.any(String) },
  ])
  seconds(2)
  expect(preparationsOf(engine)).toMatchObject([{ state: 'completed', retryCount: 2, result: 'success' }])
  expect(task().state).toBe('running')
})

test('a node that could not be prepared gets no task of this job, but those of others', () => {
  const { engine, seconds, add, task, started } = openWithScripts({ prepare: { exitCode: 3 } })
  add(PREPARE)
  engine.tasks.add('j', taskBody('t'))
  seconds(10)
  expect(task()).toMatchObject({ state: 'active', executionInfo: { retryCount: 0, requeueCount: 0 } })
  expect(task().nodeInfo).toBeUndefined()
  expect(preparationsOf(engine)).toMatchObject([
    { state: 'completed', exitCode: 3, result: 'failure', failureInfo: { code: 'FailureExitCode' } },
  ])
  add({}, 'other')
  engine.tasks.add('other', taskBody('o'))
  seconds(5)
  expect(engine.tasks.get('other', 'o').state).toBe('completed')
  expect(started()).toEqual(['jobpreparation', 'o'])
})

test('tasks go to other nodes than those that could not be prepared, however many slots these have free', () => {
  const { engine, seconds, add, task } = openWithScripts(
    { prepare: [{ exitCode: 1 }, { exitCode: 1 }, {}] },
    { targetDedicatedNodes: 3, taskSlotsPerNode: 4 },
  )
  add(PREPARE)
  engine.tasks.add('j', taskBody('t'))
  seconds(10)
  expect(task().state).toBe('completed')
  const results = preparationsOf(engine).map(({ result }) => result)
  expect(results.filter((result) => result === 'failure')).toHaveLength(2)
  expect(results).toContain('success')
})

test('a reimaged node is prepared anew, even where it had failed', () => {
  const { engine, seconds, add, task, nodeId } = openWithScripts({ prepare: [{ exitCode: 1 }, {}] })
  add(PREPARE)
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.nodes.reboot('p', nodeId())
  seconds(5)
  expect(task().state).toBe('active')
  engine.nodes.reimage('p', nodeId())
  seconds(5)
  expect(task().state).toBe('completed')
  expect(preparationsOf(engine)).toMatchObject([{ retryCount: 0, result: 'success' }])
})

test('with waitForSuccess=false tasks run beside the preparation, and whatever becomes of it', () => {
  const { engine, seconds, add, started, task } = openWithScripts({
    prepare: { duration: 3000, exitCode: 1 },
  })
  add({ jobPreparationTask: { commandLine: 'prepare', waitForSuccess: false } })
  engine.tasks.add('j', taskBody('t'))
  expect(started()).toEqual(['jobpreparation', 't'])
  expect(task().state).toBe('running')
  seconds(5)
  expect(preparationsOf(engine)).toMatchObject([{ result: 'failure' }])
  engine.tasks.add('j', taskBody('u'))
  seconds(2)
  expect(task('u').state).toBe('completed')
})

test.each([
  [true, ['jobpreparation', 't', 'jobpreparation', 'u']],
  [false, ['jobpreparation', 't', 'u']],
])('after a reboot a preparation with rerunOnNodeRebootAfterSuccess=%s runs as said', (rerun, order) => {
  const { engine, seconds, add, started, nodeId } = openWithScripts()
  add({ jobPreparationTask: { commandLine: 'prepare', rerunOnNodeRebootAfterSuccess: rerun } })
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.nodes.reboot('p', nodeId())
  seconds(5)
  engine.tasks.add('j', taskBody('u'))
  seconds(5)
  expect(started()).toEqual(order)
})

test('a preparation that a reboot interrupted runs again in any case', () => {
  const { engine, seconds, add, started, nodeId, task } = openWithScripts({ prepare: { duration: 5000 } })
  add({ jobPreparationTask: { commandLine: 'prepare', rerunOnNodeRebootAfterSuccess: false } })
  engine.tasks.add('j', taskBody('t'))
  seconds(1)
  engine.nodes.reboot('p', nodeId())
  expect(task()).toMatchObject({ state: 'active', executionInfo: { requeueCount: 1 } })
  expect(preparationsOf(engine)).toMatchObject([{ state: 'completed', failureInfo: { code: 'TaskEnded' } }])
  seconds(10)
  expect(started()).toEqual(['jobpreparation', 'jobpreparation', 't'])
})

test('a preparing task that is terminated, deleted or requeued gives its slots back at once', () => {
  const { engine, seconds, add, task, nodes } = openWithScripts(
    { prepare: { duration: 5000 } },
    { taskSlotsPerNode: 3 },
  )
  add(PREPARE)
  engine.tasks.addCollection('j', { value: ['a', 'b', 'c'].map((id) => taskBody(id)) })
  engine.tasks.terminate('j', 'a')
  expect(task('a')).toMatchObject({ state: 'completed', executionInfo: { result: 'failure' } })
  engine.tasks.delete('j', 'b')
  expect(nodes()[0]?.runningTaskSlotsCount).toBe(1)
  engine.jobs.disable('j', { disableTasks: 'requeue' })
  seconds(1)
  expect(engine.jobs.get('j').state).toBe('disabled')
  expect(nodes()[0]?.runningTaskSlotsCount).toBe(0)
  expect(task('c').state).toBe('active')
  engine.jobs.enable('j')
  seconds(10)
  expect(task('c').state).toBe('completed')
})

test('a node that is to leave after its tasks waits for those that are preparing', () => {
  const { engine, seconds, add, task, nodeId } = openWithScripts({ prepare: { duration: 5000 } })
  add(PREPARE)
  engine.tasks.add('j', taskBody('t'))
  engine.pools.removeNodes('p', { nodeList: [nodeId()], nodeDeallocationOption: 'taskcompletion' })
  seconds(10)
  expect(task().state).toBe('completed')
  expect(engine.nodes.list('p').items).toEqual([])
})

test('a node whose scheduling is disabled goes offline only when its preparing tasks are done', () => {
  const { engine, seconds, add, task, nodes, nodeId } = openWithScripts({ prepare: { duration: 5000 } })
  add(PREPARE)
  engine.tasks.add('j', taskBody('t'))
  engine.nodes.disableScheduling('p', nodeId(), { nodeDisableSchedulingOption: 'taskcompletion' })
  seconds(1)
  expect(nodes()[0]?.state).toBe('idle')
  seconds(10)
  expect(nodes()[0]?.state).toBe('offline')
  expect(task().state).toBe('completed')
})

test('disabling scheduling with requeue takes preparing tasks off the node', () => {
  const { engine, seconds, add, task, nodes, nodeId } = openWithScripts({ prepare: { duration: 5000 } })
  add(PREPARE)
  engine.tasks.add('j', taskBody('t'))
  engine.nodes.disableScheduling('p', nodeId())
  seconds(1)
  expect(nodes()[0]?.state).toBe('offline')
  expect(task().state).toBe('active')
  engine.nodes.enableScheduling('p', nodeId())
  seconds(10)
  expect(task().state).toBe('completed')
})

test('the job’s variables are those of its preparation and release, too, and tasks learn of the preparation', () => {
  const { engine, seconds, add, runtime } = openWithScripts()
  const commonEnvironmentSettings = [
    { name: 'A', value: 'job' },
    { name: 'B', value: 'job' },
  ]
  add({
    jobPreparationTask: {
      id: 'before',
      commandLine: 'x',
      environmentSettings: [{ name: 'B', value: 'own' }],
    },
    jobReleaseTask: { id: 'after', commandLine: 'y' },
    commonEnvironmentSettings,
  })
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.jobs.terminate('j')
  seconds(5)
  expect(runtime.started).toMatchObject([
    {
      taskId: 'before',
      environment: [
        { name: 'A', value: 'job' },
        { name: 'B', value: 'own' },
      ],
    },
    { taskId: 't', preparationId: 'before' },
    { taskId: 'after', preparationId: 'before', environment: commonEnvironmentSettings },
  ])
  expect(runtime.started[0]).not.toHaveProperty('preparationId')
})

test('no task of the job may have the id of one of these', () => {
  const { engine, add } = openWithScripts()
  add(RELEASE)
  expect(() => engine.tasks.add('j', taskBody('JobPreparation'))).toThrow(
    expect.objectContaining({ code: 'TaskIdSameAsJobPreparationTask', status: 409 }),
  )
  expect(engine.tasks.addCollection('j', { value: [taskBody('jobrelease')] })).toMatchObject([
    { status: 'clienterror', error: { code: 'TaskIdSameAsJobReleaseTask' } },
  ])
})

test('a list of nodes can be filtered and read in pages', () => {
  const { engine, seconds, add, nodeId } = openWithScripts(
    { prepare: [{ exitCode: 1 }, {}] },
    { targetDedicatedNodes: 2 },
  )
  add(PREPARE)
  engine.tasks.add('j', taskBody('a'))
  engine.tasks.add('j', taskBody('b'))
  seconds(10)
  const list = (filter: string) => engine.jobs.preparationAndReleaseStatus('j', { filter }).items
  expect(list("jobPreparationTaskExecutionInfo/result eq 'failure'")).toHaveLength(1)
  expect(list(`nodeId eq '${nodeId()}'`)).toMatchObject([{ nodeId: nodeId() }])
  const first = engine.jobs.preparationAndReleaseStatus('j', { maxResults: 1 })
  expect(first.items).toHaveLength(1)
  expect(
    engine.jobs.preparationAndReleaseStatus('j', { maxResults: 1, skipToken: first.next ?? '' }).items,
  ).toHaveLength(1)
})

test('a multi-instance task starts once all of its nodes are prepared', () => {
  const pool = { targetDedicatedNodes: 2, enableInterNodeCommunication: true }
  const { engine, seconds, add, started, task } = openWithScripts({ prepare: [{}, { duration: 4000 }] }, pool)
  add(PREPARE)
  const multiInstanceSettings = { numberOfInstances: 2, coordinationCommandLine: 'coordinate' }
  engine.tasks.add('j', taskBody('t', { multiInstanceSettings }))
  seconds(2)
  expect(started()).toEqual(['jobpreparation', 'jobpreparation'])
  expect(task().state).toBe('active')
  seconds(10)
  expect(task().state).toBe('completed')
})

test('a task that is tried again runs on its prepared node without another preparation', () => {
  const { engine, seconds, add, started, task } = openWithScripts({ 'run t': [{ exitCode: 1 }, {}] })
  add({ ...PREPARE, constraints: { maxTaskRetryCount: 1 } })
  engine.tasks.add('j', taskBody('t'))
  seconds(10)
  expect(started()).toEqual(['jobpreparation', 't', 't'])
  expect(task()).toMatchObject({ state: 'completed', executionInfo: { retryCount: 1, result: 'success' } })
})

test('a job that no node could be prepared for goes on waiting', () => {
  const { engine, seconds, add, started, task } = openWithScripts(
    { prepare: { exitCode: 1 } },
    { targetDedicatedNodes: 2 },
  )
  add(PREPARE)
  engine.tasks.add('j', taskBody('t'))
  engine.jobs.patch('j', { onAllTasksComplete: 'terminatejob' })
  seconds(86_400)
  expect(engine.jobs.get('j').state).toBe('active')
  expect(task().state).toBe('active')
  expect(started()).toEqual(['jobpreparation', 'jobpreparation'])
})
