// The engine as its users see it: the HTTP handlers, the in-process backend and the dashboard.
// Synchronous, one transaction per call; every method throws `BatchError` with the service's code.

import type {
  ApplicationSummary,
  AutoScaleRun,
  BatchError,
  Certificate,
  ComputeNode,
  Explanation,
  Job,
  JobNodeStatus,
  JobSchedule,
  JobStatistics,
  JobTaskCounts,
  NodeCounts,
  NodeExtension,
  Pool,
  PoolStatistics,
  PoolUsageMetrics,
  RemoteLoginSettings,
  Subtask,
  SupportedImage,
  Task,
  TaskResult,
  TaskStatistics,
  Wire,
} from '@malachite/model'
import type { ListQuery, Page } from '../odata/page.ts'
import type { NodeReports } from './core/effects.ts'

export type { ListQuery, Page }

/** Which part of the usage of pools to read; without times the latest half hour that is over. ISO 8601. */
export interface UsageQuery extends ListQuery {
  startTime?: string
  endTime?: string
}

/** How allocations of a pool are to fail. */
export interface AllocationFailure {
  /** @default 'AllocationFailed' */
  code?: string
  /** Machines that come before it fails. @default 0 */
  nodes?: number
  /** How many allocations fail; 0 takes an earlier demand back. @default 1 */
  times?: number
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

/** Something that a change has written, for those who look on. */
export interface EngineChange {
  /** `autoscale`: the formula of a pool was evaluated. */
  kind: 'pool' | 'node' | 'job' | 'task' | 'jobSchedule' | 'autoscale'
  /** Absent: everything of the kind. */
  id?: string
  /** Id of the pool of a node, of the job of a task. */
  parent?: string
  /** From a state to another; without `from` it has just come into being, or nobody looked on before. */
  move?: {
    /** Microseconds since 1970. */
    time: number
    from?: string
    to: string
    /** Of a task that is completed. */
    result?: TaskResult
    detail?: string
  }
}

/** Which logs of a node are to be uploaded, and where to. */
export interface LogUpload {
  /** With its SAS. */
  containerUrl: string
  /** Virtual directory in the container. */
  directory: string
  /** Milliseconds since 1970, inclusive. */
  from: number
  to: number
}

/** How the machine of a node fails. */
export interface NodeFailure {
  /** Of the error that the node shows. @default 'DiskFull' */
  code?: string
  /** The node is not heard of any more: it becomes `unknown` and shows no error. @default false: it becomes `unusable` */
  lost?: boolean
  /** Milliseconds until it restarts by itself. @default never */
  recovery?: number
}

/** How the end of a job, or of the active one of a schedule, is brought about. */
export interface JobEndOptions {
  /** Do not wait for what still runs on the nodes. @default false */
  force?: boolean
}

/** Where a task's files are. */
export interface TaskLocation {
  /** In the casing that the task was added with. */
  taskId: string
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
    /** The id in the casing that the pool was added with; unchanged when there is no such pool. */
    idOf(poolId: string): string
    list(query?: ListQuery): Page<Wire<Pool>>
    /** Merges the top-level members of the body into the pool. */
    patch(poolId: string, body: unknown): Stamp
    /** Replaces all updatable members. */
    updateProperties(poolId: string, body: unknown): Stamp
    resize(poolId: string, body: unknown): Stamp
    stopResize(poolId: string): Stamp
    removeNodes(poolId: string, body: unknown): Stamp
    /** Lets a formula set the size, or changes the formula or the time between its evaluations; evaluates at once. */
    enableAutoScale(poolId: string, body?: unknown): Stamp
    /** Leaves the size as it is. */
    disableAutoScale(poolId: string): Stamp
    /** What a formula would do to a pool that has one; nothing is done. */
    evaluateAutoScale(poolId: string, body: unknown): Wire<AutoScaleRun>
    delete(poolId: string): void
    nodeCounts(query?: ListQuery): Page<NodeCounts>
    /** Lets the next allocations of machines for a pool fail, which need not exist yet. */
    failAllocation(poolId: string, failure?: AllocationFailure): void
  }

  nodes: {
    get(poolId: string, nodeId: string): Wire<ComputeNode>
    list(poolId: string, query?: ListQuery): Page<Wire<ComputeNode>>
    reboot(poolId: string, nodeId: string, body?: unknown): void
    /** The same with a new disk. */
    reimage(poolId: string, nodeId: string, body?: unknown): void
    /** Switches the machine off; the node stays in its pool. */
    deallocate(poolId: string, nodeId: string, body?: unknown): void
    /** Switches the machine of a deallocated node on. */
    start(poolId: string, nodeId: string): void
    disableScheduling(poolId: string, nodeId: string, body?: unknown): void
    enableScheduling(poolId: string, nodeId: string): void
    /** Takes the machine of a spot node away, as Azure may at any time; another one comes `absence` ms later. @default 0 */
    preempt(poolId: string, nodeId: string, options?: { absence?: number }): void
    /** The same with up to `count` spot nodes of a pool; their ids. */
    preemptSome(poolId: string, count: number, options?: { absence?: number }): string[]
    /** Lets the machine of a node fail: its tasks wait anew, and it takes none until it has been restarted. */
    fail(poolId: string, nodeId: string, failure?: NodeFailure): void
    addUser(poolId: string, nodeId: string, body: unknown): { name: string }
    updateUser(poolId: string, nodeId: string, userName: string, body: unknown): void
    deleteUser(poolId: string, nodeId: string, userName: string): void
    remoteLogin(poolId: string, nodeId: string): RemoteLoginSettings
    /** The text of the file that a remote desktop client opens. */
    remoteDesktop(poolId: string, nodeId: string): string
    getExtension(
      poolId: string,
      nodeId: string,
      name: string,
      query?: Pick<ListQuery, 'select'>,
    ): Wire<NodeExtension>
    listExtensions(poolId: string, nodeId: string, query?: ListQuery): Page<Wire<NodeExtension>>
    /** The node whose files are asked for; refused while no machine stands behind it. */
    location(poolId: string, nodeId: string): { nodeId: string }
    /** Checks a request for a node's logs; `requestId` becomes part of the directory that they go to. */
    logUpload(poolId: string, nodeId: string, requestId: string, body: unknown): LogUpload
  }

