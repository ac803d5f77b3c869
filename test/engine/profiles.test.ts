// How long things take in the profiles, as somebody sees it who looks every 100 ms; the times come from the seed.

import { openStore } from '@malachite/emulator'
import { BatchError, type JobState } from '@malachite/model'
import { expect, onTestFinished, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

type Virtual = ReturnType<typeof openVirtualEngine>

/** Looks every 100 ms until `isDone`: what was seen and since when, in seconds. */
function watch({ clock }: Virtual, look: () => string, isDone: (seen: string) => boolean): string[] {
  const start = clock.now()
  const seen: string[] = []
  let last = ''
  for (let i = 0; i < 10_000 && !isDone(last); i++) {
    const now = look()
    if (now !== last) seen.push(`${((clock.now() - start) / 1000).toFixed(1)} ${now}`)
    last = now
    if (!isDone(last)) clock.advance(100)
  }
  return seen
}

function lookAtPool({ engine }: Virtual): string {
  try {
    const { state, allocationState } = engine.pools.get('p')
    const nodes = engine.nodes.list('p').items.map((node) => node.state)
    return [state, allocationState, ...nodes.sort()].join(' ')
  } catch (error) {
    return error instanceof BatchError ? error.code : String(error)
  }
}

/** A pool whose nodes are ready, and a job. */
function openSteady(options: Parameters<typeof openVirtualEngine>[0], more: object = {}) {
  const virtual = openVirtualEngine(options)
  virtual.engine.pools.add(poolBody('p', more))
  virtual.seconds(150)
  virtual.engine.jobs.add(jobBody('j', 'p'))
  virtual.seconds(70)
  return virtual
}

test('azure: a pool with a start task takes about a minute, the same with the same seed', () => {
  const course = (seed: number): string[] => {
    const virtual = openVirtualEngine({ profile: 'azure', seed })
    virtual.engine.pools.add(poolBody('p', { startTask: { commandLine: 'prepare' } }))
    return watch(
      virtual,
      () => lookAtPool(virtual),
      (seen) => seen.endsWith('idle'),
    )
  }
  expect(course(1)).toMatchInlineSnapshot(`
    [
      "0.0 active resizing",
      "62.7 active steady creating",
      "71.8 active steady starting",
      "84.1 active steady waitingforstarttask",
      "86.1 active steady idle",
    ]
  `)
  expect(course(1)).toEqual(course(1))
  expect(course(2)).not.toEqual(course(1))
})

test('azure: an empty pool is steady after a second or two, and gone a few seconds after its deletion', () => {
  const virtual = openVirtualEngine({ profile: 'azure' })
  virtual.engine.pools.add(poolBody('p', { targetDedicatedNodes: 0 }))
  expect(
    watch(
      virtual,
      () => lookAtPool(virtual),
      (seen) => seen.endsWith('steady'),
    ),
  ).toMatchInlineSnapshot(`
    [
      "0.0 active resizing",
      "1.4 active steady",
    ]
  `)
  virtual.engine.pools.delete('p')
  expect(
    watch(
      virtual,
      () => lookAtPool(virtual),
      (seen) => seen === 'PoolNotFound',
    ),
  ).toMatchInlineSnapshot(`
    [
      "0.0 deleting resizing",
      "1.6 PoolNotFound",
    ]
  `)
})

test('azure: a pool with nodes is two minutes in deletion, and its id is not free before', () => {
  const virtual = openSteady({ profile: 'azure' })
  virtual.engine.pools.delete('p')
  expect(() => virtual.engine.pools.add(poolBody('p'))).toThrow(
    expect.objectContaining({ code: 'PoolBeingDeleted' }) as Error,
  )
  expect(
    watch(
      virtual,
      () => lookAtPool(virtual),
      (seen) => seen === 'PoolNotFound',
    ),
  ).toMatchInlineSnapshot(`
    [
      "0.0 deleting resizing leavingpool",
      "91.4 PoolNotFound",
    ]
  `)
})

test('azure: a node reboots, then starts', () => {
  const virtual = openSteady({ profile: 'azure' })
  virtual.engine.nodes.reboot('p', virtual.engine.nodes.list('p').items[0]?.id ?? '')
  expect(
    watch(
      virtual,
      () => lookAtPool(virtual),
      (seen) => seen.endsWith('idle'),
    ),
  ).toMatchInlineSnapshot(`
    [
      "0.0 active steady rebooting",
      "41.3 active steady starting",
      "56.6 active steady idle",
    ]
  `)
})

test('azure: a task waits for the next round of the scheduler, and tasks added meanwhile start with it', () => {
  const virtual = openSteady({ profile: 'azure', script: () => ({ duration: 5 }) }, { taskSlotsPerNode: 2 })
  const { engine, clock } = virtual
  engine.tasks.add('j', taskBody('t'))
  const look = (): string => engine.tasks.get('j', 't').state
  expect(watch(virtual, look, (seen) => seen === 'completed')).toMatchInlineSnapshot(`
    [
      "0.0 active",
      "1.2 running",
      "2.0 completed",
    ]
  `)
  engine.tasks.add('j', taskBody('first'))
  clock.advance(200)
  engine.tasks.add('j', taskBody('second'))
  clock.advance(200)
  expect(engine.tasks.list('j').items.map((task) => task.state)).toEqual(['active', 'active', 'completed'])
  clock.advance(10_000)
  const [first, second] = engine.tasks
    .list('j')
    .items.map((task) => Date.parse(task.executionInfo.startTime ?? ''))
  expect(second).toBe(first)
})

test('azure: a slot that comes free waits for the next round, too', () => {
  const virtual = openSteady({ profile: 'azure' })
  const { engine, clock } = virtual
  for (const id of ['a', 'b']) engine.tasks.add('j', taskBody(id))
  clock.advance(20_000)
  const [a, b] = engine.tasks.list('j').items.map(({ executionInfo }) => executionInfo)
  const gap = Date.parse(b?.startTime ?? '') - Date.parse(a?.endTime ?? '')
  expect(gap).toBeGreaterThanOrEqual(400)
  expect(gap).toBeLessThanOrEqual(5000)
})

test('what is on its way when the emulator stops goes on after its next start', () => {
  const memory = openStore(':memory:')
  onTestFinished(() => memory.close())
  const store = { ...memory, close: () => {} }
  const first = openVirtualEngine({ profile: 'azure', store })
  first.engine.pools.add(poolBody('p', { targetDedicatedNodes: 0 }))
  first.seconds(10)
  first.engine.pools.delete('p')
  const second = openVirtualEngine({ profile: 'azure', store })
  expect(lookAtPool(second)).toBe('deleting resizing')
  second.seconds(20)
  expect(lookAtPool(second)).toBe('PoolNotFound')
})

test('azure: counts of tasks are behind those of the list, for a new job from its first task on', () => {
  const virtual = openSteady({ profile: 'azure', script: () => ({ duration: 30_000 }) })
  const { engine } = virtual
  const counts = (): string => {
    const { active, running, completed } = engine.jobs.taskCounts('k').taskCounts
    const list = engine.tasks.list('k').items.map(({ state }) => state)
    return `${active} ${running} ${completed}, in truth ${list.join()}`
  }
  engine.jobs.add(jobBody('k', 'p'))
  engine.tasks.add('k', taskBody('t'))
  expect(watch(virtual, counts, (seen) => seen.startsWith('0 0 1'))).toMatchInlineSnapshot(`
    [
      "0.0 0 0 0, in truth active",
      "1.2 0 0 0, in truth running",
      "3.0 0 1 0, in truth running",
      "32.0 0 0 1, in truth completed",
    ]
  `)
})

test('azure: the counts of a job that is gone are those of no job', () => {
  const { engine, seconds } = openSteady({ profile: 'azure' })
  engine.jobs.taskCounts('j')
  engine.jobs.delete('j')
  seconds(11)
  expect(() => engine.jobs.taskCounts('j')).toThrow(expect.objectContaining({ code: 'JobNotFound' }) as Error)
})

test.each<[profile: 'fast' | 'azure', verb: 'disable' | 'terminate', states: JobState[]]>([
  ['fast', 'disable', ['disabling', 'disabled']],
  ['azure', 'disable', ['disabling', 'disabled']],
  ['fast', 'terminate', ['terminating', 'completed']],
  ['azure', 'terminate', ['terminating', 'completed']],
])('%s: who looks after a request to %s a job sees %j', (profile, verb, states) => {
  const virtual = openSteady({ profile })
  const { engine } = virtual
  if (verb === 'disable') engine.jobs.disable('j', { disableTasks: 'requeue' })
  else engine.jobs.terminate('j')
  const seen = watch(
    virtual,
    () => engine.jobs.get('j').state,
    (state) => state === states.at(-1),
  )
  expect(seen.map((line) => line.split(' ')[1])).toEqual(states)
})

test('fast: who looks every 100 ms sees every state of a pool and its node', () => {
  const virtual = openVirtualEngine({ profile: 'fast', script: () => ({ duration: 1 }) })
  virtual.engine.pools.add(poolBody('p', { startTask: { commandLine: 'prepare', waitForSuccess: true } }))
  const look = (): string => lookAtPool(virtual)
  expect(watch(virtual, look, (seen) => seen.endsWith('idle'))).toMatchInlineSnapshot(`
    [
      "0.0 active resizing",
      "0.5 active steady creating",
      "0.8 active steady starting",
      "1.1 active steady waitingforstarttask",
      "1.5 active steady idle",
    ]
  `)
  virtual.engine.pools.delete('p')
  expect(watch(virtual, look, (seen) => seen === 'PoolNotFound')).toMatchInlineSnapshot(`
    [
      "0.0 deleting resizing leavingpool",
      "0.3 PoolNotFound",
    ]
  `)
})

test('fast: who looks every 100 ms sees every state of a job that is enabled, then deleted', () => {
  const virtual = openSteady({ profile: 'fast' })
  const { engine, seconds } = virtual
  const look = (): string => engine.jobs.list().items[0]?.state ?? 'gone'
  engine.jobs.disable('j', { disableTasks: 'requeue' })
  seconds(1)
  engine.jobs.enable('j')
  expect(watch(virtual, look, (seen) => seen === 'active')).toMatchInlineSnapshot(`
    [
      "0.0 enabling",
      "0.3 active",
    ]
  `)
  engine.jobs.delete('j')
  expect(watch(virtual, look, (seen) => seen === 'gone')).toMatchInlineSnapshot(`
    [
      "0.0 deleting",
      "0.4 gone",
    ]
  `)
})

test('fast: a resize that is stopped is seen to stop', () => {
  const virtual = openVirtualEngine({ profile: 'fast' })
  virtual.engine.pools.add(poolBody('p'))
  virtual.engine.pools.stopResize('p')
  expect(
    watch(
      virtual,
      () => lookAtPool(virtual),
      (seen) => seen.endsWith('steady'),
    ),
  ).toMatchInlineSnapshot(`
    [
      "0.0 active stopping",
      "0.4 active steady",
    ]
  `)
})

test('fast: a schedule that is terminated, then deleted, takes its time', () => {
  const virtual = openVirtualEngine({ profile: 'fast' })
  const { engine } = virtual
  const schedule = { doNotRunUntil: '2027-01-01T00:00:00Z' }
  engine.jobSchedules.add({ id: 's', schedule, jobSpecification: { poolInfo: { poolId: 'p' } } })
  const look = (): string => engine.jobSchedules.list().items[0]?.state ?? 'gone'
  engine.jobSchedules.terminate('s')
  expect(watch(virtual, look, (seen) => seen === 'completed')).toMatchInlineSnapshot(`
    [
      "0.0 terminating",
      "0.4 completed",
    ]
  `)
  engine.jobSchedules.delete('s')
  expect(watch(virtual, look, (seen) => seen === 'gone')).toMatchInlineSnapshot(`
    [
      "0.0 deleting",
      "0.3 gone",
    ]
  `)
})

test('a node that is removed while it boots goes, and what is told of its boot later changes nothing', () => {
  const virtual = openVirtualEngine({ profile: 'azure' })
  const { engine, seconds } = virtual
  engine.pools.add(poolBody('p'))
  seconds(90)
  const look = (): string => lookAtPool(virtual)
  engine.pools.resize('p', { targetDedicatedNodes: 0 })
  expect(look()).toBe('active resizing leavingpool')
  const seen = watch(virtual, look, (now) => now.endsWith('steady'))
  expect(seen.map((line) => line.replace(/^\S+ /, ''))).toEqual([
    'active resizing leavingpool',
    'active steady',
  ])
})
