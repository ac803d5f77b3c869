// A disk that is full or may only be read: a small file system of memory, in a namespace of its own that needs no rights.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { commandEnvironment, READY, SCRIPT, temporaryDirectory } from '../cli/command.ts'
import { DEVELOPMENT_ACCOUNT, DEVELOPMENT_KEY } from '@malachite/model'
import { type Call, openClient, poolOf } from '../protocol/helpers.ts'

const NAMESPACE = ['--map-root-user', '--mount']
const canMount = spawnSync('unshare', [...NAMESPACE, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0
const reason = canMount ? '' : ' (skipped: unshare --map-root-user --mount is not permitted here)'

/** Bytes of the file system. */
const SIZE = 16 * 2 ** 20
const TIMEOUT = { timeout: 20_000, interval: 20 }

/** A file system, as long as the test goes on. */
interface Disk {
  /** Runs a command that sees it. */
  spawn: (command: string, args: readonly string[]) => ChildProcess
  /** Where it is, for what `spawn` runs. */
  directory: string
  /** Where it is for others. */
  path: string
}

async function createDisk(): Promise<Disk> {
  const directory = await temporaryDirectory()
  const script = `mount -t tmpfs -o size=${SIZE} tmpfs "$1" && echo ready && exec sleep 600`
  const holder = spawn('unshare', [...NAMESPACE, 'sh', '-c', script, 'sh', directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void holder.kill('SIGKILL'))
  await once(holder.stdout, 'data')
  const enter = ['-t', String(holder.pid), '--user', '--mount', '--preserve-credentials']
  return {
    directory,
    path: `/proc/${holder.pid}/root${directory}`,
    spawn: (command, args) =>
      spawn('nsenter', [...enter, command, ...args], { env: commandEnvironment(directory) }),
  }
}

/** An emulator whose location is on the disk. */
interface Life {
  call: Call
  /** Resolves with the exit code and what it said, once it has ended. */
  ended: Promise<{ code: number | null; stderr: string }>
  kill(): Promise<void>
}

/** Starts it; `call` is of use once it is ready, which the answer says. */
async function start(disk: Disk): Promise<Life & { isReady: boolean }> {
  const flags = [
    '--silent',
    '--batchPort',
    '0',
    '--blobPort',
    'none',
    '--location',
    join(disk.directory, 'here'),
  ]
  const child = disk.spawn(process.execPath, [SCRIPT, 'emulator', ...flags])
  onTestFinished(() => void child.kill('SIGKILL'))
  const [said, stderr] = [[] as string[], [] as string[]]
  const { promise, resolve } = Promise.withResolvers<string>()
  child.stdout?.on('data', (chunk: Buffer) => {
    said.push(chunk.toString())
    const url = new RegExp(`${READY}(\\S+)\n`).exec(said.join(''))?.[1]
    if (url !== undefined) resolve(url)
  })
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk.toString()))
  const ended = once(child, 'close').then(([code]) => ({
    code: code as number | null,
    stderr: stderr.join(''),
  }))
  const url = await Promise.race([promise, ended.then(() => undefined)])
  const { call, close } = openClient({ url: url ?? '', account: DEVELOPMENT_ACCOUNT, key: DEVELOPMENT_KEY })
  onTestFinished(close)
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  return { call, ended, kill, isReady: url !== undefined }
}

async function remount({ spawn, directory }: Disk, mode: 'ro' | 'rw'): Promise<boolean> {
  const [code] = (await once(spawn('mount', ['-o', `remount,${mode}`, directory]), 'exit')) as [number | null]
  return code === 0
}

/** Fills what is left. */
function fill({ path }: Disk): { free: () => void } {
  const filler = join(path, 'filler')
  try {
    for (;;) writeFileSync(filler, Buffer.alloc(65_536), { flag: 'a' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
  return { free: () => rmSync(filler) }
}

async function tasksOf(call: Call, job: string): Promise<string[]> {
  const answer = await call(`GET /jobs/${job}/tasks`)
  return answer.json<{ value: { id: string }[] }>().value.map(({ id }) => id)
}

/** Adds tasks until one is refused; those that were taken, and the answer to the last one. */
async function addUntilRefused(call: Call) {
  const taken: string[] = []
  for (;;) {
    const id = `t${taken.length}`
    const commandLine = `/bin/true ${'x'.repeat(8000)}`
    const answer = await call('POST /jobs/k/tasks', { json: { id, commandLine } })
    if (answer.status !== 201) return { taken, refused: answer }
    taken.push(id)
  }
}

async function addPoolAndJobs(call: Call): Promise<void> {
  await call('POST /pools', { json: poolOf('p', { targetDedicatedNodes: 1 }) })
  for (const [id, poolId] of [
    ['j', 'p'],
    ['k', 'none'],
  ])
    expect((await call('POST /jobs', { json: { id, poolInfo: { poolId } } })).status).toBe(201)
}

async function stateOf(call: Call, path: string): Promise<unknown> {
  return (await call(`GET ${path}`)).json()['state']
}

describe.skipIf(!canMount)(`a disk of 16 MB${reason}`, () => {
  test('that is full has changes refused and nothing lost, also when the emulator is killed meanwhile', async () => {
    const disk = await createDisk()
    const first = await start(disk)
    await addPoolAndJobs(first.call)
    const json = { id: 'a', commandLine: '/bin/sh -c "sleep 1; echo done"' }
    expect((await first.call('POST /jobs/j/tasks', { json })).status).toBe(201)
    await vi.waitUntil(async () => (await stateOf(first.call, '/jobs/j/tasks/a')) === 'running', TIMEOUT)
    const { free } = fill(disk)
    const { taken, refused } = await addUntilRefused(first.call)
    expect([refused.status, refused.json()['code']]).toEqual([500, 'InternalError'])
    expect(await tasksOf(first.call, 'k')).toEqual(taken)
    // The task ends, which cannot be written down.
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(await stateOf(first.call, '/jobs/j/tasks/a')).toBe('running')
    await first.kill()

    // What it does on the full disk, start or refuse to, loses nothing.
    const second = await start(disk)
    if (second.isReady) await second.kill()
    const { stderr } = await second.ended
    expect(second.isReady ? '' : stderr).toMatch(/^$|; is the disk full, or read-only\?$/m)
    free()
    const third = await start(disk)
    expect(await tasksOf(third.call, 'k')).toEqual(taken)
    await vi.waitUntil(async () => (await stateOf(third.call, '/jobs/j/tasks/a')) === 'completed', TIMEOUT)
    expect(await tasksOf(third.call, 'j')).toEqual(['a'])
  })

  test('that is full for a while has the emulator go on as soon as there is room', async () => {
    const disk = await createDisk()
    const { call } = await start(disk)
    await addPoolAndJobs(call)
    await call('POST /jobs/j/tasks', { json: { id: 'a', commandLine: '/bin/sh -c "sleep 0.5"' } })
    await vi.waitUntil(async () => (await stateOf(call, '/jobs/j/tasks/a')) === 'running', TIMEOUT)
    const { free } = fill(disk)
    await addUntilRefused(call)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    free()
    await vi.waitUntil(async () => (await stateOf(call, '/jobs/j/tasks/a')) === 'completed', TIMEOUT)
    expect((await call('POST /jobs/j/tasks', { json: { id: 'b', commandLine: '/bin/true' } })).status).toBe(
      201,
    )
  })

  test('fails a task whose resource file does not fit with DiskFull, and goes on', async () => {
    const server = createServer((_, response) => response.end(Buffer.alloc(2 * SIZE))).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const httpUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/large`
    const { call } = await start(await createDisk())
    await addPoolAndJobs(call)
    const resourceFiles = [{ httpUrl, filePath: 'large' }]
    await call('POST /jobs/j/tasks', { json: { id: 'large', commandLine: '/bin/true', resourceFiles } })
    await call('POST /jobs/j/tasks', { json: { id: 'small', commandLine: '/bin/true' } })
    for (const [id, result] of Object.entries({ large: 'failure', small: 'success' })) {
      await vi.waitUntil(async () => (await stateOf(call, `/jobs/j/tasks/${id}`)) === 'completed', TIMEOUT)
      expect((await call(`GET /jobs/j/tasks/${id}`)).json()['executionInfo']).toMatchObject({
        result,
        ...(id === 'large' && { failureInfo: { code: 'DiskFull' } }),
      })
    }
  })

  test('that may only be read is refused in a sentence', async () => {
    const disk = await createDisk()
    const first = await start(disk)
    await addPoolAndJobs(first.call)
    await first.kill()
    // Not while a helper of the emulator that was killed is still there.
    await vi.waitUntil(() => remount(disk, 'ro'), TIMEOUT)
    const { isReady, ended } = await start(disk)
    expect(isReady).toBe(false)
    const { code, stderr } = await ended
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^malachite: Cannot open \S+batch\.db: .*; is the disk full, or read-only\?/),
    ])
    await vi.waitUntil(() => remount(disk, 'rw'), TIMEOUT)
    const { call } = await start(disk)
    expect(await stateOf(call, '/jobs/j')).toBe('active')
  })
})
