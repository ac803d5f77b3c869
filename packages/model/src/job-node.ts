// What a job's preparation and release tasks did on the nodes of its pool.

import type { ContainerInfo, FailureInfo, TaskResult } from './task.ts'

/** The last run of a job release task on a node. */
export interface JobReleaseTaskInfo {
  startTime: Date
  /** Absent while it runs. */
  endTime?: Date
  state: 'running' | 'completed'
  /** Relative to the node's root. */
  taskRootDirectory: string
  /** Absent while it runs, and when no process ran. */
  exitCode?: number
  containerInfo?: ContainerInfo
  failureInfo?: FailureInfo
  result?: TaskResult
}

/** The last run of a job preparation task on a node. */
export interface JobPreparationTaskInfo extends JobReleaseTaskInfo {
  retryCount: number
  /** Present only when `retryCount` is above 0. */
  lastRetryTime?: Date
}

/** A node that was prepared for a job; it may have left the pool since. */
export interface JobNodeStatus {
  poolId: string
  nodeId: string
  jobPreparationTaskExecutionInfo: JobPreparationTaskInfo
  /** Present once the release task has started there. */
  jobReleaseTaskExecutionInfo?: JobReleaseTaskInfo
}
