// Job schedules: they make jobs at given times, one at a time.

import type { Duration } from './duration.ts'
import type { Job, PoolInfo } from './job.ts'
import type { MetadataItem } from './pair.ts'

/** Every state of a job schedule. */
export const JOB_SCHEDULE_STATES = ['active', 'completed', 'disabled', 'terminating', 'deleting'] as const
/** Jobs are made only while their schedule is `active`. */
export type JobScheduleState = (typeof JOB_SCHEDULE_STATES)[number]

/** When jobs are made; without any member: one job, at once. */
export interface Schedule {
  /** No job is made before. @default the schedule's creation */
  doNotRunUntil?: Date
  /** No job is made from here on; then the schedule completes, once its last job has. */
  doNotRunAfter?: Date
  /** How long after it was due a job may still be made; at least PT1M. @default no limit */
  startWindow?: Duration
  /** Between the times at which jobs are due; at least PT1M. @default one job only */
  recurrenceInterval?: Duration
}

/** What the jobs of a schedule are made of: a job as it is reported, without what it gets by running. */
export type JobSpecification = { poolInfo: PoolInfo } & Omit<
  Job,
  | 'id'
  | 'eTag'
  | 'lastModified'
  | 'creationTime'
  | 'state'
  | 'stateTransitionTime'
  | 'previousState'
  | 'previousStateTransitionTime'
  | 'executionInfo'
  | 'poolInfo'
>

/** Which job a schedule has made last, and when the next one is due. */
export interface JobScheduleExecutionInfo {
  /** When the next job is due; absent when there is none. */
  nextRunTime?: Date
  /** The latest job: `<schedule>:job-<number>`. */
  recentJob?: { id: string }
  /** Present only when the schedule is completed. */
  endTime?: Date
}

/** A job schedule as the service reports it. */
export interface JobSchedule {
  id: string
  displayName?: string
  eTag: string
  lastModified: Date
  creationTime: Date
  state: JobScheduleState
  stateTransitionTime: Date
  previousState?: JobScheduleState
  previousStateTransitionTime?: Date
  schedule: Schedule
  jobSpecification: JobSpecification
  metadata?: MetadataItem[]
  executionInfo: JobScheduleExecutionInfo
}
