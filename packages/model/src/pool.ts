// Pools: collections of nodes that share a size, an image and a start task.

import type { Duration } from './duration.ts'
import type { MetadataItem, NameValuePair } from './pair.ts'
import type { EnvironmentSetting, ResourceFile, UserIdentity } from './task.ts'

/** Every state of a pool. */
export const POOL_STATES = ['active', 'deleting'] as const
/** `deleting`: no new tasks run; the pool is gone once its nodes are. */
export type PoolState = (typeof POOL_STATES)[number]

/** Every state of the allocation of a pool's nodes. */
export const ALLOCATION_STATES = ['steady', 'resizing', 'stopping'] as const
/** `resizing`: nodes are being added or removed; `stopping`: a resize was asked to stop; else `steady`. */
export type AllocationState = (typeof ALLOCATION_STATES)[number]

/** What happens to the running tasks of a node that is removed. Default `requeue`. */
export type NodeDeallocationOption = 'requeue' | 'terminate' | 'taskcompletion' | 'retaineddata'

/** An image of the Azure Marketplace, or a custom one by its resource id. */
export interface ImageReference {
  publisher?: string
  offer?: string
  sku?: string
  /** @default 'latest' */
  version?: string
  virtualMachineImageId?: string
}

/** One row of the list of images the service runs nodes on, with the node agent that fits it. */
export interface SupportedImage {
  nodeAgentSKUId: string
  imageReference: ImageReference
  osType: 'linux' | 'windows'
  /** `verified` images are tested by Microsoft for Batch. */
  verificationType: 'verified' | 'unverified'
  capabilities?: string[]
  batchSupportEndOfLife?: Date
}

/** What runs on the nodes: an image and the node agent made for it. */
export interface VirtualMachineConfiguration {
  imageReference: ImageReference
  nodeAgentSKUId: string
}

/** Runs on every node when it joins the pool, is rebooted or reimaged, before any task. */
export interface StartTask {
  /** Started without a shell: wrap in `/bin/bash -c '…'` for variables, pipes or lists of commands. */
  commandLine: string
  resourceFiles?: ResourceFile[]
  environmentSettings?: EnvironmentSetting[]
  userIdentity?: UserIdentity
  /** Further tries after a non-zero exit code; -1 = no limit. @default 0 */
  maxTaskRetryCount?: number
  /** Keep tasks off the node until the start task has succeeded. @default true */
  waitForSuccess?: boolean
}

/** How tasks are spread over the nodes of a pool. */
export interface TaskSchedulingPolicy {
  /** `spread`: evenly over the nodes; `pack`: fill one node before the next. @default 'spread' */
  nodeFillType: 'spread' | 'pack'
}

/** What a new pool is made of. Limits: id 1–64 characters of `A–Z a–z 0–9 - _`, unique regardless of case. */
export interface PoolSpec {
  id: string
  /** For people; need not be unique. */
  displayName?: string
  /** Size of the virtual machines, e.g. `standard_d2s_v3`; the service answers in lower case. */
  vmSize: string
  /** Image of the nodes. */
  virtualMachineConfiguration: VirtualMachineConfiguration
  /** Nodes that stay until somebody removes them. @default 0 */
  targetDedicatedNodes?: number
  /** Spot nodes: cheaper, may be preempted. @default 0 */
  targetLowPriorityNodes?: number
  /** Time allowed for reaching the target; at least PT5M. @default 'PT15M' */
  resizeTimeout?: Duration
  /** Tasks that may run at once on one node, 1–256; fixed at creation. @default 1 */
  taskSlotsPerNode?: number
  /** @default spread */
  taskSchedulingPolicy?: TaskSchedulingPolicy
  /** Prepares each node. @default nodes take tasks at once */
  startTask?: StartTask
  /** The caller's own notes. */
  metadata?: MetadataItem[]
}

/** Why the last resize fell short, e.g. `AllocationTimedout` or `AccountCoreQuotaReached`. */
export interface ResizeError {
  code: string
  message: string
  values?: NameValuePair[]
}

/** Why the evaluation of an autoscale formula failed; `values` say where in the formula. */
export interface AutoScaleRunError {
  code: string
  message: string
  values?: NameValuePair[]
}

/** One evaluation of an autoscale formula. */
export interface AutoScaleRun {
  timestamp: Date
  /** The variables after it: `$TargetDedicatedNodes=3;$TargetLowPriorityNodes=0;…`, without a last `;`. */
  results: string
  error?: AutoScaleRunError
}

/** A pool as the service reports it. */
export interface Pool {
  id: string
  displayName?: string
  eTag: string
  lastModified: Date
  creationTime: Date
  state: PoolState
  stateTransitionTime: Date
  allocationState: AllocationState
  allocationStateTransitionTime: Date
  vmSize: string
  resizeTimeout: Duration
  /** Present only while `allocationState` is `steady` and the last resize had errors. */
  resizeErrors?: ResizeError[]
  currentDedicatedNodes: number
  targetDedicatedNodes: number
  currentLowPriorityNodes: number
  targetLowPriorityNodes: number
  /** The service sets the targets by a formula. */
  enableAutoScale: boolean
  /** Present only while `enableAutoScale` is true, like the two after it. */
  autoScaleFormula?: string
  autoScaleEvaluationInterval?: Duration
  /** The latest evaluation. */
  autoScaleRun?: AutoScaleRun
  /** Nodes can reach each other, as multi-instance tasks need it. */
  enableInterNodeCommunication: boolean
  taskSlotsPerNode: number
  taskSchedulingPolicy: TaskSchedulingPolicy
  virtualMachineConfiguration: VirtualMachineConfiguration
  startTask?: StartTask
  metadata?: MetadataItem[]
  /** How nodes talk to the service; absent until the first allocation is over. */
  currentNodeCommunicationMode?: 'default' | 'classic' | 'simplified'
}

/** A new size of a pool. A target that is left out becomes 0 (recorded behaviour of the service). */
export interface PoolResize {
  targetDedicatedNodes?: number
  targetLowPriorityNodes?: number
  /** @default 'PT15M' */
  resizeTimeout?: Duration
  /** @default 'requeue' */
  nodeDeallocationOption?: NodeDeallocationOption
}
