import {
  azureSettingsFromEnvironment,
  createAzureBatchBackend,
  createAzureBlobBackend,
} from '@malachite/azure'
import { describe, test } from 'vitest'
import { describeBatchBackend } from './batch-backend.ts'
import { describeBlobBackend } from './blob-backend.ts'

// The same suites against the real service, when its variables are set (see CONTRIBUTING). Pools cost money.
const REQUIRED = ['AZURE_BATCH_ENDPOINT', 'MALACHITE_TEST_AZURE']

if (REQUIRED.every((name) => process.env[name])) {
  const { batch, storage } = azureSettingsFromEnvironment(process.env)
  describeBatchBackend('BatchBackend: Azure', async () => {
    const backend = createAzureBatchBackend(batch)
    const blob = createAzureBlobBackend(storage)
    return { backend, blob, patience: 900_000, close: () => backend.close() }
  })
  describeBlobBackend('BlobBackend: Azure Storage', async () => createAzureBlobBackend(storage))
} else {
  describe('Azure', () => {
    test.skip(`the contract suites (skipped: ${REQUIRED.join(' and ')} are not set)`, () => {})
  })
}
