export { createAzureBatchBackend, type AzureBatchBackendOptions } from './batch-backend.ts'
export type { BatchClientOptions } from './batch-client.ts'
export { createAzureBlobBackend, type AzureBlobBackendOptions } from './blob-backend.ts'
export type { BlobAccountOptions } from './blob-connection.ts'
export { parseConnectionString, type StorageAccount } from './connection-string.ts'
export {
  createEmulatorClient,
  type AllocationFailure,
  type EmulatorClient,
  type NodeFailure,
  type Preemption,
  type ResourcePath,
} from './emulator-client.ts'
export type { RetryOptions } from './retry.ts'
export {
  azureSettingsFromEnvironment,
  type AzureSettings,
  type BatchSettings,
  type Environment,
  type StorageSettings,
} from './settings.ts'
