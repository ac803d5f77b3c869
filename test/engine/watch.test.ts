// What those who look on are told: each change as a whole, after its commit, with the states it led from and to.

import type { Engine, EngineChange } from '@malachite/emulator'
import { expect, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody } from '../helpers/virtual-engine.ts'

function watch(engine: Engine) {
  const changes: EngineChange[] = []
  const stop = engine.watch((more) => changes.push(...more))
  /** What was told since the last look, without times. */
  const take = (): string[] => changes.splice(0).map(describe)
  return { take, stop }
}

function describe({ kind, id, parent, move }: EngineChange): string {
  const name = [kind, ...(parent === undefined ? [] : [parent]), ...(id === undefined ? [] : [id])].join(' ')
  return move ? `${name}: ${move.from ?? ''} > ${move.to}` : name
}

test('tells which states a task passes', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p'))
  engine.jobs.add(jobBody('j', 'p'))
  seconds(5)
  const { take } = watch(engine)
  engine.tasks.add('j', { id: 't', commandLine: 'run' })
  seconds(60)
  const told = take().filter((line) => line.startsWith('task') && line.includes('>'))
  expect(told).toEqual(['task j t:  > active', 'task j t: active > running', 'task j t: running > completed'])
})

test('tells which states pool and nodes pass, and when they are gone', () => {
  const { engine, seconds } = openVirtualEngine()
  const { take } = watch(engine)
  engine.pools.add(poolBody('p'))
  seconds(60)
  const [node = ''] = engine.nodes.list('p').items.map(({ id }) => id)
  expect(take().filter((line) => line.includes('>'))).toEqual([
    'pool p:  > active',
    'pool p:  > resizing',
    `node p ${node}:  > creating`,
    'pool p: resizing > steady',
    `node p ${node}: creating > starting`,
    `node p ${node}: starting > idle`,
  ])
  engine.pools.delete('p')
  seconds(60)
  const told = take()
  expect(told).toContain('pool p: active > deleting')
  expect(told).toContain(`node p ${node}: leavingpool > deleted`)
  expect(told.at(-1)).toBe('pool p: deleting > deleted')
})

test('tells of states that it has not seen before', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobs.add(jobBody('j', 'p'))
  seconds(5)
  const { take } = watch(engine)
  engine.jobs.patch('j', { priority: 5 })
  expect(take()).toEqual(['job j'])
  engine.jobs.disable('j', { disableTasks: 'wait' })
  seconds(5)
  expect(take().filter((line) => line.includes('>'))).toEqual([
    'job j: active > disabling',
    'job j: disabling > disabled',
  ])
})

test('tells when a formula was evaluated', () => {
  const { engine, seconds } = openVirtualEngine()
  const { targetDedicatedNodes: _, ...body } = poolBody('p')
  const { take } = watch(engine)
  engine.pools.add({
    ...body,
    enableAutoScale: true,
    autoScaleFormula: '$TargetDedicatedNodes=0',
    autoScaleEvaluationInterval: 'PT5M',
  })
  seconds(1)
  expect(take().filter((line) => line.startsWith('autoscale'))).toEqual(['autoscale p:  > evaluated'])
  seconds(300)
  expect(take().filter((line) => line.startsWith('autoscale'))).toEqual(['autoscale p:  > evaluated'])
})

test('tells of nothing that was refused', () => {
  const { engine } = openVirtualEngine()
  engine.jobs.add(jobBody('j', 'p'))
  const { take } = watch(engine)
  expect(() => engine.jobs.add(jobBody('j', 'p'))).toThrow('already exists')
  expect(() => engine.tasks.add('j', { id: 't', commandLine: 'x', dependsOn: { taskIds: ['u'] } })).toThrow()
  expect(take()).toEqual([])
})

test('tells of everything when everything is forgotten', () => {
  const { engine } = openVirtualEngine()
  engine.pools.add(poolBody('p'))
  const { take } = watch(engine)
  engine.reset()
  expect(take()).toEqual(['pool', 'node', 'job', 'task', 'jobSchedule'])
})

test('tells nothing any more once nobody listens', () => {
  const { engine } = openVirtualEngine()
  const [one, other] = [watch(engine), watch(engine)]
  one.stop()
  engine.jobs.add(jobBody('j', 'p'))
  expect(one.take()).toEqual([])
  expect(other.take()).toEqual(['job j:  > active'])
  other.stop()
  engine.jobs.add(jobBody('k', 'p'))
  expect(other.take()).toEqual([])
})

test('gives a job that takes the place of a deleted one its own name', () => {
  const { engine, seconds } = openVirtualEngine()
  const { take } = watch(engine)
  for (const id of ['first', 'second']) {
    engine.jobs.add(jobBody(id, 'p'))
    engine.tasks.add(id, { id: 't', commandLine: 'x' })
    expect(take().filter((line) => line.startsWith('task'))[0]).toBe(`task ${id} t:  > active`)
    engine.jobs.delete(id)
    seconds(60)
  }
})
