import {
  azureSettingsFromEnvironment,
  createAzureBatchBackend,
  createAzureBlobBackend,
} from '@malachite/azure'
import { expect, test } from 'vitest'
import { describeBatchBackend } from './batch-backend.ts'
import { describeBlobBackend } from './blob-backend.ts'

// The same suites against the real service, when its variables are set (see CONTRIBUTING). Pools cost money.
const missing = ['AZURE_BATCH_ENDPOINT', 'MALACHITE_TEST_AZURE'].filter((name) => !process.env[name])

if (missing.length === 0) {
  const { batch, storage } = azureSettingsFromEnvironment(process.env)
  const open = async () => {
    const backend = createAzureBatchBackend(batch)
    const blob = createAzureBlobBackend(storage)
    const close = async (): Promise<void> => {
      await backend.close()
      await blob.close()
    }
    return { backend, blob, close }
  }
  describeBatchBackend('BatchBackend: Azure', open, { patience: 900_000 })
  describeBlobBackend('BlobBackend: Azure Storage', async () => createAzureBlobBackend(storage))
}

test.skipIf(missing.length > 0)(`Azure (skipped: ${missing.join(' and ')} not set)`, () => {
  expect(missing).toEqual([])
})
