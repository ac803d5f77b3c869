// If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since against what is stored.

import { BatchError } from '@malachite/model'
import type { BatchEngine, RequestHeaders } from './context.ts'

const CONDITIONS = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'] as const
type Condition = (typeof CONDITIONS)[number]

/** True when the request sets any condition; only then is the resource read before the operation. */
export function isConditional(headers: RequestHeaders): boolean {
  return CONDITIONS.some((name) => headers[name] !== undefined)
}

/** What conditions compare with. Files have no ETag. `lastModified` as any text a `Date` understands. */
export interface Current {
  eTag?: string
  lastModified: string
}

/** The pool, job, job schedule or task that the path names. Throws when it does not exist. */
export function currentResource(engine: BatchEngine, params: Readonly<Record<string, string>>): Current {
  const { poolId = '', jobScheduleId, jobId, taskId } = params
  if (jobScheduleId !== undefined) return engine.jobSchedules.get(jobScheduleId)
  if (jobId === undefined) return engine.pools.get(poolId)
  return taskId === undefined ? engine.jobs.get(jobId) : engine.tasks.get(jobId, taskId)
}

/**
 * Throws `ConditionNotMet` unless the condition holds: with status 304 when a read is told that nothing changed, else
 * 412. `MultipleConditionHeadersNotSupported` for more than one, `InvalidHeaderValue` for what is not a date.
 */
export function checkPreconditions(verb: string, headers: RequestHeaders, current: Current): void {
  const [name, ...others] = CONDITIONS.filter((condition) => headers[condition] !== undefined)
  if (name === undefined) return
  if (others.length > 0) throw new BatchError('MultipleConditionHeadersNotSupported')
  if (holds(name, headers[name] ?? '', current)) return
  const unchanged = name === 'if-none-match' || name === 'if-modified-since'
  const isRead = verb === 'GET' || verb === 'HEAD'
  throw new BatchError('ConditionNotMet', {}, unchanged && isRead ? { status: 304 } : {})
}

function holds(name: Condition, value: string, current: Current): boolean {
  if (name === 'if-match') return matches(value, current.eTag)
  if (name === 'if-none-match') return !matches(value, current.eTag)
  const changed = seconds(current.lastModified) > headerSeconds(name, value)
  return name === 'if-modified-since' ? changed : !changed
}

// The service's ETags are unquoted and clients send them back as they are; a client that quotes means the same.
function matches(value: string, eTag: string | undefined): boolean {
  return value.split(',').some((tag) => {
    const plain = tag.trim().replace(/^(?:W\/)?"(.*)"$/, '$1')
    return plain === '*' || plain === eTag
  })
}

// Last-Modified has whole seconds, so conditions on it have, too.
function seconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000)
}

function headerSeconds(name: Condition, value: string): number {
  const time = seconds(value)
  if (Number.isNaN(time)) throw new BatchError('InvalidHeaderValue', { HeaderName: name, HeaderValue: value })
  return time
}
