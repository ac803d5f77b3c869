// The verbs of job schedules, and how a schedule goes on: it makes a job when one is due, one at a time.

import { BatchError, type JobScheduleState, parseDuration } from '@malachite/model'
import { parseDateTime } from '../../odata/date-time.ts'
import {
  type JobScheduleBody,
  parseJobSchedule,
  parseJobSchedulePatch,
  parseJobScheduleUpdate,
} from '../../schema/job-schedule.ts'
import { type JobScheduleRow, scheduledJobId, viewJobSchedule } from '../../storage/job-schedules.ts'
import { viewJob } from '../../storage/jobs.ts'
import type { Engine, Stamp } from '../api.ts'
import { dropPoolOfSchedule, requireAutoPool } from '../pools/auto-pools.ts'
import type { Core } from '../core/core.ts'
import { deleteJob, forceJob, terminateJob } from './job-life.ts'
import { addJob } from './jobs.ts'
import { JOB_SCHEDULE_REFUSALS, requireJobSchedule, stampOf } from '../core/lookup.ts'
import { dueAt } from '../core/pace.ts'
import { decideRun, type Timing } from './recurrence.ts'
import { requireJobQuota } from '../quotas.ts'
import type { Paced } from '../core/rounds.ts'
import { JOB_SCHEDULE, type JobScheduleEvent, next } from '../core/states.ts'

/** Jobs whose deletion begins per change. */
const DELETE_CHUNK = 100

/** States a schedule stays in; the others are on the way between them and never become the `previousState`. */
const STABLE: readonly JobScheduleState[] = ['active', 'disabled', 'completed']

/** Why the service ends the active job of a schedule that is terminated, as it was recorded. */
const TERMINATED = 'TerminateWorkitem'

export function createJobSchedules(core: Core): Engine['jobSchedules'] {
  return {
    add: (input) => {
      const body = parseJobSchedule(input)
      requireAutoPool(body.jobSpecification.poolInfo, true)
      return core.change(() => addSchedule(core, body))
    },
    get: (scheduleId) => viewJobSchedule(requireJobSchedule(core, scheduleId)),
    list: (query = {}) => {
      const { rows, next } = core.store.jobSchedules.page(query)
      const items = rows.map((row) => viewJobSchedule(row, query.select))
      return next === undefined ? { items } : { items, next }
    },
    listJobs: (scheduleId, query = {}) => {
      const { key } = requireJobSchedule(core, scheduleId)
      const { rows, next } = core.store.jobs.pageOfSchedule(key, query)
      const items = rows.map((row) => viewJob(row, query.select))
      return next === undefined ? { items } : { items, next }
    },
    patch: (scheduleId, input) => {
      const patch = parseJobSchedulePatch(input)
      return updateSchedule(core, scheduleId, (body) => ({ ...body, ...patch }))
    },
    update: (scheduleId, input) => {
      const update = parseJobScheduleUpdate(input)
      return updateSchedule(core, scheduleId, ({ metadata: _, ...body }) => ({ ...body, ...update }))
    },
    disable: (scheduleId) =>
      changeSchedule(core, scheduleId, (schedule) => moveSchedule(core, schedule, 'disabled')),
    enable: (scheduleId) =>
      changeSchedule(core, scheduleId, (schedule) => {
        moveSchedule(core, schedule, 'enabled')
        settleSchedule(core, schedule)
      }),
    terminate: (scheduleId, { force = false } = {}) =>
      changeSchedule(core, scheduleId, (schedule) => terminateSchedule(core, schedule, force)),
    delete: (scheduleId, { force = false } = {}) =>
      core.change(() => deleteSchedule(core, requireJobSchedule(core, scheduleId), force)),
  }
}

