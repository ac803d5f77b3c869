import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, type Engine, openStore } from '@malachite/emulator'
import { expect, onTestFinished, test } from 'vitest'
import { createFakeRuntime } from '../helpers/fake-runtime.ts'
import { createVirtualClock } from '../helpers/virtual-clock.ts'
import { jobBody, poolBody, taskBody } from '../helpers/virtual-engine.ts'

function open(path: string, duration: number) {
  const clock = createVirtualClock()
  const runtime = createFakeRuntime({ clock, reports: () => engine.reports, script: () => ({ duration }) })
  let ids = 0
  const engine: Engine = createEngine({
    store: openStore(path),
    clock,
    account: { name: 'test' },
    newId: () => String(++ids).padStart(64, '0'),
    perform: (effects) => runtime.perform(effects),
  })
  return { engine, clock }
}

test('after a restart the tasks that ran run again and nothing is lost', () => {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-recovery-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'batch.db')
  const first = open(path, 60_000)
  first.engine.pools.add(poolBody('p', { targetDedicatedNodes: 2 }))
  first.engine.jobs.add(jobBody('j', 'p'))
  first.engine.tasks.addCollection('j', { value: [taskBody('a'), taskBody('b'), taskBody('c')] })
  first.clock.advance(1000)
  expect(first.engine.jobs.taskCounts('j').taskCounts).toMatchObject({ running: 2, active: 1 })
  first.engine.close()

  const second = open(path, 1000)
  onTestFinished(() => second.engine.close())
  expect(second.engine.jobs.taskCounts('j').taskCounts).toMatchObject({ running: 0, active: 3 })
  expect(second.engine.nodes.list('p').items.map((node) => node.state)).toEqual(['rebooting', 'rebooting'])
  second.clock.advance(10_000)
  expect(second.engine.jobs.taskCounts('j').taskCounts).toMatchObject({ succeeded: 3, active: 0 })
  expect(second.engine.tasks.get('j', 'a').executionInfo.requeueCount).toBe(0)
})

test('after a restart what prepares a node runs again, and a job on its way to its end goes on', () => {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-recovery-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'batch.db')
  const tasks = { jobPreparationTask: { commandLine: 'prepare' }, jobReleaseTask: { commandLine: 'release' } }
  const first = open(path, 5000)
  first.engine.pools.add(poolBody('p', { targetDedicatedNodes: 2 }))
  first.clock.advance(1000)
  first.engine.jobs.add(jobBody('ending', 'p', tasks))
  first.engine.tasks.add('ending', taskBody('t'))
  first.clock.advance(11_000)
  first.engine.jobs.terminate('ending')
  first.engine.jobs.add(jobBody('starting', 'p', tasks))
  first.engine.tasks.add('starting', taskBody('t'))
  first.clock.advance(1000)
  expect(first.engine.tasks.get('starting', 't').state).toBe('preparing')
  expect(first.engine.jobs.preparationAndReleaseStatus('ending').items).toMatchObject([
    { jobReleaseTaskExecutionInfo: { state: 'running' } },
  ])
  first.engine.close()

  const second = open(path, 1000)
  onTestFinished(() => second.engine.close())
  expect(second.engine.tasks.get('starting', 't').state).toBe('active')
  second.clock.advance(10_000)
  expect(second.engine.tasks.get('starting', 't').state).toBe('completed')
  expect(second.engine.jobs.get('ending').state).toBe('completed')
  expect(second.engine.jobs.preparationAndReleaseStatus('ending').items).toMatchObject([
    { jobReleaseTaskExecutionInfo: { state: 'completed', result: 'success' } },
  ])
  expect(second.engine.nodes.list('p').items.map((node) => node.runningTaskSlotsCount)).toEqual([0, 0])
})

test('after a restart a multi-instance task waits for all its nodes, and dependents for their parents', () => {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-recovery-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'batch.db')
  const first = open(path, 60_000)
  first.engine.pools.add(poolBody('p', { targetDedicatedNodes: 3, enableInterNodeCommunication: true }))
  first.engine.jobs.add(jobBody('j', 'p', { usesTaskDependencies: true }))
  const multiInstanceSettings = { numberOfInstances: 3, coordinationCommandLine: 'coordinate' }
  first.engine.tasks.add('j', taskBody('7', { multiInstanceSettings }))
  first.engine.tasks.add('j', taskBody('after', { dependsOn: { taskIdRanges: [{ start: 7, end: 7 }] } }))
  first.clock.advance(1000)
  expect(first.engine.tasks.get('j', '7').state).toBe('running')
  first.engine.close()

  const second = open(path, 1000)
  onTestFinished(() => second.engine.close())
  expect(second.engine.tasks.get('j', '7').state).toBe('active')
  second.clock.advance(2500)
  expect(second.engine.tasks.get('j', 'after').state).toBe('running')
  second.clock.advance(5000)
  expect(second.engine.jobs.taskCounts('j').taskCounts).toMatchObject({ succeeded: 2, active: 0 })
  expect(second.engine.nodes.list('p').items.map((node) => node.runningTaskSlotsCount)).toEqual([0, 0, 0])
})

test('a job that was ended by force while its preparation ran can be deleted after a restart', () => {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-recovery-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'batch.db')
  const first = open(path, 60_000)
  first.engine.pools.add(poolBody('p'))
  first.engine.jobs.add(jobBody('j', 'p', { jobPreparationTask: { commandLine: 'prepare' } }))
  first.engine.tasks.add('j', taskBody('t'))
  first.clock.advance(1000)
  first.engine.jobs.terminate('j', {}, { force: true })
  first.engine.close()

  const second = open(path, 1000)
  onTestFinished(() => second.engine.close())
  second.clock.advance(1000)
  second.engine.jobs.delete('j')
  second.clock.advance(1000)
  expect(second.engine.jobs.list().items).toEqual([])
})
