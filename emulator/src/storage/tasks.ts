// Task rows, the tries that outlive their task's interest, and the view of a task.

import type {
  FailureInfo,
  Task,
  TaskExecutionInfo,
  TaskNodeInfo,
  TaskResult,
  TaskState,
  Wire,
} from '@malachite/model'
import { UNLIMITED } from '@malachite/model'
import type { ListQuery } from '../engine/api.ts'
import type { ColumnMap } from '../odata/compile.ts'
import type { TaskBody } from '../schema/task.ts'
import type { Database } from './database.ts'
import { affinityId } from './nodes.ts'
import { compact, json, project, selectPage, writeStatements, RESOURCE_COLUMNS } from './table.ts'
import { toETag, toIso } from './time.ts'

export interface TaskRow {
  key: number
  /** Key of its job. */
  job: number
  id: string
  state: TaskState
  stateAt: number
  previousState: TaskState | null
  previousAt: number | null
  /** Place among the waiting tasks of the job; a requeued task goes to the end. */
  queue: number
  slots: number
  maxRetries: number
  affinity: string | null
  /** The try that is running; null while none is. */
  run: number | null
  nodeId: string | null
  poolId: string | null
  startedAt: number | null
  endedAt: number | null
  exitCode: number | null
  result: TaskResult | null
  failure: string | null
  retries: number
  retriedAt: number | null
  requeues: number
  requeuedAt: number | null
  createdAt: number
  modifiedAt: number
  body: string
}

const FIXED = ['job', 'id', 'slots', 'affinity', 'createdAt', 'body', 'maxRetries'] as const
const CHANGING = [
  'state',
  'stateAt',
  'previousState',
  'previousAt',
  'queue',
  'run',
  'nodeId',
  'poolId',
  'startedAt',
  'endedAt',
  'exitCode',
  'result',
  'failure',
  'retries',
  'retriedAt',
  'requeues',
  'requeuedAt',
  'modifiedAt',
] as const

const FILTER: ColumnMap = {
  ...RESOURCE_COLUMNS,
  previousState: { sql: 'previousState', type: 'text', ignoreCase: true },
  'executionInfo/startTime': { sql: 'startedAt', type: 'time' },
  'executionInfo/endTime': { sql: 'endedAt', type: 'time' },
  'executionInfo/exitCode': { sql: 'exitCode', type: 'number' },
  'executionInfo/result': { sql: 'result', type: 'text', ignoreCase: true },
  'executionInfo/retryCount': { sql: 'retries', type: 'number' },
  'executionInfo/requeueCount': { sql: 'requeues', type: 'number' },
  'executionInfo/failureInfo/category': { sql: "failure ->> '$.category'", type: 'text' },
  'executionInfo/failureInfo/code': { sql: "failure ->> '$.code'", type: 'text' },
  'nodeInfo/nodeId': { sql: 'nodeId', type: 'text' },
  'nodeInfo/poolId': { sql: 'poolId', type: 'text' },
}

/** A try whose task has moved on while its process was still there. */
export interface EndingRow {
  run: number
  job: number
  nodeId: string
  slots: number
  /** To be deleted once the process is gone. */
  directory: string | null
}

export function createTaskStore(db: Database) {
  const byId = db.query<{ job: number; id: string }, TaskRow>(
    'select * from tasks where job = :job and id = :id',
  )
  const byRun = db.query<{ run: number }, TaskRow>('select * from tasks where run = :run')
  const waiting = db.query<{ job: number; slots: number; limit: number }, TaskRow>(
    "select * from tasks where job = :job and state = 'active' and slots <= :slots order by queue limit :limit + 0",
  )
  const running = db.query<{ job: number }, TaskRow>(
    "select * from tasks where job = :job and state in ('preparing', 'running')",
  )
  const onNode = db.query<{ nodeId: string }, TaskRow>(
    "select * from tasks where nodeId = :nodeId and state in ('preparing', 'running')",
  )
  const recent = db.query<{ nodeId: string; limit: number }, TaskRow & { jobId: string }>(
    `select tasks.*, jobs.id as jobId from tasks join jobs on jobs.key = tasks.job
     where nodeId = :nodeId order by startedAt desc limit :limit + 0`,
  )
  const saveSpec = db.query<Pick<TaskRow, 'key' | 'body' | 'maxRetries' | 'modifiedAt'>, never>(
    'update tasks set body = :body, maxRetries = :maxRetries, modifiedAt = :modifiedAt where key = :key',
  )
  const deleteSome = db.query<{ job: number; limit: number }, never>(
    'delete from tasks where key in (select key from tasks where job = :job limit :limit + 0)',
  )
  return {
    ...writeStatements<TaskRow>(db, 'tasks', FIXED, CHANGING),
    byId: (job: number, id: string) => byId.get({ job, id }),
    byRun: (run: number) => byRun.get({ run }),
    /** Waiting tasks that need no more than `slots` each, first come first. */
    waiting: (job: number, slots: number, limit: number) => waiting.all({ job, slots, limit }),
    running: (job: number) => running.all({ job }),
    runningOnNode: (nodeId: string) => onNode.all({ nodeId }),
    /** The latest tasks of a node, oldest first. */
    recent: (nodeId: string, limit: number) => recent.all({ nodeId, limit }).toReversed(),
    /** Saves what an update of the task may change; `save` writes what its life changes. */
    saveSpec: (row: TaskRow) => void saveSpec.run(row),
    /** Deletes up to `limit` tasks of a job; how many there were. */
    deleteSome: (job: number, limit: number) => deleteSome.run({ job, limit }),
    page: (job: number, query: ListQuery) =>
      selectPage<TaskRow>(db, 'tasks', FILTER, query, { sql: 'job = ?', value: job }),
  }
}