  jobs: {
    add(body: unknown): { id: string } & Stamp
    get(jobId: string): Wire<Job>
    /** The id in the casing that the job was added with; unchanged when there is no such job. */
    idOf(jobId: string): string
    list(query?: ListQuery): Page<Wire<Job>>
    patch(jobId: string, body: unknown): Stamp
    update(jobId: string, body: unknown): Stamp
    disable(jobId: string, body: unknown): Stamp
    enable(jobId: string): Stamp
    terminate(jobId: string, body?: unknown, options?: JobEndOptions): Stamp
    delete(jobId: string, options?: JobEndOptions): void
    /** One item for each node that was prepared; `JobPreparationTaskOrReleaseTaskNotSpecified` without such a task. */
    preparationAndReleaseStatus(jobId: string, query?: ListQuery): Page<Wire<JobNodeStatus>>
    taskCounts(jobId: string): JobTaskCounts
  }

  jobSchedules: {
    add(body: unknown): { id: string } & Stamp
    get(jobScheduleId: string): Wire<JobSchedule>
    list(query?: ListQuery): Page<Wire<JobSchedule>>
    /** The jobs it has made. */
    listJobs(jobScheduleId: string, query?: ListQuery): Page<Wire<Job>>
    /** Merges the top-level members of the body into the schedule; jobs that are there stay as they are. */
    patch(jobScheduleId: string, body: unknown): Stamp
    /** Replaces schedule, job specification and metadata; jobs that are there stay as they are. */
    update(jobScheduleId: string, body: unknown): Stamp
    disable(jobScheduleId: string): Stamp
    enable(jobScheduleId: string): Stamp
    /** Ends the active job, too. */
    terminate(jobScheduleId: string, options?: JobEndOptions): Stamp
    /** Deletes its jobs, too. */
    delete(jobScheduleId: string, options?: JobEndOptions): void
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
    /** The further instances of a multi-instance task; none of any other. */
    subtasks(jobId: string, taskId: string, query?: ListQuery): Page<Wire<Subtask>>
    /** `OperationInvalidForCurrentState` before it has a node, `TaskFilesUnavailable` when that node is gone. */
    location(jobId: string, taskId: string): TaskLocation
  }

  /** What there is in the host's folder. */
  applications: {
    get(applicationId: string): ApplicationSummary
    list(query?: ListQuery): Page<ApplicationSummary>
  }

  certificates: {
    add(body: unknown): { thumbprintAlgorithm: string; thumbprint: string }
    get(algorithm: string, thumbprint: string): Wire<Certificate>
    list(query?: ListQuery): Page<Wire<Certificate>>
    delete(algorithm: string, thumbprint: string): void
    /** Takes back a deletion that has failed. */
    cancelDeletion(algorithm: string, thumbprint: string): void
  }

  /** Why something is as it is: of the emulator only. */
  explain: {
    task(jobId: string, taskId: string): Explanation
    job(jobId: string): Explanation
    pool(poolId: string): Explanation
    node(poolId: string, nodeId: string): Explanation
    jobSchedule(jobScheduleId: string): Explanation
  }

  /** Made from all rows in question when it is asked for; `undefined` for what has not run yet. */
  statistics: {
    ofPool(poolId: string): Wire<PoolStatistics> | undefined
    ofJob(jobId: string): Wire<JobStatistics> | undefined
    ofJobSchedule(jobScheduleId: string): Wire<JobStatistics> | undefined
    ofTask(jobId: string, taskId: string): Wire<TaskStatistics> | undefined
    /** Of all pools that there ever were. */
    ofAllPools(): Wire<PoolStatistics>
    ofAllJobs(): Wire<JobStatistics>
    poolUsage(query?: UsageQuery): Page<Wire<PoolUsageMetrics>>
  }

  /** Tells what each change has written, after its commit, until the function that it returns is called. */
  watch(watcher: (changes: readonly EngineChange[]) => void): () => void
  /** For the node runtime. */
  reports: NodeReports
  /** Forgets all pools, jobs and tasks; the ids of the nodes whose removal was asked for. */
  reset(): string[]
  close(): void
}
