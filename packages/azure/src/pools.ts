// Images and pools of the Batch client.

import type { BatchBackend } from '@malachite/model'
import type { BatchClient } from './batch-client.ts'
import { readPages, withoutSelect } from './pages.ts'
import { fromPoolSpec } from './requests.ts'
import { toPool, toSupportedImage } from './translate-pool.ts'

type PoolOperations = Pick<
  BatchBackend,
  'listSupportedImages' | 'addPool' | 'getPool' | 'listPools' | 'resizePool' | 'stopResize' | 'deletePool'
>

/** The operations of images and pools. */
export function poolOperations(batch: BatchClient): PoolOperations {
  const { call } = batch
  return {
    listSupportedImages: (options) =>
      readPages(batch, options, {
        first: ({ account }, request, page) =>
          account.listSupportedImages({
            ...request,
            accountListSupportedImagesOptions: withoutSelect(page),
          }),
        next: ({ account }, link, request) => account.listSupportedImagesNext(link, request),
        translate: toSupportedImage,
      }),
    async addPool(pool, options) {
      await call(options, (client, request) => client.pool.add(fromPoolSpec(pool), request))
    },
    getPool: async (poolId, options) =>
      toPool(await call(options, (client, request) => client.pool.get(poolId, request))),
    listPools: (options) =>
      readPages(batch, options, {
        first: ({ pool }, request, page) => pool.list({ ...request, poolListOptions: page }),
        next: ({ pool }, link, request) => pool.listNext(link, request),
        translate: toPool,
      }),
    async resizePool(poolId, resize, options) {
      await call(options, (client, request) => client.pool.resize(poolId, resize, request))
    },
    async stopResize(poolId, options) {
      await call(options, (client, request) => client.pool.stopResize(poolId, request))
    },
    async deletePool(poolId, options) {
      await call(options, (client, request) => client.pool.deleteMethod(poolId, request))
    },
  }
}
