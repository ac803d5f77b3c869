// Files of nodes and tasks of the Batch client.

import type { BatchBackend, ReadOptions } from '@malachite/model'
import type { BatchClient } from './batch-client.ts'
import { readPages, withoutSelect } from './pages.ts'
import { toNodeFile } from './translate-pool.ts'

type FileOperations = Pick<BatchBackend, 'listNodeFiles' | 'readNodeFile' | 'listTaskFiles' | 'readTaskFile'>

/** The operations of files. A path travels as one segment: its slashes are encoded. */
export function fileOperations(batch: BatchClient): FileOperations {
  const { call } = batch
  return {
    listNodeFiles: (poolId, nodeId, options) =>
      readPages(batch, options, {
        first: ({ file }, request, page) =>
          file.listFromComputeNode(poolId, nodeId, {
            ...request,
            recursive: options?.recursive ?? false,
            fileListFromComputeNodeOptions: withoutSelect(page),
          }),
        next: ({ file }, link, request) => file.listFromComputeNodeNext(link, request),
        translate: toNodeFile,
      }),
    async readNodeFile(poolId, nodeId, path, options) {
      if (options?.length === 0) return nothing()
      const ocpRange = toRange(options)
      const { readableStreamBody } = await call(options, ({ file }, request) =>
        file.getFromComputeNode(poolId, nodeId, path, {
          ...request,
          ...(ocpRange && { fileGetFromComputeNodeOptions: { ocpRange } }),
        }),
      )
      return toWebStream(batch, readableStreamBody, options?.signal)
    },
    listTaskFiles: (jobId, taskId, options) =>
      readPages(batch, options, {
        first: ({ file }, request, page) =>
          file.listFromTask(jobId, taskId, {
            ...request,
            recursive: options?.recursive ?? false,
            fileListFromTaskOptions: withoutSelect(page),
          }),
        next: ({ file }, link, request) => file.listFromTaskNext(link, request),
        translate: toNodeFile,
      }),
    async readTaskFile(jobId, taskId, path, options) {
      if (options?.length === 0) return nothing()
      const ocpRange = toRange(options)
      const { readableStreamBody } = await call(options, ({ file }, request) =>
        file.getFromTask(jobId, taskId, path, {
          ...request,
          ...(ocpRange && { fileGetFromTaskOptions: { ocpRange } }),
        }),
      )
      return toWebStream(batch, readableStreamBody, options?.signal)
    },
  }
}

/** The `ocp-range` header of a partial read; `undefined` for the whole file. */
export function toRange({ offset = 0, length }: ReadOptions = {}): string | undefined {
  if (length !== undefined) return `bytes=${offset}-${offset + length - 1}`
  return offset > 0 ? `bytes=${offset}-` : undefined
}

function toWebStream(
  { toError }: BatchClient,
  body: NodeJS.ReadableStream | undefined,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  return ReadableStream.from(readBody(body as AsyncIterable<Uint8Array> | undefined))

  async function* readBody(
    chunks: AsyncIterable<Uint8Array> = nothing(),
  ): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* chunks
    } catch (error) {
      throw toError(error, signal)
    }
  }
}

function nothing(): ReadableStream<Uint8Array> {
  return ReadableStream.from<Uint8Array>([])
}
