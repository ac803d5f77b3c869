// What the emulator tells and does beyond the service: why things are as they are, and things that go wrong when they
// are asked to.

import { parseDuration } from '@malachite/model'
import type { Handler, Query } from '../context.ts'
import { invalid, readFlag } from '../query.ts'

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
  const count = readCount(query, 'count', 1, 1)
  const nodes = engine.nodes.preemptSome(params.poolId, count, { absence: readAbsence(query) })
  return { json: { nodes } }
}

/** POST /malachite/fail/pools/{poolId} */
export const failAllocation: Handler<'poolId'> = ({ engine }, { params, query }) => {
  const failure = {
    code: readCode(query) ?? 'AllocationFailed',
    nodes: readCount(query, 'nodes', 0, 0),
    times: readCount(query, 'times', 0, 1),
  }
  engine.pools.failAllocation(params.poolId, failure)
  return { json: { poolId: params.poolId, ...failure } }
}

/** POST /malachite/fail/pools/{poolId}/nodes/{nodeId} */
export const failNode: Handler<'poolId' | 'nodeId'> = ({ engine }, { params, query }) => {
  const { poolId, nodeId } = params
  const code = readCode(query)
  const recovery = readDuration(query, 'recovery')
  const lost = readFlag(query, 'lost')
  engine.nodes.fail(poolId, nodeId, {
    lost,
    ...(code !== undefined && { code }),
    ...(recovery !== undefined && { recovery }),
  })
  return { json: { nodeId, state: engine.nodes.get(poolId, nodeId).state } }
}

/** Milliseconds until another machine comes. */
function readAbsence(query: Query): number {
  return readDuration(query, 'absence') ?? 0
}

function readDuration(query: Query, name: string): number | undefined {
  const text = query.get(name)
  if (text === undefined) return undefined
  const ms = parseDuration(text)
  if (ms === undefined || ms < 0) throw invalid(query, name, 'It must be an ISO 8601 duration such as PT30S')
  return ms
}

function readCount(query: Query, name: string, min: number, initial: number): number {
  const text = query.get(name) ?? String(initial)
  const count = /^\d{1,6}$/.test(text) ? Number(text) : NaN
  if (count >= min) return count
  throw invalid(query, name, `It must be a whole number of at least ${min}`)
}

/** The code of an error; it is shown to clients as it is. */
function readCode(query: Query): string | undefined {
  const code = query.get('code')
  if (code === undefined || /^[A-Za-z]\w{0,63}$/.test(code)) return code
  throw invalid(query, 'code', 'It must be a word such as AllocationFailed')
}
