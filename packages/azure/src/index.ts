export { createAzureBatchBackend, type AzureBatchBackendOptions } from './batch-backend.ts'
export type { BatchClientOptions } from './batch-client.ts'
export { createBatchProxy, type BatchAnswer, type BatchProxy, type BatchRequest } from './batch-proxy.ts'
export {
  createAzureBlobBackend,
  type AzureBlobBackend,
  type AzureBlobBackendOptions,
} from './blob-backend.ts'
export type { BlobAccountOptions } from './blob-connection.ts'
export { parseConnectionString, type StorageAccount } from './connection-string.ts'
export type { ContainerListing, ListedContainer } from './container-list.ts'
export {
  createEmulatorClient,
  type AllocationFailure,
  type EmulatorClient,
  type NodeFailure,
  type Preemption,
  type ResourcePath,
} from './emulator-client.ts'
export { createRestClient, type JsonObject, type RestClient, type RestRequest } from './rest-client.ts'
export type { RetryOptions } from './retry.ts'
export {
  azureSettingsFromEnvironment,
  batchSettingsFromEnvironment,
  storageSettingsFromEnvironment,
  type AzureSettings,
  type BatchSettings,
  type Environment,
  type StorageSettings,
} from './settings.ts'
