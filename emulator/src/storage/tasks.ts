// Task rows and the view of a task.

import type {
  ContainerInfo,
  FailureInfo,
  Task,
  TaskExecutionInfo,
  TaskNodeInfo,
  TaskResult,
  TaskState,
  Wire,
} from '@malachite/model'
import { UNLIMITED } from '@malachite/model'
import type { ListQuery } from '../odata/page.ts'
import type { ColumnMap } from '../odata/compile.ts'
import type { TaskBody } from '../schema/task.ts'
import type { Database } from './database.ts'
import { affinityId } from './nodes.ts'
import {
  compact,
  editStatements,
  json,
  project,
  selectPage,
  writeStatements,
  RESOURCE_COLUMNS,
} from './table.ts'
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
  /** Nodes that a multi-instance task needs at once, one slot of each; 0 for other tasks. */
  nodes: number
  /** Dependencies that are not satisfied yet. */
  blocked: number
  maxRetries: number
  /** Microseconds that its files stay after its end. */
  retention: number
  affinity: string | null
  /** The try that is running; null while none is. */
  run: number | null
  /** Key of its node, which may be gone; `nodeId` and `poolId` are read with it. */
  node: number | null
  nodeId: string | null
  poolId: string | null
  startedAt: number | null
  endedAt: number | null
  exitCode: number | null
  /** What became of its container. */
  container: string | null
  result: TaskResult | null
  failure: string | null
  retries: number
  retriedAt: number | null
  requeues: number
  requeuedAt: number | null
  createdAt: number
  modifiedAt: number
  /** As `packTask` writes it. */
  body: string
}

/** What is read along with a row, and never written. */
const JOINED: readonly string[] = ['nodeId', 'poolId'] satisfies (keyof TaskRow)[]

const FIXED = [
  'job',
  'id',
  'slots',
  'nodes',
  'blocked',
  'affinity',
  'createdAt',
  'body',
  'maxRetries',
  'retention',
] as const
const CHANGING = [
  'state',
  'stateAt',
  'previousState',
  'previousAt',
  'queue',
  'run',
  'node',
  'startedAt',
  'endedAt',
  'exitCode',
  'container',
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
  previousState: { sql: 'previousState', type: 'enum' },
  previousStateTransitionTime: { sql: 'previousAt', type: 'time' },
  requiredSlots: { sql: 'slots', type: 'number' },
  'executionInfo/startTime': { sql: 'startedAt', type: 'time' },
  'executionInfo/endTime': { sql: 'endedAt', type: 'time' },
  'executionInfo/exitCode': { sql: 'exitCode', type: 'number' },
  'executionInfo/result': { sql: 'result', type: 'enum' },
  'executionInfo/retryCount': { sql: 'retries', type: 'number' },
  'executionInfo/requeueCount': { sql: 'requeues', type: 'number' },
  'executionInfo/lastRetryTime': { sql: 'retriedAt', type: 'time' },
  'executionInfo/lastRequeueTime': { sql: 'requeuedAt', type: 'time' },
  'executionInfo/failureInfo/category': { sql: "lower(failure ->> '$.category')", type: 'enum' },
  'executionInfo/failureInfo/code': { sql: "(failure ->> '$.code') collate nocase", type: 'text' },
  'nodeInfo/nodeId': { sql: 'nodeId', type: 'text' },
  'nodeInfo/poolId': { sql: 'poolId collate nocase', type: 'text' },
}

/** Tasks that a filter is tried on for one page (about 10 ms), so that others are served between the parts of a large job. */
const SCAN = 20_000

/** What a task takes to run: slots of one node, or one slot on each of several. */
export type Need = Pick<TaskRow, 'nodes' | 'slots'>

/** One step through the index for each kind of need, however many tasks have it. */
function* eachNeed(next: (after: Need) => Need | undefined): Generator<Need> {
  for (let need = next({ nodes: 0, slots: 0 }); need; need = next(need)) yield need
}

