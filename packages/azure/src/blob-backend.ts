// The blob service of Azure behind `BlobBackend`, over `@azure/storage-blob`. Azurite is the same backend with another
// address.

import type { BlobBackend, Clock } from '@malachite/model'
import { createBlobClient } from './blob-client.ts'
import { resolveBlobAccount, type BlobAccountOptions } from './blob-connection.ts'
import { blobOperations } from './blobs.ts'
import { containerOperations } from './containers.ts'
import { containerListing, type ContainerListing } from './container-list.ts'
import { isLoopback } from './endpoint.ts'
import { waitingClock } from './retry.ts'

/** How to reach a storage account, and what to call it. */
export type AzureBlobBackendOptions = BlobAccountOptions & {
  /** For people. @default `Azure Storage account NAME`, or `Azurite at ORIGIN` on this machine */
  name?: string
  /** Time for waiting while a container is being deleted, and before a broken download starts again. @default the system's */
  clock?: Clock
}

/** The blob service of an account, which can also be searched. */
export type AzureBlobBackend = BlobBackend & ContainerListing

/**
 * The blob service of an account. Nothing connects before the first call. Errors of the service are `BatchError`s,
 * `ServiceUnreachable` when it does not answer; those of local files are Node's own (`ENOENT`, `EACCES` …).
 *
 * With an account key SAS are signed here; without, by a user delegation key, so that they end after at most seven days.
 */
export function createAzureBlobBackend(options: AzureBlobBackendOptions): AzureBlobBackend {
  const target = resolveBlobAccount(options)
  const { account, url } = target
  const client = createBlobClient(target)
  const { clock = waitingClock } = options
  const place = isLoopback(url) ? `Azurite at ${new URL(url).origin}` : `Azure Storage account ${account}`
  return {
    name: options.name ?? place,
    account,
    url,
    ...containerOperations(client, clock),
    ...containerListing(client),
    ...blobOperations(client, { url, clock }),
    close: () => client.close(),
  }
}
