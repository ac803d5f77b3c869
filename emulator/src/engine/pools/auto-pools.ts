// Pools that jobs bring with them: made with the first job that needs one, deleted when their job or schedule is over.

import { isDeepStrictEqual } from 'node:util'
import { BatchError, type NameValuePair } from '@malachite/model'
import type { AutoPoolBody, PoolInfoBody, PoolInfoChange } from '../../schema/pool-info.ts'
import type { JobRow } from '../../storage/jobs.ts'
import type { JobScheduleRow } from '../../storage/job-schedules.ts'
import type { Core } from '../core/core.ts'
import { addPool, deletePool, refuseWindows } from './pools.ts'

/** Where a new job runs, or why it cannot run anywhere. */
export interface JobPool {
  /** Empty when there is an error. */
  poolId: string
  /** JSON of the `schedulingError`. */
  schedulingError: string | null
}

/** Refuses specifications that no job could ever run on; `lifetime: jobschedule` is for schedules only. */
export function requireAutoPool(info: PoolInfoBody, isScheduled: boolean): void {
  const auto = info.autoPoolSpecification
  if (!auto) return
  refuseWindows(auto.pool)
  if (isScheduled || auto.poolLifetimeOption === 'job') return
  throw new BatchError('InvalidPropertyValue', {
    PropertyName: 'poolLifetimeOption',
    PropertyValue: auto.poolLifetimeOption,
    Reason:
      'Only the jobs of a job schedule can share a pool; the pool of a single job has the lifetime job.',
  })
}

/** The pool of a new job, made if need be. A `schedule` remembers the pool that its jobs share. */
export function choosePool(core: Core, info: PoolInfoBody, schedule?: JobScheduleRow): JobPool {
  const { autoPoolSpecification: auto, poolId } = info
  if (!auto) return { poolId: poolId ?? '', schedulingError: null }
  const sharing = auto.poolLifetimeOption === 'jobschedule' ? schedule : undefined
  const shared = core.store.pools.byId(sharing?.autoPoolId ?? '')
  if (shared?.state === 'active') return { poolId: shared.id, schedulingError: null }
  const made = makePool(core, auto)
  if (sharing && made.schedulingError === null) sharing.autoPoolId = made.poolId
  return made
}

function makePool(core: Core, { autoPoolIdPrefix: prefix, pool }: AutoPoolBody): JobPool {
  const guid = toGuid(core.newId())
  const id = prefix === undefined ? guid : `${prefix}_${guid}`
  try {
    addPool(core, { id, ...pool })
    return { poolId: id, schedulingError: null }
  } catch (error) {
    if (!(error instanceof BatchError)) throw error
    return { poolId: '', schedulingError: JSON.stringify(schedulingError(error)) }
  }
}

/** The service writes these GUIDs in upper case. */
function toGuid(hex: string): string {
  const digits = hex.slice(-32).toUpperCase()
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** Why a pool could not be made, by the error that a request for it would get → code of the `schedulingError`. */
const SCHEDULING_ERRORS: readonly [error: RegExp, code: string][] = [
  [/Quota/, 'AutoPoolCreationFailedWithQuotaReached'],
  [/Certificate/, 'InvalidCertificatesInAutoPool'],
  [/ApplicationPackage/, 'InvalidApplicationPackageReferencesInAutoPool'],
  [/AutoScal/, 'InvalidAutoScaleFormulaInAutoPool'],
]

function schedulingError({ code, message, details }: BatchError) {
  const values: NameValuePair[] = Object.entries(details).map(([name, value]) => ({ name, value }))
  return {
    category: 'UserError',
    code: SCHEDULING_ERRORS.find(([error]) => error.test(code))?.[1] ?? 'InvalidAutoPoolSettings',
    message,
    ...(values.length > 0 && { details: values }),
  }
}

/** Deletes the pool that was made for this job alone. */
export function dropPoolOfJob(core: Core, job: JobRow): void {
  const { poolInfo } = JSON.parse(job.body) as { poolInfo: PoolInfoBody }
  const auto = poolInfo.autoPoolSpecification
  if (auto?.poolLifetimeOption === 'job' && !auto.keepAlive) dropPool(core, job.poolId)
}

/** Deletes the pool that the jobs of this schedule shared. */
export function dropPoolOfSchedule(core: Core, schedule: JobScheduleRow): void {
  const { jobSpecification } = JSON.parse(schedule.body) as { jobSpecification: { poolInfo: PoolInfoBody } }
  const keepAlive = jobSpecification.poolInfo.autoPoolSpecification?.keepAlive ?? false
  if (schedule.autoPoolId !== null && !keepAlive) dropPool(core, schedule.autoPoolId)
}

// Its user may have deleted it before.
function dropPool(core: Core, poolId: string): void {
  if (core.store.pools.byId(poolId)?.state === 'active') deletePool(core, poolId)
}

/** The pool of a job after an update. Of a pool that the job brought with it, only `keepAlive` can be changed. */
export function changePoolInfo(before: PoolInfoBody, change: PoolInfoChange): PoolInfoBody {
  const { autoPoolSpecification: old } = before
  const { autoPoolSpecification: wanted, poolId } = change
  if (!old && !wanted) return poolId === undefined ? before : { poolId }
  if (!old || !wanted) throw refusal('A job cannot change between a pool of its own and one that exists.')
  const { keepAlive } = wanted
  if (!isDeepStrictEqual({ ...old, keepAlive }, { ...old, ...asStored(wanted) }))
    throw refusal('Of the pool that a job brought with it, only keepAlive can be changed.')
  if (keepAlive !== old.keepAlive && old.poolLifetimeOption !== 'job')
    throw refusal('keepAlive can be changed only while the lifetime of the pool is that of the job.')
  return { autoPoolSpecification: { ...old, keepAlive } }
}

/** As it is read from the database: without secrets. */
function asStored<Body>(body: Body): Body {
  return JSON.parse(JSON.stringify(body)) as Body
}

function refusal(reason: string): BatchError {
  return new BatchError('InvalidPropertyValue', { PropertyName: 'poolInfo', Reason: reason })
}
