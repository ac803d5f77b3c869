// Compute nodes of the Batch client.

import type { BatchBackend } from '@malachite/model'
import type { BatchClient } from './batch-client.ts'
import { readPages, withoutSelect } from './pages.ts'
import { toComputeNode, toNodeCounts } from './translate-pool.ts'

type NodeOperations = Pick<BatchBackend, 'listNodes' | 'getNode' | 'listNodeCounts' | 'rebootNode'>

/** The operations of compute nodes. */
export function nodeOperations(batch: BatchClient): NodeOperations {
  const { call } = batch
  return {
    listNodes: (poolId, options) =>
      readPages(batch, options, {
        first: ({ computeNode }, request, page) =>
          computeNode.list(poolId, { ...request, computeNodeListOptions: page }),
        next: ({ computeNode }, link, request) => computeNode.listNext(link, request),
        translate: toComputeNode,
      }),
    getNode: async (poolId, nodeId, options) =>
      toComputeNode(
        await call(options, (client, request) => client.computeNode.get(poolId, nodeId, request)),
      ),
    listNodeCounts: (options) =>
      readPages(batch, options, {
        first: ({ account }, request, page) =>
          account.listPoolNodeCounts({
            ...request,
            accountListPoolNodeCountsOptions: withoutSelect(page),
          }),
        next: ({ account }, link, request) => account.listPoolNodeCountsNext(link, request),
        translate: toNodeCounts,
      }),
    async rebootNode(poolId, nodeId, options) {
      await call(options, (client, request) => client.computeNode.reboot(poolId, nodeId, request))
    },
  }
}
