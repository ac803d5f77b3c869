// Jobs: what each request means to the engine.

import type { Job, Wire } from '@malachite/model'
import type { BatchEngine, Call, Handler, Query } from '../context.ts'
import { entityReply, listReply, readListQuery } from '../list.ts'
import { withStats } from '../stats.ts'
import { isIn } from '../versions.ts'
import { jobBody, jobNodeBody, jobUrl } from '../wire.ts'

type OfJob = Handler<'jobId'>

/** POST /jobs */
export const addJob: Handler = ({ engine }, call) => {
  const { id: _, ...stamp } = engine.jobs.add(call.body)
  // Recorded in every version: the service names `job-1` here, whatever the job's id is.
  return { stamp, location: jobUrl(call.base, 'job-1') }
}

/** GET /jobs */
export const listJobs: Handler = ({ engine }, call) =>
  listReply(call, 'jobs', engine.jobs.list(readListQuery(call.query)), (job) => bodyOfJob(engine, call, job))

/** GET /jobs/{jobId} */
export const getJob: OfJob = ({ engine }, call) => {
  const job = engine.jobs.get(call.params.jobId)
  return { ...entityReply(call, 'jobs/@Element', bodyOfJob(engine, call, job)), stamp: job }
}

/** A job as the service writes it, with its statistics if the request asks for them. */
export function bodyOfJob(engine: BatchEngine, call: Call, job: Wire<Job>): object {
  const url = jobUrl(call.base, job.id)
  return withStats(call, jobBody(job, call.base), url, () => engine.statistics.ofJob(job.id))
}

/** PATCH /jobs/{jobId} */
export const patchJob: OfJob = ({ engine }, { params, body }) => ({
  stamp: engine.jobs.patch(params.jobId, body),
})

/** PUT /jobs/{jobId} */
export const updateJob: OfJob = ({ engine }, { params, body }) => ({
  stamp: engine.jobs.update(params.jobId, body),
})

/** POST /jobs/{jobId}/disable */
export const disableJob: OfJob = ({ engine }, { params, body }) => ({
  stamp: engine.jobs.disable(params.jobId, body),
})

/** POST /jobs/{jobId}/enable */
export const enableJob: OfJob = ({ engine }, { params }) => ({ stamp: engine.jobs.enable(params.jobId) })

/** POST /jobs/{jobId}/terminate */
export const terminateJob: OfJob = ({ engine }, { params, body, query }) => ({
  stamp: engine.jobs.terminate(params.jobId, body, readForce(query)),
})

/** DELETE /jobs/{jobId} */
export const deleteJob: OfJob = ({ engine }, { params, query }) => {
  engine.jobs.delete(params.jobId, readForce(query))
  return {}
}

function readForce(query: Query): { force: boolean } {
  return { force: query.get('force')?.toLowerCase() === 'true' }
}

/** GET /jobs/{jobId}/jobpreparationandreleasetaskstatus */
export const listPreparationAndReleaseTaskStatus: OfJob = ({ engine }, call) => {
  // Any member may be selected: the URLs are made from the others.
  const { select: _, ...query } = readListQuery(call.query)
  const page = engine.jobs.preparationAndReleaseStatus(call.params.jobId, query)
  return listReply(call, 'jobpreparationandreleasetaskstatuslist', page, (node) =>
    jobNodeBody(node, call.base),
  )
}

/** GET /jobs/{jobId}/taskcounts: versions before the slots count tasks only, without a member around the counts. */
export const getTaskCounts: OfJob = ({ engine }, call) => {
  const counts = engine.jobs.taskCounts(call.params.jobId)
  if (isIn(call.version, { until: '2020-09-01.12.0' }))
    return entityReply(call, 'taskcounts/@Element', counts.taskCounts)
  return entityReply(call, 'taskcountsresult/@Element', counts)
}
