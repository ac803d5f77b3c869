// Users of nodes, ways to log in, extensions and logs: what each request means to the engine.

import type { Handler } from '../context.ts'
import { entityReply, listReply, readListQuery } from '../list.ts'
import { encodePart } from '../target.ts'
import { nodeUrl } from '../wire.ts'

type OfNode = Handler<'poolId' | 'nodeId'>
type OfUser = Handler<'poolId' | 'nodeId' | 'userName'>

const ENTITIES = 'Microsoft.Azure.Batch.Protocol.Entities'

/** POST /pools/{poolId}/nodes/{nodeId}/users */
export const addUser: OfNode = ({ engine }, { params, body, base }) => {
  const { name } = engine.nodes.addUser(params.poolId, params.nodeId, body)
  return { location: `${nodeUrl(base, params.poolId, params.nodeId)}/users/${encodePart(name)}` }
}

/** PUT /pools/{poolId}/nodes/{nodeId}/users/{userName} */
export const updateUser: OfUser = ({ engine }, { params, body }) => {
  engine.nodes.updateUser(params.poolId, params.nodeId, params.userName, body)
  return {}
}

/** DELETE /pools/{poolId}/nodes/{nodeId}/users/{userName} */
export const deleteUser: OfUser = ({ engine }, { params }) => {
  engine.nodes.deleteUser(params.poolId, params.nodeId, params.userName)
  return {}
}

/** GET /pools/{poolId}/nodes/{nodeId}/remoteloginsettings */
export const getRemoteLoginSettings: OfNode = ({ engine }, call) => {
  const settings = engine.nodes.remoteLogin(call.params.poolId, call.params.nodeId)
  return entityReply(call, `${ENTITIES}.RemoteLoginSettings`, settings)
}

/** GET /pools/{poolId}/nodes/{nodeId}/rdp */
export const getRemoteDesktop: OfNode = ({ engine }, { params }) => ({
  stream: new Blob([engine.nodes.remoteDesktop(params.poolId, params.nodeId)]).stream(),
  headers: { 'Content-Type': 'application/octet-stream' },
})

/** POST /pools/{poolId}/nodes/{nodeId}/uploadbatchservicelogs */
export const uploadServiceLogs: OfNode = async ({ engine, files }, call) => {
  const { poolId, nodeId } = call.params
  const upload = engine.nodes.logUpload(poolId, nodeId, call.requestId, call.body)
  const numberOfFilesUploaded = await files.uploadLogs(nodeId, upload)
  return entityReply(call, `${ENTITIES}.UploadBatchServiceLogsResult`, {
    virtualDirectoryName: upload.directory,
    numberOfFilesUploaded,
  })
}

/** GET /pools/{poolId}/nodes/{nodeId}/extensions */
export const listExtensions: OfNode = ({ engine }, call) => {
  const { poolId, nodeId } = call.params
  const page = engine.nodes.listExtensions(poolId, nodeId, readListQuery(call.query))
  return listReply(call, 'extensions', page, (extension) => extension)
}

/** GET /pools/{poolId}/nodes/{nodeId}/extensions/{extensionName} */
export const getExtension: Handler<'poolId' | 'nodeId' | 'extensionName'> = ({ engine }, call) => {
  const { poolId, nodeId, extensionName } = call.params
  return entityReply(call, 'extensions/@Element', engine.nodes.getExtension(poolId, nodeId, extensionName))
}