/** The key of a node with a certain id. */
const NODE = '(select key from nodeNames where nodeId = :nodeId)'

export function createTaskStore(db: Database) {
  const byId = db.query<{ job: number; id: string }, TaskRow>(
    'select * from namedTasks where job = :job and id = :id',
  )
  const byKey = db.query<{ key: number }, TaskRow>('select * from namedTasks where key = :key')
  const byRun = db.query<{ run: number }, TaskRow>('select * from namedTasks where run = :run')
  const waiting = db.query<Need & { job: number; limit: number }, TaskRow>(
    `select * from namedTasks where job = :job and state = 'active' and blocked = 0 and nodes = :nodes and slots = :slots
     order by queue limit :limit + 0`,
  )
  const nextNeed = db.query<Need & { job: number }, Need>(
    `select nodes, slots from tasks where job = :job and state = 'active' and blocked = 0
     and (nodes, slots) > (:nodes, :slots) order by nodes, slots limit 1`,
  )
  const running = db.query<{ job: number; limit: number }, TaskRow>(
    "select * from namedTasks where job = :job and state in ('preparing', 'running') limit :limit + 0",
  )
  const preparing = db.query<{ job: number; nodeId: string }, TaskRow>(
    "select * from namedTasks where job = :job and state = 'preparing' and nodeId = :nodeId",
  )
  const onNode = db.query<{ nodeId: string }, TaskRow>(
    `select * from namedTasks where key in (
       select key from tasks indexed by tasksOnNode where node = ${NODE} and state in ('preparing', 'running')
       union all select task from instances where nodeId = :nodeId and id > 0 and holds)`,
  )
  const firstActive = db.query<{ job: number }, TaskRow>(
    "select * from namedTasks where job = :job and state = 'active' order by id collate binary limit 1",
  )
  const recent = db.query<{ nodeId: string; limit: number }, TaskRow & { jobId: string }>(
    `select tasks.*, jobs.id as jobId from namedTasks as tasks join jobs on jobs.key = tasks.job
     where node = ${NODE} and startedAt is not null order by startedAt desc limit :limit + 0`,
  )
  const saveSpec = db.query<Pick<TaskRow, 'key' | 'body' | 'maxRetries' | 'retention' | 'modifiedAt'>, never>(
    `update tasks set body = :body, maxRetries = :maxRetries, retention = :retention, modifiedAt = :modifiedAt
     where key = :key`,
  )
  return {
    ...writeStatements<TaskRow>(db, 'tasks', FIXED, CHANGING),
    /** Changes a task as its life goes on. */
    edit: editStatements<TaskRow>(db, 'tasks', JOINED),
    byId: (job: number, id: string) => byId.get({ job, id }),
    byKey: (key: number) => byKey.get({ key }),
    byRun: (run: number) => byRun.get({ run }),
    /** Tasks that could run and need just so much, first come first. */
    waiting: (job: number, need: Need, limit: number) => waiting.all({ job, limit, ...need }),
    /** The needs of the tasks that could run, each once, the smallest first. */
    needs: (job: number) => eachNeed((after) => nextNeed.get({ job, ...after })),
    /** Up to `limit` tasks of a job that run, or wait on their nodes. */
    running: (job: number, limit: number) => running.all({ job, limit }),
    /** Tasks of a job that wait on a node until that is prepared. */
    preparing: (job: number, nodeId: string) => preparing.all({ job, nodeId }),
    /** One of the tasks of a job that wait, be it for others. */
    firstActive: (job: number) => firstActive.get({ job }),
    runningOnNode: (nodeId: string) => onNode.all({ nodeId }),
    /** The latest tasks of a node, oldest first. */
    recent: (nodeId: string, limit: number) => recent.all({ nodeId, limit }).toReversed(),
    /** Saves what an update of the task may change. */
    saveSpec: (row: TaskRow) => void saveSpec.run(row),
    page: (job: number, query: ListQuery) =>
      selectPage<TaskRow>(db, 'namedTasks', FILTER, query, { sql: 'job = ?', value: job }, 'id', SCAN),
  }
}

