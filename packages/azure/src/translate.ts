// The client's models to ours. They are close, but not equal: the service's casing of some enumerations comes through
// the client unchanged, ours leaves out what no workload needs, and a user is `userName` there.

import type { BatchServiceModels as Sdk } from '@azure/batch'
import type {
  ComputeNode,
  FailureInfo,
  ImageReference,
  Job,
  NameValuePair,
  NodeCount,
  NodeCounts,
  NodeError,
  NodeFile,
  OutputFile,
  Pool,
  RecentTask,
  ResizeError,
  ResourceFile,
  StartTask,
  StartTaskInfo,
  SupportedImage,
  Task,
  TaskExecutionInfo,
  TaskNodeInfo,
  UserIdentity,
} from '@malachite/model'
import { each, lowerCase, same, translator } from './shape.ts'

const pair = translator<Sdk.NameValuePair, NameValuePair>({ name: same, value: same })

const failureInfo = translator<Sdk.TaskFailureInformation, FailureInfo>({
  category: toCategory,
  code: same,
  message: same,
  details: each(pair),
})

function toCategory(category: string): FailureInfo['category'] {
  return category.toLowerCase() === 'usererror' ? 'UserError' : 'ServerError'
}

function toUserIdentity({ userName, autoUser }: Sdk.UserIdentity): UserIdentity {
  return { ...(userName !== undefined && { username: userName }), ...(autoUser && { autoUser }) }
}

const resourceFile = translator<Sdk.ResourceFile, ResourceFile>({
  httpUrl: same,
  storageContainerUrl: same,
  blobPrefix: same,
  filePath: same,
  fileMode: same,
})

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

/** A job. */
export const toJob = translator<Sdk.CloudJob, Job>({
  id: same,
  displayName: same,
  eTag: same,
  lastModified: same,
  creationTime: same,
  state: same,
  stateTransitionTime: same,
  previousState: same,
  previousStateTransitionTime: same,
  priority: same,
  maxParallelTasks: same,
  usesTaskDependencies: same,
  constraints: translator<Sdk.JobConstraints, Job['constraints']>({
    maxWallClockTime: same,
    maxTaskRetryCount: same,
  }),
  commonEnvironmentSettings: same,
  poolInfo: translator<Sdk.PoolInformation, Job['poolInfo']>({ poolId: same }),
  metadata: same,
  executionInfo: translator<Sdk.JobExecutionInformation, Job['executionInfo']>({
    startTime: same,
    endTime: same,
    poolId: same,
    schedulingError: translator<Sdk.JobSchedulingError, NonNullable<Job['executionInfo']['schedulingError']>>(
      { category: toCategory, code: same, message: same, details: each(pair) },
    ),
    terminateReason: same,
  }),
  onAllTasksComplete: same,
  onTaskFailure: same,
})

const outputFile = translator<Sdk.OutputFile, OutputFile>({
  filePattern: same,
  destination: translator<Sdk.OutputFileDestination, OutputFile['destination']>({
    container: translator<Sdk.OutputFileBlobContainerDestination, OutputFile['destination']['container']>({
      containerUrl: same,
      path: same,
    }),
  }),
  uploadOptions: translator<Sdk.OutputFileUploadOptions, OutputFile['uploadOptions']>({
    uploadCondition: lowerCase,
  }),
})

const executionInfo = translator<Sdk.TaskExecutionInformation, TaskExecutionInfo>({
  startTime: same,
  endTime: same,
  exitCode: same,
  failureInfo,
  retryCount: same,
  lastRetryTime: same,
  requeueCount: same,
  lastRequeueTime: same,
  result: lowerCase,
})

/** A task. */
export const toTask = translator<Sdk.CloudTask, Task>({
  id: same,
  displayName: same,
  eTag: same,
  creationTime: same,
  lastModified: same,
  state: same,
  stateTransitionTime: same,
  previousState: same,
  previousStateTransitionTime: same,
  commandLine: same,
  resourceFiles: each(resourceFile),
  outputFiles: each(outputFile),
  environmentSettings: same,
  affinityInfo: same,
  userIdentity: toUserIdentity,
  constraints: translator<Sdk.TaskConstraints, Task['constraints']>({
    maxWallClockTime: same,
    retentionTime: same,
    maxTaskRetryCount: same,
  }),
  requiredSlots: same,
  executionInfo,
  nodeInfo: translator<Sdk.ComputeNodeInformation, TaskNodeInfo>({
    affinityId: same,
    poolId: same,
    nodeId: same,
    taskRootDirectory: same,
  }),
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
    failureInfo,
    retryCount: same,
    lastRetryTime: same,
    result: lowerCase,
  }),
  isDedicated: same,
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
