// Tasks: one command line each, run on a node of the job's pool.

import type { Duration } from './duration.ts'
import type { NameValuePair } from './pair.ts'

/** Every state of a task, in the order in which it goes through them. */
export const TASK_STATES = ['active', 'preparing', 'running', 'completed'] as const
/** `active`: waits for a slot (or a retry); `running` includes the download of its files; `completed`: done or failed. */
export type TaskState = (typeof TASK_STATES)[number]

/** How a completed task ended: `success` means that the exit code was 0 and nothing else failed. */
export type TaskResult = 'success' | 'failure'

/** A file put into the working directory before the command line runs. Exactly one of the three sources is given. */
export interface ResourceFile {
  /** URL of one file: a blob URL with a read SAS, or any plain HTTP address. */
  httpUrl?: string
  /** URL of a blob container with a read-and-list SAS: everything in it is downloaded. */
  storageContainerUrl?: string
  /** The same for a container of the storage account that is linked to the Batch account; no SAS is needed. */
  autoStorageContainerName?: string
  /** Only blobs whose name starts so (container only). */
  blobPrefix?: string
  /** With `httpUrl`: path and name of the file, relative to the working directory. With a container: its directory. */
  filePath?: string
  /** Octal permissions, e.g. `0755`. @default '0770' */
  fileMode?: string
}

/** When files are uploaded after a task: by its exit code. */
export type UploadCondition = 'tasksuccess' | 'taskfailure' | 'taskcompletion'

/** Files uploaded from the node after the command line has ended. */
export interface OutputFile {
  /** Relative to the working directory; `*`, `**`, `?` and `[…]` are understood. */
  filePattern: string
  destination: {
    container: {
      /** URL of the container with a write SAS. */
      containerUrl: string
      /** Blob name, or the virtual directory when the pattern has wildcards. */
      path?: string
      /** Headers of the blob service for each blob, such as `x-ms-blob-content-type`. */
      uploadHeaders?: { name: string; value?: string }[]
    }
  }
  uploadOptions: { uploadCondition: UploadCondition }
}

/** A variable in the environment of a command line; the `AZ_BATCH_…` ones are set besides. */
export interface EnvironmentSetting {
  name: string
  value?: string
}

/** Who a task runs as: an account of the pool, or one the service makes. Default: pool scope, not elevated. */
export interface UserIdentity {
  username?: string
  autoUser?: { scope?: 'task' | 'pool'; elevationLevel?: 'nonadmin' | 'admin' }
}

/** Limits of a task; what is absent comes from its job, or from the service. */
export interface TaskConstraints {
  /** Time one try may take, from its start; then it is ended and not retried. @default UNLIMITED */
  maxWallClockTime?: Duration
  /** How long the files stay on the node after completion. @default 'P7D' */
  retentionTime?: Duration
  /** Further tries after a non-zero exit code; -1 = no limit. @default the job's */
  maxTaskRetryCount?: number
}

/** What follows from the end of a task. */
export interface ExitOptions {
  /** For the job, if its `onTaskFailure` says so. @default 'none' for a success, else 'terminate' */
  jobAction?: 'none' | 'disable' | 'terminate'
  /** For the tasks that depend on this one. @default 'satisfy' for a success, else 'block' */
  dependencyAction?: 'satisfy' | 'block'
}

/** Options by how the task ended; exit codes of their own come before ranges, these before everything else. */
export interface ExitConditions {
  exitCodes?: { code: number; exitOptions: ExitOptions }[]
  /** `start` and `end` belong to the range. */
  exitCodeRanges?: { start: number; end: number; exitOptions: ExitOptions }[]
  /** The task could not be started: a file, the program … is missing. */
  preProcessingError?: ExitOptions
  /** An output file could not be uploaded. */
  fileUploadError?: ExitOptions
  /** Any other failure. */
  default?: ExitOptions
}

/** Tasks of the same job that must be completed (see `ExitOptions`) before this one starts. */
export interface TaskDependencies {
  taskIds?: string[]
  /** Every number of a range must be the id of such a task, leading zeros ignored. */
  taskIdRanges?: { start: number; end: number }[]
}

/** A task that runs on several nodes at once. */
export interface MultiInstanceSettings {
  /** Nodes, the primary's among them. @default 1 */
  numberOfInstances?: number
  /** Runs on every node and must end there before the task's own command line starts on the primary. */
  coordinationCommandLine: string
  /** Fetched on every node into the task's root, `AZ_BATCH_TASK_SHARED_DIR`. */
  commonResourceFiles?: ResourceFile[]
}

