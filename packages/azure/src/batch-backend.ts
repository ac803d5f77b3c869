// The Batch service of Azure behind `BatchBackend`, over `@azure/batch`. An emulator that speaks the service's protocol
// is the same backend with another endpoint.

import { BatchError, type BatchBackend } from '@malachite/model'
import { createBatchClient, type BatchClientOptions } from './batch-client.ts'
import { isLoopback, parseEndpoint } from './endpoint.ts'
import { fileOperations } from './files.ts'
import { jobOperations, taskOperations } from './jobs.ts'
import { nodeOperations } from './nodes.ts'
import { poolOperations } from './pools.ts'

/** How to reach a Batch account, and what to call it. */
export interface AzureBatchBackendOptions extends BatchClientOptions {
  /** For people. @default `Azure Batch account NAME`, or `emulator at ENDPOINT` on this machine */
  name?: string
}

/**
 * The Batch service of an account. Nothing connects before the first call.
 *
 * Requests that fail for a reason that passes are repeated: 408, 429 and 5xx other than 501, waiting as `Retry-After`
 * asks, and lost connections. When the answer to an `add…` was lost, its repetition may find what the first request
 * made: `PoolExists`, `JobExists`, or `TaskExists` as the result of a task. When no answer comes at all, calls reject
 * with `ServiceUnreachable` (status 0): after minutes in the cloud, within seconds on this machine. Lists of images,
 * node counts and files ignore `select`: the service does not offer it there.
 */
export function createAzureBatchBackend(options: AzureBatchBackendOptions): BatchBackend {
  const { account } = options
  const endpoint = requireEndpoint(options.endpoint)
  const batch = createBatchClient({ ...options, endpoint })
  const place = isLoopback(endpoint) ? `emulator at ${endpoint}` : `Azure Batch account ${account}`
  return {
    name: options.name ?? place,
    ...poolOperations(batch),
    ...nodeOperations(batch),
    ...jobOperations(batch),
    ...taskOperations(batch),
    ...fileOperations(batch),
    close: () => batch.close(),
  }
}

// The client leaves out the operation when the address has a path, so only the origin is kept.
function requireEndpoint(text: string): string {
  const endpoint = parseEndpoint(text)
  if (endpoint) return endpoint
  const message = `The Batch endpoint \`${text}\` is not a web address such as https://ACCOUNT.REGION.batch.azure.com.`
  throw new BatchError('ConfigurationError', {}, { message })
}
