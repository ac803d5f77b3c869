// The life of tasks beyond the common way: tries and the times they leave, what may be asked of a task and when.

import { openStore } from '@malachite/emulator'
import { expect, onTestFinished, test } from 'vitest'
import { PREPARE } from '../helpers/job-tasks.ts'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

const DAY = 24 * 3600
const SLOW = { script: () => ({ duration: 10_000 }) }
const FAILING = { script: () => ({ duration: 10_000, exitCode: 1 }) }

function openWithJob(
  options: Parameters<typeof openVirtualEngine>[0] = {},
  { pool = {}, job = {} }: { pool?: object; job?: object } = {},
) {
  const virtual = openVirtualEngine(options)
  const { engine } = virtual
  engine.pools.add(poolBody('p', pool))
  engine.jobs.add(jobBody('j', 'p', job))
  virtual.seconds(1)
  const add = (id = 't', more: object = {}) => engine.tasks.add('j', taskBody(id, more))
  const task = (id = 't') => engine.tasks.get('j', id)
  const info = (id = 't') => task(id).executionInfo
  const [{ id: nodeId } = { id: '' }] = engine.nodes.list('p').items
  return { ...virtual, add, task, info, nodeId }
}

function code(name: string, status?: number) {
  return expect.objectContaining({ code: name, ...(status && { status }) }) as Error
}

const retries = (maxTaskRetryCount: number) => ({ constraints: { maxTaskRetryCount } })
const node = ({ engine }: ReturnType<typeof openWithJob>, verb: 'reboot' | 'reimage', nodeId: string) =>
  engine.nodes[verb]('p', nodeId)

test.each([
  ['no number of its own or of the job is one try', undefined, 1],
  ['0 is one try', 0, 1],
  ['3 is four tries', 3, 4],
  ['-1 is any number of tries', -1, 50],
])('retries: %s', (_, maxTaskRetryCount, tries) => {
  const { runtime, add, info, seconds } = openWithJob({
    script: (_, count) => ({ exitCode: count === 49 ? 0 : 1 }),
  })
  add('t', maxTaskRetryCount === undefined ? {} : retries(maxTaskRetryCount))
  seconds(60)
  expect(runtime.started).toHaveLength(tries)
  expect(info()).toMatchObject({ retryCount: tries - 1, result: tries === 50 ? 'success' : 'failure' })
})

test('between two tries a task is active, without a node and without the outcome of the first', () => {
  const { engine, add, task, seconds } = openWithJob(FAILING)
  add('t', retries(1))
  engine.jobs.disable('j', { disableTasks: 'wait' })
  seconds(11)
  const { state, previousState, nodeInfo, executionInfo } = task()
  expect({ state, previousState, nodeInfo }).toEqual({
    state: 'active',
    previousState: 'running',
    nodeInfo: undefined,
  })
  expect(executionInfo).toEqual({ retryCount: 1, requeueCount: 0, lastRetryTime: expect.any(String) })
})

test('a retry starts anew: its start is the time of the retry', () => {
  const { engine, add, task, info, seconds } = openWithJob(FAILING)
  add('t', retries(2))
  const { startTime } = info()
  expect(startTime).toBe(task().stateTransitionTime)
  engine.jobs.disable('j', { disableTasks: 'wait' })
  seconds(60)
  engine.jobs.enable('j')
  seconds(1)
  expect(info().startTime).toBe(task().stateTransitionTime)
  expect(info().lastRetryTime).toBe(info().startTime)
  expect(info().startTime).not.toBe(startTime)
})

test('a retry that waits for the preparation of its node has the time at which it starts', () => {
  const { engine, add, task, info, nodeId, seconds } = openWithJob(
    { script: (line) => ({ duration: 10_000, exitCode: line.startsWith('run') ? 1 : 0 }) },
    { job: PREPARE },
  )
  add('t', retries(5))
  seconds(15)
  engine.jobs.disable('j', { disableTasks: 'wait' })
  seconds(10)
  engine.nodes.reimage('p', nodeId)
  seconds(1)
  engine.jobs.enable('j')
  seconds(5)
  expect(task().state).toBe('preparing')
  seconds(10)
  expect(task()).toMatchObject({ state: 'running', executionInfo: { retryCount: 1, requeueCount: 0 } })
  expect(info().lastRetryTime).toBe(info().startTime)
})

