import { expect, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

function openWithJob(
  options: Parameters<typeof openVirtualEngine>[0] = {},
  pool: object = {},
  job: object = {},
) {
  const virtual = openVirtualEngine(options)
  virtual.engine.pools.add(poolBody('p', pool))
  virtual.engine.jobs.add(jobBody('j', 'p', job))
  virtual.seconds(1)
  return virtual
}

test('a task goes from active to running to completed with its times and its node', () => {
  const { engine, seconds } = openWithJob({ script: () => ({ duration: 3000 }) })
  engine.tasks.add('j', taskBody('t'))
  const running = engine.tasks.get('j', 't')
  expect(running).toMatchObject({
    state: 'running',
    previousState: 'active',
    executionInfo: { startTime: running.stateTransitionTime, retryCount: 0, requeueCount: 0 },
    nodeInfo: { poolId: 'p', taskRootDirectory: 'workitems/j/job-1/t' },
  })
  seconds(3)
  const done = engine.tasks.get('j', 't')
  expect(done).toMatchObject({
    state: 'completed',
    previousState: 'running',
    executionInfo: { exitCode: 0, result: 'success', endTime: done.stateTransitionTime },
  })
  expect(done.eTag).toBe(running.eTag)
})

test('a fresh task in a job without nodes is active with bare counters', () => {
  const { engine } = openVirtualEngine()
  engine.jobs.add(jobBody('j', 'none'))
  engine.tasks.add('j', taskBody('t'))
  const { state, executionInfo, nodeInfo, previousState } = engine.tasks.get('j', 't')
  expect({ state, executionInfo, nodeInfo, previousState }).toEqual({
    state: 'active',
    executionInfo: { retryCount: 0, requeueCount: 0 },
    nodeInfo: undefined,
    previousState: undefined,
  })
})

test('the retry count comes from the task, else from the job, and is echoed', () => {
  const { engine, seconds } = openWithJob(
    { script: () => ({ exitCode: 5 }) },
    {},
    { constraints: { maxTaskRetryCount: 1 } },
  )
  engine.tasks.add('j', taskBody('job'))
  engine.tasks.add('j', taskBody('own', { constraints: { maxTaskRetryCount: 3 } }))
  seconds(20)
  const info = (id: string) => engine.tasks.get('j', id)
  expect(info('job')).toMatchObject({
    constraints: { maxTaskRetryCount: 1, retentionTime: 'P7D' },
    executionInfo: {
      exitCode: 5,
      retryCount: 1,
      result: 'failure',
      failureInfo: { code: 'FailureExitCode' },
    },
  })
  expect(info('own').executionInfo).toMatchObject({ retryCount: 3 })
  expect(info('own').executionInfo.lastRetryTime).toBe(info('own').executionInfo.startTime)
})

test('a failure before the process is final and has no exit code', () => {
  const failure = { category: 'UserError', code: 'BlobNotFound', message: 'gone' } as const
  const { engine, seconds } = openWithJob({ script: () => ({ failure }) })
  engine.tasks.add('j', taskBody('t', { constraints: { maxTaskRetryCount: 5 } }))
  seconds(5)
  const { executionInfo } = engine.tasks.get('j', 't')
  expect(executionInfo).toMatchObject({ failureInfo: failure, result: 'failure', retryCount: 0 })
  expect(executionInfo.exitCode).toBeUndefined()
})

test('terminating a running task completes it at once and frees its slot when the process is gone', () => {
  const { engine, seconds, runtime } = openWithJob({ script: () => ({ duration: 60_000 }) })
  engine.tasks.addCollection('j', { value: [taskBody('a'), taskBody('b')] })
  engine.tasks.terminate('j', 'a')
  expect(engine.tasks.get('j', 'a')).toMatchObject({
    state: 'completed',
    executionInfo: { result: 'failure', failureInfo: { category: 'UserError', code: 'TaskEnded' } },
  })
  expect(engine.tasks.get('j', 'b').state).toBe('active')
  expect(() => engine.tasks.terminate('j', 'a')).toThrow(expect.objectContaining({ code: 'TaskCompleted' }))
  seconds(1)
  expect(runtime.effects).toContainEqual(expect.objectContaining({ type: 'endTask' }))
  expect(engine.tasks.get('j', 'b').state).toBe('running')
})

test('reactivation runs a failed task anew and refuses others', () => {
  const { engine, seconds } = openWithJob({ script: (_, tries) => ({ exitCode: tries === 0 ? 1 : 0 }) })
  engine.tasks.add('j', taskBody('t'))
  expect(() => engine.tasks.reactivate('j', 't')).toThrow(
    expect.objectContaining({ code: 'TaskNotCompleted' }),
  )
  seconds(2)
  engine.tasks.reactivate('j', 't')
  seconds(2)
  expect(engine.tasks.get('j', 't').executionInfo.result).toBe('success')
  expect(() => engine.tasks.reactivate('j', 't')).toThrow(expect.objectContaining({ code: 'TaskSucceeded' }))
})

test('deleting a running task ends its process, then deletes its files', () => {
  const { engine, seconds, runtime } = openWithJob({ script: () => ({ duration: 60_000 }) })
  engine.tasks.add('j', taskBody('t'))
  engine.tasks.delete('j', 't')
  expect(() => engine.tasks.get('j', 't')).toThrow(expect.objectContaining({ code: 'TaskNotFound' }))
  expect(runtime.effects.some((effect) => effect.type === 'deleteTaskFiles')).toBe(false)
  seconds(1)
  expect(
    runtime.effects.at(-1)?.type === 'deleteTaskFiles' || runtime.effects.at(-2)?.type === 'deleteTaskFiles',
  ).toBe(true)
  expect(engine.nodes.list('p').items[0]).toMatchObject({ state: 'idle', runningTaskSlotsCount: 0 })
})

test('a collection answers for each task; a bad one does not spoil the others', () => {
  const { engine } = openWithJob()
  engine.tasks.add('j', taskBody('taken'))
  const results = engine.tasks.addCollection('j', {
    value: [taskBody('new'), taskBody('TAKEN'), { id: 'empty', commandLine: '' }, taskBody('not an id')],
  })
  expect(
    results.map((r) => [r.taskId, r.status, 'error' in r ? (r.error as { code?: string }).code : '']),
  ).toEqual([
    ['new', 'success', ''],
    ['TAKEN', 'clienterror', 'TaskExists'],
    ['empty', 'clienterror', expect.stringMatching(/Property/)],
    ['not an id', 'clienterror', 'InvalidPropertyValue'],
  ])
})

test('counts follow every move and slots count as the tasks need them', () => {
  const { engine, seconds } = openWithJob(
    { script: (line) => ({ exitCode: line.endsWith('bad') ? 1 : 0 }) },
    { taskSlotsPerNode: 4 },
  )
  engine.tasks.addCollection('j', {
    value: [taskBody('a', { requiredSlots: 3 }), taskBody('bad'), taskBody('c')],
  })
  expect(engine.jobs.taskCounts('j')).toEqual({
    taskCounts: { active: 1, running: 2, completed: 0, succeeded: 0, failed: 0 },
    taskSlotCounts: { active: 1, running: 4, completed: 0, succeeded: 0, failed: 0 },
  })
  seconds(5)
  expect(engine.jobs.taskCounts('j').taskCounts).toEqual({
    active: 0,
    running: 0,
    completed: 3,
    succeeded: 2,
    failed: 1,
  })
  engine.tasks.delete('j', 'bad')
  expect(engine.jobs.taskCounts('j').taskCounts.failed).toBe(0)
})

test('filters, selects and pages lists', () => {
  const { engine, seconds } = openWithJob({
    script: (line) => ({ exitCode: line.endsWith('3') ? 1 : 0, duration: 1 }),
  })
  engine.tasks.addCollection('j', { value: Array.from({ length: 10 }, (_, i) => taskBody(`t${i}`)) })
  seconds(5)
  const failed = engine.tasks.list('j', {
    filter: "state eq 'completed' and executionInfo/result eq 'failure'",
    select: ['id', 'state'],
  })
  expect(failed).toEqual({ items: [{ id: 't3', state: 'completed' }] })
  const ids: string[] = []
  let skipToken: string | undefined
  do {
    const page = engine.tasks.list('j', { maxResults: 4, ...(skipToken && { skipToken }) })
    ids.push(...page.items.map((task) => task.id))
    skipToken = page.next
  } while (skipToken)
  expect(ids).toEqual(Array.from({ length: 10 }, (_, i) => `t${i}`))
})

test('refuses pages of no size', () => {
  const { engine } = openWithJob()
  for (const maxResults of [0, -5, 1001]) {
    expect(() => engine.tasks.list('j', { maxResults })).toThrow(
      expect.objectContaining({ code: 'InvalidQueryParameterValue' }),
    )
  }
})

test('files have no place before the task has a node', () => {
  const { engine } = openVirtualEngine()
  engine.jobs.add(jobBody('j', 'none'))
  engine.tasks.add('j', taskBody('t'))
  expect(() => engine.tasks.location('j', 't')).toThrow(
    expect.objectContaining({ code: 'OperationInvalidForCurrentState' }),
  )
})
