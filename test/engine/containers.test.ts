import type { CommandOutcome, Effect, Engine, TaskRun } from '@malachite/emulator'
import { openStore } from '@malachite/emulator'
import { expect, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

const LOGIN = { username: 'u', password: 'SECRET', registryServer: 'r.example' }
const KNOWN = { server: 'r.example', username: 'u', password: 'SECRET' }

/** A pool for containers. */
function containerPool(id: string, configuration: object = {}, more: object = {}) {
  return poolBody(id, {
    virtualMachineConfiguration: {
      imageReference: {
        publisher: 'microsoft-azure-batch',
        offer: 'ubuntu-server-container',
        sku: '20-04-lts',
      },
      nodeAgentSKUId: 'batch.node.ubuntu 20.04',
      containerConfiguration: { type: 'dockerCompatible', ...configuration },
    },
    ...more,
  })
}

/** The effects of a kind, in their order. */
function effectsOf<Type extends Effect['type']>(effects: readonly Effect[], type: Type) {
  return effects.filter((effect): effect is Extract<Effect, { type: Type }> => effect.type === type)
}

/** The latest task that was started. */
function latest(started: readonly TaskRun[]): TaskRun {
  const run = started.at(-1)
  if (!run) throw new Error('nothing was started')
  return run
}

function report(engine: Engine, outcome: CommandOutcome): void {
  engine.reports.taskEnded(outcome)
}

test('the runtime is told all that a container needs', () => {
  const { engine, runtime, seconds } = openVirtualEngine()
  engine.pools.add(containerPool('pool', { containerRegistries: [LOGIN] }))
  engine.jobs.add(jobBody('job', 'pool'))
  const containerSettings = {
    imageName: 'image',
    containerRunOptions: '--read-only',
    workingDirectory: 'containerImageDefault',
    containerHostBatchBindMounts: [{ source: 'Task', isReadOnly: true }],
  }
  engine.tasks.add('job', taskBody('task', { containerSettings }))
  seconds(0)
  expect(latest(runtime.started).container).toEqual({
    imageName: 'image',
    isSupported: true,
    registries: [KNOWN],
    runOptions: '--read-only',
    startsInImage: true,
    mounts: [{ source: 'Task', isReadOnly: true }],
  })
})

test("a node is told its pool's images each time it starts", () => {
  const { engine, runtime, seconds } = openVirtualEngine()
  engine.pools.add(containerPool('pool', { containerImageNames: ['a', 'b'], containerRegistries: [LOGIN] }))
  seconds(0)
  const [node] = engine.nodes.list('pool').items
  engine.nodes.reboot('pool', node?.id ?? '', {})
  seconds(0)
  const boots = effectsOf(runtime.effects, 'bootNode')
  expect(boots.map(({ images }) => images)).toEqual([
    { names: ['a', 'b'], registries: [KNOWN] },
    { names: ['a', 'b'], registries: [KNOWN] },
  ])
})

test('a password that comes with an update is used as well', () => {
  const { engine, runtime, seconds } = openVirtualEngine()
  const { virtualMachineConfiguration } = containerPool('pool', {
    containerImageNames: ['a'],
    containerRegistries: [LOGIN],
  }) as { virtualMachineConfiguration: object }
  engine.pools.add(containerPool('pool', {}, { targetDedicatedNodes: 0 }))
  seconds(0)
  engine.pools.patch('pool', { virtualMachineConfiguration })
  engine.pools.resize('pool', { targetDedicatedNodes: 1 })
  seconds(0)
  expect(effectsOf(runtime.effects, 'bootNode').map(({ images }) => images)).toEqual([
    { names: ['a'], registries: [KNOWN] },
  ])
  expect(JSON.stringify(engine.pools.get('pool'))).not.toContain('SECRET')
})

test('a job may be updated with the pool that it has, password and all', () => {
  const { engine, seconds } = openVirtualEngine()
  const { id: _, ...pool } = containerPool('x', { containerRegistries: [LOGIN] })
  const specification = { poolLifetimeOption: 'job', pool }
  engine.jobs.add({ id: 'job', poolInfo: { autoPoolSpecification: specification } })
  seconds(0)
  const poolInfo = { autoPoolSpecification: { ...specification, keepAlive: true } }
  engine.jobs.patch('job', { poolInfo })
  expect(engine.jobs.get('job').poolInfo).toMatchObject({ autoPoolSpecification: { keepAlive: true } })
  expect(JSON.stringify(engine.jobs.get('job'))).not.toContain('SECRET')
})

test("a task's own registry replaces those of its pool; of an account the latest password counts", () => {
  const { engine, runtime, seconds } = openVirtualEngine()
  engine.pools.add(containerPool('pool', { containerRegistries: [LOGIN] }, { taskSlotsPerNode: 4 }))
  engine.jobs.add(jobBody('job', 'pool'))
  const own = (registry: object) => ({ containerSettings: { imageName: 'image', registry } })
  engine.tasks.add('job', taskBody('other', own({ username: 'me', password: 'MINE' })))
  engine.tasks.add('job', taskBody('newer', own({ ...LOGIN, password: 'NEWER' })))
  engine.tasks.add('job', taskBody('unknown', own({ username: 'who', registryServer: 'r.example' })))
  engine.tasks.add('job', taskBody('again', { containerSettings: { imageName: 'image' } }))
  seconds(0)
  const registries = new Map(runtime.started.map(({ taskId, container }) => [taskId, container?.registries]))
  expect(registries.get('other')).toEqual([{ server: 'docker.io', username: 'me', password: 'MINE' }])
  expect(registries.get('newer')).toEqual([{ ...KNOWN, password: 'NEWER' }])
  expect(registries.get('unknown')).toEqual([{ server: 'r.example', username: 'who' }])
  expect(registries.get('again')).toEqual([{ ...KNOWN, password: 'NEWER' }])
})

test('passwords reach the nodes from jobs and schedules as well, and are stored nowhere', () => {
  const store = openStore(':memory:')
  const { engine, runtime, seconds } = openVirtualEngine({ store })
  const containerSettings = { imageName: 'image', registry: LOGIN }
  const command = { commandLine: 'x', containerSettings }
  engine.pools.add(containerPool('pool', {}, { startTask: command }))
  engine.jobs.add(
    jobBody('job', 'pool', {
      jobPreparationTask: command,
      jobReleaseTask: command,
      jobManagerTask: { ...command, id: 'm' },
    }),
  )
  seconds(10)
  const jobSpecification = { poolInfo: { poolId: 'pool' }, jobManagerTask: { ...command, id: 'manager' } }
  const schedule = { recurrenceInterval: 'PT1H' }
  engine.jobSchedules.add({ id: 'schedule', schedule, jobSpecification })
  seconds(10)
  const commands = [...effectsOf(runtime.effects, 'runStartTask'), ...runtime.started]
  expect(runtime.started.map(({ taskId }) => taskId)).toEqual([
    'jobpreparation',
    'm',
    'jobrelease',
    'manager',
  ])
  for (const { container } of commands) expect(container?.registries).toEqual([KNOWN])
  const rows = [...store.pools.all(), store.jobs.byId('job'), store.jobSchedules.byId('schedule')]
  expect(JSON.stringify(rows)).toContain('r.example')
  expect(JSON.stringify(rows)).not.toContain('SECRET')
})

test('containerInfo is that of the last try, and goes with a new one', () => {
  const { engine, runtime, seconds } = openVirtualEngine({ script: () => ({ duration: 1e9 }) })
  engine.pools.add(containerPool('pool'))
  engine.jobs.add(jobBody('job', 'pool'))
  const containerSettings = { imageName: 'image' }
  engine.tasks.add('job', taskBody('task', { containerSettings, constraints: { maxTaskRetryCount: 1 } }))
  seconds(0)
  const infoOf = () => engine.tasks.get('job', 'task').executionInfo?.containerInfo
  expect(infoOf()).toBeUndefined()
  const first = { containerId: 'one', state: 'exited', error: '' }
  report(engine, { run: latest(runtime.started).run, exitCode: 1, container: first })
  seconds(0)
  expect(infoOf()).toBeUndefined()
  const second = { ...first, containerId: 'two' }
  report(engine, { run: latest(runtime.started).run, exitCode: 1, container: second })
  expect(infoOf()).toEqual(second)
  engine.tasks.reactivate('job', 'task')
  expect(infoOf()).toBeUndefined()
})
