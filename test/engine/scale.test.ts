// What takes long is done in slices: one change does a bounded part and asks for a tick, so that others come in between.

import { type NodeReports, openStore } from '@malachite/emulator'
import { expect, test } from 'vitest'
import { jobBody, nodeStates, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

type World = ReturnType<typeof openVirtualEngine>

/** Rows that one change deletes, running tasks that it stops, tasks that it lets go, nodes that it empties. */
const [DELETED, STOPPED, RELEASED, EMPTIED] = [1000, 100, 500, 20]

/** A pool whose nodes have 4 slots each, and a job for it. */
function openWorld(nodes: number, job: object = {}): World {
  const world = openVirtualEngine({ script: () => ({ duration: 1e9 }) })
  world.engine.pools.add(poolBody('p', { targetDedicatedNodes: nodes, taskSlotsPerNode: 4 }))
  world.engine.jobs.add(jobBody('j', 'p', job))
  world.seconds(0)
  // From now on the test says when time brings something.
  world.runtime.ignored.add('wakeAt')
  return world
}

function addTasks({ engine }: World, count: number, more: object = {}): void {
  for (let first = 0; first < count; first += 100) {
    const size = Math.min(100, count - first)
    const value = Array.from({ length: size }, (_, i) => taskBody(`t${first + i}`, more))
    engine.tasks.addCollection('j', { value })
  }
}

/** Ticks at once that are asked for by `body`. */
function ticksAsked({ runtime, clock }: World, body: () => void): number {
  const before = runtime.effects.length
  body()
  const wakes = runtime.effects.slice(before).filter((effect) => effect.type === 'wakeAt')
  return wakes.filter(({ time }) => time <= clock.now()).length
}

/** One tick; whether it asks for another. */
function asksForMore(world: World): boolean {
  return ticksAsked(world, () => world.engine.reports.tick()) > 0
}

function counts({ engine }: World) {
  return engine.jobs.taskCounts('j').taskCounts
}

test('a change that several things ask a tick of asks for one, and for no other until that comes', () => {
  const world = openWorld(0)
  addTasks(world, 1)
  expect(ticksAsked(world, () => world.engine.jobs.disable('j', { disableTasks: 'wait' }))).toBe(1)
  expect(ticksAsked(world, () => world.engine.pools.delete('p'))).toBe(0)
  world.engine.reports.tick()
  expect(ticksAsked(world, () => world.engine.jobs.terminate('j'))).toBe(1)
})

test('a job is deleted so many tasks at a time', () => {
  const world = openWorld(0)
  addTasks(world, 2 * DELETED + 1)
  world.engine.jobs.delete('j')
  expect(counts(world).active).toBe(2 * DELETED + 1)
  expect(asksForMore(world)).toBe(true)
  expect(counts(world).active).toBe(DELETED + 1)
  expect(asksForMore(world)).toBe(true)
  expect(counts(world).active).toBe(1)
  world.engine.reports.tick()
  expect(() => world.engine.jobs.get('j')).toThrow('does not exist')
})

test('what is remembered of the tasks of a job is deleted in slices as well', () => {
  const world = openWorld(0, { usesTaskDependencies: true })
  addTasks(world, DELETED / 2, { dependsOn: { taskIds: ['a', 'b'] } })
  world.engine.jobs.delete('j')
  expect(asksForMore(world)).toBe(true)
  expect(counts(world).active).toBe(DELETED / 2)
  world.engine.reports.tick()
  expect(() => world.engine.jobs.get('j')).toThrow('does not exist')
})

test('another job goes on while one is deleted', () => {
  const world = openWorld(1)
  world.engine.jobs.disable('j', { disableTasks: 'wait' })
  addTasks(world, DELETED + 1)
  world.engine.jobs.delete('j')
  world.engine.reports.tick()
  world.engine.jobs.add(jobBody('other', 'p'))
  world.engine.tasks.add('other', taskBody('t'))
  expect(world.engine.tasks.get('other', 't').state).toBe('running')
  expect(counts(world).active).toBe(1)
})

type Change = (world: World) => unknown
type Into = 'active' | 'completed'

test.each<[string, Into, Change]>([
  ['terminated', 'completed', ({ engine }) => engine.jobs.terminate('j')],
  ['deleted', 'completed', ({ engine }) => engine.jobs.delete('j')],
  ['disabled', 'active', ({ engine }) => engine.jobs.disable('j', { disableTasks: 'requeue' })],
  [
    'disabled and its tasks ended',
    'completed',
    ({ engine }) => engine.jobs.disable('j', { disableTasks: 'terminate' }),
  ],
])('the running tasks of a job that is %s are stopped so many at a time', (_, member, change) => {
  const world = openWorld(75)
  addTasks(world, 300)
  expect(counts(world).running).toBe(300)
  change(world)
  expect(counts(world)).toMatchObject({ running: 300 - STOPPED, [member]: STOPPED })
  expect(asksForMore(world)).toBe(true)
  expect(counts(world)).toMatchObject({ running: 300 - 2 * STOPPED, [member]: 2 * STOPPED })
  world.engine.reports.tick()
  expect(counts(world)).toMatchObject({ running: 0, [member]: 300 })
  expect(asksForMore(world)).toBe(false)
})

test('a job that was disabled in slices goes on with all its tasks when it is enabled', () => {
  const world = openWorld(75)
  addTasks(world, 300)
  world.runtime.ignored.delete('wakeAt')
  world.engine.jobs.disable('j', { disableTasks: 'requeue' })
  world.seconds(1)
  expect(world.engine.jobs.get('j').state).toBe('disabled')
  world.engine.jobs.enable('j')
  world.seconds(1)
  expect(counts(world).running).toBe(300)
})

test('a job that is ended by force stops all its running tasks at once', () => {
  const world = openWorld(75)
  addTasks(world, 300)
  world.engine.jobs.terminate('j', {}, { force: true })
  expect(counts(world)).toMatchObject({ running: 0, completed: 300 })
  expect(world.engine.jobs.get('j').state).toBe('completed')
})

test('jobs that only wait for their processes are not looked at when time passes', () => {
  const world = openWorld(1)
  addTasks(world, 4)
  world.runtime.ignored.add('endTask')
  world.engine.jobs.terminate('j')
  expect(asksForMore(world)).toBe(false)
  for (const { run } of world.runtime.started) world.engine.reports.taskEnded({ run, exitCode: -15 })
  world.engine.reports.tick()
  expect(world.engine.jobs.get('j').state).toBe('completed')
})

test('a task lets so many others go at a time', () => {
  const world = openWorld(0, { usesTaskDependencies: true })
  world.engine.tasks.add('j', taskBody('first'))
  addTasks(world, RELEASED + 300, { dependsOn: { taskIds: ['first'] } })
  const { engine } = world
  engine.pools.resize('p', { targetDedicatedNodes: 1 })
  world.seconds(0)
  const [first] = world.runtime.started
  const end = (): void => engine.reports.taskEnded({ run: first?.run ?? 0, exitCode: 0 })
  expect(ticksAsked(world, end)).toBe(1)
  expect(blocked(engine.explain.task('j', `t${RELEASED + 299}`))).toBe(true)
  expect(asksForMore(world)).toBe(true)
  expect(blocked(engine.explain.task('j', `t${RELEASED + 299}`))).toBe(false)
  expect(asksForMore(world)).toBe(false)
})

function blocked({ cause }: { cause: string }): boolean {
  return cause.startsWith('Dependency')
}

test.each<[string, Change]>([
  ['deleted', ({ engine }) => engine.pools.delete('p')],
  ['resized to none', ({ engine }) => engine.pools.resize('p', { targetDedicatedNodes: 0 })],
])('the nodes of a pool that is %s are emptied so many at a time', (_, change) => {
  const world = openWorld(50)
  addTasks(world, 200)
  world.runtime.ignored.add('removeNode')
  change(world)
  expect(leaving(world)).toBe(EMPTIED)
  expect(counts(world)).toMatchObject({ running: 200 - 4 * EMPTIED, active: 4 * EMPTIED })
  expect(asksForMore(world)).toBe(true)
  expect(leaving(world)).toBe(2 * EMPTIED)
  world.engine.reports.tick()
  expect(leaving(world)).toBe(50)
  expect(counts(world)).toMatchObject({ running: 0, active: 200 })
  const reports: NodeReports = world.engine.reports
  for (const { id } of world.engine.nodes.list('p').items) reports.nodeRemoved(id)
  reports.tick()
})

function leaving({ engine }: World): number {
  return nodeStates(engine, 'p').filter((state) => state === 'leavingpool').length
}

test('the machines of a pool join so many at a time', () => {
  const world = openVirtualEngine()
  const { engine, runtime, seconds } = world
  runtime.ignored.add('wakeAt')
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 150, targetLowPriorityNodes: 70 }))
  seconds(0)
  expect(engine.pools.get('p')).toMatchObject({ currentDedicatedNodes: 100, allocationState: 'resizing' })
  expect(asksForMore(world)).toBe(true)
  expect(engine.pools.get('p')).toMatchObject({ currentDedicatedNodes: 150, currentLowPriorityNodes: 50 })
  engine.reports.tick()
  const full = { currentDedicatedNodes: 150, currentLowPriorityNodes: 70, allocationState: 'steady' }
  expect(engine.pools.get('p')).toMatchObject(full)
})

