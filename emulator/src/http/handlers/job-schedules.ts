// Job schedules: what each request means to the engine.

import type { JobSchedule, Wire } from '@malachite/model'
import type { BatchEngine, Call, Handler } from '../context.ts'
import { entityReply, listReply, readListQuery } from '../list.ts'
import { readFlag } from '../query.ts'
import { withStats } from '../stats.ts'
import { bodyOfJob } from './jobs.ts'
import { jobScheduleBody, jobScheduleUrl } from '../wire.ts'

type OfSchedule = Handler<'jobScheduleId'>

/** POST /jobschedules */
export const addJobSchedule: Handler = ({ engine }, call) => {
  const { id, ...stamp } = engine.jobSchedules.add(call.body)
  return { stamp, location: jobScheduleUrl(call.base, id) }
}

/** GET /jobschedules */
export const listJobSchedules: Handler = ({ engine }, call) => {
  const page = engine.jobSchedules.list(readListQuery(call.query))
  return listReply(call, 'jobschedules', page, (schedule) => bodyOf(engine, call, schedule))
}

/** GET /jobschedules/{jobScheduleId} */
export const getJobSchedule: OfSchedule = ({ engine }, call) => {
  const schedule = engine.jobSchedules.get(call.params.jobScheduleId)
  return { ...entityReply(call, 'jobschedules/@Element', bodyOf(engine, call, schedule)), stamp: schedule }
}

function bodyOf(engine: BatchEngine, call: Call, schedule: Wire<JobSchedule>): object {
  const { id } = schedule
  const url = jobScheduleUrl(call.base, id)
  return withStats(call, jobScheduleBody(schedule, call.base), url, () => engine.statistics.ofJobSchedule(id))
}

/** HEAD /jobschedules/{jobScheduleId}: 200 or 404. */
export const jobScheduleExists: OfSchedule = ({ engine }, { params }) => ({
  stamp: engine.jobSchedules.get(params.jobScheduleId),
})

/** GET /jobschedules/{jobScheduleId}/jobs */
export const listJobsOfSchedule: OfSchedule = ({ engine }, call) => {
  const page = engine.jobSchedules.listJobs(call.params.jobScheduleId, readListQuery(call.query))
  return listReply(call, 'jobs', page, (job) => bodyOfJob(engine, call, job))
}

/** PATCH /jobschedules/{jobScheduleId} */
export const patchJobSchedule: OfSchedule = ({ engine }, { params, body }) => ({
  stamp: engine.jobSchedules.patch(params.jobScheduleId, body),
})

/** PUT /jobschedules/{jobScheduleId} */
export const updateJobSchedule: OfSchedule = ({ engine }, { params, body }) => ({
  stamp: engine.jobSchedules.update(params.jobScheduleId, body),
})

/** POST /jobschedules/{jobScheduleId}/disable */
export const disableJobSchedule: OfSchedule = ({ engine }, { params }) => ({
  stamp: engine.jobSchedules.disable(params.jobScheduleId),
})

/** POST /jobschedules/{jobScheduleId}/enable */
export const enableJobSchedule: OfSchedule = ({ engine }, { params }) => ({
  stamp: engine.jobSchedules.enable(params.jobScheduleId),
})

/** POST /jobschedules/{jobScheduleId}/terminate */
export const terminateJobSchedule: OfSchedule = ({ engine }, { params, query }) => ({
  stamp: engine.jobSchedules.terminate(params.jobScheduleId, { force: readFlag(query, 'force') }),
})

/** DELETE /jobschedules/{jobScheduleId} */
export const deleteJobSchedule: OfSchedule = ({ engine }, { params, query }) => {
  engine.jobSchedules.delete(params.jobScheduleId, { force: readFlag(query, 'force') })
  return {}
}
