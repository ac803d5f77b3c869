// Letting things fail on a running emulator, and quotas.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startEmulator } from '@malachite/emulator'
import { expect, onTestFinished, test } from 'vitest'
import { poolBody } from '../helpers/virtual-engine.ts'
import { malachite, temporaryDirectory } from './command.ts'

/** An emulator of this process, and the command with its endpoints file. */
async function prepare() {
  const emulator = await startEmulator({ batchPort: 0, blobPort: 'none' })
  onTestFinished(() => emulator.close())
  const { engine, batch } = emulator
  const file = join(await temporaryDirectory(), 'endpoints.json')
  await writeFile(file, JSON.stringify({ pid: process.pid, batch }))
  const run = async (line: string) => {
    const { stdout, stderr, exitCode } = await malachite([...line.split(' '), '--endpointsFile', file])
    return { stdout, stderr, exitCode }
  }
  return { engine, run }
}

test('allocations fail as often as they are asked to', async () => {
  const { engine, run } = await prepare()
  expect(await run('fail allocation p --nodes 1 --times 2')).toEqual({
    stdout: 'The next 2 allocations of pool p will fail with AllocationFailed after 1 node.',
    stderr: '',
    exitCode: 0,
  })
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 2 }))
  await expect
    .poll(() => engine.pools.get('p'))
    .toMatchObject({ allocationState: 'steady', resizeErrors: [{ code: 'AllocationFailed' }] })
  expect((await run('why pool p')).stdout).toContain('steady, PoolResizeFailed')
  expect((await run('fail allocation p --times 0')).stdout).toBe('No allocation of pool p is to fail.')
  engine.pools.resize('p', { targetDedicatedNodes: 2 })
  await expect.poll(() => engine.pools.get('p').currentDedicatedNodes).toBe(2)
})

test('a node becomes unusable, or is lost and comes back', async () => {
  const { engine, run } = await prepare()
  engine.pools.add(poolBody('p'))
  await expect.poll(() => engine.nodes.list('p').items.map(({ state }) => state)).toEqual(['idle'])
  const node = engine.nodes.list('p').items[0]?.id ?? ''
  expect(await run(`fail node p ${node}`)).toEqual({
    stdout: `${node} is unusable.`,
    stderr: '',
    exitCode: 0,
  })
  expect((await run(`why node p ${node}`)).stdout).toContain('unusable, NodeUnusable')
  expect(JSON.parse((await run(`fail node p ${node} --lost --recovery 1s --json`)).stdout)).toEqual({
    nodeId: node,
    state: 'unknown',
  })
  await expect.poll(() => engine.nodes.get('p', node).state, { timeout: 5000 }).toBe('idle')
  expect(await run('fail node p none')).toMatchObject({
    stdout: '',
    stderr: 'malachite: The specified node does not exist (NodeNotFound).',
    exitCode: 3,
  })
})

test('the environment sets quotas, and the banner shows them', async () => {
  const env = { MALACHITE_QUOTA: 'pools=2,dedicatedCores=8' }
  const running = malachite(['emulator', '--batchPort', '0', '--blobPort', 'none'], { env })
  onTestFinished(() => void running.kill('SIGKILL'))
  running.stdout.on('data', (text: Buffer) => {
    if (text.toString().includes('listening')) running.kill('SIGTERM')
  })
  const { stdout, exitCode } = await running
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^Quotas: +pools 2, dedicatedCores 8$/m)
})
