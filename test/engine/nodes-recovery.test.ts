// Nodes after a restart of the emulator on the same database.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, type Effect, type Engine, openStore } from '@malachite/emulator'
import { expect, onTestFinished, test } from 'vitest'
import { createFakeRuntime } from '../helpers/fake-runtime.ts'
import { createVirtualClock } from '../helpers/virtual-clock.ts'
import { jobBody, nodeStates, poolBody, taskBody } from '../helpers/virtual-engine.ts'

/** An emulator that can be restarted; each life has its own clock, the later one an hour ahead. */
function openRestartable() {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-nodes-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  let lives = 0
  const start = (...ignored: Effect['type'][]) => {
    const clock = createVirtualClock(Date.UTC(2026, 0, 1, lives++))
    const script = () => ({ duration: 600_000 })
    const runtime = createFakeRuntime({ clock, reports: () => engine.reports, script })
    for (const type of ignored) runtime.ignored.add(type)
    let ids = 0
    const boots: Extract<Effect, { type: 'bootNode' }>[] = []
    const engine: Engine = createEngine({
      store: openStore(join(directory, 'batch.db')),
      clock,
      account: { name: 'test' },
      newId: () => `${lives}${++ids}`.padStart(64, '0'),
      perform: (effects) => {
        boots.push(...effects.filter((effect) => effect.type === 'bootNode'))
        runtime.perform(effects)
      },
    })
    return { engine, clock, runtime, boots }
  }
  const first = start()
  first.engine.pools.add(poolBody('p', { targetDedicatedNodes: 0, targetLowPriorityNodes: 1 }))
  first.engine.jobs.add(jobBody('j', 'p'))
  first.clock.advance(1000)
  const nodeId = first.engine.nodes.list('p').items[0]?.id ?? ''
  const restart = (...ignored: Effect['type'][]) => {
    first.engine.close()
    const second = start(...ignored)
    onTestFinished(() => second.engine.close())
    return second
  }
  return { first, nodeId, restart }
}

test('a deallocated node stays switched off', () => {
  const { first, nodeId, restart } = openRestartable()
  first.engine.nodes.deallocate('p', nodeId)
  first.clock.advance(1000)
  const { engine, clock } = restart()
  clock.advance(1000)
  expect(nodeStates(engine, 'p')).toEqual(['deallocated'])
  engine.nodes.start('p', nodeId)
  clock.advance(1000)
  expect(nodeStates(engine, 'p')).toEqual(['idle'])
})

test('a node that was being switched off is off', () => {
  const { first, nodeId, restart } = openRestartable()
  first.engine.nodes.deallocate('p', nodeId)
  const { engine, clock } = restart()
  clock.advance(1000)
  expect(nodeStates(engine, 'p')).toEqual(['deallocated'])
})

test('a preempted node comes back when its time has come', () => {
  const { first, nodeId, restart } = openRestartable()
  first.engine.nodes.preempt('p', nodeId, { absence: 2 * 3_600_000 })
  const { engine, clock } = restart()
  clock.advance(1000)
  expect(nodeStates(engine, 'p')).toEqual(['preempted'])
  clock.advance(3_600_000)
  expect(nodeStates(engine, 'p')).toEqual(['idle'])
})

test('a node that was to leave after its tasks leaves: its tasks are gone', () => {
  const { first, restart } = openRestartable()
  first.engine.tasks.add('j', taskBody('t'))
  first.engine.pools.resize('p', { nodeDeallocationOption: 'taskcompletion', targetLowPriorityNodes: 0 })
  first.clock.advance(1000)
  const { engine, clock } = restart()
  clock.advance(1000)
  expect(nodeStates(engine, 'p')).toEqual([])
  expect(engine.pools.get('p').allocationState).toBe('steady')
  expect(engine.tasks.get('j', 't').state).toBe('active')
})

test('a node that waits for the retention time of its files goes on waiting', () => {
  const { first, nodeId, restart } = openRestartable()
  first.engine.tasks.add('j', taskBody('t', { constraints: { retentionTime: 'PT2H' } }))
  first.engine.tasks.terminate('j', 't')
  first.engine.nodes.reimage('p', nodeId, { nodeReimageOption: 'retaineddata' })
  first.clock.advance(1000)
  const { engine, clock, runtime } = restart()
  clock.advance(1000)
  const wipes = () => runtime.effects.filter((effect) => effect.type === 'bootNode' && effect.wipe).length
  expect([nodeStates(engine, 'p'), wipes()]).toEqual([['idle'], 0])
  clock.advance(3_605_000)
  expect([nodeStates(engine, 'p'), wipes()]).toEqual([['idle'], 1])
})

