// Creates the pool and the job, each marked with the run's id.

import { wrapCommandsInShell, type PoolSpec } from '@malachite/model'
import { addOnce, ownerMark } from './add-once.ts'
import { withSignal, type Run } from './run.ts'
import { selectImage } from './select-image.ts'
import type { InputFile } from './workload.ts'

/** Creates the pool with its start task. */
export async function createPool(run: Run, application: readonly InputFile[]): Promise<void> {
  const { batch, settings, journal } = run
  const { poolId, vmSize, nodeCount, taskSlotsPerNode, workload, runId } = settings
  run.report({ type: 'poolCreating', poolId, vmSize, nodeCount })
  const images = await collect(
    batch.listSupportedImages({ filter: "osType eq 'linux'", ...withSignal(run.signal) }),
  )
  const spec: PoolSpec = {
    id: poolId,
    vmSize,
    virtualMachineConfiguration: selectImage(images, settings.image),
    targetDedicatedNodes: nodeCount,
    taskSlotsPerNode,
    startTask: {
      commandLine: wrapCommandsInShell('linux', workload.startCommands()),
      resourceFiles: application.map(({ resourceFile }) => resourceFile),
      userIdentity: { autoUser: { scope: 'pool', elevationLevel: 'admin' } },
      waitForSuccess: true,
    },
    metadata: ownerMark(runId),
  }
  await addOnce(run, {
    kind: 'pool',
    id: poolId,
    runId,
    mark: (existence) => (journal.pool = existence),
    add: () => batch.addPool(spec, withSignal(run.signal)),
    get: () => batch.getPool(poolId, withSignal(run.signal)),
  })
}

/** Creates the job on the pool. */
export async function createJob(run: Run): Promise<void> {
  const { batch, settings, journal } = run
  const { jobId, poolId, runId } = settings
  run.report({ type: 'jobCreating', jobId, poolId })
  const metadata = ownerMark(runId)
  await addOnce(run, {
    kind: 'job',
    id: jobId,
    runId,
    mark: (existence) => (journal.job = existence),
    add: () => batch.addJob({ id: jobId, poolInfo: { poolId }, metadata }, withSignal(run.signal)),
    get: () => batch.getJob(jobId, withSignal(run.signal)),
  })
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}
