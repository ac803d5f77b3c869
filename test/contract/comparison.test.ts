// The same scenario on two backends must look the same to whoever watches: states, results, exit codes, error codes,
// file contents, once ids and times are put aside.

import { text } from 'node:stream/consumers'
import { createAzureBatchBackend, createAzureBlobBackend } from '@malachite/azure'
import { type Emulator, startEmulator } from '@malachite/emulator'
import { createLocalBatchBackend, createLocalBlobBackend } from '@malachite/local'
import { type BatchBackend, type BlobBackend, type Task, wrapCommandsInShell } from '@malachite/model'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runTutorial } from '../tutorial/workflow.ts'
import { collect, poll } from './batch-backend.ts'

interface Pair {
  batch: BatchBackend
  blob: BlobBackend
}

let emulator: Emulator
let local: Pair
let overHttp: Pair

beforeAll(async () => {
  emulator = await startEmulator()
  const { url: endpoint, account, key } = emulator.batch
  local = { batch: createLocalBatchBackend(), blob: await createLocalBlobBackend() }
  overHttp = {
    batch: createAzureBatchBackend({ endpoint, account, key }),
    blob: createAzureBlobBackend({ connectionString: emulator.blob?.connectionString ?? '' }),
  }
})

afterAll(async () => {
  for (const { batch, blob } of [local, overHttp]) {
    await batch.close()
    await blob.close()
  }
  await emulator.close()
})

/** Plays a scenario that touches every kind of ending, and tells what could be observed. */
async function observe({ batch }: Pair): Promise<unknown> {
  const seen: unknown[] = []
  const code = async (call: Promise<unknown>): Promise<void> => {
    seen.push(
      await call.then(
        () => 'ok',
        (error: { code?: string; status?: number; details?: object }) => error,
      ),
    )
  }
  await batch.addPool({
    id: 'compare',
    vmSize: 'Standard_D2s_v3',
    virtualMachineConfiguration: {
      imageReference: { publisher: 'canonical', offer: 'ubuntu-24_04-lts', sku: 'server' },
      nodeAgentSKUId: 'batch.node.ubuntu 24.04',
    },
    targetDedicatedNodes: 2,
    startTask: { commandLine: 'echo ready', waitForSuccess: true },
  })
  const nodes = await poll(
    () => collect(batch.listNodes('compare')),
    (list) => list.length === 2 && list.every((node) => node.state === 'idle'),
    10_000,
  )
  // Lists are in the order of the ids, which are random.
  const byAddress = nodes.toSorted((a, b) => a.ipAddress.localeCompare(b.ipAddress))
  seen.push(await batch.getPool('compare'), ...byAddress)
  await batch.addJob({
    id: 'compare',
    poolInfo: { poolId: 'compare' },
    constraints: { maxTaskRetryCount: 1 },
  })
  seen.push(await batch.getJob('compare'))
  const results = await batch.addTasks('compare', [
    {
      id: 'good',
      commandLine: wrapCommandsInShell('linux', ['echo out', 'echo err >&2', 'mkdir d', 'echo x > d/f']),
    },
    { id: 'bad', commandLine: '/bin/bash -c "exit 4"' },
    { id: 'missing', commandLine: 'no-such-program' },
    { id: 'slow', commandLine: 'sleep 60', constraints: { maxWallClockTime: 'PT0.2S' } },
    { id: 'GOOD', commandLine: 'true' },
    { id: 'wrong', commandLine: 'true', requiredSlots: 0 },
  ])
  seen.push(...results.toSorted((a, b) => a.taskId.localeCompare(b.taskId)))
  for (const id of ['good', 'bad', 'missing', 'slow']) seen.push(await finished(batch, id))
  seen.push(await batch.getTaskCounts('compare'))
  for (const file of ['stdout.txt', 'stderr.txt', 'wd/d/f']) {
    seen.push(await text(await batch.readTaskFile('compare', 'good', file)))
  }
  seen.push(
    (await collect(batch.listTaskFiles('compare', 'good', { recursive: true }))).map(({ name }) => name),
  )
  await code(
    batch.addPool({
      id: 'compare',
      vmSize: 'x',
      virtualMachineConfiguration: { imageReference: {}, nodeAgentSKUId: 'x' },
    }),
  )
  await code(batch.addJob({ id: 'compare', poolInfo: { poolId: 'p' } }))
  await code(batch.addJob({ id: 'priority', poolInfo: { poolId: 'p' }, priority: 5000 }))
  await code(batch.getTask('compare', 'none'))
  await code(batch.terminateTask('compare', 'good'))
  await code(batch.reactivateTask('compare', 'good'))
  await code(batch.readTaskFile('compare', 'good', 'wd/none'))
  await code(batch.resizePool('none', { targetDedicatedNodes: 1 }))
  await code(batch.rebootNode('compare', 'none'))
  await code(batch.enableJob('compare'))
  await code(collect(batch.listTasks('compare', { filter: "colour eq 'red'" })))
  await batch.terminateJob('compare', { reason: 'done' })
  seen.push(
    await poll(
      () => batch.getJob('compare'),
      (job) => job.state === 'completed',
      10_000,
    ),
  )
  await batch.deleteJob('compare')
  await batch.deletePool('compare')
  return normalise(seen)
}

function finished(batch: BatchBackend, id: string): Promise<Task> {
  return poll(
    () => batch.getTask('compare', id),
    (task) => task.state === 'completed',
    10_000,
  )
}

/** Ids of nodes, times and eTags differ between any two runs. */
function normalise(value: unknown): unknown {
  const plain = JSON.stringify(value, (_, member: unknown) =>
    member instanceof Error
      ? Object.assign(Object.create(null) as object, member, { message: member.message, cause: undefined })
      : member,
  )
  return JSON.parse(
    plain
      .replaceAll(/tvmps_[0-9a-f]{64}_[dp]/g, 'NODE')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replaceAll(/0x[0-9A-F]{15}/g, 'ETAG'),
  )
}

test('both backends show the same states, results, codes and files', async () => {
  const [here, there] = [await observe(local), await observe(overHttp)]
  expect(there).toEqual(here)
})

test('a run of the tutorial writes the same bytes on both, node ids aside', async () => {
  const outputs = async (pair: Pair): Promise<Record<string, string>> => {
    const { directory, result } = await runTutorial(pair)
    expect(result.outcome).toBe('succeeded')
    const read = (name: string): string =>
      readFileSync(join(directory, name), 'utf8').replace(/^Node: tvmps_[0-9a-f]{64}_d$/m, 'Node: NODE')
    return Object.fromEntries(readdirSync(directory).map((name) => [name, read(name)]))
  }
  const here = await outputs(local)
  expect(Object.keys(here)).toHaveLength(3)
  expect(await outputs(overHttp)).toEqual(here)
})
