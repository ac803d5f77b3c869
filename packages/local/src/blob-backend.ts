// Blobs on this machine: Azurite in this process, behind the same backend as Azure Storage.

import { createAzureBlobBackend } from '@malachite/azure'
import { startAzurite } from '@malachite/azurite'
import type { BlobBackend } from '@malachite/model'

/** Options of the local blob service. */
export interface LocalBlobOptions {
  /** Directory that keeps the blobs. @default nothing is kept */
  location?: string
  /** @default a free port */
  port?: number
}

/** Starts Azurite and resolves when it answers; `close()` ends it with everything it holds in memory. */
export async function createLocalBlobBackend(options: LocalBlobOptions = {}): Promise<BlobBackend> {
  const azurite = await startAzurite(options)
  const backend = createAzureBlobBackend({ connectionString: azurite.connectionString })
  return {
    ...backend,
    close: async () => {
      await backend.close()
      await azurite.close()
    },
  }
}