function addSchedule(core: Core, { id, ...body }: JobScheduleBody): { id: string } & Stamp {
  const taken = core.store.jobSchedules.byId(id)
  if (taken)
    throw new BatchError(taken.state === 'deleting' ? 'JobScheduleBeingDeleted' : 'JobScheduleExists')
  if (core.store.jobs.byId(id)) throw new BatchError('JobWithSameIdExists')
  requireJobQuota(core)
  core.registries.remember(body)
  const now = core.now()
  const schedule = {
    id,
    state: 'active',
    stateAt: now,
    previousState: null,
    previousAt: null,
    createdAt: now,
    modifiedAt: now,
    endedAt: null,
    lastDue: null,
    nextRun: null,
    wakeAt: null,
    runs: 0,
    autoPoolId: null,
    body: JSON.stringify(body),
  } as const
  const key = core.store.jobSchedules.insert(schedule)
  settleSchedule(core, { ...schedule, key })
  return { id, ...stampOf(now) }
}

function changeSchedule(core: Core, scheduleId: string, edit: (schedule: JobScheduleRow) => void): Stamp {
  return core.change(() => {
    const schedule = requireJobSchedule(core, scheduleId)
    schedule.modifiedAt = core.now()
    edit(schedule)
    return stampOf(schedule.modifiedAt)
  })
}

type Body = Omit<JobScheduleBody, 'id'>

/** The jobs that are there already stay as they are. */
function updateSchedule(core: Core, scheduleId: string, edit: (body: Body) => Body): Stamp {
  return changeSchedule(core, scheduleId, (schedule) => {
    if (schedule.state !== 'disabled') requireActive(schedule)
    const body = edit(JSON.parse(schedule.body) as Body)
    requireAutoPool(body.jobSpecification.poolInfo, true)
    core.registries.remember(body)
    schedule.body = JSON.stringify(body)
    settleSchedule(core, schedule)
  })
}

function requireActive({ state }: JobScheduleRow): void {
  const refusal = JOB_SCHEDULE_REFUSALS[state]
  if (refusal) throw new BatchError(refusal)
}

function terminateSchedule(core: Core, schedule: JobScheduleRow, force: boolean): void {
  moveSchedule(core, schedule, 'terminated', { nextRun: null })
  for (const job of core.store.jobs.openOfSchedule(schedule.key)) {
    if (job.state !== 'terminating' && job.state !== 'deleting') terminateJob(core, job, TERMINATED)
    if (force) forceJob(core, job)
  }
}

/** The active job ends now; the others, of which there may be many, follow. */
function deleteSchedule(core: Core, schedule: JobScheduleRow, force: boolean): void {
  moveSchedule(core, schedule, 'deleted')
  for (const job of force ? core.store.jobs.openOfSchedule(schedule.key) : []) {
    forceJob(core, job.state === 'deleting' ? job : deleteJob(core, job.id))
  }
}

/** Brings a schedule on: after its creation, after an update, when time has come or one of its jobs is over. */
export function settleSchedule(core: Core, schedule: JobScheduleRow): void {
  if (schedule.state === 'deleting') return deleteSome(core, schedule)
  const isBusy = core.store.jobs.openOfSchedule(schedule.key).length > 0
  if (schedule.state === 'terminating' && !isBusy) return inTime(core, schedule, 'terminating', finish)
  if (schedule.state === 'active' || schedule.state === 'disabled') return run(core, schedule, isBusy)
  sleep(core, schedule, null)
}

function run(core: Core, schedule: JobScheduleRow, isBusy: boolean): void {
  const { schedule: body, jobSpecification } = JSON.parse(schedule.body) as JobScheduleBody
  const timing = timingOf(body, schedule.createdAt)
  // What a disabled schedule would do next is known, but it does nothing.
  const isHeld = isBusy || schedule.state === 'disabled'
  const decision = decideRun(timing, { lastDue: schedule.lastDue, isBusy: isHeld }, core.now())
  if (decision.action === 'complete') return finish(core, schedule)
  if (decision.action === 'wait') {
    schedule.nextRun = decision.nextRun
    return sleep(core, schedule, schedule.state === 'disabled' ? null : decision.wakeAt)
  }
  schedule.runs += 1
  schedule.lastDue = decision.due
  addJob(core, { id: scheduledJobId(schedule.id, schedule.runs), ...jobSpecification }, schedule)
  // The job may be over already: its pool could not be made.
  settleSchedule(core, schedule)
}