/** One of the further nodes of a multi-instance task; what is told is about its coordination command. */
export interface Subtask {
  /** From 1: the task itself is the primary. */
  id: number
  nodeInfo: TaskNodeInfo
  startTime: Date
  endTime?: Date
  exitCode?: number
  containerInfo?: ContainerInfo
  failureInfo?: FailureInfo
  state: 'preparing' | 'running' | 'completed'
  stateTransitionTime: Date
  previousState?: 'preparing' | 'running' | 'completed'
  previousStateTransitionTime?: Date
  result?: TaskResult
}

/** What a new task is made of. */
export interface TaskSpec {
  /** 1–64 characters of `A–Z a–z 0–9 - _`, unique in the job regardless of case. */
  id: string
  /** For people; need not be unique. */
  displayName?: string
  /** Started without a shell: wrap in `/bin/bash -c '…'` for variables, pipes or lists of commands. */
  commandLine: string
  /** Downloaded into the working directory before the command line runs. */
  resourceFiles?: ResourceFile[]
  /** Uploaded after it has ended. */
  outputFiles?: OutputFile[]
  /** Variables besides those of Batch. */
  environmentSettings?: EnvironmentSetting[]
  /** @default those of the job */
  constraints?: TaskConstraints
  /** Slots of a node that the task takes; more than the pool's `taskSlotsPerNode` never runs. @default 1 */
  requiredSlots?: number
  /** @default an automatic user without elevation */
  userIdentity?: UserIdentity
  /** A node to prefer, by its `affinityId`; another one is taken when that has no free slot. */
  affinityInfo?: { affinityId: string }
  /** What follows from how it ends. @default nothing */
  exitConditions?: ExitConditions
  /** Needs a pool with `enableInterNodeCommunication` and one slot per node, else the task waits for ever. */
  multiInstanceSettings?: MultiInstanceSettings
  /** Only in jobs with `usesTaskDependencies`. */
  dependsOn?: TaskDependencies
}

/** Why a task (or start task) failed. `UserError`: the task or its definition; `ServerError`: the service. */
export interface FailureInfo {
  category: 'UserError' | 'ServerError'
  /** e.g. `FailureExitCode`, `CommandProgramNotFound`, `BlobNotFound`, `TaskEnded`. */
  code: string
  message: string
  details?: NameValuePair[]
}

/** The container in which a command ran, in the words of the container engine. */
export interface ContainerInfo {
  /** Absent when there never was one. */
  containerId?: string
  /** Such as `exited`. */
  state: string
  /** Why it did not start; empty when it did. */
  error: string
}

/** What became of the latest try of a task. */
export interface TaskExecutionInfo {
  /** Only while running or completed; set anew by each try. */
  startTime?: Date
  endTime?: Date
  /** Only when the process really ran; the negative signal number when a signal ended it. */
  exitCode?: number
  /** Only when it was to run in a container and got so far. */
  containerInfo?: ContainerInfo
  failureInfo?: FailureInfo
  retryCount: number
  lastRetryTime?: Date
  requeueCount: number
  lastRequeueTime?: Date
  result?: TaskResult
}

/** The node a task was assigned to. */
export interface TaskNodeInfo {
  affinityId: string
  poolId: string
  nodeId: string
  /** Relative to the node's root, e.g. `workitems/job/job-1/task`. */
  taskRootDirectory: string
}

/** A task as the service reports it. */
export interface Task {
  id: string
  displayName?: string
  eTag: string
  creationTime: Date
  lastModified: Date
  state: TaskState
  stateTransitionTime: Date
  previousState?: TaskState
  previousStateTransitionTime?: Date
  commandLine: string
  resourceFiles?: ResourceFile[]
  outputFiles?: OutputFile[]
  environmentSettings?: EnvironmentSetting[]
  affinityInfo?: { affinityId: string }
  userIdentity: UserIdentity
  exitConditions?: ExitConditions
  multiInstanceSettings?: MultiInstanceSettings
  dependsOn?: TaskDependencies
  constraints: Required<TaskConstraints>
  requiredSlots: number
  executionInfo: TaskExecutionInfo
  nodeInfo?: TaskNodeInfo
}

/** What became of one task of a collection; the order of the results is not that of the request. */
export interface AddTaskResult {
  taskId: string
  /** `clienterror`: wrong, do not repeat; `servererror`: may be repeated. */
  status: 'success' | 'clienterror' | 'servererror'
  error?: { code: string; message: string; details: Readonly<Record<string, string>> }
}

/** A file or directory on a node. */
export interface NodeFile {
  /** Path relative to the directory that was listed (a task's root or a node's root). */
  name: string
  isDirectory: boolean
  /** Absent for directories. */
  properties?: { lastModified: Date; contentLength: number; contentType?: string; fileMode?: string }
}
