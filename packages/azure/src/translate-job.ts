// Jobs and tasks of the client as ours. They are close, but not equal: the service's casing of some enumerations comes
// through the client unchanged, ours leaves out what no workload needs, and a user is `userName` there.

import type { BatchServiceModels as Sdk } from '@azure/batch'
import type {
  ContainerInfo,
  FailureInfo,
  Job,
  MultiInstanceSettings,
  NameValuePair,
  OutputFile,
  ResourceFile,
  Task,
  TaskExecutionInfo,
  TaskNodeInfo,
  UserIdentity,
} from '@malachite/model'
import { each, lowerCase, same, translator } from './shape.ts'

/** A name and its value. */
export const pair = translator<Sdk.NameValuePair, NameValuePair>({ name: same, value: same })

/** Why a task or start task failed. */
export const failureInfo = translator<Sdk.TaskFailureInformation, FailureInfo>({
  category: toCategory,
  code: same,
  message: same,
  details: each(pair),
})

function toCategory(category: string): FailureInfo['category'] {
  return category.toLowerCase() === 'usererror' ? 'UserError' : 'ServerError'
}

/** Who a task runs as. */
export function toUserIdentity({ userName, autoUser }: Sdk.UserIdentity): UserIdentity {
  return { ...(userName !== undefined && { username: userName }), ...(autoUser && { autoUser }) }
}

/** A file put on the node. */
export const resourceFile = translator<Sdk.ResourceFile, ResourceFile>({
  httpUrl: same,
  storageContainerUrl: same,
  autoStorageContainerName: same,
  blobPrefix: same,
  filePath: same,
  fileMode: same,
})

const outputFile = translator<Sdk.OutputFile, OutputFile>({
  filePattern: same,
  destination: translator<Sdk.OutputFileDestination, OutputFile['destination']>({
    container: translator<Sdk.OutputFileBlobContainerDestination, OutputFile['destination']['container']>({
      containerUrl: same,
      path: same,
      uploadHeaders: same,
    }),
  }),
  uploadOptions: translator<Sdk.OutputFileUploadOptions, OutputFile['uploadOptions']>({
    uploadCondition: lowerCase,
  }),
})

/** The container of a run. */
export const containerInfo = translator<Sdk.TaskContainerExecutionInformation, ContainerInfo>({
  containerId: same,
  state: same,
  error: same,
})

/** The last run of a task. */
export const executionInfo = translator<Sdk.TaskExecutionInformation, TaskExecutionInfo>({
  startTime: same,
  endTime: same,
  exitCode: same,
  containerInfo,
  failureInfo,
  retryCount: same,
  lastRetryTime: same,
  requeueCount: same,
  lastRequeueTime: same,
  result: lowerCase,
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
  allowTaskPreemption: same,
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
  exitConditions: same,
  multiInstanceSettings: translator<Sdk.MultiInstanceSettings, MultiInstanceSettings>({
    numberOfInstances: same,
    coordinationCommandLine: same,
    commonResourceFiles: each(resourceFile),
  }),
  dependsOn: same,
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
