// Profiles and the time scale on real nodes, with a client whose clock is the one on the wall.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator, type EmulatorOptions } from '@malachite/emulator'
import { expect, onTestFinished, test } from 'vitest'
import { addPoolWithNodes, jobOf, must, openProtocol, poolOf, runTask, taskOf } from './helpers.ts'

interface Execution {
  executionInfo: { startTime: string; endTime: string; failureInfo?: { code: string; message: string } }
}

const SCALE = 60
const protocol = await openProtocol({ profile: 'azure', seed: 1, timeScale: SCALE })
const { call, emulator } = protocol

test('with the time scale 60 a pool of the profile azure is there in about a second', async () => {
  const start = Date.now()
  await addPoolWithNodes(call, 'p', 1)
  await must(call('POST /jobs', { json: jobOf('j', 'p') }))
  expect(Date.now() - start).toBeLessThan(6000)
  const { allocationStateTransitionTime, creationTime } = emulator.engine.pools.get('p')
  const took = Date.parse(allocationStateTransitionTime) - Date.parse(creationTime)
  expect(took).toBeGreaterThanOrEqual(43_000)
})

test('a process runs at its own speed, so its task takes so many times longer', async () => {
  const { executionInfo } = (await runTask(call, 'j', taskOf('sleeps', 'sleep 0.5'))) as unknown as Execution
  const took = Date.parse(executionInfo.endTime) - Date.parse(executionInfo.startTime)
  expect(took).toBeGreaterThanOrEqual(0.5 * 1000 * SCALE)
})

test('the time limit of a task is one of the emulated clock', async () => {
  const task = taskOf('limited', 'sleep 30', { constraints: { maxWallClockTime: 'PT30S' } })
  const start = Date.now()
  const { executionInfo } = (await runTask(call, 'j', task)) as unknown as Execution
  expect(executionInfo.failureInfo?.message).toBeDefined()
  expect(Date.now() - start).toBeLessThan(8000)
})

test('reset waits for no profile', async () => {
  const start = Date.now()
  await emulator.reset()
  expect(emulator.engine.pools.list().items).toEqual([])
  expect(Date.now() - start).toBeLessThan(1000)
})

test('what was kept by a faster clock goes on from its own time', async () => {
  const location = mkdtempSync(join(tmpdir(), 'malachite-scale-'))
  onTestFinished(() => rmSync(location, { recursive: true, force: true }))
  const times: number[] = []
  for (const options of [{ timeScale: 10_000 }, {}]) {
    const kept = await startEmulator({ location, blobPort: 'none', ...options })
    for (const at of ['first', 'last']) {
      kept.engine.pools.add(poolOf(`${at}${times.length}`))
      times.push(Date.parse(kept.engine.pools.get(`${at}${times.length}`).creationTime))
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await kept.close()
  }
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  const [, , begin = 0, end = 0] = times
  expect(begin).toBeGreaterThan(Date.now() + 60_000)
  expect(end - begin).toBeGreaterThanOrEqual(99)
  expect(end - begin).toBeLessThan(5000)
})

test.each<[EmulatorOptions, RegExp]>([
  [{ timeScale: 0.5 }, /^The time scale must be a number from 1 to 10000, not 0\.5\.$/],
  [{ timeScale: NaN }, /not NaN/],
  [{ timeScale: Infinity }, /not Infinity/],
  [{ seed: 1.5 }, /^The seed must be a whole number, not 1\.5\.$/],
  [{ profile: 'slow' as 'fast' }, /^There is no profile 'slow', only instant, fast, azure\.$/],
])('%j is refused', async (options, message) => {
  await expect(startEmulator({ blobPort: 'none', ...options })).rejects.toThrow(
    expect.objectContaining({
      code: 'ConfigurationError',
      message: expect.stringMatching(message) as string,
    }) as Error,
  )
})
