// Compute nodes: the (virtual) machines of a pool.

import type { NameValuePair } from './pair.ts'
import type { ImageReference, StartTask } from './pool.ts'
import type { ContainerInfo, FailureInfo, TaskExecutionInfo, TaskState } from './task.ts'

/** Every state of a node. */
export const NODE_STATES = [
  'creating',
  'starting',
  'waitingforstarttask',
  'starttaskfailed',
  'idle',
  'running',
  'offline',
  'rebooting',
  'reimaging',
  'leavingpool',
  'preempted',
  'unusable',
  'unknown',
  'deallocating',
  'deallocated',
] as const
/** Where a node is in its life; tasks are scheduled to nodes in `idle` and `running` only. */
export type NodeState = (typeof NODE_STATES)[number]

/** The last run of the start task on a node. */
export interface StartTaskInfo {
  state: 'running' | 'completed'
  startTime: Date
  /** Absent while it runs. */
  endTime?: Date
  /** Absent while it runs, and when the program could not be started. */
  exitCode?: number
  containerInfo?: ContainerInfo
  failureInfo?: FailureInfo
  retryCount: number
  /** Present only when `retryCount` is above 0. */
  lastRetryTime?: Date
  result?: 'success' | 'failure'
}

/** A task that ran on a node lately. */
export interface RecentTask {
  jobId: string
  taskId: string
  /** Of a multi-instance task, but for its primary. */
  subtaskId?: number
  taskState: TaskState
  executionInfo?: TaskExecutionInfo
}

/** Why a node is unusable. */
export interface NodeError {
  code: string
  message: string
  errorDetails?: NameValuePair[]
}

/** A port of a node as it is reached from outside. */
export interface InboundEndpoint {
  /** The name of its address pool and the number of the node: `SSHRule.0`. */
  name: string
  protocol: 'tcp' | 'udp'
  publicIPAddress: string
  publicFQDN: string
  frontendPort: number
  backendPort: number
}

/** The service's program on a node. */
export interface NodeAgentInfo {
  lastUpdateTime: Date
  version: string
}

/** A node as the service reports it. */
export interface ComputeNode {
  id: string
  state: NodeState
  schedulingState: 'enabled' | 'disabled'
  stateTransitionTime: Date
  /** Absent until the node has booted for the first time. */
  lastBootTime?: Date
  allocationTime: Date
  ipAddress: string
  /** Pass it to a task's `affinityInfo` to prefer this node. */
  affinityId: string
  vmSize: string
  totalTasksRun: number
  totalTasksSucceeded: number
  runningTasksCount: number
  runningTaskSlotsCount: number
  /** Present only once a task has run on the node; oldest first. */
  recentTasks?: RecentTask[]
  startTask?: StartTask
  startTaskInfo?: StartTaskInfo
  isDedicated: boolean
  endpointConfiguration?: { inboundEndpoints: InboundEndpoint[] }
  /** Absent until the node has booted for the first time. */
  nodeAgentInfo?: NodeAgentInfo
  virtualMachineInfo?: { imageReference: ImageReference & { exactVersion?: string } }
  errors?: NodeError[]
}

/** Where to log in to a node. */
export interface RemoteLoginSettings {
  remoteLoginIPAddress: string
  remoteLoginPort: number
}

/** An extension of a virtual machine and what became of it on one node. */
export interface NodeExtension {
  provisioningState: string
  vmExtension: { name: string; publisher: string; type: string }
  instanceView: { name: string; statuses: ExtensionStatus[]; subStatuses: ExtensionStatus[] }
}

/** What an extension says of itself. */
export interface ExtensionStatus {
  code: string
  level: 'Error' | 'Info' | 'Warning'
  displayStatus: string
  time: string
}

/** Nodes of one pool by state; the two kinds of node are counted apart. */
export interface NodeCounts {
  poolId: string
  dedicated: NodeCount
  lowPriority: NodeCount
}

/** How many nodes are in each state. Keys are camel-case here, lower-case in `NodeState`: the service does so. */
export interface NodeCount {
  creating: number
  idle: number
  leavingPool: number
  offline: number
  preempted: number
  rebooting: number
  reimaging: number
  running: number
  starting: number
  startTaskFailed: number
  unusable: number
  unknown: number
  waitingForStartTask: number
  total: number
}
