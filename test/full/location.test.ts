// What a kill interrupts, in the middle of a file that a task gets or gives; and a directory that is not the emulator's alone.

import { hash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test, vi } from 'vitest'
import { malachite, startEmulatorCommand, temporaryDirectory } from '../cli/command.ts'
import { type Call, openClient, poolOf } from '../protocol/helpers.ts'
import { isAlive, taskProcesses } from '../torture/processes.ts'

const FLAGS = ['--silent', '--blobPort', 'none', '--location']
const WITH_BLOBS = ['--silent', '--location']
const TIMEOUT = { timeout: 20_000, interval: 20 }

/** An emulator on a directory. */
interface Life {
  url: string
  call: Call
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
}

async function start(location: string, flags = FLAGS): Promise<Life> {
  const { endpoints, running } = await startEmulatorCommand(...flags, location)
  const { call, close } = openClient(endpoints.batch)
  onTestFinished(close)
  return {
    url: endpoints.batch.url,
    call,
    async end(signal) {
      process.kill(endpoints.pid, signal)
      await running
    },
  }
}

/** A pool of two nodes and a job with one task. */
async function addTask({ call }: Life, task: object): Promise<void> {
  await call('POST /pools', { json: poolOf('p', { targetDedicatedNodes: 2 }) })
  await call('POST /jobs', { json: { id: 'j', poolInfo: { poolId: 'p' } } })
  expect((await call('POST /jobs/j/tasks', { json: { id: 't', ...task } })).status).toBe(201)
}

interface Task {
  state: string
  executionInfo: { result?: string; exitCode?: number; requeueCount: number; failureInfo?: { code: string } }
}

async function completed({ call }: Life): Promise<Task['executionInfo']> {
  const get = async (): Promise<Task> => (await call('GET /jobs/j/tasks/t')).json()
  await vi.waitUntil(async () => (await get()).state === 'completed', TIMEOUT)
  return (await get()).executionInfo
}

/** A server of blobs; its URL. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Paths of everything below a directory. */
function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true }) as string[]
}

test('a resource file that had come by half is fetched anew, and nothing is left of the half', async () => {
  const location = await temporaryDirectory()
  const nodes = join(location, 'nodes')
  const [whole, half] = ['x'.repeat(400_000), 'x'.repeat(200_000)]
  let requests = 0
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-length': whole.length })
    // The first time the rest does not come.
    if (requests++ === 0) response.write(half)
    else response.end(whole)
  })
  const first = await start(location)
  const resourceFiles = ['a.bin', 'b/b.bin'].map((filePath) => ({ httpUrl: `${url}/blob`, filePath }))
  await addTask(first, {
    commandLine: '/bin/sh -c "cat a.bin b/b.bin | wc -c; find . -type f"',
    resourceFiles,
  })
  const halves = (): string[] => filesOf(nodes).filter((path) => /wd\/(a|b\/b)\.bin$/.test(path))
  await vi.waitUntil(() => halves().some((path) => statSync(join(nodes, path)).size === half.length), TIMEOUT)
  await first.end('SIGKILL')
  const second = await start(location)
  expect(await completed(second)).toMatchObject({ result: 'success', requeueCount: 0 })
  const output = (await second.call('GET /jobs/j/tasks/t/files/stdout.txt')).text
  expect(output.split('\n').sort()).toEqual(['', './a.bin', './b/b.bin', '800000'])
  // Whichever node it ran on before, its files are on one of them.
  const directories = (): string[] => filesOf(nodes).filter((path) => path.endsWith('job-1/t'))
  await vi.waitUntil(() => directories().length === 1, TIMEOUT)
  expect(filesOf(nodes).filter((path) => path.includes('/trash/'))).toEqual([])
})

test('an upload of an output file that was under way is made again', async () => {
  const location = await temporaryDirectory()
  const uploads: string[] = []
  const url = await serve((request, response) => {
    void text(request).then((body) => {
      // The first one is never answered.
      if (uploads.push(`${request.method} ${request.url?.split('?')[0]} ${body}`) > 1)
        response.writeHead(201, { etag: '"1"', 'last-modified': new Date().toUTCString() }).end()
    })
  })
  const first = await start(location)
  const destination = { container: { containerUrl: `${url}/account/output?sig=secret`, path: 'result.txt' } }
  await addTask(first, {
    commandLine: '/bin/sh -c "echo words > result.txt"',
    outputFiles: [
      { filePattern: 'result.txt', destination, uploadOptions: { uploadCondition: 'tasksuccess' } },
    ],
  })
  await vi.waitUntil(() => uploads.length === 1, TIMEOUT)
  await first.end('SIGKILL')
  const second = await start(location)
  expect(await completed(second)).toMatchObject({ result: 'success', exitCode: 0, requeueCount: 0 })
  const upload = 'PUT /account/output/result.txt words\n'
  expect(uploads).toEqual([upload, upload])
})

test('a task that runs again after a restart has the address that the service has now', async () => {
  const location = await temporaryDirectory()
  const first = await start(location, WITH_BLOBS)
  await addTask(first, { commandLine: '/bin/sh -c "echo $AZ_BATCH_ACCOUNT_URL; exec sleep 60"' })
  const read = async ({ call }: Life): Promise<string> =>
    (await call('GET /jobs/j/tasks/t/files/stdout.txt')).text.trim()
  await vi.waitUntil(async () => (await read(first)) === `${first.url}/`, TIMEOUT)
  await first.end('SIGKILL')
  // Azurite takes longer than a task to start.
  const second = await start(location, WITH_BLOBS)
  await vi.waitUntil(async () => (await read(second)).startsWith('http'), TIMEOUT)
  expect(await read(second)).toBe(`${second.url}/`)
})

test('an emulator that is refused because of another on its directory leaves the processes of that one alone', async () => {
  const location = await temporaryDirectory()
  const first = await start(location)
  await addTask(first, { commandLine: '/bin/sleep 60' })
  const nodes = join(location, 'nodes')
  await vi.waitUntil(() => taskProcesses(nodes).length === 1, TIMEOUT)
  const processes = taskProcesses(nodes)
  const { exitCode } = await malachite(['emulator', '--batchPort', '0', ...FLAGS, location])
  expect(exitCode).toBe(2)
  expect(processes.every(isAlive)).toBe(true)
  expect((await first.call('GET /jobs/j/tasks/t')).json()).toMatchObject({ state: 'running' })
})

test('a database that was damaged after a kill stays as it is with its log, and so does everything beside it', async () => {
  const location = await temporaryDirectory()
  const first = await start(location)
  await addTask(first, { commandLine: '/bin/true' })
  await completed(first)
  await first.end('SIGTERM')
  const second = await start(location)
  await second.call('PATCH /jobs/j', { json: { priority: 1 } })
  await second.end('SIGKILL')
  const path = join(location, 'batch.db')
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(0)
  writeFileSync(path, readFileSync(path).fill(0xa5, 4096))
  const before = digestsOf(location)
  const { exitCode, stderr } = await malachite(['emulator', '--batchPort', '0', ...FLAGS, location])
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/batch\.db is damaged/)])
  expect(digestsOf(location)).toEqual(before)
})

/** What every file below a directory holds, in a few letters; not SQLite's index of its log, which it makes anew. */
function digestsOf(directory: string): Map<string, string> {
  const files = filesOf(directory).filter((name) => statSync(join(directory, name)).isFile())
  const names = files.filter((name) => name !== 'batch.db-shm')
  return new Map(names.map((name) => [name, hash('sha256', readFileSync(join(directory, name)))]))
}
