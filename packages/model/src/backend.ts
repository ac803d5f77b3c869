// The two interfaces between a workload and the cloud. Whatever implements them can run the orchestrator.

import type { BlobItem, SasPermission } from './blob.ts'
import type { DisableTasksOption, Job, JobSpec, JobTaskCounts } from './job.ts'
import type { ComputeNode, NodeCounts } from './node.ts'
import type { Pool, PoolResize, PoolSpec, SupportedImage } from './pool.ts'
import type { AddTaskResult, NodeFile, Task, TaskSpec } from './task.ts'

/** Options of every call. */
export interface CallOptions {
  /** Ends the call with the signal's reason; what the service already did stays done. */
  signal?: AbortSignal
}

/** Options of every list. */
export interface ListOptions extends CallOptions {
  /** The service's OData filter, e.g. `state eq 'completed' and executionInfo/result eq 'failure'`. */
  filter?: string
  /** Top-level properties to read; the others are absent from the items. */
  select?: readonly string[]
  /** Items per request to the service, 1–1000. @default 1000 */
  pageSize?: number
}

/** Options of reading a file: `offset` bytes are skipped, at most `length` bytes come. */
export interface ReadOptions extends CallOptions {
  offset?: number
  length?: number
}

/** Tasks that one `addTasks` call may carry. */
export const MAX_TASKS_PER_COLLECTION = 100
/** Size of the body of one `addTasks` call, bytes. */
export const MAX_COLLECTION_BYTES = 1_048_576

/**
 * The Batch service, as far as running, watching and debugging a workload needs it.
 *
 * Every method rejects with a `BatchError` that carries the service's code (`PoolNotFound`, `JobExists` …).
 * Lists are lazy: a page is requested when the loop reaches it, and leaving the loop requests no more.
 * Ids are compared regardless of case and answered as they were given.
 */
export interface BatchBackend {
  /** For people: `local`, `emulator at http://127.0.0.1:10003`, `Azure Batch account NAME`. */
  readonly name: string

  /** The images nodes can run, with their node agents. Filter on `osType`, `verificationType`, `nodeAgentSKUId`. */
  listSupportedImages(options?: ListOptions): AsyncIterable<SupportedImage>

  /** Creates a pool and returns at once; its nodes come later. `PoolExists` when the id is taken. */
  addPool(pool: PoolSpec, options?: CallOptions): Promise<void>
  /** `PoolNotFound` when there is none. */
  getPool(poolId: string, options?: CallOptions): Promise<Pool>
  /** The pools of the account. */
  listPools(options?: ListOptions): AsyncIterable<Pool>
  /** Asks for another size. `PoolBeingResized` unless the pool is steady. */
  resizePool(poolId: string, resize: PoolResize, options?: CallOptions): Promise<void>
  /** Stops a resize; nodes that came already stay. */
  stopResize(poolId: string, options?: CallOptions): Promise<void>
  /** Marks the pool for deletion; its running tasks are requeued, its nodes leave, then it is gone. */
  deletePool(poolId: string, options?: CallOptions): Promise<void>

  /** The nodes of a pool. `PoolNotFound` when there is none. */
  listNodes(poolId: string, options?: ListOptions): AsyncIterable<ComputeNode>
  /** `NodeNotFound` when there is none, or it has left the pool. */
  getNode(poolId: string, nodeId: string, options?: CallOptions): Promise<ComputeNode>
  /** Nodes of every pool (or of those that `poolId eq '…'` selects) by state; cheap at any size. */
  listNodeCounts(options?: ListOptions): AsyncIterable<NodeCounts>
  /** Restarts a node; its running tasks are requeued and its start task runs again. */
  rebootNode(poolId: string, nodeId: string, options?: CallOptions): Promise<void>
  /** Files of a node; names are relative to its root (`startup/stderr.txt`). @param recursive default false */
  listNodeFiles(
    poolId: string,
    nodeId: string,
    options?: ListOptions & { recursive?: boolean },
  ): AsyncIterable<NodeFile>
  /** A file of a node as a stream. `FileNotFound` when there is none. */
  readNodeFile(
    poolId: string,
    nodeId: string,
    path: string,
    options?: ReadOptions,
  ): Promise<ReadableStream<Uint8Array>>

  /** Creates a job. `JobExists` when the id is taken, `JobCompleted` when a completed job has it. */
  addJob(job: JobSpec, options?: CallOptions): Promise<void>
  /** `JobNotFound` when there is none. */
  getJob(jobId: string, options?: CallOptions): Promise<Job>
  /** The jobs of the account. */
  listJobs(options?: ListOptions): AsyncIterable<Job>
  /** Stops scheduling the job's tasks; what runs is requeued, ended or awaited. */
  disableJob(jobId: string, disableTasks: DisableTasksOption, options?: CallOptions): Promise<void>
  /** Starts scheduling the tasks of a disabled job again. */
  enableJob(jobId: string, options?: CallOptions): Promise<void>
  /** Ends the job and its running tasks; tasks that never started stay `active`. */
  terminateJob(jobId: string, options?: CallOptions & { reason?: string }): Promise<void>
  /** Deletes the job with its tasks and their files. */
  deleteJob(jobId: string, options?: CallOptions): Promise<void>

