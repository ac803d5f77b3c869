// What runs have left behind is found by its mark, and nothing else is touched.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { createAzureBlobBackend } from '@malachite/azure'
import { startAzurite } from '@malachite/azurite'
import { expect, onTestFinished, test } from 'vitest'
import { openFakeEngine } from '../../emulator/src/testing/fake-engine.ts'
import { jobBody } from '../helpers/virtual-engine.ts'
import { temporaryDirectory } from './command.ts'
import { useEmulator } from './shared-emulator.ts'

const emulator = useEmulator()

/** Engines without containers in place of those of this machine. */
function useFakeEngines() {
  const [docker, podman] = [openFakeEngine('docker'), openFakeEngine('podman', { host: {} })]
  onTestFinished(() => {
    docker.close()
    podman.close()
  })
  return { docker, PATH: [docker.directory, podman.directory, '/usr/bin', '/bin'].join(':') }
}

const run = (args: string, env: Record<string, string> = {}) =>
  emulator.run(args, { env: { PATH: useFakeEngines().PATH, ...env } })

const MARK = { metadata: [{ name: 'malachite-run', value: 'run-1' }] }

const ids = () => [
  ...emulator
    .engine()
    .jobs.list()
    .items.map(({ id }) => id),
  ...emulator
    .engine()
    .pools.list()
    .items.map(({ id }) => id),
]

test('leftovers are listed with what they cost, and deleted when that is meant', async () => {
  await emulator.pool('mine')
  await emulator.pool('left', MARK)
  emulator.engine().jobs.add(jobBody('left-job', 'left', MARK))
  emulator.engine().jobs.add(jobBody('my-job', 'mine', { metadata: [{ name: 'other', value: 'run-1' }] }))

  const young = await run('clean')
  expect(young).toEqual({ stdout: 'Nothing is left behind.', stderr: '', exitCode: 0 })
  const listed = await run('clean --older-than 1ms --dry-run')
  expect(listed.stdout).toMatch(
    /^kind +id +state [^]*\njob +left-job +active [^]*\npool +left +active .* 1 +0(\.\d+)? +run-1\n/,
  )
  expect(listed.stdout).toMatch(/2 left behind, 0\.\d\d node-hours so far\.$/)
  expect(listed.stdout).not.toMatch(/my-job|mine/)
  const unasked = await run('clean --older-than 1ms')
  expect(unasked.stderr).toBe(
    'malachite: Nothing was deleted: there is no terminal to ask on. Add --yes to delete them.',
  )
  expect(unasked.exitCode).toBe(0)
  expect(ids()).toEqual(expect.arrayContaining(['left-job', 'my-job', 'left', 'mine']))

  const deleted = await run('clean --older-than 1ms --yes -o json')
  expect(JSON.parse(deleted.stdout)).toMatchObject({
    leftovers: [
      { kind: 'job', id: 'left-job', run: 'run-1', state: 'active', nodes: 0, nodeHours: 0 },
      { kind: 'pool', id: 'left', run: 'run-1', state: 'active', nodes: 1 },
    ],
    deleted: ['left-job', 'left'],
  })
  await expect.poll(ids, { timeout: 10_000 }).toEqual(['my-job', 'mine'])
})

test('containers of blobs are found by their mark', async () => {
  const azurite = await startAzurite({ port: 0 })
  onTestFinished(() => azurite.close())
  const blob = createAzureBlobBackend({ connectionString: azurite.connectionString })
  onTestFinished(() => blob.close())
  await blob.createContainer('left', { metadata: { malachite_run: 'run-1' } })
  await blob.createContainer('mine', { metadata: { other: 'run-1' } })
  const file = join(await temporaryDirectory(), 'endpoints.json')
  await writeFile(file, JSON.stringify({ pid: process.pid, batch: emulator.batch(), blob: azurite }))
  const env = { MALACHITE_ENDPOINTS_FILE: file }

  expect((await run('clean', env)).stdout).toBe('Nothing is left behind.')
  const { stdout, exitCode } = await run('clean --older-than 1ms --yes', env)
  expect(stdout).toMatch(
    /\nblobContainer +left .* run-1\n1 left behind[^]*\nContainer of blobs left is being deleted\.$/,
  )
  expect(exitCode).toBe(0)
  expect([await blob.containerExists('left'), await blob.containerExists('mine')]).toEqual([false, true])
})

test('containers of tasks whose emulator was killed are found, and removed', async () => {
  const { docker, PATH } = useFakeEngines()
  const idFile = join(docker.directory, 'id')
  const owner = `${hostname()}:4194304:a` // no process has so high a number
  const labels = ['--label', 'malachite.nodes=/elsewhere', '--label', `malachite.owner=${owner}`]
  const client = spawn(join(docker.directory, 'docker'), [
    'run',
    '--cidfile',
    idFile,
    ...labels,
    'image',
    'sleep',
    '60',
  ])
  onTestFinished(() => void client.kill())
  await expect.poll(() => existsSync(idFile) && docker.containers().length, { timeout: 10_000 }).toBe(1)
  const { stdout } = await run('clean --yes -o json', { PATH })
  expect(JSON.parse(stdout)).toMatchObject({ leftovers: [{ kind: 'taskContainer' }] })
  expect(docker.containers()).toEqual([])
})

test('a service that does not answer is told, and the others are searched', async () => {
  const file = join(await temporaryDirectory(), 'endpoints.json')
  const blob = {
    connectionString: 'AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:9/a',
  }
  await writeFile(file, JSON.stringify({ pid: process.pid, batch: emulator.batch(), blob }))
  emulator.engine().jobs.add(jobBody('another', 'none', MARK))
  const { stdout, stderr, exitCode } = await run('clean --older-than 1ms', { MALACHITE_ENDPOINTS_FILE: file })
  expect(stderr).toMatch(
    /^malachite: Containers of blobs could not be looked for\. .*127\.0\.0\.1:9.*ECONNREFUSED/,
  )
  expect(stdout).toMatch(/\njob +another /)
  expect(exitCode).toBe(1)
})
