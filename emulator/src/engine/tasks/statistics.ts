// Statistics: what pools, jobs and tasks have used. They are made from the rows when somebody asks; what only an agent on
// a real machine could measure (processor time, input and output) is zero.

import {
  BatchError,
  formatDuration,
  type JobStatistics,
  type PoolStatistics,
  type PoolUsageMetrics,
  type TaskStatistics,
  type Wire,
} from '@malachite/model'
import { evaluateFilter } from '../../odata/compile.ts'
import { parseDateTime } from '../../odata/date-time.ts'
import { pageOf } from '../../odata/page.ts'
import {
  dedicatedCoreTime,
  usageBetween,
  USAGE_WINDOW,
  windowOf,
  type PoolUsage,
} from '../../scheduler/usage.ts'
import type { TaskSums } from '../../storage/statistics.ts'
import { toIso } from '../../storage/time.ts'
import type { NodeTime } from '../../storage/usage.ts'
import type { Engine, Page, UsageQuery } from '../api.ts'
import type { Core } from '../core/core.ts'
import { requireJob, requirePool, requireTask } from '../core/lookup.ts'

export function createStatistics(core: Core): Engine['statistics'] {
  const { store } = core
  return {
    ofPool: (poolId) => ofPool(core, poolId),
    ofJob: (jobId) => {
      const job = requireJob(core, jobId)
      const now = core.stamp()
      return viewIfAny(store.statistics.ofJob(job.key, now), job.createdAt, now)
    },
    ofJobSchedule: (jobScheduleId) => {
      const schedule = store.jobSchedules.byId(jobScheduleId)
      if (!schedule) throw new BatchError('JobScheduleNotFound')
      const now = core.stamp()
      return viewIfAny(store.statistics.ofJobSchedule(schedule.key, now), schedule.createdAt, now)
    },
    ofTask: (jobId, taskId) => ofTask(core, jobId, taskId),
    ofAllPools: () => {
      const now = core.stamp()
      return viewPool(store.usage.between(0, now), store.usage.firstPool() ?? now, now)
    },
    ofAllJobs: () => {
      const now = core.stamp()
      return viewJob(store.statistics.ofAll(now), store.statistics.firstJob() ?? now, now)
    },
    poolUsage: (query = {}) => poolUsage(core, query),
  }
}

function ofPool(core: Core, poolId: string): Wire<PoolStatistics> | undefined {
  const { id, createdAt } = requirePool(core, poolId)
  const spans = core.store.usage.ofPool(id, createdAt)
  const now = core.stamp()
  if (spans.length === 0) return undefined
  return { startTime: toIso(createdAt), lastUpdateTime: toIso(now), ...viewPool(spans, createdAt, now) }
}

function ofTask(core: Core, jobId: string, taskId: string): Wire<TaskStatistics> | undefined {
  const { startedAt, endedAt, createdAt } = requireTask(core, requireJob(core, jobId), taskId)
  if (startedAt === null) return undefined
  const now = core.stamp()
  return {
    ...viewUse(createdAt, now, (endedAt ?? now) - startedAt),
    waitTime: duration(startedAt - createdAt),
  }
}

/** As in the service, what has not run yet has no statistics. */
function viewIfAny(sums: TaskSums, startAt: number, now: number): Wire<JobStatistics> | undefined {
  return sums.started > 0 ? viewJob(sums, startAt, now) : undefined
}

function viewJob(sums: TaskSums, startAt: number, now: number): Wire<JobStatistics> {
  return {
    ...viewUse(startAt, now, sums.wallClock),
    numTaskRetries: String(sums.retries),
    numSucceededTasks: String(sums.succeeded),
    numFailedTasks: String(sums.failed),
    waitTime: duration(sums.wait),
  }
}

function viewUse(startAt: number, now: number, wallClock: number): Wire<Omit<TaskStatistics, 'waitTime'>> {
  return {
    startTime: toIso(startAt),
    lastUpdateTime: toIso(now),
    userCPUTime: 'PT0S',
    kernelCPUTime: 'PT0S',
    wallClockTime: duration(wallClock),
    readIOps: '0',
    writeIOps: '0',
    readIOGiB: 0,
    writeIOGiB: 0,
  }
}

function viewPool(spans: readonly NodeTime[], startAt: number, now: number): Wire<PoolStatistics> {
  const [startTime, lastUpdateTime] = [toIso(startAt), toIso(now)]
  return {
    usageStats: {
      startTime,
      lastUpdateTime,
      dedicatedCoreTime: duration(dedicatedCoreTime(spans, now)),
    },
    resourceStats: {
      startTime,
      diskReadIOps: '0',
      diskWriteIOps: '0',
      lastUpdateTime,
      avgCPUPercentage: 0,
      avgMemoryGiB: 0,
      peakMemoryGiB: 0,
      avgDiskGiB: 0,
      peakDiskGiB: 0,
      diskReadGiB: 0,
      diskWriteGiB: 0,
      networkReadGiB: 0,
      networkWriteGiB: 0,
    },
  }
}

function duration(us: number): string {
  return formatDuration(Math.round(us / 1000))
}

/** Windows that are over, the latest one unless the caller says which. */
function poolUsage(core: Core, query: UsageQuery): Page<Wire<PoolUsageMetrics>> {
  const end = windowOf(core.stamp())
  const from = readTime('starttime', query.startTime) ?? end - USAGE_WINDOW
  const to = Math.min(readTime('endtime', query.endTime) ?? end, end)
  const matches = evaluateFilter(query.filter, { poolId: 'text' })
  const usage = usageBetween(core.store.usage.between(from, to), from, to).map(viewUsage)
  const found = usage.filter((entry) => matches({ ...entry }))
  return pageOf(found, query, ({ startTime, poolId, vmSize }) => `${startTime}/${poolId}/${vmSize}`)
}

function viewUsage({
  poolId,
  startTime,
  endTime,
  vmSize,
  totalCoreHours,
}: PoolUsage): Wire<PoolUsageMetrics> {
  return { poolId, startTime: toIso(startTime), endTime: toIso(endTime), vmSize, totalCoreHours }
}

function readTime(name: string, text: string | undefined): number | undefined {
  const time = text === undefined ? undefined : parseDateTime(text)
  if (text === undefined || time !== undefined) return time
  throw new BatchError('InvalidQueryParameterValue', {
    QueryParameterName: name,
    QueryParameterValue: text,
    Reason: 'It is not a date and time such as 2026-01-31T12:00:00Z',
  })
}
