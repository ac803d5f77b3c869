// The client of `@azure/storage-blob`, set up so that connections, repetitions and errors are ours. Unlike the Batch
// client it repeats requests well by itself.

import type { Agent } from 'node:http'
import type {
  BlobServiceClient,
  Pipeline,
  StoragePipelineOptions,
  UserDelegationKey,
} from '@azure/storage-blob'
import type { TokenCredential } from '@azure/identity'
import { BatchError } from '@malachite/model'
import { blobServiceUrl, parseConnectionString } from './connection-string.ts'
import { createDefaultCredential, noToken } from './credentials.ts'
import { isLoopback } from './endpoint.ts'
import { isNetworkError, toBatchError } from './errors.ts'
import { createDelegationSigner, createKeySigner, type SasSigner } from './sas.ts'

/** A storage account: by its connection string, by name and key, or by name and Microsoft Entra ID. */
export type BlobAccountOptions =
  | { connectionString: string }
  | {
      account: string
      /** Access key, base64. Without it Microsoft Entra ID is used. */
      key?: string
      /** Address of the account's blob service. @default `https://ACCOUNT.blob.core.windows.net` */
      url?: string
      /** Source of tokens when there is no key. @default DefaultAzureCredential, loaded when needed */
      credential?: TokenCredential
    }

/** The account with every default in place. */
export interface BlobAccount {
  account: string
  url: string
  key?: string
  credential?: TokenCredential
}

/** The account that the options name. `ConfigurationError` for a malformed connection string. */
export function resolveBlobAccount(options: BlobAccountOptions): BlobAccount {
  if ('connectionString' in options) return parseConnectionString(options.connectionString)
  if (options.key === undefined && options.url?.startsWith('http:')) throw insecure(options.url)
  return { ...options, url: (options.url ?? blobServiceUrl(options.account)).replace(/\/+$/, '') }
}

function insecure(url: string): BatchError {
  const message = `Microsoft Entra ID signs in over https only: give the key of the account for ${url}.`
  return new BatchError('ConfigurationError', {}, { message })
}

export interface BlobConnection {
  service: BlobServiceClient
  sign: SasSigner
  /** Drops the connections. */
  close: () => void
}

/** Loads the SDK and makes its client. Nothing is sent yet. */
export async function connectBlobs(options: BlobAccount): Promise<BlobConnection> {
  const { account, key, url } = options
  const [sdk, { Agent }] = await Promise.all([
    import('@azure/storage-blob'),
    url.startsWith('https:') ? import('node:https') : import('node:http'),
  ])
  const credential = key
    ? new sdk.StorageSharedKeyCredential(account, key)
    : reportingCredential(options.credential ?? createDefaultCredential())
  const pipeline = sdk.newPipeline(credential, { retryOptions: retryOptions(url) })
  const agent = new Agent({ keepAlive: true })
  useAgent(pipeline, agent, isLoopback(url))
  const service = new sdk.BlobServiceClient(url, pipeline)
  const lend = (from: Date, to: Date): Promise<UserDelegationKey> => service.getUserDelegationKey(from, to)
  const sign = key ? createKeySigner(sdk, account, key, url) : createDelegationSigner(sdk, lend, account, url)
  return { service, sign, close: () => agent.destroy() }
}

// The SDK waits 0, 1, 3, 7, 15 … times the delay: about a minute in the cloud, under a second on this machine.
function retryOptions(url: string): NonNullable<StoragePipelineOptions['retryOptions']> {
  if (isLoopback(url)) return { maxTries: 3, retryDelayInMs: 500 }
  return { maxTries: 8, retryDelayInMs: 500, maxRetryDelayInMs: 30_000 }
}

// Connections of our own can be dropped by `close`, and do not go through a proxy when the service is on this machine.
function useAgent(pipeline: Pipeline, agent: Agent, always: boolean): void {
  pipeline.factories.push({
    create: (next) => ({
      sendRequest(request) {
        if (always || !request.agent) request.agent = agent
        return next.sendRequest(request)
      },
    }),
  })
}

function reportingCredential(credential: TokenCredential): TokenCredential {
  return {
    async getToken(scopes, options) {
      try {
        return await credential.getToken(scopes, options)
      } catch (error) {
        throw options?.abortSignal?.aborted ? error : noToken(error)
      }
    },
  }
}

/**
 * An error of the SDK as a `BatchError`. Errors of the local file system are none of the service's: they pass unchanged
 * with their code (`ENOENT`, `EACCES`, `ENOSPC` …) and path.
 */
export function toBlobError(error: unknown, { url }: BlobAccount): unknown {
  if (!(error instanceof Error)) return error
  // So the SDK calls a connection that ends in the middle of a blob; the caller's own abort never gets here.
  const cut = error.name === 'AbortError'
  if (!cut && error.name !== 'RestError' && !isNetworkError(error)) return error
  const known = cut
    ? Object.assign(new Error(error.message, { cause: error }), { code: 'ECONNRESET' })
    : error
  const hint = isLoopback(url)
    ? 'Is Azurite running? `malachite emulator` starts it beside the Batch emulator.'
    : 'Check the account name (AZURE_STORAGE_CONNECTION_STRING) and the network.'
  return toBatchError(known, { service: `The blob service at ${url}`, hint })
}
