// Containers of the blob service.

import { isBatchError, sleep, type BlobBackend, type Clock } from '@malachite/model'
import type { BlobClient } from './blob-client.ts'

/** A container's name is free again about half a minute after its deletion; milliseconds. */
const DELETION_LIMIT = 60_000
const DELETION_POLL = 1000

type ContainerOperations = Pick<
  BlobBackend,
  'createContainer' | 'getContainerMetadata' | 'deleteContainer' | 'containerExists' | 'containerSas'
>

/** The operations of containers. */
export function containerOperations({ call, sign }: BlobClient, clock: Clock): ContainerOperations {
  return {
    async createContainer(container, options) {
      const end = clock.now() + DELETION_LIMIT
      for (;;) {
        try {
          const result = await call(container, options, (client, request) =>
            client.createIfNotExists({
              ...request,
              ...(options?.metadata && { metadata: options.metadata }),
            }),
          )
          return result.succeeded
        } catch (error) {
          if (!isBeingDeleted(error) || clock.now() >= end) throw error
          await sleep(clock, DELETION_POLL, options?.signal)
        }
      }
    },
    async getContainerMetadata(container, options) {
      try {
        const found = await call(container, options, (client, request) => client.getProperties(request))
        return found.metadata ?? {}
      } catch (error) {
        if (isBatchError(error) && error.status === 404) return undefined
        throw error
      }
    },
    async deleteContainer(container, options) {
      try {
        const result = await call(container, options, (client, request) => client.deleteIfExists(request))
        return result.succeeded
      } catch (error) {
        if (isBeingDeleted(error)) return false // an earlier deletion is under way: there is none any more
        throw error
      }
    },
    containerExists: (container, options) =>
      call(container, options, (client, request) => client.exists(request)),
    containerSas: (container, { permissions, expiresOn, signal }) =>
      sign({ container, permissions, expiresOn }, signal),
  }
}

function isBeingDeleted(error: unknown): boolean {
  return isBatchError(error, 'ContainerBeingDeleted')
}
