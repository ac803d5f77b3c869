// The service that a sample holds: something of everything, stopped in the middle of its work.

import { createEngine, type Engine, openStore } from '@malachite/emulator'
import { createFakeRuntime } from '../../helpers/fake-runtime.ts'
import { createVirtualClock } from '../../helpers/virtual-clock.ts'

/** An engine on a database file and on nodes whose commands take `duration` ms, or fail when they say so. */
export function openWorld(path: string, { duration, start }: { duration: number; start?: number }) {
  const clock = createVirtualClock(start)
  const script = (commandLine: string) => ({ duration, exitCode: commandLine === 'fail' ? 1 : 0 })
  const runtime = createFakeRuntime({ clock, reports: () => engine.reports, script })
  const store = openStore(path)
  let ids = store.latestTime()
  const engine: Engine = createEngine({
    store,
    clock,
    account: { name: 'sample' },
    newId: () => String(++ids).padStart(64, '0'),
    perform: (effects) => runtime.perform(effects),
  })
  return { engine, clock }
}

const MACHINES = {
  vmSize: 'STANDARD_D2S_V3',
  virtualMachineConfiguration: {
    imageReference: { publisher: 'canonical', offer: 'ubuntu-24_04-lts', sku: 'server' },
    nodeAgentSKUId: 'batch.node.ubuntu 24.04',
  },
}
const task = (id: string, more: object = {}) => ({ id, commandLine: 'work', ...more })

/** Fills an empty service. Its pools: `fixed`, `spot`, `scaled`; its jobs: `busy`, `chained`, `done`, `paused`, `nightly:job-1`. */
export function fillWorld({ engine, clock }: ReturnType<typeof openWorld>): void {
  addPools(engine)
  clock.advance(1000)
  addDoneJob(engine)
  clock.advance(5000)
  addJobs(engine)
  clock.advance(4000)
  const [node = ''] = engine.nodes.list('fixed').items.map(({ id }) => id)
  engine.nodes.addUser('fixed', node, { name: 'someone', password: 'not-a-secret-1' })
  engine.jobs.terminate('done')
  engine.jobs.disable('paused', { disableTasks: 'requeue' })
  engine.tasks.add('paused', task('b'))
  engine.tasks.addCollection('busy', {
    value: ['c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map((id) => task(id)),
  })
  clock.advance(2000)
}

function addPools({ pools }: Engine): void {
  const startTask = { commandLine: 'prepare', waitForSuccess: true }
  pools.add({ id: 'fixed', ...MACHINES, targetDedicatedNodes: 3, taskSlotsPerNode: 2, startTask })
  pools.add({ id: 'spot', ...MACHINES, targetLowPriorityNodes: 2, metadata: [{ name: 'a', value: 'b' }] })
  const autoScaleFormula = '$TargetDedicatedNodes = 1;'
  pools.add({ id: 'scaled', ...MACHINES, enableAutoScale: true, autoScaleFormula })
}

function addDoneJob({ jobs, tasks }: Engine): void {
  jobs.add({ id: 'done', poolInfo: { poolId: 'spot' } })
  tasks.addCollection('done', { value: [task('a'), task('b', { commandLine: 'fail' })] })
}

function addJobs({ jobs, jobSchedules, tasks }: Engine): void {
  const poolInfo = { poolId: 'fixed' }
  jobs.add({ id: 'busy', poolInfo, priority: 10 })
  tasks.addCollection('busy', {
    value: [task('a', { requiredSlots: 2 }), task('b', { commandLine: 'fail' })],
  })
  jobs.add({
    id: 'chained',
    poolInfo,
    usesTaskDependencies: true,
    jobPreparationTask: { commandLine: 'prepare' },
  })
  tasks.add('chained', task('1'))
  tasks.add('chained', task('2', { dependsOn: { taskIdRanges: [{ start: 1, end: 1 }] } }))
  tasks.add('chained', task('after', { dependsOn: { taskIds: ['1', '2'] } }))
  jobs.add({ id: 'paused', poolInfo })
  tasks.add('paused', task('a'))
  const schedule = { recurrenceInterval: 'P1D' }
  jobSchedules.add({ id: 'nightly', schedule, jobSpecification: { poolInfo } })
}
