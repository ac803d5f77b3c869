import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test, vi } from 'vitest'
import { poolBody, taskBody } from '../../test/helpers/virtual-engine.ts'
import { openBatchHost } from './host.ts'

/** A host whose database can be limited: SQLite then fails as it does on a full disk. */
function open() {
  const location = mkdtempSync(join(tmpdir(), 'malachite-host-'))
  const spy = vi.spyOn(DatabaseSync.prototype, 'exec')
  const host = openBatchHost({ location })
  const databases = new Set(spy.mock.contexts as DatabaseSync[])
  spy.mockRestore()
  const warnings: string[] = []
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation((text) => void warnings.push(String(text)))
  onTestFinished(async () => {
    warn.mockRestore()
    await host.close()
    rmSync(location, { recursive: true })
  })
  const fill = (isFull: boolean): void => {
    for (const db of databases) db.exec(`pragma query_only = ${isFull}`)
  }
  return { ...host, fill, warnings }
}

test('what ends while the disk is full is told when there is room again', async () => {
  const { engine, fill, warnings } = open()
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 1 }))
  await vi.waitUntil(() => engine.nodes.list('p').items[0]?.state === 'idle')
  engine.jobs.add({ id: 'j', poolInfo: { poolId: 'p' } })
  engine.tasks.add('j', { ...taskBody('a'), commandLine: '/bin/sh -c "sleep 0.2"' })
  engine.tasks.add('j', { ...taskBody('b'), commandLine: '/bin/true' })
  fill(true)
  expect(() => engine.tasks.add('j', taskBody('c'))).toThrow('readonly')
  await vi.waitUntil(() => warnings.length > 0)
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(warnings).toEqual([expect.stringContaining('What the nodes report waits for the disk')])
  expect(engine.jobs.taskCounts('j').taskCounts).toMatchObject({ completed: 0 })
  fill(false)
  await vi.waitUntil(() => engine.jobs.taskCounts('j').taskCounts.succeeded === 2, 5000)
  engine.tasks.add('j', taskBody('c'))
  expect(engine.tasks.list('j').items.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
})
