// What tasks and pools have used. The service writes whole counters as text, since they have 64 bits.

import type { Duration } from './duration.ts'

/** What the tries of a task have used. */
export interface TaskStatistics {
  startTime: Date
  lastUpdateTime: Date
  userCPUTime: Duration
  kernelCPUTime: Duration
  wallClockTime: Duration
  readIOps: string
  writeIOps: string
  readIOGiB: number
  writeIOGiB: number
  /** From the creation of a task to its latest start. */
  waitTime: Duration
}

/** What the tasks of a job, of a job schedule or of all jobs have used. */
export interface JobStatistics extends TaskStatistics {
  numTaskRetries: string
  numSucceededTasks: string
  numFailedTasks: string
}

/** What a pool, or all pools, have used. */
export interface PoolStatistics {
  /** Absent for all pools. */
  startTime?: Date
  lastUpdateTime?: Date
  usageStats: { startTime: Date; lastUpdateTime: Date; dedicatedCoreTime: Duration }
  resourceStats: {
    startTime: Date
    diskReadIOps: string
    diskWriteIOps: string
    lastUpdateTime: Date
    avgCPUPercentage: number
    avgMemoryGiB: number
    peakMemoryGiB: number
    avgDiskGiB: number
    peakDiskGiB: number
    diskReadGiB: number
    diskWriteGiB: number
    networkReadGiB: number
    networkWriteGiB: number
  }
}

/** What a pool used in half an hour. */
export interface PoolUsageMetrics {
  poolId: string
  startTime: Date
  endTime: Date
  vmSize: string
  totalCoreHours: number
}
