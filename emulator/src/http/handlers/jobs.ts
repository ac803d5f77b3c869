// Jobs: what each request means to the engine.

import type { Handler } from '../context.ts'
import { entityReply, listReply, readListQuery } from '../list.ts'
import { jobBody, jobUrl } from '../wire.ts'

type OfJob = Handler<'jobId'>

/** POST /jobs */
export const addJob: Handler = ({ engine }, call) => {
  const { id: _, ...stamp } = engine.jobs.add(call.body)
  // Recorded in every version: the service names `job-1` here, whatever the job's id is.
  return { stamp, location: jobUrl(call.base, 'job-1') }
}

/** GET /jobs */
export const listJobs: Handler = ({ engine }, call) =>
  listReply(call, 'jobs', engine.jobs.list(readListQuery(call.query)), (job) => jobBody(job, call.base))

/** GET /jobs/{jobId} */
export const getJob: OfJob = ({ engine }, call) => {
  const job = engine.jobs.get(call.params.jobId)
  return { ...entityReply(call, 'jobs/@Element', jobBody(job, call.base)), stamp: job }
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
export const terminateJob: OfJob = ({ engine }, { params, body }) => ({
  stamp: engine.jobs.terminate(params.jobId, body),
})

/** DELETE /jobs/{jobId} */
export const deleteJob: OfJob = ({ engine }, { params }) => {
  engine.jobs.delete(params.jobId)
  return {}
}

/** GET /jobs/{jobId}/taskcounts */
export const getTaskCounts: OfJob = ({ engine }, call) =>
  entityReply(call, 'taskcountsresult/@Element', engine.jobs.taskCounts(call.params.jobId))
