// Containers of blobs that carry the mark of a run.

import type { AzureBlobBackend, StorageSettings } from '@malachite/azure'
import { CONTAINER_RUN_METADATA } from '@malachite/orchestrator'
import type { Leftover, LeftoverSource } from './leftover.ts'

/** The containers of a storage account. */
export async function createBlobSource(settings: StorageSettings): Promise<LeftoverSource> {
  const { createAzureBlobBackend } = await import('@malachite/azure')
  const blob = createAzureBlobBackend(settings)
  return {
    name: 'Containers of blobs',
    find: (madeBefore) => findMarked(blob, madeBefore),
    close: () => blob.close(),
  }
}

async function findMarked(blob: AzureBlobBackend, madeBefore: Date): Promise<Leftover[]> {
  const found: Leftover[] = []
  for await (const { name, metadata, lastModified } of blob.listContainers()) {
    const run = metadata[CONTAINER_RUN_METADATA]
    if (run === undefined || lastModified > madeBefore) continue
    found.push({
      kind: 'blobContainer',
      id: name,
      run,
      creationTime: lastModified.toISOString(),
      nodes: 0,
      nodeHours: 0,
      remove: async () => void (await blob.deleteContainer(name)),
    })
  }
  return found
}
