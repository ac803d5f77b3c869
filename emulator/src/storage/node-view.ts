// A node as the service writes it: its row, and what its pool says about the machine.

import type {
  ComputeNode,
  InboundEndpoint,
  NodeError,
  RecentTask,
  StartTask,
  StartTaskInfo,
  Wire,
} from '@malachite/model'
import type { PoolBody } from '../schema/pool.ts'
import { affinityId, type NodeRow } from './nodes.ts'
import { compact, json, project } from './table.ts'
import { toIso } from './time.ts'

/** A release of the service's own agent; tools read it as a version. */
const NODE_AGENT_VERSION = '1.12.2'

/** The version of the image that `latest` stands for: there is no image here whose version could be told. */
const LATEST_VERSION = '1.0.0'

/** Where nodes are reached from outside: they are processes of this machine. */
const PUBLIC_ADDRESS = { publicIPAddress: '127.0.0.1', publicFQDN: 'localhost' }

const SSH_PORT = 22
const FIRST_SSH_FRONTEND_PORT = 50_000
/** The first address of a pool is 10.0.0.4. */
const FIRST_ADDRESS = 4

/** What of its pool a node tells. */
export type NodePool = Pick<PoolBody, 'vmSize' | 'virtualMachineConfiguration' | 'networkConfiguration'>

/** The service's JSON of a node, members in its order. */
export function viewNode(
  row: NodeRow,
  pool: NodePool,
  recentTasks: Wire<RecentTask>[],
  select?: readonly string[],
): Wire<ComputeNode> {
  const bootedAt = row.bootedAt === null ? undefined : toIso(row.bootedAt)
  const view = {
    id: row.id,
    state: row.state,
    schedulingState: row.enabled && !row.stopped ? 'enabled' : 'disabled',
    stateTransitionTime: toIso(row.stateAt),
    lastBootTime: bootedAt,
    allocationTime: toIso(row.allocatedAt),
    ipAddress: row.ipAddress,
    affinityId: affinityId(row.id),
    vmSize: pool.vmSize,
    totalTasksRun: row.totalRun,
    totalTasksSucceeded: row.totalSucceeded,
    runningTasksCount: row.runningTasks,
    runningTaskSlotsCount: row.usedSlots,
    recentTasks: recentTasks.length > 0 ? recentTasks : undefined,
    startTask: bootedAt === undefined ? undefined : json<StartTask>(row.startTask),
    startTaskInfo: json<Wire<StartTaskInfo>>(row.startInfo),
    isDedicated: row.dedicated === 1,
    endpointConfiguration: { inboundEndpoints: inboundEndpoints(row, pool) },
    nodeAgentInfo: bootedAt && { lastUpdateTime: bootedAt, version: NODE_AGENT_VERSION },
    virtualMachineInfo: { imageReference: exactImage(pool) },
    errors: json<NodeError[]>(row.errors),
  }
  return project(compact(view), select) as unknown as Wire<ComputeNode>
}

/** The ports of a node as they are reached from outside: those that the pool names, then that of SSH. */
export function inboundEndpoints(row: NodeRow, pool: NodePool): InboundEndpoint[] {
  const number = numberOf(row)
  const named = pool.networkConfiguration?.endpointConfiguration?.inboundNATPools ?? []
  return [
    ...named.map(({ name, protocol, frontendPortRangeStart, backendPort }) =>
      endpoint(`${name}.${number}`, protocol, frontendPortRangeStart + number, backendPort),
    ),
    endpoint(`SSHRule.${number}`, 'tcp', FIRST_SSH_FRONTEND_PORT + number, SSH_PORT),
  ]
}

function endpoint(
  name: string,
  protocol: InboundEndpoint['protocol'],
  frontendPort: number,
  backendPort: number,
): InboundEndpoint {
  return { name, protocol, ...PUBLIC_ADDRESS, frontendPort, backendPort }
}

/** The number of a node in its pool, from 0: its address has it. */
export function numberOf({ ipAddress }: Pick<NodeRow, 'ipAddress'>): number {
  const [, ...bytes] = ipAddress.split('.').map(Number)
  return bytes.reduce((number, byte) => number * 256 + byte, 0) - FIRST_ADDRESS
}

function exactImage({ virtualMachineConfiguration: { imageReference } }: NodePool) {
  if (imageReference.virtualMachineImageId !== undefined) return imageReference
  const { version = 'latest' } = imageReference
  return { ...imageReference, exactVersion: version === 'latest' ? LATEST_VERSION : version }
}
