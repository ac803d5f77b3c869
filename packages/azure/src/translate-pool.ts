// Images, pools, nodes and their files of the client as ours.

import type { BatchServiceModels as Sdk } from '@azure/batch'
import type {
  AutoScaleRun,
  AutoScaleRunError,
  ComputeNode,
  ImageReference,
  InboundEndpoint,
  NodeAgentInfo,
  NodeCount,
  NodeCounts,
  NodeError,
  NodeFile,
  Pool,
  RecentTask,
  ResizeError,
  StartTask,
  StartTaskInfo,
  SupportedImage,
} from '@malachite/model'
import { each, lowerCase, same, translator } from './shape.ts'
import {
  containerInfo,
  executionInfo,
  failureInfo,
  pair,
  resourceFile,
  toUserIdentity,
} from './translate-job.ts'

const imageReference = translator<Sdk.ImageReference, ImageReference>({
  publisher: same,
  offer: same,
  sku: same,
  version: same,
  virtualMachineImageId: same,
})

const startTask = translator<Sdk.StartTask, StartTask>({
  commandLine: same,
  resourceFiles: each(resourceFile),
  environmentSettings: same,
  userIdentity: toUserIdentity,
  maxTaskRetryCount: same,
  waitForSuccess: same,
})

/** An image that nodes can run. */
export const toSupportedImage = translator<Sdk.ImageInformation, SupportedImage>({
  nodeAgentSKUId: same,
  imageReference,
  osType: lowerCase,
  verificationType: lowerCase,
  capabilities: same,
  batchSupportEndOfLife: same,
})

const resizeError = translator<Sdk.ResizeError, ResizeError>({
  code: same,
  message: same,
  values: each(pair),
})

/** A pool. */
export const toPool = translator<Sdk.CloudPool, Pool>({
  id: same,
  displayName: same,
  eTag: same,
  lastModified: same,
  creationTime: same,
  state: same,
  stateTransitionTime: same,
  allocationState: same,
  allocationStateTransitionTime: same,
  vmSize: same,
  resizeTimeout: same,
  resizeErrors: each(resizeError),
  currentDedicatedNodes: same,
  targetDedicatedNodes: same,
  currentLowPriorityNodes: same,
  targetLowPriorityNodes: same,
  currentNodeCommunicationMode: same,
  enableAutoScale: same,
  autoScaleFormula: same,
  autoScaleEvaluationInterval: same,
  autoScaleRun: translator<Sdk.AutoScaleRun, AutoScaleRun>({
    timestamp: same,
    results: same,
    error: translator<Sdk.AutoScaleRunError, AutoScaleRunError>({
      code: same,
      message: same,
      values: each(pair),
    }),
  }),
  enableInterNodeCommunication: same,
  taskSlotsPerNode: same,
  taskSchedulingPolicy: translator<Sdk.TaskSchedulingPolicy, Pool['taskSchedulingPolicy']>({
    nodeFillType: lowerCase,
  }),
  virtualMachineConfiguration: translator<
    Sdk.VirtualMachineConfiguration,
    Pool['virtualMachineConfiguration']
  >({ imageReference, nodeAgentSKUId: same }),
  startTask,
  metadata: same,
})

/** A compute node. */
export const toComputeNode = translator<Sdk.ComputeNode, ComputeNode>({
  id: same,
  state: same,
  schedulingState: same,
  stateTransitionTime: same,
  lastBootTime: same,
  allocationTime: same,
  ipAddress: same,
  affinityId: same,
  vmSize: same,
  totalTasksRun: same,
  totalTasksSucceeded: same,
  runningTasksCount: same,
  runningTaskSlotsCount: same,
  recentTasks: each(
    translator<Sdk.TaskInformation, RecentTask>({
      jobId: same,
      taskId: same,
      subtaskId: same,
      taskState: same,
      executionInfo,
    }),
  ),
  startTask,
  startTaskInfo: translator<Sdk.StartTaskInformation, StartTaskInfo>({
    state: same,
    startTime: same,
    endTime: same,
    exitCode: same,
    containerInfo,
    failureInfo,
    retryCount: same,
    lastRetryTime: same,
    result: lowerCase,
  }),
  isDedicated: same,
  endpointConfiguration: translator<
    Sdk.ComputeNodeEndpointConfiguration,
    NonNullable<ComputeNode['endpointConfiguration']>
  >({
    inboundEndpoints: each(
      translator<Sdk.InboundEndpoint, InboundEndpoint>({
        name: same,
        protocol: same,
        publicIPAddress: same,
        publicFQDN: same,
        frontendPort: same,
        backendPort: same,
      }),
    ),
  }),
  nodeAgentInfo: translator<Sdk.NodeAgentInformation, NodeAgentInfo>({ lastUpdateTime: same, version: same }),
  virtualMachineInfo: translator<Sdk.VirtualMachineInfo, NonNullable<ComputeNode['virtualMachineInfo']>>({
    imageReference: translator<Sdk.ImageReference, ImageReference & { exactVersion?: string }>({
      publisher: same,
      offer: same,
      sku: same,
      version: same,
      virtualMachineImageId: same,
      exactVersion: same,
    }),
  }),
  errors: each(
    translator<Sdk.ComputeNodeError, NodeError>({ code: same, message: same, errorDetails: each(pair) }),
  ),
})

const nodeCount = translator<Sdk.NodeCounts, NodeCount>({
  creating: same,
  idle: same,
  leavingPool: same,
  offline: same,
  preempted: same,
  rebooting: same,
  reimaging: same,
  running: same,
  starting: same,
  startTaskFailed: same,
  unusable: same,
  unknown: same,
  waitingForStartTask: same,
  total: same,
})

/** How many nodes of a pool are in each state. */
export const toNodeCounts = translator<Sdk.PoolNodeCounts, NodeCounts>({
  poolId: same,
  dedicated: nodeCount,
  lowPriority: nodeCount,
})

/** A file or directory on a node. The service writes the size as text. */
export const toNodeFile = translator<Sdk.NodeFile, NodeFile>({
  name: same,
  isDirectory: same,
  properties: translator<Sdk.FileProperties, NonNullable<NodeFile['properties']>>({
    lastModified: same,
    contentLength: Number,
    contentType: same,
    fileMode: same,
  }),
})
