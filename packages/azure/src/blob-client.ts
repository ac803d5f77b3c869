// The one way through which the blob backend reaches the service: connects on first use, maps errors, honours signals.

import { addAbortListener } from 'node:events'
import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob'
import type { CallOptions } from '@malachite/model'
import { connectBlobs, toBlobError, type BlobAccount, type BlobConnection } from './blob-connection.ts'
import type { SasTarget } from './sas.ts'

/** Options that every operation of the SDK takes. */
export interface RequestOptions {
  abortSignal?: AbortSignal
}

export interface BlobClient {
  /** Runs an operation on a container; rejects with a `BatchError` or with the signal's reason. */
  call: <Result>(
    container: string,
    options: CallOptions | undefined,
    request: (container: ContainerClient, options: RequestOptions) => Promise<Result>,
  ) => Promise<Result>
  /** The same with an operation on the account. */
  callAccount: <Result>(
    options: CallOptions | undefined,
    request: (service: BlobServiceClient, options: RequestOptions) => Promise<Result>,
  ) => Promise<Result>
  /** Maps errors and honours the signal as `call` does, for what comes after it: the pages of a list. */
  guard: <Result>(signal: AbortSignal | undefined, action: () => Promise<Result>) => Promise<Result>
  /** The text of a SAS without `?`. */
  sign: (target: SasTarget, signal?: AbortSignal) => Promise<string>
  close: () => Promise<void>
}

/** A client of one account. The SDK is loaded by the first call. */
export function createBlobClient(account: BlobAccount): BlobClient {
  let connection: Promise<BlobConnection> | undefined
  const connect = (): Promise<BlobConnection> => (connection ??= connectBlobs(account))

  const guard: BlobClient['guard'] = async (signal, action) => {
    signal?.throwIfAborted()
    try {
      return await action()
    } catch (error) {
      throw signal?.aborted ? signal.reason : toBlobError(error, account)
    }
  }

  const callAccount: BlobClient['callAccount'] = ({ signal } = {}, request) =>
    guard(signal, async () => request((await connect()).service, signal ? { abortSignal: signal } : {}))

  return {
    guard,
    callAccount,
    call: (container, options, request) =>
      callAccount(options, (service, more) => request(service.getContainerClient(container), more)),
    sign: (target, signal) => guard(signal, async () => untilAborted((await connect()).sign(target), signal)),
    close: async () => (await connection)?.close(),
  }
}

// The key that signs is shared by all callers, so one of them cannot cancel its request, only stop waiting.
async function untilAborted<Result>(
  result: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (!signal) return result
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  using _ = addAbortListener(signal, () => reject(signal.reason))
  return await Promise.race([result, aborted])
}