test('a resize that is stopped while machines join leaves those that did', () => {
  const { engine, runtime, seconds } = openVirtualEngine()
  runtime.ignored.add('wakeAt')
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 150 }))
  seconds(0)
  engine.pools.stopResize('p')
  engine.reports.tick()
  expect(engine.pools.get('p')).toMatchObject({ currentDedicatedNodes: 100, allocationState: 'steady' })
})

test('nodes that are to be emptied take no new tasks until it is their turn', () => {
  const world = openWorld(50)
  world.engine.pools.resize('p', { targetDedicatedNodes: 0 })
  addTasks(world, 1)
  expect(counts(world)).toMatchObject({ active: 1, running: 0 })
})

test('jobs all of whose tasks need more slots than any node has free are not read when a slot comes free', () => {
  const store = openStore(':memory:')
  const { withWork } = store.jobs
  let read = 0
  store.jobs.withWork = (...query) => {
    const jobs = withWork(...query)
    read += jobs.length
    return jobs
  }
  const { engine, seconds } = openVirtualEngine({ store, script: () => ({ duration: 1000 }) })
  for (let i = 0; i < 20; i++) {
    engine.jobs.add(jobBody(`large${i}`, 'p', { priority: 1 }))
    engine.tasks.add(`large${i}`, taskBody('t', { requiredSlots: 4 }))
  }
  engine.jobs.add(jobBody('small', 'p'))
  for (let i = 0; i < 10; i++) engine.tasks.add('small', taskBody(`t${i}`))
  engine.jobs.add(jobBody('middle', 'p', { priority: 2 }))
  engine.tasks.add('middle', taskBody('t', { requiredSlots: 3 }))
  engine.pools.add(poolBody('p', { taskSlotsPerNode: 4 }))
  seconds(0)
  read = 0
  // A slot is left beside the first task, and the small job's tasks have it one after the other.
  engine.tasks.terminate('small', 't0')
  seconds(0)
  expect(engine.jobs.taskCounts('small').taskCounts).toMatchObject({ running: 1, completed: 1 })
  expect(read).toBeLessThan(4)
})

