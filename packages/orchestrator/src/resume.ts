// Before a run is resumed: asks the services what there is of it, and refuses what would mix two versions of an input.
// Nothing is changed here.

import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { isBatchError, type BlobItem, type Task } from '@malachite/model'
import { isOurs } from './add-once.ts'
import { configurationError } from './configuration-error.ts'
import { isOurContainer } from './containers.ts'
import { isStarved } from './starved-nodes.ts'
import { withSignal, type WorkflowParts } from './run.ts'
import type { FileMark, RunState } from './run-state.ts'
import { hasContentOf } from './same-content.ts'
import type { ResolvedSettings } from './settings.ts'
import { taskIdsOf } from './task-ids.ts'
import { transferAll } from './transfers.ts'
import { whatIsLeft, type InputLeft, type Left, type Shown, type TaskState } from './what-is-left.ts'

interface Asking extends Pick<WorkflowParts, 'batch' | 'blob' | 'signal'> {
  settings: ResolvedSettings
}

/** Finds out what is left to do. `ConfigurationError` when inputs have changed whose tasks are there already. */
export async function findWhatIsLeft(asking: Asking, state: RunState): Promise<Left> {
  const { settings } = asking
  const { workload, inputFiles, containers, concurrency } = settings
  const [application, inputBlobs, shown] = await Promise.all([
    blobsOf(asking, containers.application, workload.applicationFiles),
    blobsOf(asking, containers.input, inputFiles),
    ask(asking, state),
  ])
  const uploaded = new Set<string>()
  for (const path of workload.applicationFiles) {
    const blob = application.get(basename(path))
    if (blob && (await hasContentOf(path, blob))) uploaded.add(path)
  }
  const inputs: InputLeft[] = []
  const ids = taskIdsOf(settings)
  const plan = { concurrency, onResult: (left: InputLeft) => inputs.push(left), ...withSignal(asking.signal) }
  await transferAll(inputFiles.entries(), plan, async ([index, path]) => {
    const blob = inputBlobs.get(basename(path))
    const isUploaded = blob !== undefined && (await hasContentOf(path, blob))
    const hasChanged = !isUploaded && (await differs(path, state.inputs[index]))
    const resultName = workload.resultName?.(basename(path))
    const facts = { taskId: ids[index] ?? '', isUploaded, hasChanged }
    const left = whatIsLeft({ ...facts, ...(resultName !== undefined && { resultName }) }, shown)
    if (!left.upload) uploaded.add(path)
    return left
  })
  refuseStale(settings, inputs)
  return { uploaded, inputs }
}

/** The blobs of files, by name; none when there is no container. */
async function blobsOf(
  { blob, signal }: Asking,
  container: string,
  paths: readonly string[],
): Promise<Map<string, BlobItem>> {
  const names = new Set(paths.map((path) => basename(path)))
  const found = new Map<string, BlobItem>()
  await unlessMissing(async () => {
    for await (const item of blob.listBlobs(container, withSignal(signal))) {
      if (names.has(item.name)) found.set(item.name, item)
    }
  })
  return found
}

async function ask(asking: Asking, { before }: RunState): Promise<Shown> {
  const { batch, blob, settings, signal } = asking
  const { jobId, runId, containers } = settings
  const old = before[containers.output]
  // The tasks first: one that succeeds meanwhile has its result in the list that is read later, and is not repeated.
  const tasks = new Map<string, TaskState>()
  await unlessMissing(async () => {
    if (!isOurs(await batch.getJob(jobId, withSignal(signal)), runId)) return
    const list = { select: ['id', 'state', 'executionInfo'], ...withSignal(signal) }
    for await (const task of batch.listTasks(jobId, list)) tasks.set(task.id.toLowerCase(), stateOf(task))
  })
  const results = new Set<string>()
  await unlessMissing(async () => {
    // Killed before it had noted what was in a container of others, the run has written nothing there.
    if (!old && !(await isOurContainer(blob, containers.output, runId))) return
    for await (const item of blob.listBlobs(containers.output, withSignal(signal))) {
      if (old?.[item.name] !== item.lastModified.getTime()) results.add(item.name)
    }
  })
  return { tasks, results }
}

function stateOf({ state, executionInfo }: Task): TaskState {
  if (state !== 'completed') return 'open'
  if (executionInfo.result === 'success') return 'succeeded'
  return isStarved(executionInfo) ? 'starved' : 'failed'
}

async function unlessMissing(read: () => Promise<void>): Promise<void> {
  try {
    await read()
  } catch (error) {
    if (!isBatchError(error, 'ContainerNotFound', 'ContainerBeingDeleted', 'JobNotFound')) throw error
  }
}

async function differs(path: string, before: FileMark | undefined): Promise<boolean> {
  if (!before) return false
  const { size, mtimeMs } = await stat(path)
  return size !== before.size || mtimeMs !== before.modifiedMs
}

const SHOWN = 10

function refuseStale({ inputFiles, jobId, poolId }: ResolvedSettings, inputs: readonly InputLeft[]): void {
  const stale = inputFiles.filter((_, index) => inputs[index]?.isStale)
  if (stale.length === 0) return
  const more = stale.length > SHOWN ? `, and ${stale.length - SHOWN} more` : ''
  throw configurationError([
    `Files have changed since their tasks were added: ${stale.slice(0, SHOWN).join(', ')}${more}. ` +
      `Restore them to resume the run, or delete job ${jobId} and pool ${poolId} and start anew.`,
  ])
}
