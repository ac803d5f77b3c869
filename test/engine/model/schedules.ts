// The life of job schedules in the model: of all times that a job was due at, the last one counts.

import { BatchError, type BatchErrorCode, type JobScheduleState } from '@malachite/model'
import type { NewJob } from './choices.ts'
import { addJob, deleteJob, forceJob, terminateJob } from './jobs.ts'
import { isEnding, require } from './queries.ts'
import { type Model, type ModelJob, type ModelSchedule } from './state.ts'

const REFUSALS: Partial<Record<JobScheduleState, BatchErrorCode>> = {
  disabled: 'JobScheduleDisabled',
  completed: 'JobScheduleCompleted',
  terminating: 'JobScheduleBeingTerminated',
  deleting: 'JobScheduleBeingDeleted',
}

function refuse({ state }: ModelSchedule): never {
  throw new BatchError(REFUSALS[state] ?? 'OperationInvalidForCurrentState')
}

/** When a schedule makes jobs; `from` and `to` are times, the others milliseconds. */
export type Timing = Pick<ModelSchedule, 'from' | 'to' | 'interval' | 'window'>

export function requireSchedule(model: Model, id: string): ModelSchedule {
  return require(model.schedules, id, 'JobScheduleNotFound')
}

export function addSchedule(model: Model, id: string, timing: Timing, job: Omit<NewJob, 'id'>): void {
  const taken = model.schedules.get(id)?.state
  if (taken) throw new BatchError(taken === 'deleting' ? 'JobScheduleBeingDeleted' : 'JobScheduleExists')
  const schedule: ModelSchedule = { id, state: 'active', job, runs: 0, createdAt: model.now, ...timing }
  model.schedules.set(id, schedule)
  settleSchedule(model, schedule)
}

/** Gives a schedule other times. */
export function updateSchedule(model: Model, schedule: ModelSchedule, timing: Timing): void {
  if (schedule.state !== 'active' && schedule.state !== 'disabled') refuse(schedule)
  const none = { from: undefined, to: undefined, interval: undefined, window: undefined }
  Object.assign(schedule, none, timing)
  settleSchedule(model, schedule)
}

export function disableSchedule(schedule: ModelSchedule): void {
  if (schedule.state !== 'active') refuse(schedule)
  schedule.state = 'disabled'
}

export function enableSchedule(model: Model, schedule: ModelSchedule): void {
  if (schedule.state !== 'disabled') refuse(schedule)
  schedule.state = 'active'
  settleSchedule(model, schedule)
}

export function terminateSchedule(model: Model, schedule: ModelSchedule, force: boolean): void {
  if (schedule.state !== 'active' && schedule.state !== 'disabled') refuse(schedule)
  schedule.state = 'terminating'
  for (const job of openJobs(model, schedule)) {
    if (!isEnding(job)) terminateJob(model, job, false)
    if (force) forceJob(model, job)
  }
}

export function deleteSchedule(model: Model, schedule: ModelSchedule, force: boolean): void {
  if (schedule.state === 'deleting') refuse(schedule)
  schedule.state = 'deleting'
  if (!force) return
  for (const job of openJobs(model, schedule)) {
    if (job.state !== 'deleting') deleteJob(model, job, false)
    forceJob(model, job)
  }
}

export function jobsOf(model: Model, schedule: ModelSchedule): ModelJob[] {
  return [...model.jobs.values()].filter((job) => job.schedule === schedule)
}

/** Jobs of a schedule that are not over. */
export function openJobs(model: Model, schedule: ModelSchedule): ModelJob[] {
  return jobsOf(model, schedule).filter(({ state }) => state !== 'completed')
}

/** Whether anything came of the time or of the jobs that are over. */
export function settleSchedules(model: Model): boolean {
  return [...model.schedules.values()].map((schedule) => settleSchedule(model, schedule)).includes(true)
}

function settleSchedule(model: Model, schedule: ModelSchedule): boolean {
  const isBusy = openJobs(model, schedule).length > 0
  if (schedule.state === 'deleting') return deleteRest(model, schedule)
  if (schedule.state === 'terminating' && !isBusy) return complete(model, schedule)
  if (schedule.state !== 'active' || isBusy) return false
  const isOver = schedule.to !== undefined && schedule.to <= model.now
  const due = nextRun(model, schedule)
  if (due !== undefined && due <= model.now) return run(model, schedule, due)
  return (isOver || (due === undefined && schedule.interval === undefined)) && complete(model, schedule)
}

function run(model: Model, schedule: ModelSchedule, due: number): true {
  schedule.runs += 1
  schedule.lastDue = due
  addJob(model, { ...schedule.job, id: `${schedule.id}:job-${schedule.runs}` }, schedule)
  settleSchedule(model, schedule)
  return true
}

function complete(model: Model, schedule: ModelSchedule): true {
  schedule.state = 'completed'
  leavePool(model, schedule)
  return true
}

function deleteRest(model: Model, schedule: ModelSchedule): boolean {
  const jobs = jobsOf(model, schedule)
  const kept = jobs.filter(({ state }) => state !== 'deleting')
  for (const job of kept) deleteJob(model, job, false)
  if (jobs.length > 0) return kept.length > 0
  leavePool(model, schedule)
  return model.schedules.delete(schedule.id)
}

/** The pool that its jobs shared goes. */
function leavePool(model: Model, { pool, job }: ModelSchedule): void {
  if (pool !== undefined && !job.auto?.keepAlive) model.dropped.add(pool)
}

/** When the job is due that may be made now, or the next one; nothing when there is none any more. */
export function nextRun({ now }: Model, schedule: ModelSchedule): number | undefined {
  const { interval, window = Infinity, to = Infinity } = schedule
  let due = firstDue(schedule)
  if (due === undefined || to <= now) return undefined
  const pause = interval ?? Infinity
  while (due + pause <= now) due += pause
  if (due <= now && window < pause && due + window <= now) due += pause
  return Number.isFinite(due) && due < to ? due : undefined
}

/** The first time that has not had its job. */
function firstDue({ from = 0, createdAt, lastDue, interval }: ModelSchedule): number | undefined {
  const start = Math.max(from, createdAt)
  if (lastDue === undefined) return start
  if (start > lastDue) return Math.max(start, lastDue + (interval ?? 0))
  return interval === undefined ? undefined : lastDue + interval
}