export function createEndingStore(db: Database) {
  const insert = db.query<EndingRow, never>(
    `insert into endings (run, job, nodeId, slots, directory) values (:run, :job, :nodeId, :slots, :directory)
     on conflict do update set directory = coalesce(excluded.directory, directory)`,
  )
  const take = db.query<{ run: number }, EndingRow>('delete from endings where run = :run returning *')
  const forget = db.query<{ nodeId: string }, never>('delete from endings where nodeId = :nodeId')
  const ofJob = db.query<{ job: number }, { count: number }>(
    'select count(*) as count from endings where job = :job',
  )
  return {
    insert: (row: EndingRow) => void insert.run(row),
    /** Removes and returns the ending of a try. */
    take: (run: number) => take.get({ run }),
    forgetNode: (nodeId: string) => void forget.run({ nodeId }),
    countOfJob: (job: number) => ofJob.get({ job })?.count ?? 0,
  }
}

/** Where a task's files are, relative to its node's root. */
export function taskDirectory(jobId: string, taskId: string): string {
  return `workitems/${jobId}/job-1/${taskId}`
}

/** The service's JSON of a task, members in its order. */
export function viewTask(row: TaskRow, jobId: string, select?: readonly string[]): Wire<Task> {
  const { id: _, displayName, constraints, requiredSlots, ...body } = JSON.parse(row.body) as TaskBody
  const view = {
    id: row.id,
    displayName,
    eTag: toETag(row.modifiedAt),
    creationTime: toIso(row.createdAt),
    lastModified: toIso(row.modifiedAt),
    state: row.state,
    stateTransitionTime: toIso(row.stateAt),
    previousState: row.previousState ?? undefined,
    previousStateTransitionTime: row.previousAt === null ? undefined : toIso(row.previousAt),
    ...body,
    constraints: {
      maxWallClockTime: constraints?.maxWallClockTime ?? UNLIMITED,
      retentionTime: constraints?.retentionTime ?? 'P7D',
      maxTaskRetryCount: row.maxRetries,
    },
    requiredSlots,
    executionInfo: viewExecution(row),
    nodeInfo: viewNodeInfo(row, jobId),
  }
  return project(compact(view), select) as unknown as Wire<Task>
}

/** What became of a task so far. */
export function viewExecution(row: TaskRow): Wire<TaskExecutionInfo> {
  return compact({
    startTime: iso(row.startedAt),
    endTime: iso(row.endedAt),
    exitCode: row.exitCode ?? undefined,
    failureInfo: json<FailureInfo>(row.failure),
    result: row.result ?? undefined,
    retryCount: row.retries,
    lastRetryTime: iso(row.retriedAt),
    requeueCount: row.requeues,
    lastRequeueTime: iso(row.requeuedAt),
  }) as Wire<TaskExecutionInfo>
}

function viewNodeInfo(row: TaskRow, jobId: string): TaskNodeInfo | undefined {
  if (row.nodeId === null || row.poolId === null) return undefined
  return {
    affinityId: affinityId(row.nodeId),
    poolId: row.poolId,
    nodeId: row.nodeId,
    taskRootDirectory: taskDirectory(jobId, row.id),
  }
}

function iso(us: number | null): string | undefined {
  return us === null ? undefined : toIso(us)
}
