// The three containers: created if they do not exist, deleted at the end. A container that was there before the run may
// hold other people's blobs: it stays, only this run's blobs go.

import { isBatchError, type BlobItem } from '@malachite/model'
import { isOurBlob, leaveBehind, messageOf, withSignal, type ContainerRecord, type Run } from './run.ts'
import { transferAll } from './transfers.ts'

/** Creates the containers, and notes what is in those that exist already. */
export async function createContainers(run: Run): Promise<void> {
  const names = Object.values(run.settings.containers)
  const plan = { concurrency: names.length, ...withSignal(run.signal) }
  await transferAll(names, plan, (name, signal) => createContainer(run, name, signal))
}

async function createContainer(run: Run, container: string, signal: AbortSignal): Promise<void> {
  const record = newRecord()
  run.journal.containers.set(container, record)
  const created = await create(run, container, signal)
  if (!created) {
    for await (const blob of run.blob.listBlobs(container, { signal })) {
      record.before.set(blob.name, blob.lastModified.getTime())
    }
  }
  record.existence = created ? 'created' : 'existing'
  run.report({ type: 'containerReady', container, created })
}

async function create(run: Run, container: string, signal: AbortSignal): Promise<boolean> {
  try {
    return await run.blob.createContainer(container, { signal })
  } catch (error) {
    // The request never left this machine: there is nothing to look for in the clean-up.
    if (isBatchError(error, 'ServiceUnreachable') && NEVER_SENT.includes(error.details['Reason'] ?? '')) {
      run.journal.containers.delete(container)
    }
    throw error
  }
}

const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']

function newRecord(): ContainerRecord {
  return { existence: 'possible', uploaded: new Set(), downloaded: new Set(), before: new Map() }
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
  const blobs: BlobItem[] = []
  for await (const blob of run.blob.listBlobs(container, { signal })) blobs.push(blob)
  if (record.existence === 'possible') {
    if (blobs.length === 0) await run.blob.deleteContainer(container, { signal })
    return
  }
  const ours = blobs.filter((blob) => isOurBlob(record, blob))
  await transferAll(ours, { concurrency: run.settings.concurrency, signal }, (blob, signal) =>
    run.blob.deleteBlob(container, blob.name, { signal }),
  )
  run.report({ type: 'containerKept', container, reason: 'It was there before the run.' })
}
