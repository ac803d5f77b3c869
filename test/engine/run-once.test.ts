// A task never runs twice at once: its next try waits until the process of the one before is gone, wherever that was.

import type { Engine } from '@malachite/emulator'
import { expect, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

/** Seconds that every command takes; nothing ends one before. */
const DURATION = 60

/** The task `t` runs on a node of the pool `p`, whose machine does not end processes when it is told to. */
function openHanging(pool: object = {}, job: object = {}, task: object = {}) {
  const virtual = openVirtualEngine({ script: () => ({ duration: DURATION * 1000 }) })
  const { engine, runtime } = virtual
  for (const effect of ['endTask', 'bootNode', 'stopNode', 'removeNode'] as const) runtime.ignored.add(effect)
  runtime.ignored.delete('bootNode')
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 2, ...pool }))
  engine.jobs.add(jobBody('j', 'p', job))
  virtual.seconds(1)
  runtime.ignored.add('bootNode')
  engine.tasks.add('j', taskBody('t', task))
  return {
    ...virtual,
    nodeId: () => engine.tasks.get('j', 't').nodeInfo?.nodeId ?? '',
    state: () => engine.tasks.get('j', 't').state,
    started: () => runtime.started.map(({ taskId }) => taskId),
  }
}

test.each<[string, (engine: Engine, nodeId: string) => void]>([
  ['scheduling on its node is disabled', (engine, nodeId) => engine.nodes.disableScheduling('p', nodeId)],
  ['its node restarts', (engine, nodeId) => engine.nodes.reboot('p', nodeId)],
  ['its node is reimaged', (engine, nodeId) => engine.nodes.reimage('p', nodeId)],
  ['its node is deallocated', (engine, nodeId) => engine.nodes.deallocate('p', nodeId)],
])('a task that is requeued because %s waits for its process though another node is free', (_, requeue) => {
  const { engine, seconds, nodeId, state, started } = openHanging()
  const first = nodeId()
  requeue(engine, first)
  expect(engine.tasks.get('j', 't')).toMatchObject({ state: 'active', executionInfo: { requeueCount: 1 } })
  engine.tasks.add('j', taskBody('other'))
  expect(started()).toEqual(['t', 'other'])
  engine.tasks.delete('j', 'other')
  engine.pools.resize('p', { targetDedicatedNodes: 3 })
  seconds(DURATION - 2)
  expect(state()).toBe('active')
  seconds(2)
  expect(state()).toBe('running')
  expect(nodeId()).not.toBe(first)
})

test('a task whose node leaves the pool waits until the machine is gone', () => {
  const { engine, clock, runtime, nodeId, state } = openHanging()
  runtime.ignored.delete('removeNode')
  engine.pools.removeNodes('p', { nodeList: [nodeId()] })
  expect(state()).toBe('active')
  clock.advance(0)
  expect(state()).toBe('running')
})

test('a task of a preempted node waits until the machine is gone', () => {
  const { engine, runtime, clock, nodeId, state } = openHanging({
    targetDedicatedNodes: 0,
    targetLowPriorityNodes: 2,
  })
  runtime.ignored.delete('stopNode')
  engine.nodes.preempt('p', nodeId(), { absence: 1e9 })
  expect(state()).toBe('active')
  clock.advance(0)
  expect(state()).toBe('running')
})

test('a task of a job that is disabled with requeue and enabled at once waits, others do not', () => {
  const { engine, seconds, state, started } = openHanging()
  engine.jobs.disable('j', { disableTasks: 'requeue' })
  seconds(1)
  expect(engine.jobs.get('j').state).toBe('disabling')
  engine.jobs.enable('j')
  seconds(1)
  expect(engine.jobs.get('j').state).toBe('active')
  engine.tasks.add('j', taskBody('other'))
  expect(started()).toEqual(['t', 'other'])
  expect(state()).toBe('active')
  seconds(DURATION)
  expect(started()).toEqual(['t', 'other', 't'])
})

test('a task that is terminated and reactivated waits for its process', () => {
  const { engine, seconds, state } = openHanging()
  engine.tasks.terminate('j', 't')
  engine.tasks.reactivate('j', 't')
  seconds(DURATION - 2)
  expect(state()).toBe('active')
  seconds(2)
  expect(state()).toBe('running')
})

test.each([
  ['runs', () => undefined],
  ['was terminated', (engine: Engine) => engine.tasks.terminate('j', 't')],
])('a new task waits for the process and the files of a deleted one of its id that %s', (_, before) => {
  const { engine, runtime, seconds, state, started } = openHanging({ taskSlotsPerNode: 2 })
  before(engine)
  engine.tasks.delete('j', 't')
  engine.tasks.add('j', taskBody('t'))
  seconds(DURATION - 2)
  expect(state()).toBe('active')
  seconds(2)
  expect(started()).toEqual(['t', 't'])
  const last = runtime.effects.filter(({ type }) => type === 'deleteTaskFiles' || type === 'runTask')
  expect(last.map(({ type }) => type)).toEqual(['runTask', 'deleteTaskFiles', 'runTask'])
})

test('a task that is evicted does not come back before its process is gone', () => {
  const { engine, seconds, state, started } = openHanging(
    { targetDedicatedNodes: 1 },
    { allowTaskPreemption: true, priority: -1 },
  )
  engine.jobs.add(jobBody('high', 'p'))
  engine.tasks.add('high', taskBody('h'))
  expect(state()).toBe('active')
  engine.tasks.delete('high', 'h')
  engine.jobs.patch('j', { priority: 5 })
  seconds(DURATION - 2)
  expect(started()).toEqual(['t'])
  seconds(2)
  expect(state()).toBe('running')
})

test('a multi-instance task waits for the processes of all its nodes', () => {
  const multiInstanceSettings = { numberOfInstances: 2, coordinationCommandLine: 'coordinate' }
  const { engine, seconds, nodeId, state, started } = openHanging(
    { targetDedicatedNodes: 4, enableInterNodeCommunication: true },
    {},
    { multiInstanceSettings },
  )
  engine.nodes.disableScheduling('p', nodeId())
  seconds(DURATION - 2)
  expect(state()).toBe('active')
  expect(started()).toEqual(['t', 't'])
  seconds(2)
  expect(started()).toEqual(['t', 't', 't', 't'])
})

test('a job manager waits for its process, and the other tasks of its job with it', () => {
  const { engine, runtime, seconds, started } = openHanging()
  engine.tasks.terminate('j', 't')
  engine.jobs.add(jobBody('k', 'p', { jobManagerTask: { id: 'm', commandLine: 'manage' } }))
  const manager = runtime.started.at(-1)
  expect(manager?.taskId).toBe('m')
  engine.nodes.disableScheduling('p', manager?.node.nodeId ?? '')
  engine.tasks.add('k', taskBody('x'))
  engine.pools.resize('p', { targetDedicatedNodes: 4 })
  seconds(DURATION - 2)
  expect(started()).toEqual(['t', 'm'])
})
