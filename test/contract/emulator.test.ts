import { createAzureBatchBackend, createAzureBlobBackend } from '@malachite/azure'
import { startEmulator } from '@malachite/emulator'
import { describeBatchBackend } from './batch-backend.ts'

describeBatchBackend('BatchBackend: @azure/batch → emulator over HTTP', async () => {
  const emulator = await startEmulator()
  const { url: endpoint, account, key } = emulator.batch
  const backend = createAzureBatchBackend({ endpoint, account, key })
  const blob = createAzureBlobBackend({ connectionString: emulator.blob?.connectionString ?? '' })
  const close = async (): Promise<void> => {
    await backend.close()
    await blob.close()
    await emulator.close()
  }
  return { backend, blob, close }
})
