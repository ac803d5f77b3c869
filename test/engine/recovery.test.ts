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
