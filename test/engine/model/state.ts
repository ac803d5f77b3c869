// The reference model: what there is, as plain objects. No database, no time, no scheduler; where the engine is free to
// choose, the model is told what it chose and says whether it might.

import { BatchError } from '@malachite/model'
import type {
  AllocationState,
  BatchErrorCode,
  ExitConditions,
  JobState,
  NodeState,
  TaskState,
} from '@malachite/model'

export interface ModelPool {
  id: string
  state: 'active' | 'deleting'
  allocation: AllocationState
  /** Machines are asked for. */
  allocating: boolean
  /** Its resize has taken too long. */
  isOverdue?: boolean
  target: { dedicated: number; lowPriority: number }
  slots: number
  /** Whether its nodes wait for the success of a start task, and its retries; absent without one. */
  startTask?: { waits: boolean; retries: number }
}

/** What has slots of a node. */
export interface Hold {
  node: ModelNode
  slots: number
  /** `reserved`: the node is being prepared; `ending`: the task has moved on, the process has not gone yet. */
  kind: 'reserved' | 'running' | 'ending'
  /** The process; absent before it is known. */
  run?: number
  /** The job that waits for the end of it. */
  job: ModelJob | undefined
}

export type Departure = 'left' | 'rebooted' | 'reimaged' | 'deallocated'

export interface ModelNode {
  id: string
  pool: ModelPool
  dedicated: boolean
  state: NodeState
  enabled: boolean
  draining?: Departure | undefined
  /** It drains until the files of its tasks may go. */
  retain: boolean
  /** It is empty and waits for that. */
  keeps: boolean
  holds: Hold[]
  /** All of it belongs to the one that holds slots. */
  exclusive: boolean
  /** The start task that runs; the process is absent before it is known. */
  start?: { run?: number; retries: number } | undefined
}

export interface ModelTask {
  id: string
  job: ModelJob
  state: TaskState
  slots: number
  /** Its place among those that wait; tasks that came to it in one step share one. */
  queue: number
  retries: number
  maxRetries: number
  requeues: number
  /** Ids, and ranges as `1..3`, that are not satisfied. */
  waits: Set<string>
  conditions?: ExitConditions
  hold?: Hold | undefined
  nodeId?: string | undefined
  result?: 'success' | 'failure' | undefined
  exitCode?: number | undefined
  /** Code of the failure. */
  failure?: string | undefined
  /** `advance` comes between ends of different epochs. */
  epoch?: number
}

/** What a node is to a job with a preparation task. */
export interface ModelJobNode {
  preparation: 'stale' | 'running' | 'ready' | 'failed'
  release: 'none' | 'due' | 'running' | 'done'
  /** The process of either; `awaited` before it is known. */
  run?: number | 'awaited' | undefined
  retries: number
}

export interface ModelJob {
  id: string
  pool: string
  state: JobState
  priority: number
  maxParallel: number
  endsWithTasks: boolean
  actsOnFailure: boolean
  usesDependencies: boolean
  preemptible: boolean
  maxRetries: number
  tasks: Map<string, ModelTask>
  satisfied: Set<string>
  preparation?: { waits: boolean; reruns: boolean; retries: number }
  hasRelease: boolean
  /** It is deleted, and nobody waits for its release tasks. */
  isForced?: boolean
  manager?: { kills: boolean; exclusive: boolean; onSpot: boolean }
  /** By node id. */
  nodes: Map<string, ModelJobNode>
}

export interface Model {
  pools: Map<string, ModelPool>
  nodes: Map<string, ModelNode>
  jobs: Map<string, ModelJob>
  /** Counts steps: orders the queue of tasks. */
  step: number
  epoch: number
  /** Release tasks that nobody waits for. */
  orphans: Set<number>
  /** Processes that must be told to end in this step. */
  ended: Map<number, Hold>
  /** Jobs that the end of a task acts on in this step. */
  actions: Map<ModelJob, JobAction>
}

export type JobAction = 'disable' | 'terminate'

export function createModel(): Model {
  return {
    pools: new Map(),
    nodes: new Map(),
    jobs: new Map(),
    step: 0,
    epoch: 0,
    orphans: new Set(),
    ended: new Map(),
    actions: new Map(),
  }
}

export const PREPARATION_ID = 'jobpreparation'
export const RELEASE_ID = 'jobrelease'
export const MANAGER_ID = 'm'

/** The value of a map, or the error that says that there is none. */
export function require<Value>(map: ReadonlyMap<string, Value>, id: string, missing: BatchErrorCode): Value {
  const value = map.get(id)
  if (value === undefined) throw new BatchError(missing)
  return value
}

export function usedSlots({ holds }: ModelNode): number {
  return holds.reduce((sum, { slots }) => sum + slots, 0)
}

/** Processes of tasks on a node; reservations have none yet. */
export function processCount({ holds }: ModelNode): number {
  return holds.filter(({ kind }) => kind !== 'reserved').length
}

/** Slots that the scheduler may give to tasks. */
export function freeSlots(node: ModelNode): number {
  const isOpen = (node.state === 'idle' || node.state === 'running') && node.enabled && !node.draining
  const used = usedSlots(node)
  return isOpen && !(node.exclusive && used > 0) ? node.pool.slots - used : 0
}

export function nodesOf(model: Model, pool: ModelPool): ModelNode[] {
  return [...model.nodes.values()].filter((node) => node.pool === pool)
}

export function tasksOn(model: Model, node: ModelNode): ModelTask[] {
  return [...model.jobs.values()].flatMap((job) =>
    [...job.tasks.values()].filter(({ hold }) => hold?.node === node),
  )
}

/** Tasks that have a node now. */
export function runningTasks(job: ModelJob): ModelTask[] {
  return [...job.tasks.values()].filter(({ state }) => state === 'preparing' || state === 'running')
}

/** Whether nothing of a job is started or tried again. */
export function isEnding({ state }: ModelJob): boolean {
  return state === 'terminating' || state === 'deleting' || state === 'completed'
}
