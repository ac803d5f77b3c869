// node_modules/.bin/node test/torture/blobs.ts: what Azurite, the emulator's blob service, loses when it is killed. Blobs of
// 1 KB are uploaded one after the other, the emulator is killed at a random moment and started again; what was answered and
// is not listed any more is lost.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import { createRandom } from '../fuzz/random.ts'

const MALACHITE = join(import.meta.dirname, '../../packages/cli/bin/malachite.mjs')
const ROUNDS = 10
const SEED = 1

let before = new Map<string, number>()
const directory = mkdtempSync(join(tmpdir(), 'malachite-blobs-'))
console.log('| round | answered | lost | oldest lost, seconds before the kill |\n|---:|---:|---:|---:|')
for (let round = 0; round <= ROUNDS; round++) {
  const emulator = await start()
  const { container } = emulator
  if (round > 0) print(round, await listNames(container))
  before = new Map()
  if (round < ROUNDS) await upload(container, round, 4000 + createRandom(SEED, 'blobs', round).int(8000))
  emulator.child.kill('SIGKILL')
  await emulator.exited
}
rmSync(directory, { recursive: true })

async function start() {
  const file = join(directory, 'endpoints.json')
  rmSync(file, { force: true })
  const location = join(directory, 'location')
  const args = ['emulator', '--silent', '--batchPort', '0', '--blobPort', '0', '--location', location]
  const child = spawn(process.execPath, [MALACHITE, ...args, '--endpointsFile', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  await once(child.stdout, 'data')
  const { blob } = JSON.parse(readFileSync(file, 'utf8')) as { blob: { connectionString: string } }
  const service = BlobServiceClient.fromConnectionString(blob.connectionString)
  return { child, exited, container: service.getContainerClient('kept') }
}

/** Uploads for so many milliseconds; `before` then has the milliseconds between each answer and the end. */
async function upload(container: ContainerClient, round: number, time: number): Promise<void> {
  await container.createIfNotExists()
  const end = performance.now() + time
  while (performance.now() < end) {
    const name = `${round}-${before.size}`
    await container.getBlockBlobClient(name).upload('x'.repeat(1024), 1024)
    before.set(name, performance.now())
    await sleep(5)
  }
  const killedAt = performance.now()
  for (const [name, at] of before) before.set(name, killedAt - at)
}

async function listNames(container: ContainerClient): Promise<Set<string>> {
  const names = new Set<string>()
  if (await container.exists()) for await (const { name } of container.listBlobsFlat()) names.add(name)
  return names
}

function print(round: number, names: ReadonlySet<string>): void {
  const lost = [...before].filter(([name]) => !names.has(name)).map(([, ago]) => ago)
  const oldest = lost.length === 0 ? '–' : (Math.max(...lost) / 1000).toFixed(1)
  console.log(`| ${round} | ${before.size} | ${lost.length} | ${oldest} |`)
}
