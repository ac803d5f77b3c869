// The engine behind BatchBackend: the emulated service in this process, without HTTP.

import {
  type BatchHost,
  type HostOptions,
  type ListQuery,
  openBatchHost,
  type Page,
  resolveFilePath,
  selectFiles,
} from '@malachite/emulator'
import {
  type AddTaskResult,
  type BatchBackend,
  BatchError,
  type CallOptions,
  type ComputeNode,
  type Job,
  type ListOptions,
  MAX_COLLECTION_BYTES,
  type NodeCounts,
  type NodeFile,
  type Pool,
  type ReadOptions,
  type SupportedImage,
  type Task,
  type Wire,
} from '@malachite/model'
import { revive } from './revive.ts'

/** Opens a Batch service in this process; `close()` ends its tasks and deletes its temporary files. */
export function createLocalBatchBackend(options: HostOptions = {}): BatchBackend {
  const host = openBatchHost(options)
  const { pools, nodes, jobs, tasks } = host.engine
  return {
    name: 'local Batch service in this process',
    listSupportedImages: (o) => list<SupportedImage>(o, (query) => host.engine.listSupportedImages(query)),

    addPool: (pool, o) => call(o, () => void pools.add(pool)),
    getPool: (poolId, o) => call(o, () => revive<Pool>(pools.get(poolId))),
    listPools: (o) => list<Pool>(o, (query) => pools.list(query)),
    resizePool: (poolId, resize, o) => call(o, () => void pools.resize(poolId, resize)),
    stopResize: (poolId, o) => call(o, () => void pools.stopResize(poolId)),
    deletePool: (poolId, o) => call(o, () => pools.delete(poolId)),

    listNodes: (poolId, o) => list<ComputeNode>(o, (query) => nodes.list(poolId, query)),
    getNode: (poolId, nodeId, o) => call(o, () => revive<ComputeNode>(nodes.get(poolId, nodeId))),
    listNodeCounts: (o) => list<NodeCounts>(o, (query) => pools.nodeCounts(query)),
    rebootNode: (poolId, nodeId, o) => call(o, () => nodes.reboot(poolId, nodeId)),
    listNodeFiles: (poolId, nodeId, o) =>
      listFiles(host, o, () => ({ nodeId: nodes.get(poolId, nodeId).id, directory: '' })),
    readNodeFile: (poolId, nodeId, path, o) =>
      readFile(host, path, o, () => ({ nodeId: nodes.get(poolId, nodeId).id, directory: '' })),

    addJob: (job, o) => call(o, () => void jobs.add(job)),
    getJob: (jobId, o) => call(o, () => revive<Job>(jobs.get(jobId))),
    listJobs: (o) => list<Job>(o, (query) => jobs.list(query)),
    disableJob: (jobId, disableTasks, o) => call(o, () => void jobs.disable(jobId, { disableTasks })),
    enableJob: (jobId, o) => call(o, () => void jobs.enable(jobId)),
    terminateJob: (jobId, o) =>
      call(o, () => void jobs.terminate(jobId, o?.reason === undefined ? {} : { terminateReason: o.reason })),
    deleteJob: (jobId, o) => call(o, () => jobs.delete(jobId)),

    addTasks: (jobId, specs, o) => call(o, () => addTasks(host, jobId, specs)),
    getTask: (jobId, taskId, o) => call(o, () => revive<Task>(tasks.get(jobId, taskId))),
    listTasks: (jobId, o) => list<Task>(o, (query) => tasks.list(jobId, query)),
    getTaskCounts: (jobId, o) => call(o, () => jobs.taskCounts(jobId)),
    terminateTask: (jobId, taskId, o) => call(o, () => void tasks.terminate(jobId, taskId)),
    reactivateTask: (jobId, taskId, o) => call(o, () => void tasks.reactivate(jobId, taskId)),
    deleteTask: (jobId, taskId, o) => call(o, () => tasks.delete(jobId, taskId)),
    listTaskFiles: (jobId, taskId, o) => listFiles(host, o, () => tasks.location(jobId, taskId)),
    readTaskFile: (jobId, taskId, path, o) => readFile(host, path, o, () => tasks.location(jobId, taskId)),

    close: () => host.close(),
  }
}

/** A call of the engine as a promise, so that its errors reject. */
async function call<T>(options: CallOptions | undefined, body: () => T): Promise<T> {
  options?.signal?.throwIfAborted()
  return body()
}

async function* list<Item>(
  options: ListOptions | undefined,
  read: (query: ListQuery) => Page<Wire<Item>>,
): AsyncGenerator<Item> {
  let skipToken: string | undefined
  do {
    options?.signal?.throwIfAborted()
    const page = read({ ...toQuery(options), ...(skipToken !== undefined && { skipToken }) })
    for (const item of page.items) yield revive<Item>(item)
    skipToken = page.next
  } while (skipToken !== undefined)
}

function toQuery({ filter, select, pageSize }: ListOptions = {}): ListQuery {
  return {
    ...(filter !== undefined && { filter }),
    ...(select && { select }),
    ...(pageSize !== undefined && { maxResults: pageSize }),
  }
}

/** The same limit as on the wire, so that a caller's chunks fit every backend. */
function addTasks(host: BatchHost, jobId: string, value: readonly unknown[]): AddTaskResult[] {
  const body = { value }
  if (Buffer.byteLength(JSON.stringify(body)) > MAX_COLLECTION_BYTES) {
    throw new BatchError('RequestBodyTooLarge', { MaxLimit: String(MAX_COLLECTION_BYTES) })
  }
  return host.engine.tasks.addCollection(jobId, body).map((added) => {
    if (added.status === 'success') return { taskId: added.taskId, status: added.status }
    const { code, message, details } = added.error
    return { taskId: added.taskId, status: added.status, error: { code, message, details } }
  })
}

/** A directory of a node. */
interface Place {
  nodeId: string
  directory: string
}

async function* listFiles(
  host: BatchHost,
  options: (ListOptions & { recursive?: boolean }) | undefined,
  find: () => Place,
): AsyncGenerator<NodeFile> {
  options?.signal?.throwIfAborted()
  const { nodeId, directory } = find()
  const files = await host.files.list(nodeId, directory, { recursive: options?.recursive ?? false })
  yield* selectFiles(files, options?.filter)
}

async function readFile(
  host: BatchHost,
  path: string,
  options: ReadOptions | undefined,
  find: () => Place,
): Promise<ReadableStream<Uint8Array>> {
  options?.signal?.throwIfAborted()
  const { nodeId, directory } = find()
  const { offset, length } = options ?? {}
  return host.files.read(nodeId, resolveFilePath(directory, path), {
    ...(offset !== undefined && { offset }),
    ...(length !== undefined && { length }),
  })
}
