// What `--location` keeps, as people meet it: killed emulators, damaged files, two at once.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Call, openClient, poolOf } from '../protocol/helpers.ts'
import { allProcesses, isAlive, taskProcesses } from '../torture/processes.ts'
import { malachite, startEmulatorCommand as start, temporaryDirectory } from './command.ts'

const FLAGS = ['--silent', '--blobPort', 'none', '--location']

function clientOf({ batch }: Awaited<ReturnType<typeof start>>['endpoints']): Call {
  const { call, close } = openClient(batch)
  onTestFinished(close)
  return call
}

async function stateOf(call: Call, path: string): Promise<unknown> {
  return (await call(`GET ${path}`)).json()['state']
}

test('processes that outlived the emulator and its launchers are ended before the tasks run anew', async () => {
  const location = await temporaryDirectory()
  const nodes = join(location, 'nodes')
  const first = await start(...FLAGS, location)
  const call = clientOf(first.endpoints)
  await call('POST /pools', { json: poolOf('p', { targetDedicatedNodes: 1 }) })
  await call('POST /jobs', { json: { id: 'j', poolInfo: { poolId: 'p' } } })
  const commandLine = '/bin/sh -c "sleep 1000; true"'
  await call('POST /jobs/j/tasks', { json: { id: 't', commandLine } })
  await vi.waitUntil(() => taskProcesses(nodes).length === 2, 10_000)
  const orphans = taskProcesses(nodes)

  const { pid } = first.endpoints
  const launchers = allProcesses().filter(({ parent }) => parent === pid)
  expect(launchers).not.toEqual([])
  for (const victim of [...launchers.map((launcher) => launcher.pid), pid]) process.kill(victim, 'SIGKILL')
  await first.running
  expect(orphans.every(isAlive)).toBe(true)

  const second = await start(...FLAGS, location)
  expect(orphans.filter(isAlive)).toEqual([])
  const again = clientOf(second.endpoints)
  await vi.waitUntil(async () => (await stateOf(again, '/jobs/j/tasks/t')) === 'running', 10_000)
  await vi.waitUntil(() => taskProcesses(nodes).length === 2, 10_000)
  await again('POST /jobs/j/tasks/t/terminate')
  await vi.waitUntil(() => taskProcesses(nodes).length === 0, 10_000)
})

test('a damaged database is refused in a sentence, and stays as it is', async () => {
  const location = await temporaryDirectory()
  const first = await start(...FLAGS, location)
  await clientOf(first.endpoints)('POST /jobs', { json: { id: 'j', poolInfo: { poolId: 'p' } } })
  first.running.kill('SIGTERM')
  await first.running
  const path = join(location, 'batch.db')
  const bytes = readFileSync(path).fill(0xa5, 4096, 40_960)
  writeFileSync(path, bytes)
  const { exitCode, stderr } = await malachite(['emulator', '--batchPort', '0', ...FLAGS, location])
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(
    /^malachite: Cannot open .+batch\.db is damaged \(.+\); nothing in it was changed; .+$/,
  )
  expect(readFileSync(path).equals(bytes)).toBe(true)
})

test('a second emulator on the same location is refused, and the first goes on', async () => {
  const location = await temporaryDirectory()
  const { endpoints } = await start(...FLAGS, location)
  const call = clientOf(endpoints)
  await call('POST /jobs', { json: { id: 'j', poolInfo: { poolId: 'p' } } })
  const { exitCode, stderr } = await malachite(['emulator', '--batchPort', '0', ...FLAGS, location])
  expect(exitCode).toBe(2)
  expect(stderr).toBe(
    `malachite: ${location} is in use by another emulator; stop that one or choose another --location`,
  )
  expect(await stateOf(call, '/jobs/j')).toBe('active')
  expect((await call('POST /jobs', { json: { id: 'k', poolInfo: { poolId: 'p' } } })).status).toBe(201)
})

test('the files of a task that was deleted while it ran are gone after a kill, too', async () => {
  const location = await temporaryDirectory()
  const nodes = join(location, 'nodes')
  const first = await start(...FLAGS, location)
  const call = clientOf(first.endpoints)
  await call('POST /pools', { json: poolOf('p', { targetDedicatedNodes: 1 }) })
  await call('POST /jobs', { json: { id: 'j', poolInfo: { poolId: 'p' } } })
  // It does not heed SIGTERM, so that its end takes two seconds.
  const commandLine = `/bin/sh -c "trap '' TERM; echo > ready; while :; do sleep 0.1; done"`
  await call('POST /jobs/j/tasks', { json: { id: 't', commandLine } })
  await vi.waitUntil(() => filesOf(nodes).some((path) => path.endsWith('t/wd/ready')), 10_000)
  expect((await call('DELETE /jobs/j/tasks/t')).status).toBe(200)
  process.kill(first.endpoints.pid, 'SIGKILL')
  await first.running
  expect(filesOf(nodes)).toContainEqual(expect.stringMatching(/t\/wd\/ready$/))
  await start(...FLAGS, location)
  await vi.waitUntil(() => !filesOf(nodes).some((path) => path.includes('/job-1/t')), 10_000)
})

test('what a killed emulator had left of nodes that are gone is cleared away', async () => {
  const location = await temporaryDirectory()
  const nodes = join(location, 'nodes')
  const first = await start(...FLAGS, location)
  process.kill(first.endpoints.pid, 'SIGKILL')
  await first.running
  mkdirSync(join(nodes, 'tvmps_of_no_pool_d', 'workitems', 'j'), { recursive: true })
  await start(...FLAGS, location)
  await vi.waitFor(
    () => expect(filesOf(nodes).filter((path) => path.startsWith('tvmps'))).toEqual([]),
    10_000,
  )
})

/** Paths of everything below a directory. */
function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true }) as string[]
}
