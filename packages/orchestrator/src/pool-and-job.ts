// Creates the pool and the job, and knows them again: both carry the run's id, so that an answer that got lost, or a
// name that somebody else uses, never makes the clean-up delete the wrong one.

import {
  BatchError,
  isBatchError,
  isTransient,
  sleep,
  wrapCommandsInShell,
  type MetadataItem,
  type PoolSpec,
} from '@malachite/model'
import { withSignal, type Run } from './run.ts'
import { selectImage } from './select-image.ts'
import type { InputFile } from './workload.ts'

const RUN_METADATA = 'malachite-run'

/** How long to wait for a pool or job of the same id that is being deleted, and how often to look, milliseconds. */
const DELETION_WAIT_MS = 10 * 60_000
const FIRST_LOOK_MS = 50
const LONGEST_LOOK_MS = 5000

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
    metadata: [{ name: RUN_METADATA, value: runId }],
  }
  await addOnce(run, {
    kind: 'pool',
    id: poolId,
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
  const metadata = [{ name: RUN_METADATA, value: runId }]
  await addOnce(run, {
    kind: 'job',
    id: jobId,
    mark: (existence) => (journal.job = existence),
    add: () => batch.addJob({ id: jobId, poolInfo: { poolId }, metadata }, withSignal(run.signal)),
    get: () => batch.getJob(jobId, withSignal(run.signal)),
  })
}

/** Whether the metadata is that of this run. */
export function isOurs(run: Run, { metadata }: { metadata?: MetadataItem[] }): boolean {
  return metadata?.some(({ name, value }) => name === RUN_METADATA && value === run.settings.runId) ?? false
}

interface Resource {
  kind: 'pool' | 'job'
  id: string
  mark(existence: 'none' | 'possible' | 'created'): void
  add(): Promise<void>
  get(): Promise<{ state: string; metadata?: MetadataItem[] }>
}

const TAKEN = ['PoolExists', 'PoolBeingDeleted', 'JobExists', 'JobCompleted', 'JobBeingDeleted']

/** Adds the resource; waits while another of its id is being deleted, as after a run that has just ended. */
async function addOnce(run: Run, resource: Resource): Promise<void> {
  const deadline = run.clock.now() + DELETION_WAIT_MS
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(2 * pause, LONGEST_LOOK_MS)) {
    const refusal = await tryToAdd(resource)
    if (!refusal) return
    const other = await lookAt(resource)
    if (other && isOurs(run, other)) return resource.mark('created')
    if (other && other.state !== 'deleting') {
      resource.mark('none')
      throw idTaken(resource, refusal)
    }
    if (run.clock.now() >= deadline) throw refusal
    if (pause === FIRST_LOOK_MS) run.report({ type: 'idInDeletion', kind: resource.kind, id: resource.id })
    await sleep(run.clock, pause, run.signal)
  }
}

/** Adds the resource, or gives the service's refusal when its id is taken. */
async function tryToAdd(resource: Resource): Promise<BatchError | undefined> {
  resource.mark('possible')
  try {
    await resource.add()
    resource.mark('created')
    return undefined
  } catch (error) {
    const taken = isBatchError(error, ...TAKEN)
    if (taken) return error
    // Without a clear "no" it may exist all the same.
    if (isBatchError(error) && !isTransient(error)) resource.mark('none')
    throw error
  }
}

async function lookAt(resource: Resource): Promise<Awaited<ReturnType<Resource['get']>> | undefined> {
  try {
    return await resource.get()
  } catch (error) {
    // It was there a moment ago; now its id is free.
    if (isBatchError(error, 'PoolNotFound', 'JobNotFound')) return undefined
    throw error
  }
}

function idTaken({ kind, id }: Resource, cause: BatchError): BatchError {
  const message =
    `A ${kind} called ${id} exists already. Give another id (--${kind}-id, setting "${kind}Id") ` +
    `or delete that ${kind} first.`
  return new BatchError(cause.code, cause.details, { message, status: cause.status, cause })
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}
