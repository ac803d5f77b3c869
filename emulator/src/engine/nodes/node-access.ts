// What a node tells besides itself: how to log in, its extensions, and where its logs are to go.

import { createHash } from 'node:crypto'
import { BatchError, NODE_STATES, type NodeExtension, type Wire } from '@malachite/model'
import { pageOf } from '../../odata/page.ts'
import { parseLogUpload } from '../../schema/node.ts'
import type { PoolBody } from '../../schema/pool.ts'
import { inboundEndpoints, numberOf } from '../../storage/node-view.ts'
import type { NodeRow } from '../../storage/nodes.ts'
import type { PoolRow } from '../../storage/pools.ts'
import { project } from '../../storage/table.ts'
import { toIso } from '../../storage/time.ts'
import type { Engine, ListQuery, Page } from '../api.ts'
import type { Core } from '../core/core.ts'
import { requireNode, requirePool } from '../core/lookup.ts'
import { requireState } from './node-exit.ts'
import { ABSENT } from '../core/states.ts'

type Access = Pick<
  Engine['nodes'],
  'remoteLogin' | 'remoteDesktop' | 'getExtension' | 'listExtensions' | 'logUpload' | 'location'
>

/** States in which the agent of a node answers. */
const PRESENT = NODE_STATES.filter((state) => !ABSENT.includes(state))

export function createNodeAccess(core: Core): Access {
  const find = (poolId: string, nodeId: string) => {
    const pool = requirePool(core, poolId)
    const node = requireNode(core, pool, nodeId)
    return { pool, node, body: JSON.parse(pool.body) as PoolBody }
  }
  return {
    remoteLogin(poolId, nodeId) {
      const { node, body } = find(poolId, nodeId)
      const ssh = inboundEndpoints(node, body).at(-1)
      return { remoteLoginIPAddress: ssh?.publicIPAddress ?? '', remoteLoginPort: ssh?.frontendPort ?? 0 }
    },
    remoteDesktop(poolId, nodeId) {
      const { node, body } = find(poolId, nodeId)
      const address = inboundEndpoints(node, body).at(-1)?.publicIPAddress ?? ''
      return `full address:s:${address}\r\nLoadBalanceInfo:s:Cookie: mstshash=TVM#TVM_IN_${numberOf(node)}`
    },
    getExtension(poolId, nodeId, name, query) {
      const { node, body } = find(poolId, nodeId)
      const extension = extensionsOf(node, body).find(({ vmExtension }) => isSame(vmExtension.name, name))
      if (!extension) throw new BatchError('ResourceNotFound')
      return project(extension, query?.select)
    },
    listExtensions(poolId, nodeId, query = {}) {
      const { node, body } = find(poolId, nodeId)
      return selectPage(extensionsOf(node, body), query)
    },
    location(poolId, nodeId) {
      const { node } = find(poolId, nodeId)
      requireState(node, PRESENT)
      return { nodeId: node.id }
    },
    logUpload(poolId, nodeId, requestId, input) {
      const { containerUrl, startTime, endTime } = parseLogUpload(input)
      const { pool, node } = find(poolId, nodeId)
      requireState(node, PRESENT)
      return {
        containerUrl,
        from: Date.parse(startTime),
        to: endTime === undefined ? Infinity : Date.parse(endTime),
        directory: logDirectory(core.account.name, pool, node, requestId),
      }
    },
  }
}

/** All that the pool asked for: they are said to be there, though nothing is installed on this machine. */
function extensionsOf(node: NodeRow, body: PoolBody): Wire<NodeExtension>[] {
  const { bootedAt } = node
  if (bootedAt === null) return []
  return (body.virtualMachineConfiguration.extensions ?? []).map((vmExtension) => {
    const status = {
      code: 'ProvisioningState/succeeded',
      level: 'Info' as const,
      displayStatus: 'Provisioning succeeded',
      time: toIso(bootedAt),
    }
    return {
      provisioningState: 'Succeeded',
      vmExtension,
      instanceView: { name: vmExtension.name, statuses: [status], subStatuses: [] },
    }
  })
}

function selectPage(all: Wire<NodeExtension>[], query: ListQuery): Page<Wire<NodeExtension>> {
  const { items, ...rest } = pageOf(all, query, ({ vmExtension }) => vmExtension.name)
  return { ...rest, items: items.map((item) => project(item, query.select)) }
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** `{account}-{16 digits of its own}/{pool in lower case}/{node}/{request}` */
function logDirectory(account: string, pool: PoolRow, node: NodeRow, requestId: string): string {
  const digits = createHash('sha256').update(account).digest('hex').slice(0, 16).toUpperCase()
  return `${account}-${digits}/${pool.id.toLowerCase()}/${node.id}/${requestId}`
}