test.each(['reimage', 'reboot', 'deallocate'] as const)(
  'a node whose running task was waited for before a %s is not in the way of a restart',
  (verb) => {
    const { first, nodeId, restart } = openRestartable()
    first.engine.tasks.add('j', taskBody('t'))
    const option = {
      reimage: 'nodeReimageOption',
      reboot: 'nodeRebootOption',
      deallocate: 'nodeDeallocateOption',
    }
    first.engine.nodes[verb]('p', nodeId, { [option[verb]]: 'retaineddata' })
    const { engine, clock } = restart()
    clock.advance(5000)
    expect(nodeStates(engine, 'p')).toEqual([verb === 'deallocate' ? 'deallocated' : 'running'])
  },
)

test.each(['reimage', 'deallocate'] as const)(
  'a node that breaks before a %s has wiped its disk has a new one after a restart',
  (verb) => {
    const { first, nodeId, restart } = openRestartable()
    first.runtime.ignored.add('bootNode')
    first.engine.nodes[verb]('p', nodeId)
    first.clock.advance(1000)
    if (verb === 'deallocate') first.engine.nodes.start('p', nodeId)
    first.engine.nodes.fail('p', nodeId)
    const { engine, clock, boots } = restart()
    clock.advance(1000)
    expect([nodeStates(engine, 'p'), boots.map(({ wipe }) => wipe)]).toEqual([['idle'], [true]])
    engine.nodes.reboot('p', nodeId)
    expect(boots.map(({ wipe }) => wipe)).toEqual([true, false])
  },
)

test('a resize that was under way is given up at its time', () => {
  const { first, restart } = openRestartable()
  first.engine.tasks.add('j', taskBody('t'))
  first.runtime.ignored.add('allocateNodes')
  first.engine.pools.resize('p', { targetLowPriorityNodes: 2, resizeTimeout: 'PT61M' })
  const { engine, clock } = restart('allocateNodes')
  expect(engine.pools.get('p').allocationState).toBe('resizing')
  clock.advance(120_000)
  expect(engine.pools.get('p')).toMatchObject({
    allocationState: 'steady',
    currentLowPriorityNodes: 1,
    resizeErrors: [{ code: 'AllocationTimedout' }],
  })
})

test('files whose time came while the emulator was down go afterwards', () => {
  const { first, restart } = openRestartable()
  first.engine.tasks.add('j', taskBody('t', { constraints: { retentionTime: 'PT30M' } }))
  first.engine.tasks.terminate('j', 't')
  first.clock.advance(1000)
  const { clock, runtime } = restart()
  clock.advance(5000)
  expect(runtime.effects).toContainEqual(
    expect.objectContaining({ type: 'deleteTaskFiles', directory: 'workitems/j/job-1/t' }),
  )
})

test('a node that was being reimaged is reimaged', () => {
  const { first, nodeId, restart } = openRestartable()
  first.engine.nodes.reimage('p', nodeId)
  const { engine, clock, boots } = restart()
  expect(nodeStates(engine, 'p')).toEqual(['reimaging'])
  expect(boots).toMatchObject([{ wipe: true }])
  clock.advance(1000)
  expect(nodeStates(engine, 'p')).toEqual(['idle'])
})

test('a node that came back after its machine was preempted has nothing of its old disk', () => {
  const { first, nodeId, restart } = openRestartable()
  first.runtime.ignored.add('bootNode')
  first.engine.nodes.preempt('p', nodeId)
  first.clock.advance(1)
  expect(first.boots.at(-1)).toMatchObject({ wipe: true })
  expect(restart().boots).toMatchObject([{ wipe: true }])
})

test('a node that was being switched on has nothing of its old disk', () => {
  const { first, nodeId, restart } = openRestartable()
  first.engine.nodes.deallocate('p', nodeId)
  first.clock.advance(1000)
  first.runtime.ignored.add('bootNode')
  first.engine.nodes.start('p', nodeId)
  expect(restart().boots).toMatchObject([{ wipe: true }])
})

test('a node that was working keeps its disk', () => {
  expect(openRestartable().restart().boots).toMatchObject([{ wipe: false }])
})
