// With a slow profile the causes that pass by themselves say when they will have passed.

import type { Explanation } from '@malachite/model'
import { expect, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

/** The pool `p` and the job `j` on Azure's time, advanced until the pool is steady and its node idle. */
function openSlow({ isReady = true, pool = {} } = {}) {
  const virtual = openVirtualEngine({ profile: 'azure', seed: 1, script: () => ({ duration: 3_600_000 }) })
  const { engine, seconds } = virtual
  engine.pools.add(poolBody('p', pool))
  engine.jobs.add(jobBody('j', 'p'))
  if (isReady) seconds(150)
  const node = () => engine.nodes.list('p').items[0]?.id ?? ''
  const whyNode = () => engine.explain.node('p', node())
  return { ...virtual, node, whyNode, whyPool: () => engine.explain.pool('p') }
}

/** A tenth of a second before the time that was told the cause is the same, a tenth after it another one. */
function expectToEnd(why: () => Explanation, cause: string, seconds: (n: number) => void): Explanation {
  const first = why()
  expect(first).toMatchObject({
    cause,
    sentence: expect.stringMatching(/ another [\d.]+ s for that, until 2026-\S+Z\.$/),
  })
  const left = Number(first.details?.['secondsLeft'])
  expect(left).toBeGreaterThan(0)
  seconds(Math.max(0, left - 0.1))
  expect(why()).toMatchObject({ cause, details: { until: first.details?.['until'] } })
  seconds(0.2)
  return first
}

test('machines that are on their way', () => {
  const { engine, whyPool, seconds } = openSlow({ isReady: false })
  engine.tasks.add('j', taskBody('t'))
  const { sentence } = expectToEnd(whyPool, 'PoolAllocating', seconds)
  expect(sentence).toMatch(/waits for 1 more that were asked for\. The profile takes another \d\d(\.\d)? s/)
  expect(whyPool().cause).toBe('NodeStarting')
})

test('a node that boots, as itself and as what a task and its job wait for', () => {
  const { engine, whyNode, whyPool, seconds } = openSlow({ isReady: false })
  engine.tasks.add('j', taskBody('t'))
  seconds(Number(whyPool().details?.['secondsLeft']) + 0.1)
  const { details } = engine.explain.task('j', 't')
  expect(details).toMatchObject({ secondsLeft: expect.any(Number) })
  expect(engine.explain.job('j').details).toMatchObject({ until: details?.['until'] })
  expectToEnd(whyNode, 'NodeStarting', seconds)
  expect(whyNode().cause).toBe('NodeUsable')
})

test('a node that reboots', () => {
  const { engine, node, whyNode, seconds } = openSlow()
  engine.nodes.reboot('p', node())
  expectToEnd(whyNode, 'NodeStarting', seconds)
})

test('a task that only waits for the next round of the scheduler', () => {
  const { engine, seconds } = openSlow()
  engine.tasks.add('j', taskBody('t'))
  expectToEnd(() => engine.explain.task('j', 't'), 'TaskAboutToStart', seconds)
  expect(engine.explain.task('j', 't').cause).toBe('TaskRunning')
})

test('nodes that leave their pool', () => {
  const { engine, whyNode, whyPool, seconds } = openSlow()
  engine.pools.resize('p', { targetDedicatedNodes: 0 })
  const { details } = whyNode()
  expect(whyNode()).toMatchObject({ cause: 'NodeLeaving', details: { secondsLeft: expect.any(Number) } })
  expect(expectToEnd(whyPool, 'PoolShrinking', seconds).details).toMatchObject({ until: details?.['until'] })
  expect(whyPool().cause).toBe('PoolEmpty')
})

test('a pool that is being deleted, with nodes and without', () => {
  for (const targetDedicatedNodes of [0, 1]) {
    const { engine, whyPool, seconds } = openSlow({ pool: { targetDedicatedNodes } })
    engine.pools.delete('p')
    expectToEnd(whyPool, 'PoolBeingDeleted', seconds)
    expect(whyPool).toThrow(expect.objectContaining({ code: 'PoolNotFound' }))
  }
})

test('a resize that is being stopped', () => {
  const { engine, whyPool, seconds } = openSlow({ isReady: false })
  engine.pools.stopResize('p')
  expectToEnd(whyPool, 'PoolAllocating', seconds)
})

test.each(['disable', 'terminate', 'delete'] as const)('a job after %s', (verb) => {
  const { engine, seconds } = openSlow()
  if (verb === 'disable') engine.jobs.disable('j', { disableTasks: 'wait' })
  else engine.jobs[verb]('j')
  expectToEnd(() => engine.explain.job('j'), 'JobInTransit', seconds)
})

test('what nobody knows the time of is told without one', () => {
  const { engine, whyPool, seconds } = openSlow()
  engine.tasks.add('j', taskBody('t'))
  seconds(10)
  engine.pools.resize('p', { targetDedicatedNodes: 0, nodeDeallocationOption: 'taskcompletion' })
  seconds(5)
  expect(whyPool()).toMatchObject({
    cause: 'PoolShrinking',
    sentence: 'Pool p waits for 1 node to leave, with 1 running task.',
  })
  expect(whyPool().details).not.toHaveProperty('until')
})
