import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openBatchHost } from './host.ts'

test('a location with fsync is found again with what was added', async () => {
  const location = mkdtempSync(join(tmpdir(), 'malachite-host-'))
  onTestFinished(() => rmSync(location, { recursive: true }))
  const first = openBatchHost({ location, fsync: true })
  first.engine.jobs.add({ id: 'kept', poolInfo: { poolId: 'none' } })
  await first.close()
  const second = openBatchHost({ location, fsync: true })
  onTestFinished(() => second.close())
  expect(second.engine.jobs.get('kept')).toMatchObject({ id: 'kept', state: 'active' })
})

test('fsync without a location is a mistake', () => {
  expect(() => openBatchHost({ fsync: true })).toThrow('fsync is for what a location keeps')
})
