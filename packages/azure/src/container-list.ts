// The containers of a storage account: for whoever looks for those of others, which a run has no need to.

import type { CallOptions } from '@malachite/model'
import type { ContainerItem } from '@azure/storage-blob'
import type { BlobClient } from './blob-client.ts'

/** A container of a list. */
export interface ListedContainer {
  name: string
  metadata: Readonly<Record<string, string>>
  /** Of its properties and metadata, not of its blobs: in most cases the time of its creation. */
  lastModified: Date
}

/** What an account of Azure Storage can do that no run needs. */
export interface ContainerListing {
  /** All containers that are not being deleted, page by page. */
  listContainers(options?: CallOptions): AsyncIterable<ListedContainer>
}

/** The operation. */
export function containerListing({ callAccount, guard }: BlobClient): ContainerListing {
  return {
    async *listContainers(options) {
      const pages = await callAccount(options, async (service, request) =>
        service.listContainers({ ...request, includeMetadata: true }).byPage(),
      )
      for (;;) {
        const page = await guard(options?.signal, () => pages.next())
        if (page.done) return
        yield* page.value.containerItems.map(toListed)
      }
    },
  }
}

function toListed({ name, metadata = {}, properties }: ContainerItem): ListedContainer {
  return { name, metadata, lastModified: properties.lastModified }
}
