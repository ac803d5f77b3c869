// Jobs: collections of tasks that run on one pool.

import type { Duration } from './duration.ts'
import type { MetadataItem, NameValuePair } from './pair.ts'
import type { PoolSpec } from './pool.ts'
import type { EnvironmentSetting } from './task.ts'

/** Every state of a job. */
export const JOB_STATES = [
  'active',
  'disabling',
  'disabled',
  'enabling',
  'terminating',
  'completed',
  'deleting',
] as const
/** Tasks are scheduled only while their job is `active`. */
export type JobState = (typeof JOB_STATES)[number]

/** What becomes of the running tasks of a job that is disabled. */
export type DisableTasksOption = 'requeue' | 'terminate' | 'wait'

/** Limits of a job and of its tasks. */
export interface JobConstraints {
  /** Counted from the job's creation; then the job is terminated (`MaxWallClockTimeExpiry`). @default UNLIMITED */
  maxWallClockTime?: Duration
  /** Further tries of each task after a non-zero exit code, unless the task says otherwise; -1 = no limit. @default 0 */
  maxTaskRetryCount?: number
}

/** What a new job is made of. The pool need not exist: tasks wait until it does. */
export interface JobSpec {
  /** 1–64 characters of `A–Z a–z 0–9 - _`, unique regardless of case. */
  id: string
  /** For people; need not be unique. */
  displayName?: string
  /** Where its tasks run. */
  poolInfo: { poolId: string }
  /** -1000 to 1000; tasks of jobs with a higher one go first. @default 0 */
  priority?: number
  /** Tasks of this job that may run at once; -1 = no limit. @default -1 */
  maxParallelTasks?: number
  /** @default no time limit, no retries */
  constraints?: JobConstraints
  /** Given to every task of the job; a task's own setting of the same name wins. */
  commonEnvironmentSettings?: EnvironmentSetting[]
  /** `terminatejob` ends the job when all its tasks are completed (a job without tasks at once). @default 'noaction' */
  onAllTasksComplete?: 'noaction' | 'terminatejob'
  /** `performexitoptionsjobaction`: the exit conditions of a task may end or disable the job. @default 'noaction' */
  onTaskFailure?: 'noaction' | 'performexitoptionsjobaction'
  /** Tasks may have `dependsOn`; fixed at creation. @default false */
  usesTaskDependencies?: boolean
  /** The caller's own notes. */
  metadata?: MetadataItem[]
}

/** A pool that is made for a job. */
export interface AutoPoolSpecification {
  /** At most 20 characters; the pool's id is `<prefix>_<GUID>`. */
  autoPoolIdPrefix?: string
  /** `job`: each job has its own pool; `jobschedule`: the jobs of a schedule share one. */
  poolLifetimeOption: 'job' | 'jobschedule'
  /** The pool stays when its job or schedule has ended. @default false */
  keepAlive?: boolean
  pool: Omit<PoolSpec, 'id'>
}

/** Where tasks run: a pool by its id, or one that comes and goes with the job or its schedule. */
export interface PoolInfo {
  poolId?: string
  autoPoolSpecification?: AutoPoolSpecification
}

/** When and where a job ran, and why it ended. */
export interface JobExecutionInfo {
  startTime: Date
  /** Present only when the job is completed. */
  endTime?: Date
  /** Absent when the job's own pool could not be made. */
  poolId?: string
  /** Why the job's own pool could not be made. */
  schedulingError?: { category: string; code: string; message: string; details?: NameValuePair[] }
  /** Why the job ended: the caller's words, or `UserTerminate`, `AllTasksCompleted`, `MaxWallClockTimeExpiry` … */
  terminateReason?: string
}

/** A job as the service reports it. */
export interface Job {
  id: string
  displayName?: string
  eTag: string
  lastModified: Date
  creationTime: Date
  state: JobState
  stateTransitionTime: Date
  previousState?: JobState
  previousStateTransitionTime?: Date
  priority: number
  maxParallelTasks: number
  /** Tasks of a job with a higher priority may take the place of running ones. */
  allowTaskPreemption: boolean
  usesTaskDependencies: boolean
  constraints: Required<JobConstraints>
  commonEnvironmentSettings?: EnvironmentSetting[]
  /** Without an id, the job has brought its own pool: `executionInfo.poolId`. */
  poolInfo: { poolId?: string }
  metadata?: MetadataItem[]
  executionInfo: JobExecutionInfo
  onAllTasksComplete: 'noaction' | 'terminatejob'
  onTaskFailure: 'noaction' | 'performexitoptionsjobaction'
}

/** Tasks of a job by state. `running` includes `preparing`; `completed` = `succeeded` + `failed`. */
export interface TaskCounts {
  active: number
  running: number
  completed: number
  succeeded: number
  failed: number
}

/** The two counts the service gives: tasks, and the slots those tasks need. */
export interface JobTaskCounts {
  taskCounts: TaskCounts
  taskSlotCounts: TaskCounts
}
