export { createLocalBatchBackend } from './batch-backend.ts'
export { createLocalBlobBackend, type LocalBlobOptions } from './blob-backend.ts'
