// Whose variables and files the commands of a job get.

import type { Effect, TaskRun } from '@malachite/emulator'
import { expect, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

const A = { name: 'A', value: 'job' }
const B = { name: 'B', value: 'job' }
const OWN = { name: 'B', value: 'own' }

const environmentsOf = (runs: readonly TaskRun[]) =>
  runs.map(({ taskId, environment }) => [taskId, environment])

test('the variables of a job are those of its job manager and its tasks, unless these have their own', () => {
  const { engine, runtime, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p', { taskSlotsPerNode: 4 }))
  const jobManagerTask = {
    id: 'manager',
    commandLine: 'm',
    killJobOnCompletion: false,
    environmentSettings: [OWN],
  }
  engine.jobs.add(jobBody('j', 'p', { commonEnvironmentSettings: [A, B], jobManagerTask }))
  seconds(5)
  engine.tasks.add('j', taskBody('plain'))
  engine.tasks.add('j', taskBody('other', { environmentSettings: [{ name: 'C', value: 'own' }, OWN] }))
  expect(environmentsOf(runtime.started)).toEqual([
    ['manager', [A, OWN]],
    ['plain', [A, B]],
    ['other', [A, { name: 'C', value: 'own' }, OWN]],
  ])
})

test('a start task has variables of its own, whatever jobs use the pool', () => {
  const { engine, runtime, seconds } = openVirtualEngine()
  const startTask = { commandLine: 's', environmentSettings: [OWN] }
  engine.pools.add(poolBody('p', { startTask }))
  engine.jobs.add(jobBody('j', 'p', { commonEnvironmentSettings: [A, B] }))
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  engine.nodes.reboot('p', engine.nodes.list('p').items[0]?.id ?? '')
  seconds(5)
  const isStart = (effect: Effect) => effect.type === 'runStartTask'
  expect(runtime.effects.filter(isStart)).toMatchObject([{ environment: [OWN] }, { environment: [OWN] }])
})

test('tasks learn where the preparation was although its files have had their time', () => {
  const { engine, runtime, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p'))
  const constraints = { retentionTime: 'PT1M' }
  engine.jobs.add(jobBody('j', 'p', { jobPreparationTask: { id: 'before', commandLine: 'x', constraints } }))
  engine.tasks.add('j', taskBody('first'))
  seconds(120)
  expect(runtime.effects).toContainEqual(
    expect.objectContaining({ type: 'deleteTaskFiles', directory: 'workitems/j/job-1/before' }),
  )
  engine.tasks.add('j', taskBody('second'))
  seconds(5)
  expect(runtime.started.map(({ taskId, preparationId }) => [taskId, preparationId])).toEqual([
    ['before', undefined],
    ['first', 'before'],
    ['second', 'before'],
  ])
})

test('who runs a command is an automatic user of the pool without rights, unless somebody is named', () => {
  const { engine, runtime, seconds } = openVirtualEngine()
  const userAccounts = [{ name: 'ada', password: 'p' }]
  engine.pools.add(poolBody('p', { userAccounts, taskSlotsPerNode: 4 }))
  engine.jobs.add(jobBody('j', 'p'))
  seconds(5)
  engine.tasks.add('j', taskBody('plain'))
  engine.tasks.add('j', taskBody('hers', { userIdentity: { username: 'ada' } }))
  engine.tasks.add('j', taskBody('nobodys', { userIdentity: { username: 'eve' } }))
  const autoUser = { scope: 'pool', elevationLevel: 'nonadmin' }
  expect(engine.tasks.get('j', 'plain')).toMatchObject({ userIdentity: { autoUser } })
  expect(runtime.started).toMatchObject([
    { userIdentity: { autoUser } },
    { userIdentity: { username: 'ada' } },
    { userIdentity: { username: 'eve' }, isUserMissing: true },
  ])
  expect(runtime.started[1]).not.toHaveProperty('isUserMissing')
})

test.each([
  ['both a name and an automatic user', { username: 'ada', autoUser: {} }],
  ['neither', {}],
])('who runs a command cannot be %s', (_, userIdentity) => {
  const { engine } = openVirtualEngine()
  engine.jobs.add(jobBody('j', 'p'))
  expect(() => engine.tasks.add('j', taskBody('t', { userIdentity }))).toThrow(
    expect.objectContaining({ code: 'InvalidPropertyValue' }),
  )
})

test('an account of a pool has a number of its own with a group, or neither', () => {
  const { engine } = openVirtualEngine()
  const add = (id: string, linuxUserConfiguration: object) =>
    engine.pools.add(poolBody(id, { userAccounts: [{ name: 'ada', password: 'p', linuxUserConfiguration }] }))
  for (const half of [{ uid: 1 }, { gid: 1 }])
    expect(() => add('p', half)).toThrow(expect.objectContaining({ code: 'InvalidPropertyValue' }))
  add('both', { uid: 1, gid: 1 })
  add('neither', {})
})
