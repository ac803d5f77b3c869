// Tasks: one command line each, run on a node of the job's pool.

import type { Duration } from './duration.ts'
import type { NameValuePair } from './pair.ts'

export const TASK_STATES = ['active', 'preparing', 'running', 'completed'] as const
/** `active`: waits for a slot (or a retry); `running` includes the download of its files; `completed`: done or failed. */
export type TaskState = (typeof TASK_STATES)[number]

export type TaskResult = 'success' | 'failure'

/** A file put into the working directory before the command line runs. Exactly one of the two sources is given. */
export interface ResourceFile {
  /** URL of one file: a blob URL with a read SAS, or any plain HTTP address. */
  httpUrl?: string
  /** URL of a blob container with a read-and-list SAS: everything in it is downloaded. */
  storageContainerUrl?: string
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
    }
  }
  uploadOptions: { uploadCondition: UploadCondition }
}

export interface EnvironmentSetting {
  name: string
  value?: string
}

/** Who a task runs as: an account of the pool, or one the service makes. Default: pool scope, not elevated. */
export interface UserIdentity {
  username?: string
  autoUser?: { scope?: 'task' | 'pool'; elevationLevel?: 'nonadmin' | 'admin' }
}

export interface TaskConstraints {
  /** Time one try may take, from its start; then it is ended and not retried. @default UNLIMITED */
  maxWallClockTime?: Duration
  /** How long the files stay on the node after completion. @default 'P7D' */
  retentionTime?: Duration
  /** Further tries after a non-zero exit code; -1 = no limit. @default the job's */
  maxTaskRetryCount?: number
}

/** What a new task is made of. */
export interface TaskSpec {
  id: string
  displayName?: string
  /** Started without a shell: wrap in `/bin/bash -c '…'` for variables, pipes or lists of commands. */
  commandLine: string
  resourceFiles?: ResourceFile[]
  outputFiles?: OutputFile[]
  environmentSettings?: EnvironmentSetting[]
  constraints?: TaskConstraints
  /** Slots of a node that the task takes; more than the pool's `taskSlotsPerNode` never runs. @default 1 */
  requiredSlots?: number
  userIdentity?: UserIdentity
  affinityInfo?: { affinityId: string }
}

/** Why a task (or start task) failed. `UserError`: the task or its definition; `ServerError`: the service. */
export interface FailureInfo {
  category: 'UserError' | 'ServerError'
  /** e.g. `FailureExitCode`, `CommandProgramNotFound`, `BlobNotFound`, `TaskEnded`. */
  code: string
  message: string
  details?: NameValuePair[]
}

export interface TaskExecutionInfo {
  /** Only while running or completed; set anew by each try. */
  startTime?: Date
  endTime?: Date
  /** Only when the process really ran; the negative signal number when a signal ended it. */
  exitCode?: number
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
