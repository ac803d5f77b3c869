// Compute nodes: what each request means to the engine. Nodes have no ETag.

import type { Handler } from '../context.ts'
import { entityReply, listReply, readListQuery } from '../list.ts'
import { nodeBody } from '../wire.ts'

type OfNode = Handler<'poolId' | 'nodeId'>

/** GET /pools/{poolId}/nodes */
export const listNodes: Handler<'poolId'> = ({ engine }, call) => {
  const { poolId } = call.params
  const page = engine.nodes.list(poolId, readListQuery(call.query))
  return listReply(call, 'nodes', page, (node) => nodeBody(node, call.base, poolId))
}

/** GET /pools/{poolId}/nodes/{nodeId} */
export const getNode: OfNode = ({ engine }, call) => {
  const { poolId, nodeId } = call.params
  return entityReply(call, 'nodes/@Element', nodeBody(engine.nodes.get(poolId, nodeId), call.base, poolId))
}

/** POST /pools/{poolId}/nodes/{nodeId}/reboot */
export const rebootNode: OfNode = ({ engine }, { params, body }) => {
  engine.nodes.reboot(params.poolId, params.nodeId, body)
  return {}
}

/** POST /pools/{poolId}/nodes/{nodeId}/disablescheduling */
export const disableScheduling: OfNode = ({ engine }, { params, body }) => {
  engine.nodes.disableScheduling(params.poolId, params.nodeId, body)
  return {}
}

/** POST /pools/{poolId}/nodes/{nodeId}/enablescheduling */
export const enableScheduling: OfNode = ({ engine }, { params }) => {
  engine.nodes.enableScheduling(params.poolId, params.nodeId)
  return {}
}

/** POST /pools/{poolId}/nodes/{nodeId}/reimage */
export const reimageNode: OfNode = ({ engine }, { params, body }) => {
  engine.nodes.reimage(params.poolId, params.nodeId, body)
  return {}
}

/** POST /pools/{poolId}/nodes/{nodeId}/deallocate */
export const deallocateNode: OfNode = ({ engine }, { params, body }) => {
  engine.nodes.deallocate(params.poolId, params.nodeId, body)
  return {}
}

/** POST /pools/{poolId}/nodes/{nodeId}/start */
export const startNode: OfNode = ({ engine }, { params }) => {
  engine.nodes.start(params.poolId, params.nodeId)
  return {}
}