function timingOf(schedule: JobScheduleBody['schedule'], createdAt: number): Timing {
  const { doNotRunUntil = '', doNotRunAfter = '', startWindow = '', recurrenceInterval = '' } = schedule
  return {
    from: Math.max(createdAt, Math.ceil(parseDateTime(doNotRunUntil) ?? 0)),
    to: Math.ceil(parseDateTime(doNotRunAfter) ?? Infinity),
    interval: microseconds(recurrenceInterval),
    window: microseconds(startWindow) ?? Infinity,
  }
}

function microseconds(duration: string): number | undefined {
  const ms = parseDuration(duration)
  return ms === undefined ? undefined : Math.round(ms * 1000)
}

/** Saves the schedule, to be looked at again at `wakeAt`; its jobs rouse it when they are over. */
function sleep(core: Core, schedule: JobScheduleRow, wakeAt: number | null): void {
  const isKnown = schedule.wakeAt === wakeAt
  schedule.wakeAt = wakeAt
  core.store.jobSchedules.save(schedule)
  if (wakeAt !== null && !isKnown) core.emit({ type: 'wakeAt', time: Math.ceil(wakeAt / 1000) })
}

/** Takes the last step of a schedule, once the way there has taken its time. */
function inTime(
  core: Core,
  schedule: JobScheduleRow,
  what: Paced,
  step: (core: Core, schedule: JobScheduleRow) => void,
): void {
  const due = dueAt(core, what, schedule.id, schedule.stateAt)
  if (due <= core.now()) step(core, schedule)
  else sleep(core, schedule, due)
}

function finish(core: Core, schedule: JobScheduleRow): void {
  moveSchedule(core, schedule, 'finished', { endedAt: core.now(), nextRun: null, wakeAt: null })
  dropPoolOfSchedule(core, schedule)
}

/** The jobs of a schedule that is deleted go in several short changes; then it goes itself. */
function deleteSome(core: Core, schedule: JobScheduleRow): void {
  const jobs = core.store.jobs.keptOfSchedule(schedule.key, DELETE_CHUNK)
  for (const job of jobs) deleteJob(core, job.id)
  if (!core.store.jobs.hasSchedule(schedule.key)) return inTime(core, schedule, 'deleting', erase)
  sleep(core, schedule, jobs.length === DELETE_CHUNK ? core.now() : null)
}

function erase(core: Core, schedule: JobScheduleRow): void {
  const { poolId } = (JSON.parse(schedule.body) as JobScheduleBody).jobSpecification.poolInfo
  const pool = core.store.pools.byId(schedule.autoPoolId ?? poolId ?? '')
  for (const node of pool ? core.store.nodes.ofPool(pool.key) : []) {
    core.emit({ type: 'deleteTaskFiles', nodeId: node.id, directory: `workitems/${schedule.id}` })
  }
  dropPoolOfSchedule(core, schedule)
  core.store.jobSchedules.delete(schedule)
}

/** The only place that writes the state of a job schedule; it is to be looked at next. */
function moveSchedule(
  core: Core,
  schedule: JobScheduleRow,
  event: JobScheduleEvent,
  changes: Partial<JobScheduleRow> = {},
): void {
  const { state, stateAt } = schedule
  const after = next<JobScheduleState, JobScheduleEvent>(JOB_SCHEDULE, state, event)
  if (!after) throw new BatchError(JOB_SCHEDULE_REFUSALS[state] ?? 'OperationInvalidForCurrentState')
  const previous = STABLE.includes(state) && { previousState: state, previousAt: stateAt }
  Object.assign(schedule, { wakeAt: core.now() }, previous, changes, { state: after, stateAt: core.now() })
  core.store.jobSchedules.save(schedule)
  if (schedule.wakeAt !== null) core.tickSoon()
}
