import { createAzureBatchBackend } from '@malachite/azure'
import { expect, onTestFinished, test } from 'vitest'
import { poolBody } from '../helpers/virtual-engine.ts'
import { malachite, startEmulatorCommand } from './command.ts'

test('with --profile fast a poller sees a pool being resized and its node being created', async () => {
  const { running, endpoints } = await startEmulatorCommand('--profile', 'fast')
  const { url: endpoint, account, key } = endpoints.batch
  const batch = createAzureBatchBackend({ endpoint, account, key })
  onTestFinished(() => batch.close())
  const seen = { pool: new Set<string>(), node: new Set<string>() }
  await batch.addPool(poolBody('p'))
  while (!seen.node.has('idle')) {
    seen.pool.add((await batch.getPool('p')).allocationState ?? '')
    for await (const { state } of batch.listNodes('p')) seen.node.add(state)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect([...seen.pool]).toEqual(['resizing', 'steady'])
  expect([...seen.node]).toEqual(['creating', 'starting', 'idle'])
  running.kill('SIGTERM')
  expect((await running).stdout).toMatch(/^Profile: +fast$/m)
})

test('the environment sets profile, seed and time scale, and the banner shows them', async () => {
  const env = { MALACHITE_PROFILE: 'azure', MALACHITE_SEED: '7', MALACHITE_TIME_SCALE: '2.5' }
  const running = malachite(['emulator', '--batchPort', '0', '--blobPort', 'none'], { env })
  onTestFinished(() => void running.kill('SIGKILL'))
  running.stdout.on('data', (text: Buffer) => {
    if (text.toString().includes('listening')) running.kill('SIGTERM')
  })
  const { stdout, exitCode } = await running
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^Profile: +azure, seed 7$/m)
  expect(stdout).toMatch(/^Time: +× 2\.5$/m)
})

test.each([
  ['--profile', 'slow', 'instant, fast, azure'],
  ['--timeScale', '0.1', 'It must be a number from 1 to 10000.'],
  ['--seed', '-1', 'It must be a whole number of at least 0.'],
])('%s %s is told as a mistake', async (flag, value, message) => {
  const { stderr, exitCode } = await malachite(['emulator', `${flag}=${value}`])
  expect(exitCode).toBe(2)
  expect(stderr).toContain(message)
})
