// Core hours of pools in windows of half an hour, as the service adds them up.

import { coresOf } from './vm-cores.ts'

/** The time of one node, microseconds; `endAt` is null while it is there. */
export interface NodeSpan {
  poolId: string
  vmSize: string
  dedicated: 0 | 1
  startAt: number
  endAt: number | null
}

/** What a pool used in one window; times in microseconds. */
export interface PoolUsage {
  poolId: string
  startTime: number
  endTime: number
  vmSize: string
  totalCoreHours: number
}

const HOUR = 3_600_000_000
/** Microseconds that one entry covers. */
export const USAGE_WINDOW = HOUR / 2

/** The start of the window that a moment is in. */
export function windowOf(time: number): number {
  return Math.floor(time / USAGE_WINDOW) * USAGE_WINDOW
}

/** What the nodes used in each whole window between two moments, by time, then pool, then size. */
export function usageBetween(spans: readonly NodeSpan[], from: number, to: number): PoolUsage[] {
  const entries: PoolUsage[] = []
  const first = spans.reduce((least, { startAt }) => Math.min(least, startAt), Infinity)
  const earliest = Math.ceil(from / USAGE_WINDOW) * USAGE_WINDOW
  let start = Math.max(earliest, windowOf(first))
  for (; start + USAGE_WINDOW <= to; start += USAGE_WINDOW) {
    entries.push(...usageOfWindow(spans, start))
  }
  return entries
}

function usageOfWindow(spans: readonly NodeSpan[], startTime: number): PoolUsage[] {
  const endTime = startTime + USAGE_WINDOW
  const byPool = new Map<string, PoolUsage>()
  for (const { poolId, vmSize, startAt, endAt } of spans) {
    const time = Math.min(endAt ?? endTime, endTime) - Math.max(startAt, startTime)
    if (time <= 0) continue
    const key = `${poolId}/${vmSize}`
    const entry = byPool.get(key) ?? { poolId, startTime, endTime, vmSize, totalCoreHours: 0 }
    entry.totalCoreHours += (coresOf(vmSize) * time) / HOUR
    byPool.set(key, entry)
  }
  return [...byPool].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
}

/** Microseconds of cores that the dedicated nodes had until now. */
export function dedicatedCoreTime(spans: readonly NodeSpan[], now: number): number {
  return spans
    .filter(({ dedicated }) => dedicated)
    .reduce((sum, { vmSize, startAt, endAt }) => sum + coresOf(vmSize) * ((endAt ?? now) - startAt), 0)
}
