// Files of tasks and of nodes: the same four operations on a directory of a node, found in two ways.

import { BatchError, type NodeFile } from '@malachite/model'
import { httpDate } from '../answer.ts'
import type { Call, Handler, Reply, Services } from '../context.ts'
import { pageOfFiles, readRange, resolveFilePath } from '../file-query.ts'
import { listReply } from '../list.ts'
import { checkPreconditions } from '../preconditions.ts'
import { readFlag } from '../query.ts'
import { fileBody, fileUrl, nodeUrl, taskUrl } from '../wire.ts'

/** The directory whose files an operation is about. */
interface Directory {
  nodeId: string
  /** Relative to the node's root. */
  path: string
  /** URL of its `files` resource. */
  url: string
}

type Find<Name extends string> = (services: Services, call: Call<Name>) => Directory

const ofTask: Find<'jobId' | 'taskId'> = ({ engine }, { params, base }) => {
  const { taskId, nodeId, directory } = engine.tasks.location(params.jobId, params.taskId)
  return { nodeId, path: directory, url: `${taskUrl(base, params.jobId, taskId)}/files` }
}

const ofNode: Find<'poolId' | 'nodeId'> = ({ engine }, { params, base }) => {
  const { nodeId } = engine.nodes.location(params.poolId, params.nodeId)
  return { nodeId, path: '', url: `${nodeUrl(base, params.poolId, params.nodeId)}/files` }
}

/** GET …/tasks/{taskId}/files */
export const listTaskFiles = listFiles(ofTask)
/** GET …/tasks/{taskId}/files/{filePath} */
export const getTaskFile = getFile(ofTask)
/** HEAD …/tasks/{taskId}/files/{filePath} */
export const getTaskFileProperties = getFileProperties(ofTask)
/** DELETE …/tasks/{taskId}/files/{filePath} */
export const deleteTaskFile = deleteFile(ofTask)

/** GET …/nodes/{nodeId}/files */
export const listNodeFiles = listFiles(ofNode)
/** GET …/nodes/{nodeId}/files/{filePath} */
export const getNodeFile = getFile(ofNode)
/** HEAD …/nodes/{nodeId}/files/{filePath} */
export const getNodeFileProperties = getFileProperties(ofNode)
/** DELETE …/nodes/{nodeId}/files/{filePath} */
export const deleteNodeFile = deleteFile(ofNode)

function listFiles<Name extends string>(find: Find<Name>): Handler<Name> {
  return async (services, call) => {
    const directory = find(services, call)
    const recursive = readFlag(call.query, 'recursive')
    const files = await services.files.list(directory.nodeId, directory.path, { recursive })
    return listReply(call, 'files', pageOfFiles(files, call.query), (file) => fileBody(file, directory.url))
  }
}

function getFile<Name extends string>(find: Find<Name>): Handler<Name | 'filePath'> {
  return async (services, call) => {
    const { directory, path, file, headers } = await openFile(services, call, find)
    if (file.isDirectory) throw new BatchError('FileNotFound', { Reason: 'The path names a directory' })
    const range = readRange(call.headers['ocp-range'], file.properties?.contentLength ?? 0)
    // A range is answered with 200 and just those bytes, never with 206.
    return { stream: await services.files.read(directory.nodeId, path, range), headers }
  }
}

function getFileProperties<Name extends string>(find: Find<Name>): Handler<Name | 'filePath'> {
  return async (services, call) => {
    const { file, headers } = await openFile(services, call, find)
    const length = String(file.properties?.contentLength ?? 0)
    return { headers: { ...headers, 'Content-Length': length } }
  }
}

function deleteFile<Name extends string>(find: Find<Name>): Handler<Name | 'filePath'> {
  return async (services, call): Promise<Reply> => {
    const directory = find(services, call)
    const recursive = readFlag(call.query, 'recursive')
    const path = resolveFilePath(directory.path, call.params.filePath)
    await orPathNotFound(services, directory, path, () =>
      services.files.remove(directory.nodeId, path, { recursive }),
    )
    return {}
  }
}

async function openFile<Name extends string>(
  services: Services,
  call: Call<Name | 'filePath'>,
  find: Find<Name>,
) {
  const directory = find(services, call)
  const path = resolveFilePath(directory.path, call.params.filePath)
  const file = await orPathNotFound(services, directory, path, () =>
    services.files.stat(directory.nodeId, path),
  )
  const { properties } = file
  if (properties)
    checkPreconditions('GET', call.headers, { lastModified: properties.lastModified.toISOString() })
  const name = directory.path === '' ? path : path.slice(directory.path.length + 1)
  return { directory, path, file, headers: fileHeaders(file, fileUrl(directory.url, name)) }
}

/** What is missing together with the directory that it would be in is a `PathNotFound`. */
async function orPathNotFound<Result>(
  { files }: Services,
  directory: Directory,
  path: string,
  use: () => Promise<Result>,
): Promise<Result> {
  try {
    return await use()
  } catch (error) {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')))
    if (!isFileNotFound(error) || parent.length <= directory.path.length) throw error
    await files.stat(directory.nodeId, parent).catch((cause: unknown) => {
      throw isFileNotFound(cause) ? new BatchError('PathNotFound', error.details, { cause }) : cause
    })
    throw error
  }
}

function isFileNotFound(error: unknown): error is BatchError {
  return error instanceof BatchError && error.code === 'FileNotFound'
}

function fileHeaders({ isDirectory, properties }: NodeFile, url: string): Record<string, string> {
  return {
    'Content-Type': properties?.contentType ?? 'application/octet-stream',
    ...(properties && { 'Last-Modified': httpDate(properties.lastModified) }),
    'ocp-batch-file-isdirectory': isDirectory ? 'True' : 'False',
    'ocp-batch-file-url': encodeURIComponent(url),
    ...(properties?.fileMode && { 'ocp-batch-file-mode': properties.fileMode }),
  }
}