  /**
   * Adds up to `MAX_TASKS_PER_COLLECTION` tasks in one request of at most `MAX_COLLECTION_BYTES`; each has its own
   * result. Rejects only when the request as a whole failed (`JobNotFound`, `RequestBodyTooLarge` …).
   */
  addTasks(jobId: string, tasks: readonly TaskSpec[], options?: CallOptions): Promise<AddTaskResult[]>
  /** `TaskNotFound` when there is none. */
  getTask(jobId: string, taskId: string, options?: CallOptions): Promise<Task>
  /** The tasks of a job, in the order of their ids. */
  listTasks(jobId: string, options?: ListOptions): AsyncIterable<Task>
  /** Tasks by state; on Azure a few seconds behind. Costs the same for ten tasks and for a million. */
  getTaskCounts(jobId: string, options?: CallOptions): Promise<JobTaskCounts>
  /** Ends a task: `completed` with `TaskEnded`. `TaskCompleted` when it already is. */
  terminateTask(jobId: string, taskId: string, options?: CallOptions): Promise<void>
  /** Runs a failed task once more. `TaskNotCompleted`, `TaskSucceeded` when it cannot be. */
  reactivateTask(jobId: string, taskId: string, options?: CallOptions): Promise<void>
  /** Deletes a task and its files; a running one is ended first. */
  deleteTask(jobId: string, taskId: string, options?: CallOptions): Promise<void>
  /** Files of a task; names are relative to its root (`stdout.txt`, `wd/result.csv`). @param recursive default false */
  listTaskFiles(
    jobId: string,
    taskId: string,
    options?: ListOptions & { recursive?: boolean },
  ): AsyncIterable<NodeFile>
  /** A file of a task as a stream; works while the task runs. */
  readTaskFile(
    jobId: string,
    taskId: string,
    path: string,
    options?: ReadOptions,
  ): Promise<ReadableStream<Uint8Array>>

  /** Releases connections, processes and temporary files of this backend. Calling it again does nothing. */
  close(): Promise<void>
}

/** Progress of one upload or download. */
export interface TransferOptions extends CallOptions {
  /** Called with the bytes transferred so far. */
  onProgress?: (bytes: number) => void
}

/** What to grant with a SAS, and how long. */
export interface SasOptions extends CallOptions {
  permissions: readonly SasPermission[]
  /** End of validity. */
  expiresOn: Date
}

/**
 * The blob service, as far as a workload needs it. Rejects with `BatchError`s that carry the blob service's code
 * (`ContainerNotFound`, `BlobNotFound`, `AuthorizationFailure` …). Transfers stream: a file never sits in memory.
 */
export interface BlobBackend {
  /** For people: `Azurite at http://127.0.0.1:10000`, `Azure Storage account NAME`. */
  readonly name: string
  /** Name of the storage account. */
  readonly account: string
  /** URL of the blob service without a trailing slash; Azurite's carries the account as its path. */
  readonly url: string

  /**
   * Creates a container, with the given metadata (names are identifiers in lower case); true if it was created, false if
   * it was there. Waits while one of that name is being deleted.
   */
  createContainer(
    container: string,
    options?: CallOptions & { metadata?: Readonly<Record<string, string>> },
  ): Promise<boolean>
  /** The metadata of a container; undefined if there is none of that name. */
  getContainerMetadata(
    container: string,
    options?: CallOptions,
  ): Promise<Readonly<Record<string, string>> | undefined>
  /** Deletes a container with all its blobs; false if there was none. */
  deleteContainer(container: string, options?: CallOptions): Promise<boolean>
  /** True if there is a container of that name. */
  containerExists(container: string, options?: CallOptions): Promise<boolean>

  /** Uploads a file, replacing a blob of that name; the blob has an MD5. */
  uploadFile(container: string, blob: string, path: string, options?: TransferOptions): Promise<void>
  /** Downloads a blob to a file that is complete or absent: it appears under its name only when whole. */
  downloadFile(container: string, blob: string, path: string, options?: TransferOptions): Promise<void>
  /** The blobs of a container whose names begin with `prefix`. */
  listBlobs(container: string, options?: CallOptions & { prefix?: string }): AsyncIterable<BlobItem>
  /** False if there was none. */
  deleteBlob(container: string, blob: string, options?: CallOptions): Promise<boolean>

  /** URL of a blob with a SAS for it alone. */
  blobSasUrl(container: string, blob: string, options: SasOptions): Promise<string>
  /** The SAS of a container (query text without `?`). */
  containerSas(container: string, options: SasOptions): Promise<string>

  /** Releases connections. Calling it again does nothing. */
  close(): Promise<void>
}
