// The files of completed tasks and how long they stay.

import { expect, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

const DAY = 24 * 3600

function openWithPool(more: object = {}, options: Parameters<typeof openVirtualEngine>[0] = {}) {
  const opened = openVirtualEngine(options)
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

/** The directories that were deleted, each with the number of its node in the pool. */
function deletedByNode({ engine, runtime }: Pick<ReturnType<typeof openWithPool>, 'engine' | 'runtime'>) {
  const ids = engine.nodes.list('p').items.map(({ id }) => id)
  return runtime.effects.flatMap((effect) =>
    effect.type === 'deleteTaskFiles' ? [`${ids.indexOf(effect.nodeId)} ${effect.directory}`] : [],
  )
}

test('a task that is requeued leaves nothing on the node that it ran on, once its process is gone', () => {
  const opened = openWithPool({ targetDedicatedNodes: 2 })
  const { engine, runtime, seconds } = opened
  engine.tasks.add('j', taskBody('t'))
  const nodeId = engine.tasks.get('j', 't').nodeInfo?.nodeId ?? ''
  const index = engine.nodes.list('p').items.findIndex(({ id }) => id === nodeId)
  engine.nodes.disableScheduling('p', nodeId)
  expect(deletedByNode(opened)).toEqual([])
  seconds(0)
  expect(engine.tasks.get('j', 't').nodeInfo?.nodeId).not.toBe(nodeId)
  expect(deletedByNode(opened)).toEqual([`${index} workitems/j/job-1/t`])
  const types = runtime.effects.map(({ type }) => type)
  expect(types.indexOf('deleteTaskFiles')).toBeLessThan(types.lastIndexOf('runTask'))
})

test('a try that failed leaves nothing behind for the next one, wherever that is', () => {
  const opened = openWithPool({}, { script: (_, tries) => ({ exitCode: tries === 0 ? 1 : 0 }) })
  const { engine, seconds } = opened
  engine.tasks.add('j', taskBody('t', { constraints: { maxTaskRetryCount: 1 } }))
  seconds(10)
  expect(engine.tasks.get('j', 't').executionInfo).toMatchObject({ retryCount: 1, result: 'success' })
  expect(deletedByNode(opened)).toEqual(['0 workitems/j/job-1/t'])
})

test('a multi-instance task that is tried again leaves nothing on any of its nodes', () => {
  const opened = openWithPool(
    { targetDedicatedNodes: 2, enableInterNodeCommunication: true },
    { script: (line, tries) => ({ exitCode: line === 'run t' && tries === 0 ? 1 : 0 }) },
  )
  const { engine, seconds } = opened
  const multiInstanceSettings = { numberOfInstances: 2, coordinationCommandLine: 'coordinate' }
  engine.tasks.add('j', taskBody('t', { multiInstanceSettings, constraints: { maxTaskRetryCount: 1 } }))
  seconds(10)
  expect(engine.tasks.get('j', 't').executionInfo).toMatchObject({ retryCount: 1, result: 'success' })
  expect(deletedByNode(opened).sort()).toEqual(['0 workitems/j/job-1/t', '1 workitems/j/job-1/t'])
})

test('the files of a task that is reactivated go', () => {
  const { engine, seconds, deleted } = openWithPool()
  engine.tasks.add('j', taskBody('t'))
  engine.tasks.terminate('j', 't')
  seconds(30)
  expect(deleted()).toEqual([])
  engine.nodes.disableScheduling('p', engine.nodes.list('p').items[0]?.id ?? '')
  engine.tasks.reactivate('j', 't')
  expect(deleted()).toEqual(['workitems/j/job-1/t'])
})

test('nothing is deleted for a task whose node is gone', () => {
  const { engine, seconds, deleted } = openWithPool()
  engine.tasks.add('j', taskBody('t'))
  seconds(30)
  engine.pools.resize('p', { targetDedicatedNodes: 0 })
  seconds(30)
  engine.tasks.delete('j', 't')
  expect(deleted()).toEqual([])
})

test('the time of a task that runs again counts from its last end', () => {
  const { engine, seconds, deleted } = openWithPool()
  engine.tasks.add('j', taskBody('t', { constraints: { retentionTime: 'PT1M' } }))
  engine.tasks.terminate('j', 't')
  seconds(30)
  engine.tasks.reactivate('j', 't')
  seconds(45)
  expect(engine.tasks.get('j', 't').executionInfo.result).toBe('success')
  expect(deleted()).toHaveLength(1)
  seconds(18)
  expect(deleted()).toEqual(['workitems/j/job-1/t', 'workitems/j/job-1/t'])
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

test('the files of a multi-instance task go from all its nodes', () => {
  const { engine, runtime, seconds } = openWithPool({
    targetDedicatedNodes: 3,
    enableInterNodeCommunication: true,
  })
  const multiInstanceSettings = { numberOfInstances: 3, coordinationCommandLine: 'c' }
  const constraints = { retentionTime: 'PT1M' }
  engine.tasks.add('j', taskBody('t', { multiInstanceSettings, constraints }))
  seconds(120)
  const cleaned = runtime.effects.flatMap((effect) =>
    effect.type === 'deleteTaskFiles' ? [`${effect.nodeId} ${effect.directory}`] : [],
  )
  const nodes = engine.nodes.list('p').items.map(({ id }) => `${id} workitems/j/job-1/t`)
  expect(cleaned.sort()).toEqual(nodes.sort())
})

test('a node that waits for retained data waits for that of subtasks, too', () => {
  const { engine, seconds } = openWithPool({ targetDedicatedNodes: 2, enableInterNodeCommunication: true })
  const multiInstanceSettings = { numberOfInstances: 2, coordinationCommandLine: 'c' }
  engine.tasks.add('j', taskBody('t', { multiInstanceSettings, constraints: { retentionTime: 'PT1H' } }))
  seconds(5)
  const { nodeId = '' } = engine.tasks.subtasks('j', 't').items[0]?.nodeInfo ?? {}
  engine.pools.removeNodes('p', {
    nodeList: [nodeId],
    nodeDeallocationOption: 'retaineddata',
    resizeTimeout: 'PT2H',
  })
  seconds(3500)
  expect(engine.nodes.list('p').items).toHaveLength(2)
  seconds(200)
  expect(engine.nodes.list('p').items).toHaveLength(1)
})

test('thousands of tasks that end together are cleaned up in several steps, with few timers', () => {
  const { engine, runtime, seconds, deleted } = openWithPool({
    vmSize: 'standard_d64s_v3',
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

/** A job that ran one task on each of two pools. */
function jobThatMoved() {
  const opened = openWithPool()
  const { engine, seconds } = opened
  engine.pools.add(poolBody('other'))
  const constraints = { retentionTime: 'PT1H' }
  engine.tasks.add('j', taskBody('first', { constraints }))
  seconds(5)
  engine.jobs.disable('j', { disableTasks: 'wait' })
  seconds(5)
  engine.jobs.patch('j', { poolInfo: { poolId: 'other' } })
  engine.jobs.enable('j')
  engine.tasks.add('j', taskBody('second', { constraints }))
  seconds(5)
  const nodeOf = (poolId: string) => engine.nodes.list(poolId).items[0]?.id
  const cleaned = () =>
    opened.runtime.effects.flatMap((effect) =>
      effect.type === 'deleteTaskFiles' ? [[effect.nodeId, effect.directory]] : [],
    )
  return { ...opened, nodeOf, cleaned }
}

test('a job that was moved to another pool leaves nothing on the nodes of the old one when it is deleted', () => {
  const { engine, seconds, nodeOf, cleaned } = jobThatMoved()
  engine.jobs.delete('j')
  seconds(5)
  expect(cleaned()).toEqual([
    [nodeOf('other'), 'workitems/j'],
    [nodeOf('p'), 'workitems/j'],
  ])
})

test('a pool that a job went back to is cleaned up once', () => {
  const { engine, seconds, nodeOf, cleaned } = jobThatMoved()
  for (const poolId of ['P', 'other', 'p']) {
    engine.jobs.disable('j', { disableTasks: 'wait' })
    seconds(5)
    engine.jobs.patch('j', { poolInfo: { poolId } })
    engine.jobs.enable('j')
    seconds(1)
  }
  seconds(5)
  engine.jobs.delete('j')
  seconds(5)
  expect(cleaned()).toEqual([
    [nodeOf('p'), 'workitems/j'],
    [nodeOf('other'), 'workitems/j'],
  ])
})

test('the tasks of a job that was moved keep their files on the node where they ran, for their time', () => {
  const { engine, seconds, nodeOf, cleaned } = jobThatMoved()
  expect(engine.tasks.location('j', 'first').nodeId).toBe(nodeOf('p'))
  engine.tasks.delete('j', 'second')
  expect(cleaned()).toEqual([[nodeOf('other'), 'workitems/j/job-1/second']])
  seconds(3600)
  expect(cleaned().at(-1)).toEqual([nodeOf('p'), 'workitems/j/job-1/first'])
})

test('a task that waits for the preparation of its node has no files yet', () => {
  const opened = openVirtualEngine({ script: () => ({ duration: 60_000 }) })
  const { engine, seconds } = opened
  engine.pools.add(poolBody('p'))
  engine.jobs.add(jobBody('j', 'p', { jobPreparationTask: { id: 'before', commandLine: 'x' } }))
  seconds(5)
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  expect(engine.tasks.get('j', 't').state).toBe('preparing')
  expect(() => engine.tasks.location('j', 't')).toThrow(code('OperationInvalidForCurrentState'))
  seconds(60)
  expect(engine.tasks.get('j', 't').state).toBe('running')
  expect(engine.tasks.location('j', 't').directory).toBe('workitems/j/job-1/t')
})

test('while a node is switched off neither its files nor those of its tasks can be read', () => {
  const { engine, seconds } = openWithPool()
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  const nodeId = engine.nodes.list('p').items[0]?.id ?? ''
  expect(engine.nodes.location('p', nodeId)).toEqual({ nodeId })
  engine.nodes.deallocate('p', nodeId)
  seconds(5)
  expect(() => engine.nodes.location('p', nodeId)).toThrow(code('OperationNotValidOnNode'))
  expect(() => engine.tasks.location('j', 't')).toThrow(code('TaskFilesUnavailable'))
  expect(() => engine.nodes.location('p', 'other')).toThrow(code('NodeNotFound'))
})
