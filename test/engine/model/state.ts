// The reference model: what there is, as plain objects. No database, no timers, no scheduler; where the engine is free to
// choose, the model is told what it chose and says whether it might.

import type { NewJob, NewPool } from './choices.ts'
import type {
  AllocationState,
  ExitConditions,
  JobScheduleState,
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
  /** When its resize has taken too long. */
  deadline?: number | undefined
  target: { dedicated: number; lowPriority: number }
  /** A formula sets the target. */
  scale?: Scale | undefined
  /** When that was enabled. */
  scaledAt?: number
  slots: number
  /** Its nodes may run a task together. */
  interNode?: boolean
  /** Whether its nodes wait for the success of a start task, and its retries; absent without one. */
  startTask?: { waits: boolean; retries: number }
}

/** The formula of a pool, and what it knows. */
export interface Scale {
  /** As many dedicated nodes as it says, or as there are tasks, up to `most`. */
  formula: { dedicated: number; lowPriority: number } | { most: number; lowPriority: number }
  interval: number
  evaluateAt: number
  /** The latest sample of the tasks that are pending; not known exactly when they changed in its tick. */
  sample: { least: number; most: number }
  sampleAt: number
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
  /** It has no process: its coordination is done. */
  isQuiet?: boolean
  taskId: string
  /** Where it runs. */
  directory: string
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
  /** It is empty and waits for that time. */
  keepsUntil?: number | undefined
  /** Directories of tasks that are on its disk, but for those that go with the processes that end in them. */
  files: Set<string>
  holds: Hold[]
  /** All of it belongs to the one that holds slots. */
  exclusive: boolean
  /** The start task that runs; the process is absent before it is known. */
  start?: { run?: number; retries: number } | undefined
}

/** A multi-instance task on one of its nodes; the first is the primary, whose slot is that of the task. */
export interface ModelInstance {
  node: ModelNode
  hold?: Hold | undefined
  /** Of the coordination command. */
  state: 'running' | 'completed'
  result?: 'success' | 'failure'
  exitCode?: number
}

export interface ModelTask {
  id: string
  job: ModelJob
  state: TaskState
  slots: number
  /** Which of the nodes of its pool it would like. */
  affinity?: string | undefined
  /** Its place among those that wait; tasks that came to it in one step share one. */
  queue: number
  retries: number
  maxRetries: number
  requeues: number
  /** Ids, and ranges as `1..3`, that are not satisfied. */
  waits: Set<string>
  conditions?: ExitConditions
  hold?: Hold | undefined
  /** Nodes that it needs at once; 0 when it is no multi-instance task. */
  instances: number
  /** Those of its latest try. */
  parts: ModelInstance[]
  /** Former tries, or those of a deleted task of the same id, whose processes have not gone yet. */
  ghosts: Set<Hold>
  nodeId?: string | undefined
  result?: 'success' | 'failure' | undefined
  exitCode?: number | undefined
  /** Code of the failure. */
  failure?: string | undefined
  /** Longest time of one try. */
  limit?: number | undefined
  /** How long its files stay after its end. */
  retention: number
  /** When its latest try began. */
  startedAt?: number
  endedAt?: number | undefined
}

/** How long files stay unless the task says something else. */
export const RETENTION = 7 * 24 * 3_600_000

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
  /** When it has taken too long. */
  deadline?: number | undefined
  tasks: Map<string, ModelTask>
  satisfied: Set<string>
  preparation?: { waits: boolean; reruns: boolean; retries: number }
  hasRelease: boolean
  /** It is deleted, and nobody waits for its release tasks. */
  isForced?: boolean
  manager?: { kills: boolean; exclusive: boolean; onSpot: boolean }
  /** It brought its pool. */
  auto?: AutoPool
  schedule?: ModelSchedule | undefined
  /** By node id. */
  nodes: Map<string, ModelJobNode>
}

/** A pool that comes with a job; `shared` by all jobs of its schedule. */
export interface AutoPool {
  pool: Omit<NewPool, 'id'>
  keepAlive: boolean
  shared: boolean
}

/** Makes jobs; its members are those of the service, times and durations in milliseconds. */
export interface ModelSchedule {
  id: string
  state: JobScheduleState
  job: Omit<NewJob, 'id'>
  createdAt: number
  from?: number | undefined
  to?: number | undefined
  interval?: number | undefined
  window?: number | undefined
  /** When the latest job was due. */
  lastDue?: number
  /** How many jobs it has made. */
  runs: number
  /** Id of the pool that its jobs share. */
  pool?: string
}

export interface Model {
  pools: Map<string, ModelPool>
  nodes: Map<string, ModelNode>
  jobs: Map<string, ModelJob>
  schedules: Map<string, ModelSchedule>
  /** Counts steps: orders the queue of tasks. */
  step: number
  /** The time, as the clock of the trial says. All times and durations are milliseconds. */
  now: number
  /** Processes that nobody waits for. */
  orphans: Set<number>
  /** Preparations and releases that were lost in the step that started them: the job, the task and the node of each. */
  stillborn: Set<string>
  /** Processes that must be told to end in this step. */
  ended: Map<number, Hold>
  /** Ids of the pools that have lost, in this step, what they were made for. */
  dropped: Set<string>
  /** The id that the engine gave to the pool of a job. */
  chosenPool: (jobId: string) => string
  /** The size that the engine has in mind for a pool; nothing when that goes again in the same step. */
  chosenTarget: (poolId: string) => ModelPool['target'] | undefined
  /** Jobs that the end of a task acts on in this step. */
  actions: Map<ModelJob, JobAction>
}

export type JobAction = 'disable' | 'terminate'

export function createModel(): Model {
  return {
    pools: new Map(),
    nodes: new Map(),
    jobs: new Map(),
    schedules: new Map(),
    step: 0,
    now: 0,
    orphans: new Set(),
    stillborn: new Set(),
    ended: new Map(),
    dropped: new Set(),
    chosenPool: () => '',
    chosenTarget: () => ({ dedicated: 0, lowPriority: 0 }),
    actions: new Map(),
  }
}

export const PREPARATION_ID = 'jobpreparation'
export const RELEASE_ID = 'jobrelease'
export const MANAGER_ID = 'm'
