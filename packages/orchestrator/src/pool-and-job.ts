// Creates the pool and the job, each marked with the run's id.

import { wrapCommandsInShell, type PoolSpec } from '@malachite/model'
import { addOnce, ownerMark } from './add-once.ts'
import { withSignal, type Run } from './run.ts'
import { selectImage } from './select-image.ts'
import { rebootStarvedNodes } from './starved-nodes.ts'
import { toInputFile } from './upload.ts'

/** Creates the pool with its start task. Files that a resumed run had to upload anew, its nodes get now. */
export async function createPool(run: Run): Promise<void> {
  const { batch, settings, journal, resumed } = run
  const { poolId, vmSize, nodeCount, runId } = settings
  run.report({ type: 'poolCreating', poolId, vmSize, nodeCount })
  let spec: PoolSpec | undefined
  await addOnce(run, {
    kind: 'pool',
    id: poolId,
    runId,
    mayExist: resumed !== undefined,
    mark: (existence) => (journal.pool = existence),
    add: async () => batch.addPool((spec ??= await toPool(run)), withSignal(run.signal)),
    get: () => batch.getPool(poolId, withSignal(run.signal)),
  })
  if (resumed) await rebootStarvedNodes(batch, poolId, run.signal)
}

async function toPool(run: Run): Promise<PoolSpec> {
  const { poolId, vmSize, nodeCount, taskSlotsPerNode, workload, containers, runId, image } = run.settings
  const list = { filter: "osType eq 'linux'", ...withSignal(run.signal) }
  const images = await collect(run.batch.listSupportedImages(list))
  const application = await Promise.all(
    workload.applicationFiles.map((path) => toInputFile(run, path, containers.application)),
  )
  return {
    id: poolId,
    vmSize,
    virtualMachineConfiguration: selectImage(images, image),
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
}

/** Creates the job on the pool. */
export async function createJob(run: Run): Promise<void> {
  const { batch, settings, journal, resumed } = run
  const { jobId, poolId, runId } = settings
  run.report({ type: 'jobCreating', jobId, poolId })
  const metadata = ownerMark(runId)
  await addOnce(run, {
    kind: 'job',
    id: jobId,
    runId,
    mayExist: resumed !== undefined,
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