test('a task tells of its node when that is long gone, and another one has come', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p'))
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.add('j', taskBody('t'))
  seconds(10)
  const [node] = engine.nodes.list('p').items
  for (const targetDedicatedNodes of [0, 2]) {
    engine.pools.resize('p', { targetDedicatedNodes })
    seconds(10)
  }
  expect(engine.nodes.list('p').items).not.toContainEqual(expect.objectContaining({ id: node?.id }))
  expect(engine.tasks.get('j', 't').nodeInfo).toMatchObject({ nodeId: node?.id, poolId: 'p' })
})

test('a job with a task that fits is read, whatever else it has', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.add('j', taskBody('large', { requiredSlots: 4 }))
  engine.tasks.add('j', taskBody('small'))
  engine.pools.add(poolBody('p', { taskSlotsPerNode: 2 }))
  seconds(0)
  expect(engine.tasks.get('j', 'small').state).toBe('running')
})

test('the statistics of a job are right after each step of the life of its tasks', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ duration: 10_000 }) })
  engine.jobs.add(jobBody('j', 'p'))
  for (const id of ['a', 'b', 'c']) engine.tasks.add('j', taskBody(id))
  seconds(5)
  engine.pools.add(poolBody('p', { taskSlotsPerNode: 2 }))
  seconds(4)
  expect(engine.statistics.ofJob('j')).toMatchObject({ wallClockTime: 'PT8S', waitTime: 'PT10S' })
  engine.tasks.terminate('j', 'a')
  seconds(1)
  engine.tasks.delete('j', 'a')
  // b has run for 5 s; c began when the process of a was gone.
  expect(engine.statistics.ofJob('j')).toMatchObject({ wallClockTime: 'PT6S', waitTime: 'PT14S' })
  seconds(60)
  expect(engine.statistics.ofJob('j')).toMatchObject({
    wallClockTime: 'PT20S',
    waitTime: 'PT14S',
    numSucceededTasks: '2',
    numFailedTasks: '0',
  })
})
