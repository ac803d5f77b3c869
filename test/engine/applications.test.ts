import type { Application, Effect, TaskRun } from '@malachite/emulator'
import { expect, test } from 'vitest'
import { jobBody, nodeStates, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

const pack = (id: string, version: string) => ({ version, path: `/${id}/${version}.zip` })
const APPLICATIONS: Application[] = [
  { id: 'Blender', packages: [pack('Blender', '2.7'), pack('Blender', '2.79')] },
  { id: 'empty', packages: [] },
  { id: 'tool', packages: [pack('tool', '1')] },
]

const open = (applications: Application[] = APPLICATIONS) =>
  openVirtualEngine({ applications: () => applications })

function startedTask(runtime: { started: readonly TaskRun[] }): TaskRun {
  const [run] = runtime.started
  if (!run) throw new Error('no task was started')
  return run
}

test('applications are listed by id with their versions, in pages', () => {
  const { applications } = open().engine
  expect(applications.get('blender')).toEqual({ id: 'Blender', versions: ['2.7', '2.79'] })
  expect(() => applications.get('none')).toThrow('The specified application does not exist.')
  const first = applications.list({ maxResults: 2 })
  expect(first.items.map(({ id }) => id)).toEqual(['Blender', 'empty'])
  expect(applications.list({ maxResults: 2, skipToken: first.next ?? '' })).toEqual({
    items: [{ id: 'tool', versions: ['1'] }],
  })
})

test('a page goes on after its last item even if that is gone', () => {
  const applications = [...APPLICATIONS]
  const { engine } = open(applications)
  const { next = '' } = engine.applications.list({ maxResults: 2 })
  applications.splice(1, 1)
  expect(engine.applications.list({ skipToken: next }).items.map(({ id }) => id)).toEqual(['tool'])
})

test.each([
  ['an unknown application', { applicationId: 'none' }],
  ['an unknown version', { applicationId: 'tool', version: '2' }],
  ['the default of an application without versions', { applicationId: 'empty' }],
])('a pool that refers to %s is refused', (_, reference) => {
  const { engine } = open()
  const references = { applicationPackageReferences: [reference] }
  const code = 'InvalidApplicationPackageReferences'
  expect(() => engine.pools.add(poolBody('p', references))).toThrow(expect.objectContaining({ code }))
  engine.pools.add(poolBody('p'))
  expect(() => engine.pools.patch('p', references)).toThrow(expect.objectContaining({ code }))
})

test('a node installs the packages of its pool at every boot', () => {
  const { engine, runtime, seconds } = open()
  const references = [{ applicationId: 'blender' }, { applicationId: 'tool', version: '1' }]
  engine.pools.add(
    poolBody('p', { applicationPackageReferences: references, startTask: { commandLine: 's' } }),
  )
  seconds(5)
  expect(engine.pools.get('p')).toMatchObject({ applicationPackageReferences: references })
  const packages = [
    { applicationId: 'Blender', isDefault: true, ...pack('Blender', '2.79') },
    { applicationId: 'tool', isDefault: false, ...pack('tool', '1') },
  ]
  const boots = (): Effect[] => runtime.effects.filter(({ type }) => type === 'bootNode')
  expect(boots()).toMatchObject([{ applicationPackages: packages }])
  expect(runtime.effects.find(({ type }) => type === 'runStartTask')).toMatchObject({
    applicationPackages: packages,
  })
  engine.pools.patch('p', { applicationPackageReferences: [] })
  expect(engine.pools.get('p')).not.toHaveProperty('applicationPackageReferences')
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.add('j', taskBody('t'))
  // The node keeps what it has until it boots again.
  expect(startedTask(runtime).applicationPackages).toEqual(packages)
  seconds(5)
  engine.nodes.reboot('p', engine.nodes.list('p').items[0]?.id ?? '')
  expect(boots()[1]).not.toHaveProperty('applicationPackages')
})

test('a node whose packages cannot be installed is unusable until it is rebooted', () => {
  const { engine, runtime, seconds } = openVirtualEngine({
    applications: () => APPLICATIONS,
    allocation: 1000,
  })
  engine.pools.add(poolBody('p', { applicationPackageReferences: [{ applicationId: 'tool' }] }))
  const perform = runtime.perform.bind(runtime)
  const failing: Effect[] = []
  runtime.perform = (effects) => {
    failing.push(...effects.filter(({ type }) => type === 'bootNode'))
    perform(effects.filter(({ type }) => type !== 'bootNode'))
  }
  seconds(2)
  const [boot] = failing
  if (boot?.type !== 'bootNode') throw new Error('no node was booted')
  const error = { code: 'ApplicationPackageError', message: 'It is damaged.' }
  engine.reports.nodeBootFailed(boot.node.nodeId, boot.boot, error)
  expect(engine.nodes.list('p').items).toMatchObject([{ state: 'unusable', errors: [error] }])
  runtime.perform = perform
  engine.nodes.reboot('p', boot.node.nodeId)
  seconds(2)
  expect(nodeStates(engine, 'p')).toEqual(['idle'])
})

test('a task may refer to packages that do not exist: that is found out when it is to run', () => {
  const { engine, runtime, seconds } = open()
  engine.pools.add(poolBody('p', { applicationPackageReferences: [{ applicationId: 'tool' }] }))
  seconds(5)
  engine.jobs.add(jobBody('j', 'p'))
  const references = [
    { applicationId: 'none', version: '1' },
    { applicationId: 'BLENDER', version: '2.7' },
  ]
  engine.tasks.add('j', taskBody('t', { applicationPackageReferences: references }))
  expect(engine.tasks.get('j', 't')).toMatchObject({ applicationPackageReferences: references })
  expect(startedTask(runtime).applicationPackages).toEqual([
    { applicationId: 'tool', isDefault: true, ...pack('tool', '1') },
    { applicationId: 'none', isDefault: false, version: '1' },
    { applicationId: 'Blender', isDefault: false, ...pack('Blender', '2.7') },
  ])
})

test('an application can be named by its Azure resource id', () => {
  const { engine, runtime, seconds } = open()
  engine.pools.add(poolBody('p'))
  seconds(5)
  engine.jobs.add(jobBody('j', 'p'))
  const applicationId =
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/a/applications/tool'
  engine.tasks.add('j', taskBody('t', { applicationPackageReferences: [{ applicationId }] }))
  expect(startedTask(runtime).applicationPackages).toMatchObject([{ applicationId: 'tool', version: '1' }])
})

test('tasks without packages carry none, and an empty list is not answered', () => {
  const { engine, runtime, seconds } = open()
  engine.pools.add(poolBody('p', { applicationPackageReferences: [] }))
  expect(engine.pools.get('p')).not.toHaveProperty('applicationPackageReferences')
  seconds(5)
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.add('j', taskBody('t', { applicationPackageReferences: [] }))
  expect(startedTask(runtime)).not.toHaveProperty('applicationPackages')
  expect(engine.tasks.get('j', 't')).not.toHaveProperty('applicationPackageReferences')
})

test('a pool can refer to ten packages', () => {
  const { engine } = open()
  const references = Array.from({ length: 11 }, () => ({ applicationId: 'tool' }))
  expect(() => engine.pools.add(poolBody('p', { applicationPackageReferences: references }))).toThrow(
    expect.objectContaining({ code: 'InvalidPropertyValue' }),
  )
})

test('a node is starting while the packages of its pool are installed', () => {
  const { engine, runtime, seconds } = openVirtualEngine({ applications: () => APPLICATIONS, boot: 5000 })
  engine.pools.add(poolBody('p', { applicationPackageReferences: [{ applicationId: 'tool' }] }))
  seconds(1)
  expect(runtime.effects.find(({ type }) => type === 'bootNode')).toMatchObject({
    applicationPackages: [{ applicationId: 'tool' }],
  })
  expect(nodeStates(engine, 'p')).toEqual(['starting'])
  seconds(5)
  expect(nodeStates(engine, 'p')).toEqual(['idle'])
})
