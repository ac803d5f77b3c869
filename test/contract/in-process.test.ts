import { createLocalBatchBackend, createLocalBlobBackend } from '@malachite/local'
import { describeBatchBackend } from './batch-backend.ts'

describeBatchBackend('BatchBackend: the engine in this process', async () => {
  const backend = createLocalBatchBackend()
  const blob = await createLocalBlobBackend()
  const close = async (): Promise<void> => {
    await backend.close()
    await blob.close()
  }
  return { backend, blob, close }
})
