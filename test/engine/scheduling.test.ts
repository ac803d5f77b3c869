// Which task gets the next free slot, and which nodes take tasks.

import type { Engine } from '@malachite/emulator'
import { expect, test } from 'vitest'
import { openWithScripts, RELEASE } from '../helpers/job-tasks.ts'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

/** A pool with one node, spot or dedicated, and a job without tasks; machines do nothing from now on. */
function openWithNode(pool: object = {}) {
  const virtual = openVirtualEngine({ script: () => ({ duration: 60_000 }) })
  const { engine, runtime } = virtual
  engine.pools.add(poolBody('p', { taskSlotsPerNode: 2, ...pool }))
  engine.jobs.add(jobBody('j', 'p'))
  virtual.seconds(1)
  for (const effect of ['bootNode', 'stopNode', 'removeNode'] as const) runtime.ignored.add(effect)
  const nodeId = engine.nodes.list('p').items[0]?.id ?? ''
  return { ...virtual, nodeId }
}

const SPOT = { targetDedicatedNodes: 0, targetLowPriorityNodes: 1 }

test.each<[string, object, (engine: Engine, nodeId: string) => void]>([
  ['offline', {}, (engine, nodeId) => engine.nodes.disableScheduling('p', nodeId)],
  ['rebooting', {}, (engine, nodeId) => engine.nodes.reboot('p', nodeId)],
  ['reimaging', {}, (engine, nodeId) => engine.nodes.reimage('p', nodeId)],
  ['deallocating', {}, (engine, nodeId) => engine.nodes.deallocate('p', nodeId)],
  ['leavingpool', {}, (engine, nodeId) => engine.pools.removeNodes('p', { nodeList: [nodeId] })],
  ['preempted', SPOT, (engine, nodeId) => engine.nodes.preempt('p', nodeId, { absence: 1e9 })],
])('a node that is %s takes no tasks', (state, pool, act) => {
  const { engine, seconds, nodeId } = openWithNode(pool)
  act(engine, nodeId)
  seconds(1)
  expect(engine.nodes.get('p', nodeId).state).toBe(state)
  engine.tasks.add('j', taskBody('t'))
  seconds(60)
  expect(engine.tasks.get('j', 't').state).toBe('active')
})

test.each<[string, (engine: Engine, nodeId: string) => void]>([
  [
    'leave',
    ({ pools }, nodeId) =>
      pools.removeNodes('p', { nodeList: [nodeId], nodeDeallocationOption: 'taskcompletion' }),
  ],
  ['restart', ({ nodes }, nodeId) => nodes.reboot('p', nodeId, { nodeRebootOption: 'taskcompletion' })],
  [
    'go offline',
    ({ nodes }, nodeId) =>
      nodes.disableScheduling('p', nodeId, { nodeDisableSchedulingOption: 'taskcompletion' }),
  ],
])('a node that is about to %s after its tasks takes no more of them', (_, act) => {
  const { engine, seconds, nodeId } = openWithNode()
  engine.tasks.add('j', taskBody('before'))
  act(engine, nodeId)
  engine.tasks.add('j', taskBody('t'))
  seconds(30)
  expect(engine.nodes.get('p', nodeId)).toMatchObject({ state: 'running', runningTasksCount: 1 })
  expect(engine.tasks.get('j', 't').state).toBe('active')
})

test('a task that is tried again, or requeued, waits behind those that waited before', () => {
  const { engine, runtime, seconds } = openVirtualEngine({
    script: (line, tries) => ({ exitCode: line === 'run failing' && tries === 0 ? 1 : 0 }),
  })
  engine.jobs.add(jobBody('j', 'p', { constraints: { maxTaskRetryCount: 1 } }))
  for (const id of ['failing', 'requeued', 'a', 'b']) engine.tasks.add('j', taskBody(id))
  engine.pools.add(poolBody('p'))
  seconds(1.5)
  engine.jobs.disable('j', { disableTasks: 'requeue' })
  seconds(0.1)
  engine.jobs.enable('j')
  seconds(10)
  expect(runtime.started.map(({ taskId }) => taskId)).toEqual([
    'failing',
    'requeued',
    'a',
    'b',
    'failing',
    'requeued',
  ])
})

test('a new priority counts from the next free slot on', () => {
  const { engine, runtime, seconds } = openVirtualEngine()
  for (const id of ['first', 'second']) {
    engine.jobs.add(jobBody(id, 'p'))
    for (const name of ['a', 'b']) engine.tasks.add(id, taskBody(name))
  }
  engine.pools.add(poolBody('p'))
  seconds(0.5)
  engine.jobs.patch('second', { priority: 1 })
  seconds(10)
  expect(runtime.started.map(({ jobId, taskId }) => `${jobId}/${taskId}`)).toEqual([
    'first/a',
    'second/a',
    'second/b',
    'first/b',
  ])
})

test('tasks of a job whose pool is being deleted, or gone, wait without an error', () => {
  const { engine, seconds } = openWithNode()
  engine.pools.delete('p')
  engine.tasks.add('j', taskBody('t'))
  seconds(3600)
  expect(engine.pools.get('p').state).toBe('deleting')
  expect(engine.tasks.get('j', 't')).toMatchObject({ state: 'active' })
  expect(engine.tasks.get('j', 't').executionInfo).toEqual({ retryCount: 0, requeueCount: 0 })
  expect(engine.jobs.get('j').state).toBe('active')
})

test('a release task takes no slot: it runs beside the task of another job that fills its node', () => {
  const { engine, seconds, add, nodes, started } = openWithScripts({
    'run long': { duration: 60_000 },
    release: { duration: 5000 },
  })
  add(RELEASE)
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  add({}, 'other')
  engine.tasks.add('other', taskBody('long'))
  engine.jobs.terminate('j')
  seconds(1)
  expect(started()).toEqual(['jobpreparation', 't', 'long', 'jobrelease'])
  expect(nodes()[0]).toMatchObject({ runningTasksCount: 1, runningTaskSlotsCount: 1 })
  seconds(10)
  expect(engine.jobs.get('j').state).toBe('completed')
})

test('the tasks of a job count as active or running, its preparation and release do not', () => {
  const { engine, seconds, add } = openWithScripts({
    prepare: { duration: 5000 },
    release: { duration: 5000 },
  })
  add(RELEASE)
  engine.tasks.add('j', taskBody('t'))
  const counts = () => engine.jobs.taskCounts('j').taskCounts
  expect(counts()).toMatchObject({ active: 0, running: 1, completed: 0 })
  seconds(7)
  engine.jobs.terminate('j')
  seconds(1)
  expect(engine.jobs.get('j').state).toBe('terminating')
  expect(counts()).toEqual({ active: 0, running: 0, completed: 1, succeeded: 1, failed: 0 })
})
