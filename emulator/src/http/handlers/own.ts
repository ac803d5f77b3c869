// What the emulator tells and does beyond the service: why things are as they are, and the preemption of spot nodes.

import { parseDuration } from '@malachite/model'
import type { Handler, Query } from '../context.ts'
import { invalid } from '../query.ts'

/** GET /malachite/why/jobs/{jobId} */
export const whyJob: Handler<'jobId'> = ({ engine }, { params }) => ({
  json: engine.explain.job(params.jobId),
})

/** GET /malachite/why/jobs/{jobId}/tasks/{taskId} */
export const whyTask: Handler<'jobId' | 'taskId'> = ({ engine }, { params }) => ({
  json: engine.explain.task(params.jobId, params.taskId),
})

/** GET /malachite/why/pools/{poolId} */
export const whyPool: Handler<'poolId'> = ({ engine }, { params }) => ({
  json: engine.explain.pool(params.poolId),
})

/** GET /malachite/why/pools/{poolId}/nodes/{nodeId} */
export const whyNode: Handler<'poolId' | 'nodeId'> = ({ engine }, { params }) => ({
  json: engine.explain.node(params.poolId, params.nodeId),
})

/** GET /malachite/why/jobschedules/{jobScheduleId} */
export const whyJobSchedule: Handler<'jobScheduleId'> = ({ engine }, { params }) => ({
  json: engine.explain.jobSchedule(params.jobScheduleId),
})

/** POST /malachite/preempt/pools/{poolId}/nodes/{nodeId} */
export const preemptNode: Handler<'poolId' | 'nodeId'> = ({ engine }, { params, query }) => {
  engine.nodes.preempt(params.poolId, params.nodeId, { absence: readAbsence(query) })
  return { json: { nodes: [params.nodeId] } }
}

/** POST /malachite/preempt/pools/{poolId} */
export const preemptSome: Handler<'poolId'> = ({ engine }, { params, query }) => {
  const count = query.get('count') ?? '1'
  if (!/^[1-9]\d{0,5}$/.test(count)) throw invalid(query, 'count', 'It must be a whole number of at least 1')
  const nodes = engine.nodes.preemptSome(params.poolId, Number(count), { absence: readAbsence(query) })
  return { json: { nodes } }
}

/** Milliseconds until another machine comes. */
function readAbsence(query: Query): number {
  const text = query.get('absence') ?? 'PT0S'
  const absence = parseDuration(text)
  if (absence === undefined || absence < 0)
    throw invalid(query, 'absence', 'It must be an ISO 8601 duration such as PT30S')
  return absence
}
