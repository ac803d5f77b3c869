// The engine as its users see it: the HTTP handlers, the in-process backend and the dashboard.
// Synchronous, one transaction per call; every method throws `BatchError` with the service's code.

import type {
  BatchError,
  ComputeNode,
  Job,
  JobTaskCounts,
  NodeCounts,
  Pool,
  SupportedImage,
  Task,
  Wire,
} from '@malachite/model'
import type { NodeReports } from './effects.ts'

/** Which part of a list to read. */
export interface ListQuery {
  /** OData `$filter`. */
  filter?: string
  /** Top-level members to answer; `id` is not implied. */
  select?: readonly string[]
  /** 1–1000. @default 1000 */
  maxResults?: number
  /** Where the page before ended, as its `next` said. */
  skipToken?: string
}

/** One page of a list; `next` is absent on the last one. */
export interface Page<Item> {
  items: Item[]
  next?: string
}

/** What a change leaves for the response headers. `lastModified` is ISO 8601 with up to 7 decimals. */
export interface Stamp {
  eTag: string
  lastModified: string
}

/** Result of one item of a task collection. */
export type AddedTask =
  | ({ status: 'success'; taskId: string } & Stamp)
  | { status: 'clienterror' | 'servererror'; taskId: string; error: BatchError }

/** Where a task's files are. */
export interface TaskLocation {
  poolId: string
  nodeId: string
  /** Relative to the node's root. */
  directory: string
}

/**
 * Views are the service's JSON without `odata.metadata` and URLs, members in the service's order, times as text.
 * Bodies (`unknown`) are what a client sends: they are validated here, so that every way in has the same rules.
 */
export interface Engine {
  readonly account: { name: string }
  listSupportedImages(query?: ListQuery): Page<Wire<SupportedImage>>

  pools: {
    add(body: unknown): { id: string } & Stamp
    get(poolId: string): Wire<Pool>
    list(query?: ListQuery): Page<Wire<Pool>>
    /** Merges the top-level members of the body into the pool. */
    patch(poolId: string, body: unknown): Stamp
    /** Replaces all updatable members. */
    updateProperties(poolId: string, body: unknown): Stamp
    resize(poolId: string, body: unknown): Stamp
    stopResize(poolId: string): Stamp
    removeNodes(poolId: string, body: unknown): Stamp
    delete(poolId: string): void
    nodeCounts(query?: ListQuery): Page<NodeCounts>
  }

  nodes: {
    get(poolId: string, nodeId: string): Wire<ComputeNode>
    list(poolId: string, query?: ListQuery): Page<Wire<ComputeNode>>
    reboot(poolId: string, nodeId: string, body?: unknown): void
    disableScheduling(poolId: string, nodeId: string, body?: unknown): void
    enableScheduling(poolId: string, nodeId: string): void
  }

  jobs: {
    add(body: unknown): { id: string } & Stamp
    get(jobId: string): Wire<Job>
    list(query?: ListQuery): Page<Wire<Job>>
    patch(jobId: string, body: unknown): Stamp
    update(jobId: string, body: unknown): Stamp
    disable(jobId: string, body: unknown): Stamp
    enable(jobId: string): Stamp
    terminate(jobId: string, body?: unknown): Stamp
    delete(jobId: string): void
    taskCounts(jobId: string): JobTaskCounts
  }

  tasks: {
    add(jobId: string, body: unknown): { id: string } & Stamp
    /** `body` is `{ value: [...] }`, 1–100 tasks. */
    addCollection(jobId: string, body: unknown): AddedTask[]
    get(jobId: string, taskId: string): Wire<Task>
    list(jobId: string, query?: ListQuery): Page<Wire<Task>>
    /** Replaces the constraints. */
    update(jobId: string, taskId: string, body: unknown): Stamp
    terminate(jobId: string, taskId: string): Stamp
    reactivate(jobId: string, taskId: string): Stamp
    delete(jobId: string, taskId: string): void
    /** `OperationInvalidForCurrentState` before it has a node, `TaskFilesUnavailable` when that node is gone. */
    location(jobId: string, taskId: string): TaskLocation
  }

  /** For the node runtime. */
  reports: NodeReports
  /** Forgets all pools, jobs and tasks; the ids of the nodes whose removal was asked for. */
  reset(): string[]
  close(): void
}
