import { expect, test } from 'vitest'
import { jobBody, nodeStates, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

const START = { startTask: { commandLine: 'start', waitForSuccess: true } }

test('a node waits for its start task and takes tasks afterwards', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ duration: 10_000 }) })
  engine.pools.add(poolBody('p', START))
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  expect(nodeStates(engine, 'p')).toEqual(['waitingforstarttask'])
  expect(engine.nodes.list('p').items[0]?.startTaskInfo).toMatchObject({ state: 'running', retryCount: 0 })
  expect(engine.tasks.get('j', 't').state).toBe('active')
  seconds(6)
  expect(engine.nodes.list('p').items[0]).toMatchObject({
    state: 'running',
    startTaskInfo: { state: 'completed', exitCode: 0, result: 'success' },
  })
})

test('a start task that fails after its retries leaves the node in starttaskfailed', () => {
  const { engine, seconds, runtime } = openVirtualEngine({ script: () => ({ exitCode: 7 }) })
  engine.pools.add(poolBody('p', { startTask: { ...START.startTask, maxTaskRetryCount: 2 } }))
  seconds(10)
  expect(nodeStates(engine, 'p')).toEqual(['starttaskfailed'])
  expect(engine.nodes.list('p').items[0]?.startTaskInfo).toMatchObject({
    exitCode: 7,
    retryCount: 2,
    result: 'failure',
    failureInfo: { category: 'UserError', code: 'FailureExitCode' },
  })
  expect(runtime.effects.filter((effect) => effect.type === 'runStartTask')).toHaveLength(3)
})

test('a failure is forgotten when a retry of the start task succeeds', () => {
  const { engine, seconds } = openVirtualEngine({ script: (_, tries) => ({ exitCode: tries === 0 ? 1 : 0 }) })
  engine.pools.add(poolBody('p', { startTask: { ...START.startTask, maxTaskRetryCount: 1 } }))
  seconds(10)
  const info = engine.nodes.list('p').items[0]?.startTaskInfo
  expect(info).toMatchObject({ result: 'success', retryCount: 1 })
  expect(info?.failureInfo).toBeUndefined()
})

test('without waitForSuccess tasks run though the start task fails', () => {
  const script = (line: string) => ({
    exitCode: line === 'start' ? 1 : 0,
    duration: line === 'start' ? 5000 : 100,
  })
  const { engine, seconds } = openVirtualEngine({ script })
  engine.pools.add(poolBody('p', { startTask: { commandLine: 'start', waitForSuccess: false } }))
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.add('j', taskBody('t'))
  seconds(1)
  expect(engine.tasks.get('j', 't').executionInfo.result).toBe('success')
  seconds(10)
  expect(nodeStates(engine, 'p')).toEqual(['idle'])
})

test('a reboot requeues the tasks, runs the start task again and repairs a failed one', () => {
  const script = (line: string, tries: number) =>
    line === 'start' ? { exitCode: tries === 0 ? 1 : 0 } : { duration: 60_000 }
  const { engine, seconds } = openVirtualEngine({ script })
  engine.pools.add(poolBody('p', START))
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  const id = engine.nodes.list('p').items[0]?.id ?? ''
  expect(engine.nodes.get('p', id).state).toBe('starttaskfailed')
  engine.nodes.reboot('p', id)
  expect(engine.nodes.get('p', id).state).toBe('rebooting')
  seconds(5)
  expect(engine.tasks.get('j', 't').state).toBe('running')
  engine.nodes.reboot('p', id)
  expect(engine.tasks.get('j', 't')).toMatchObject({ state: 'active', executionInfo: { requeueCount: 1 } })
  seconds(5)
  expect(engine.tasks.get('j', 't').state).toBe('running')
})

test('a node without scheduling goes offline when its tasks are gone, and back', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ duration: 5000 }) })
  engine.pools.add(poolBody('p'))
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.addCollection('j', { value: [taskBody('a'), taskBody('b')] })
  seconds(1)
  const id = engine.nodes.list('p').items[0]?.id ?? ''
  engine.nodes.disableScheduling('p', id, { nodeDisableSchedulingOption: 'taskcompletion' })
  expect(engine.nodes.get('p', id)).toMatchObject({ schedulingState: 'disabled', state: 'running' })
  expect(() => engine.nodes.disableScheduling('p', id)).toThrow(
    expect.objectContaining({ code: 'NodeAlreadyInTargetSchedulingState' }),
  )
  seconds(6)
  expect(engine.nodes.get('p', id).state).toBe('offline')
  expect(engine.jobs.taskCounts('j').taskCounts).toMatchObject({ active: 1, succeeded: 1 })
  engine.nodes.enableScheduling('p', id)
  seconds(6)
  expect(engine.jobs.taskCounts('j').taskCounts).toMatchObject({ succeeded: 2 })
  expect(engine.nodes.get('p', id).state).toBe('idle')
})

test('a node remembers the tasks it ran, oldest first', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p'))
  engine.jobs.add(jobBody('j', 'p'))
  seconds(1)
  expect(engine.nodes.list('p').items[0]?.recentTasks).toBeUndefined()
  engine.tasks.addCollection('j', { value: [taskBody('a'), taskBody('b')] })
  seconds(5)
  expect(engine.nodes.list('p').items[0]).toMatchObject({
    totalTasksRun: 2,
    totalTasksSucceeded: 2,
    runningTasksCount: 0,
    recentTasks: [{ taskId: 'a', taskState: 'completed' }, { taskId: 'b' }],
  })
})