const DEFAULT_USER: TaskBody['userIdentity'] = { autoUser: { scope: 'pool', elevationLevel: 'nonadmin' } }
const DEFAULT_USER_TEXT = JSON.stringify(DEFAULT_USER)

/**
 * What of a task is in its `body` column: nothing that has a column of its own, and none of the defaults that nearly every
 * task has (27 of 142 bytes are left of a task that is but a command).
 */
export function packTask({ id: _, requiredSlots: __, constraints, userIdentity, ...body }: TaskBody): string {
  const isDefault = JSON.stringify(userIdentity) === DEFAULT_USER_TEXT
  return JSON.stringify({
    ...body,
    ...(!isDefault && { userIdentity }),
    ...(Object.keys(constraints).length > 0 && { constraints }),
  })
}

/** The body of a task as it was parsed when the task was added, or updated since. */
export function unpackTask({ id, slots, body }: Pick<TaskRow, 'id' | 'slots' | 'body'>): TaskBody {
  const packed = JSON.parse(body) as Partial<TaskBody> & Pick<TaskBody, 'commandLine'>
  const { constraints = {}, userIdentity = DEFAULT_USER } = packed
  return { ...packed, id, requiredSlots: slots, constraints, userIdentity }
}

/** Where the files of a job's tasks are, relative to their node's root; `job-1` for every job that no schedule made. */
export function jobDirectory(jobId: string): string {
  const [owner = '', run = 'job-1'] = jobId.split(':')
  return `workitems/${owner}/${run}`
}

/** Where a task's files are, relative to its node's root. */
export function taskDirectory(jobId: string, taskId: string): string {
  return `${jobDirectory(jobId)}/${taskId}`
}

/** The service's JSON of a task, members in its order. */
export function viewTask(row: TaskRow, jobId: string, select?: readonly string[]): Wire<Task> {
  if (select?.every((name) => COLUMN_MEMBERS.has(name))) return viewColumns(row, jobId, select)
  const { id: _, displayName, constraints, requiredSlots, ...body } = unpackTask(row)
  const { exitConditions, multiInstanceSettings, dependsOn, authenticationTokenSettings, ...command } = body
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
    ...command,
    exitConditions,
    multiInstanceSettings,
    dependsOn,
    authenticationTokenSettings,
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

// What programs that watch tasks select; it needs no look into the body (1,000 tasks with id and state: 1 ms, not 6).
const COLUMN_MEMBERS = new Map<string, (row: TaskRow, jobId: string) => unknown>([
  ['id', (row) => row.id],
  ['eTag', (row) => toETag(row.modifiedAt)],
  ['creationTime', (row) => toIso(row.createdAt)],
  ['lastModified', (row) => toIso(row.modifiedAt)],
  ['state', (row) => row.state],
  ['stateTransitionTime', (row) => toIso(row.stateAt)],
  ['previousState', (row) => row.previousState ?? undefined],
  ['previousStateTransitionTime', (row) => iso(row.previousAt)],
  ['executionInfo', viewExecution],
  ['nodeInfo', viewNodeInfo],
])

function viewColumns(row: TaskRow, jobId: string, select: readonly string[]): Wire<Task> {
  const view: Record<string, unknown> = {}
  for (const [name, read] of COLUMN_MEMBERS) if (select.includes(name)) view[name] = read(row, jobId)
  return compact(view) as unknown as Wire<Task>
}

/** What became of a task so far. */
export function viewExecution(row: TaskRow): Wire<TaskExecutionInfo> {
  return compact({
    startTime: iso(row.startedAt),
    endTime: iso(row.endedAt),
    exitCode: row.exitCode ?? undefined,
    containerInfo: json<ContainerInfo>(row.container),
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