test('a node that restarts moves the start of a retry, but not the time of the retry', () => {
  const virtual = openWithJob(FAILING)
  const { add, task, info, nodeId, seconds } = virtual
  add('t', retries(5))
  seconds(15)
  const { startTime, lastRetryTime, retryCount } = info()
  expect([lastRetryTime, retryCount]).toEqual([startTime, 1])
  node(virtual, 'reboot', nodeId)
  expect(info()).toMatchObject({ lastRetryTime, retryCount: 1, requeueCount: 1 })
  seconds(5)
  expect(task().state).toBe('running')
  expect(info()).toMatchObject({ lastRetryTime, retryCount: 1, requeueCount: 1 })
  expect(Date.parse(info().startTime ?? '')).toBeGreaterThan(Date.parse(startTime ?? ''))
})

test('a retry goes to whichever node is free', () => {
  const { engine, add, task, seconds } = openWithJob(FAILING, { pool: { targetDedicatedNodes: 2 } })
  add('t', retries(1))
  const first = task().nodeInfo?.nodeId ?? ''
  engine.nodes.disableScheduling('p', first, { nodeDisableSchedulingOption: 'taskcompletion' })
  seconds(11)
  expect(task()).toMatchObject({ state: 'running', executionInfo: { retryCount: 1 } })
  expect(task().nodeInfo?.nodeId).not.toBe(first)
})

test.each<[string, (virtual: ReturnType<typeof openWithJob>) => void]>([
  ['a reboot', (virtual) => node(virtual, 'reboot', virtual.nodeId)],
  ['a reimage', (virtual) => node(virtual, 'reimage', virtual.nodeId)],
  ['scheduling that is disabled', ({ engine, nodeId }) => engine.nodes.disableScheduling('p', nodeId)],
  ['a job that is disabled', ({ engine }) => void engine.jobs.disable('j', { disableTasks: 'requeue' })],
  ['a pool that shrinks', ({ engine }) => void engine.pools.resize('p', { targetDedicatedNodes: 0 })],
  [
    'the removal of its node',
    ({ engine, nodeId }) => void engine.pools.removeNodes('p', { nodeList: [nodeId] }),
  ],
])('%s requeues the task: counted, with its time, and no retry', (_, act) => {
  const virtual = openWithJob(SLOW)
  virtual.add()
  virtual.seconds(1)
  act(virtual)
  const { state, stateTransitionTime, nodeInfo } = virtual.task()
  expect({ state, nodeInfo }).toEqual({ state: 'active', nodeInfo: undefined })
  expect(virtual.info()).toEqual({ retryCount: 0, requeueCount: 1, lastRequeueTime: stateTransitionTime })
})

test('a reactivated task has its tries again; what it was requeued for stays counted', () => {
  const virtual = openWithJob(FAILING)
  const { engine, add, info, seconds, runtime } = virtual
  add('t', retries(1))
  node(virtual, 'reboot', virtual.nodeId)
  seconds(60)
  expect(info()).toMatchObject({ retryCount: 1, requeueCount: 1, exitCode: 1 })
  engine.jobs.disable('j', { disableTasks: 'wait' })
  seconds(1)
  engine.tasks.reactivate('j', 't')
  expect(info()).toEqual({ retryCount: 0, requeueCount: 1, lastRequeueTime: expect.any(String) })
  engine.jobs.enable('j')
  seconds(60)
  expect(info()).toMatchObject({ retryCount: 1, result: 'failure' })
  expect(runtime.started).toHaveLength(5)
})

test('a task that its user terminated can be reactivated', () => {
  const { engine, add, task, seconds } = openWithJob(SLOW)
  add()
  engine.tasks.terminate('j', 't')
  engine.tasks.reactivate('j', 't')
  expect(task().executionInfo.failureInfo).toBeUndefined()
  seconds(20)
  expect(task()).toMatchObject({ state: 'completed', executionInfo: { result: 'success' } })
})

test('no task of a job that has ended, or is about to, is reactivated', () => {
  const { engine, add, runtime, seconds } = openWithJob(FAILING)
  add()
  seconds(20)
  const reactivate = () => engine.tasks.reactivate('j', 't')
  add('slow')
  runtime.ignored.add('endTask')
  engine.jobs.terminate('j')
  expect(reactivate).toThrow(code('JobBeingTerminated', 409))
  seconds(20)
  expect(engine.jobs.get('j').state).toBe('completed')
  expect(reactivate).toThrow(code('JobCompleted', 409))
})

test('no task of a job that is being deleted is reactivated', () => {
  const { engine, add, runtime, seconds } = openWithJob(FAILING)
  add()
  seconds(20)
  add('slow')
  runtime.ignored.add('endTask')
  engine.jobs.delete('j')
  expect(() => engine.tasks.reactivate('j', 't')).toThrow(code('JobBeingDeleted', 409))
})

