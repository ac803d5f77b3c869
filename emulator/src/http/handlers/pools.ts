// Pools: what each request means to the engine.

import type { Pool, Wire } from '@malachite/model'
import type { BatchEngine, Call, Handler } from '../context.ts'
import { entityReply, listReply, readListQuery } from '../list.ts'
import { withStats } from '../stats.ts'
import { poolBody, poolUrl } from '../wire.ts'

type OfPool = Handler<'poolId'>

/** POST /pools */
export const addPool: Handler = ({ engine }, call) => {
  const { id, ...stamp } = engine.pools.add(call.body)
  return { stamp, location: poolUrl(call.base, id) }
}

/** GET /pools */
export const listPools: Handler = ({ engine }, call) =>
  listReply(call, 'pools', engine.pools.list(readListQuery(call.query)), (pool) => bodyOf(engine, call, pool))

/** GET /pools/{poolId} */
export const getPool: OfPool = ({ engine }, call) => {
  const pool = engine.pools.get(call.params.poolId)
  return { ...entityReply(call, 'pools/@Element', bodyOf(engine, call, pool)), stamp: pool }
}

function bodyOf(engine: BatchEngine, call: Call, pool: Wire<Pool>): object {
  const url = poolUrl(call.base, pool.id)
  return withStats(call, poolBody(pool, call.base), url, () => engine.statistics.ofPool(pool.id))
}

/** HEAD /pools/{poolId}: 200 or 404. */
export const poolExists: OfPool = ({ engine }, { params }) => ({ stamp: engine.pools.get(params.poolId) })

/** DELETE /pools/{poolId} */
export const deletePool: OfPool = ({ engine }, { params }) => {
  engine.pools.delete(params.poolId)
  return {}
}

/** PATCH /pools/{poolId} */
export const patchPool: OfPool = ({ engine }, { params, body }) => ({
  stamp: engine.pools.patch(params.poolId, body),
})

/** POST /pools/{poolId}/updateproperties */
export const updatePoolProperties: OfPool = ({ engine }, { params, body }) => ({
  stamp: engine.pools.updateProperties(params.poolId, body),
})

/** POST /pools/{poolId}/enableautoscale */
export const enableAutoScale: OfPool = ({ engine }, { params, body }) => ({
  stamp: engine.pools.enableAutoScale(params.poolId, body),
})

/** POST /pools/{poolId}/disableautoscale */
export const disableAutoScale: OfPool = ({ engine }, { params }) => ({
  stamp: engine.pools.disableAutoScale(params.poolId),
})

/** POST /pools/{poolId}/evaluateautoscale */
export const evaluateAutoScale: OfPool = ({ engine }, call) => {
  const run = engine.pools.evaluateAutoScale(call.params.poolId, call.body)
  return entityReply(call, 'Microsoft.Azure.Batch.Protocol.Entities.AutoScaleRun', run)
}

/** POST /pools/{poolId}/resize */
export const resizePool: OfPool = ({ engine }, { params, body }) => ({
  stamp: engine.pools.resize(params.poolId, body),
})

/** POST /pools/{poolId}/stopresize */
export const stopResizePool: OfPool = ({ engine }, { params }) => ({
  stamp: engine.pools.stopResize(params.poolId),
})

/** POST /pools/{poolId}/removenodes */
export const removeNodes: OfPool = ({ engine }, { params, body }) => ({
  stamp: engine.pools.removeNodes(params.poolId, body),
})
