// The three containers: created if they do not exist, deleted at the end. A container that was there before the run may
// hold other people's blobs: it stays, only this run's blobs go.

import { isBatchError, type BlobBackend, type BlobItem, type CallOptions } from '@malachite/model'
import { isOurBlob, leaveBehind, messageOf, withSignal, type ContainerRecord, type Run } from './run.ts'
import { uploadedNames } from './ended-run.ts'
import type { RunState } from './run-state.ts'
import { transferAll } from './transfers.ts'

/** Name of the metadata of containers that holds the id of the run that created them: an identifier, as all of them. */
export const CONTAINER_RUN_METADATA = 'malachite_run'

/** Creates the containers, and notes what is in those that exist already. */
export async function createContainers(run: Run): Promise<void> {
  const names = Object.values(run.settings.containers)
  const plan = { concurrency: names.length, ...withSignal(run.signal) }
  await transferAll(names, plan, (name, signal) => createContainer(run, name, signal))
  await run.remember({ before: blobsBefore(run) })
}

/** The blobs of the containers that were there before the run, with the time of their last change. */
export function blobsBefore({ journal }: Run): RunState['before'] {
  const others = [...journal.containers].filter(([, { existence }]) => existence === 'existing')
  return Object.fromEntries(others.map(([name, { before }]) => [name, Object.fromEntries(before)]))
}

async function createContainer(run: Run, container: string, signal: AbortSignal): Promise<void> {
  const record = newRecord(run.resumed?.before[container])
  run.journal.containers.set(container, record)
  const isKnown = run.resumed && (await run.blob.containerExists(container, { signal }))
  const created = !isKnown && (await create(run, container, signal))
  // One that is there may be ours all the same: of an earlier process, or of a request whose answer was lost.
  const isOurs = created || (await isOurContainer(run.blob, container, run.settings.runId, { signal }))
  if (!isOurs && !run.resumed?.before[container]) {
    for await (const blob of run.blob.listBlobs(container, { signal })) {
      record.before.set(blob.name, blob.lastModified.getTime())
    }
  }
  record.existence = isOurs ? 'created' : 'existing'
  run.report({ type: 'containerReady', container, created })
}

/** Whether the run has created the container. */
export async function isOurContainer(
  blob: Pick<BlobBackend, 'getContainerMetadata'>,
  container: string,
  runId: string,
  options: CallOptions = {},
): Promise<boolean> {
  const metadata = await blob.getContainerMetadata(container, options)
  return metadata?.[CONTAINER_RUN_METADATA] === runId
}

/** Finds the containers of a run of which only the clean-up is left, with what it may delete in them. */
export async function recallContainers(run: Run, downloaded: readonly string[]): Promise<void> {
  const { blob, settings, journal, resumed } = run
  const names = uploadedNames(run)
  for (const container of Object.values(settings.containers)) {
    const before = resumed?.before[container]
    const isOurs = await isOurContainer(blob, container, settings.runId)
    if (!isOurs && !before) continue
    const record = newRecord(before)
    record.existence = isOurs ? 'created' : 'existing'
    record.uploaded = new Set(names[container])
    if (container === settings.containers.output) record.downloaded = new Set(downloaded)
    journal.containers.set(container, record)
  }
}

async function create(run: Run, container: string, signal: AbortSignal): Promise<boolean> {
  const metadata = { [CONTAINER_RUN_METADATA]: run.settings.runId }
  try {
    return await run.blob.createContainer(container, { signal, metadata })
  } catch (error) {
    // The request never left this machine: there is nothing to look for in the clean-up.
    if (isBatchError(error, 'ServiceUnreachable') && NEVER_SENT.includes(error.details['Reason'] ?? '')) {
      run.journal.containers.delete(container)
    }
    throw error
  }
}

const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']

function newRecord(before: Readonly<Record<string, number>> = {}): ContainerRecord {
  return {
    existence: 'possible',
    uploaded: new Set(),
    downloaded: new Set(),
    before: new Map(Object.entries(before)),
  }
}

/** Deletes what the run put into the blob service; what cannot be deleted is noted as left behind. */
export async function deleteContainers(run: Run, signal: AbortSignal): Promise<void> {
  const containers = [...run.journal.containers.keys()]
  if (containers.length === 0) return
  run.report({ type: 'containersDeleting', containers })
  await Promise.all(
    containers.map(async (id) => {
      try {
        await deleteContainer(run, id, signal)
      } catch (error) {
        leaveBehind(run, { kind: 'container', id, reason: `It could not be deleted: ${messageOf(error)}` })
      }
    }),
  )
}

/** Leaves all containers as they are, because nodes may still read and write them. */
export function keepContainers(run: Run, reason: string): void {
  for (const id of run.journal.containers.keys()) leaveBehind(run, { kind: 'container', id, reason })
}

async function deleteContainer(run: Run, container: string, signal: AbortSignal): Promise<void> {
  const record = run.journal.containers.get(container)
  if (!record) return
  if (container === run.settings.containers.output && run.journal.lostBlobs.length > 0) {
    const reason = `It holds ${run.journal.lostBlobs.length} result(s) that could not be downloaded.`
    leaveBehind(run, { kind: 'container', id: container, reason })
  } else if (record.existence === 'created') {
    await run.blob.deleteContainer(container, { signal })
  } else {
    await deleteOurBlobs(run, container, record, signal)
  }
}

async function deleteOurBlobs(
  run: Run,
  container: string,
  record: ContainerRecord,
  signal: AbortSignal,
): Promise<void> {
  // Whose a container is whose creation was never answered is not known: it goes only when nothing is in it.
  if (!(await run.blob.containerExists(container, { signal }))) return
  const blobs = run.blob.listBlobs(container, { signal })
  if (record.existence === 'possible') {
    for await (const _ of blobs) return
    await run.blob.deleteContainer(container, { signal })
    return
  }
  await transferAll(ours(record, blobs), { concurrency: run.settings.concurrency, signal }, (blob, signal) =>
    run.blob.deleteBlob(container, blob.name, { signal }),
  )
  run.report({ type: 'containerKept', container, reason: 'It was there before the run.' })
}

async function* ours(record: ContainerRecord, blobs: AsyncIterable<BlobItem>): AsyncGenerator<BlobItem> {
  for await (const blob of blobs) if (isOurBlob(record, blob)) yield blob
}