test('an active task that is terminated is completed at once and counts as failed', () => {
  const { engine, add, task } = openWithJob(SLOW)
  add('first')
  add('t', { requiredSlots: 1 })
  expect(task().state).toBe('active')
  engine.tasks.terminate('j', 't')
  expect(task()).toMatchObject({ state: 'completed', previousState: 'active' })
  expect(task().nodeInfo).toBeUndefined()
  expect(task().executionInfo).toEqual({
    retryCount: 0,
    requeueCount: 0,
    endTime: task().stateTransitionTime,
    result: 'failure',
    failureInfo: { category: 'UserError', code: 'TaskEnded', message: 'Task Was Ended by User Request' },
  })
  expect(engine.jobs.taskCounts('j').taskCounts).toMatchObject({ active: 0, completed: 1, failed: 1 })
})

test('a task that its job ends has the failure of one that its user terminated', () => {
  const { engine, add, info } = openWithJob(SLOW)
  add()
  engine.jobs.terminate('j')
  expect(info().failureInfo).toEqual({
    category: 'UserError',
    code: 'TaskEnded',
    message: 'Task Was Ended by User Request',
  })
})

test('the constraints of a completed task cannot be changed', () => {
  const { engine, add, seconds } = openWithJob()
  add()
  seconds(5)
  expect(() => engine.tasks.update('j', 't', retries(1))).toThrow(code('TaskCompleted', 409))
})

test('ids are unique regardless of case, and are told as they were written first', () => {
  const { engine, add, task } = openWithJob(SLOW)
  add('Render-01')
  expect(() => add('RENDER-01')).toThrow(code('TaskExists', 409))
  expect(task('render-01').id).toBe('Render-01')
  engine.tasks.delete('j', 'render-01')
  expect(engine.tasks.list('j').items).toEqual([])
})

test('a task waits for its node to be prepared in preparing, and counts as running', () => {
  const { engine, add, task, seconds } = openWithJob(SLOW, {
    pool: { taskSlotsPerNode: 4 },
    job: PREPARE,
  })
  add('t', { requiredSlots: 3 })
  expect(task().state).toBe('preparing')
  expect(engine.jobs.taskCounts('j')).toMatchObject({
    taskCounts: { active: 0, running: 1 },
    taskSlotCounts: { active: 0, running: 3 },
  })
  seconds(15)
  expect(task()).toMatchObject({ state: 'running', previousState: 'preparing' })
})

test('a task goes to the node of a finished task that it names, and to another one when that is busy', () => {
  const { add, task, seconds } = openWithJob(SLOW, { pool: { targetDedicatedNodes: 3 } })
  for (const id of ['a', 'b', 'c']) add(id)
  const { affinityId = '' } = task('b').nodeInfo ?? {}
  expect(affinityId).toBe(`TVM:${task('b').nodeInfo?.nodeId}`)
  seconds(15)
  add('near', { affinityInfo: { affinityId } })
  add('too', { affinityInfo: { affinityId } })
  add('lost', { affinityInfo: { affinityId: 'TVM:none' } })
  expect(task('near').nodeInfo?.affinityId).toBe(affinityId)
  expect(task('too')).toMatchObject({ state: 'running' })
  expect(task('too').nodeInfo?.affinityId).not.toBe(affinityId)
  expect(task('lost').state).toBe('running')
})

test('the output files go with every try', () => {
  const { add, runtime, seconds } = openWithJob(FAILING)
  const container = { containerUrl: 'http://127.0.0.1:1/c' }
  const outputFiles = [{ filePattern: '*', destination: { container }, uploadOptions: {} }]
  add('t', { ...retries(1), outputFiles })
  seconds(15)
  expect(runtime.started.map((run) => run.outputFiles.length)).toEqual([1, 1])
})

test('an output file without a condition goes after every end of the task', () => {
  const { add, task, runtime } = openWithJob()
  const container = { containerUrl: 'http://127.0.0.1:1/c' }
  add('t', { outputFiles: [{ filePattern: '*', destination: { container }, uploadOptions: {} }] })
  const completion = [{ uploadOptions: { uploadCondition: 'taskcompletion' } }]
  expect(task().outputFiles).toMatchObject(completion)
  expect(runtime.started[0]?.outputFiles).toMatchObject(completion)
})

test('a failed upload is not tried again, though the exit code says failure', () => {
  const failure = { category: 'UserError', code: 'FileUploadAccessDenied', message: 'no' } as const
  const { add, info, runtime, seconds } = openWithJob({ script: () => ({ failure }) })
  add('t', retries(3))
  seconds(10)
  expect(info()).toMatchObject({ result: 'failure', retryCount: 0, failureInfo: failure })
  expect(runtime.started).toHaveLength(1)
})

test('a time limit that ended the task is not tried again', () => {
  const failure = { category: 'UserError', code: 'TaskEnded', message: 'too long' } as const
  const { add, info, runtime, seconds } = openWithJob({ script: () => ({ failure }) })
  add('t', { constraints: { maxTaskRetryCount: 3, maxWallClockTime: 'PT1M' } })
  seconds(10)
  expect(runtime.started).toMatchObject([{ maxWallClockMs: 60_000 }])
  expect(info()).toMatchObject({ result: 'failure', retryCount: 0, failureInfo: failure })
})

test('a task without a time limit runs for any time', () => {
  const { add, runtime, task } = openWithJob(SLOW)
  add()
  expect(task().constraints?.maxWallClockTime).toBe('P10675199DT2H48M5.4775807S')
  expect(runtime.started[0]).not.toHaveProperty('maxWallClockMs')
})

test('the time limit of a multi-instance task goes on from its coordination to its command', () => {
  const { add, runtime, seconds } = openWithJob(SLOW, { pool: { enableInterNodeCommunication: true } })
  add('t', {
    multiInstanceSettings: { coordinationCommandLine: 'coordinate' },
    constraints: { maxWallClockTime: 'PT1M' },
  })
  seconds(11)
  const limits = runtime.started.map((run) => run.maxWallClockMs ?? 0)
  expect(limits[0]).toBe(60_000)
  expect(limits[1]).toBeGreaterThan(49_000)
  expect(limits[1]).toBeLessThanOrEqual(50_000)
})

test('a task that is not done 180 days after it was added is terminated, be it active or running', () => {
  const { engine, add, task, info, seconds } = openWithJob({ script: () => ({ duration: 365 * DAY * 1000 }) })
  add('running')
  add('active')
  seconds(DAY)
  add('younger')
  seconds(179 * DAY - 10)
  expect([task('running').state, task('active').state]).toEqual(['running', 'active'])
  seconds(15)
  for (const id of ['running', 'active']) {
    expect(task(id).state).toBe('completed')
    expect(info(id)).toMatchObject({ result: 'failure', failureInfo: { code: 'TaskEnded' } })
  }
  expect(task('younger').state).toBe('running')
  seconds(DAY)
  expect(task('younger').state).toBe('completed')
  expect(engine.jobs.get('j').state).toBe('active')
})

test('a task that is done stays', () => {
  const { add, info, seconds } = openWithJob()
  add()
  seconds(400 * DAY)
  expect(info()).toMatchObject({ result: 'success', exitCode: 0 })
})

test('a job that is enabled again does not run tasks that are older than 180 days', () => {
  const { engine, add, task, runtime, seconds } = openWithJob()
  engine.jobs.disable('j', { disableTasks: 'requeue' })
  add('old')
  seconds(100 * DAY)
  add('young')
  seconds(81 * DAY)
  engine.jobs.enable('j')
  seconds(5)
  expect([task('old').executionInfo.result, task('young').executionInfo.result]).toEqual([
    'failure',
    'success',
  ])
  expect(runtime.started.map((run) => run.taskId)).toEqual(['young'])
})

test('thousands of tasks that are too old are ended in several steps', () => {
  const { engine, seconds } = openWithJob(SLOW, { pool: { targetDedicatedNodes: 0 } })
  for (let i = 0; i < 12; i++) {
    engine.tasks.addCollection('j', {
      value: Array.from({ length: 100 }, (_, k) => taskBody(`t${i}-${k}`)),
    })
  }
  seconds(181 * DAY)
  expect(engine.jobs.taskCounts('j').taskCounts).toMatchObject({ active: 0, failed: 1200 })
})

test('the 180 days go on when the emulator is started again', () => {
  const memory = openStore(':memory:')
  const store = { ...memory, close: () => {} }
  onTestFinished(() => memory.close())
  const first = openVirtualEngine({ store })
  first.engine.jobs.add(jobBody('j', 'none'))
  first.engine.tasks.add('j', taskBody('t'))
  first.engine.close()
  const { engine, seconds } = openVirtualEngine({ store })
  seconds(179 * DAY)
  expect(engine.tasks.get('j', 't').state).toBe('active')
  seconds(2 * DAY)
  expect(engine.tasks.get('j', 't').state).toBe('completed')
})
