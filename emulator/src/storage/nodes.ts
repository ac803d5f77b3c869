// Node rows and the view of a node.

import type {
  ComputeNode,
  NodeDeallocationOption,
  NodeError,
  NodeState,
  RecentTask,
  StartTask,
  StartTaskInfo,
  Wire,
} from '@malachite/model'
import type { ListQuery } from '../engine/api.ts'
import type { ColumnMap } from '../odata/compile.ts'
import type { Database } from './database.ts'
import { compact, json, project, selectPage, writeStatements } from './table.ts'
import { toIso } from './time.ts'

export interface NodeRow {
  key: number
  id: string
  pool: number
  state: NodeState
  stateAt: number
  /** Scheduling is enabled. */
  enabled: 0 | 1
  /** Set while the node is to leave once its tasks are done. */
  draining: NodeDeallocationOption | null
  dedicated: 0 | 1
  ipAddress: string
  allocatedAt: number
  bootedAt: number | null
  /** Number of the latest boot; a report about an earlier one is void. */
  boot: number
  slots: number
  usedSlots: number
  runningTasks: number
  totalRun: number
  totalSucceeded: number
  startTask: string | null
  /** The try of the start task whose end is awaited. */
  startRun: number | null
  startInfo: string | null
  errors: string | null
  /** Slots the scheduler may fill; kept by the database. */
  readonly free: number
}

const FIXED = ['id', 'pool', 'dedicated', 'ipAddress', 'allocatedAt', 'slots'] as const
const CHANGING = [
  'state',
  'stateAt',
  'enabled',
  'draining',
  'bootedAt',
  'boot',
  'usedSlots',
  'runningTasks',
  'totalRun',
  'totalSucceeded',
  'startTask',
  'startRun',
  'startInfo',
  'errors',
] as const

const FILTER: ColumnMap = {
  id: { sql: 'id', type: 'text' },
  state: { sql: 'state', type: 'text', ignoreCase: true },
  schedulingState: { sql: "iif(enabled, 'enabled', 'disabled')", type: 'text', ignoreCase: true },
  stateTransitionTime: { sql: 'stateAt', type: 'time' },
  lastBootTime: { sql: 'bootedAt', type: 'time' },
  allocationTime: { sql: 'allocatedAt', type: 'time' },
  ipAddress: { sql: 'ipAddress', type: 'text' },
  'startTaskInfo/state': { sql: "startInfo ->> '$.state'", type: 'text', ignoreCase: true },
  'startTaskInfo/result': { sql: "startInfo ->> '$.result'", type: 'text', ignoreCase: true },
  'startTaskInfo/exitCode': { sql: "startInfo ->> '$.exitCode'", type: 'number' },
}

/** One row of the count of nodes by pool, kind and state. */
export interface NodeCountRow {
  pool: string
  dedicated: 0 | 1
  state: NodeState
  count: number
}

export function createNodeStore(db: Database) {
  const byId = db.query<{ id: string }, NodeRow>('select * from nodes where id = :id')
  const ofPool = db.query<{ pool: number }, NodeRow>('select * from nodes where pool = :pool order by id')
  const emptiest = db.query<{ pool: number; limit: number }, NodeRow>(
    'select * from nodes where pool = :pool and free > 0 order by free desc, id limit :limit + 0',
  )
  const fullest = db.query<{ pool: number; limit: number }, NodeRow>(
    'select * from nodes where pool = :pool and free > 0 order by free, id desc limit :limit + 0',
  )
  // One statement instead of reading, changing and saving the row: tasks come and go often.
  const occupy = db.query<{ key: number; slots: number }, NodeRow>(
    `update nodes set usedSlots = usedSlots + :slots, runningTasks = runningTasks + 1 where key = :key returning *`,
  )
  const release = db.query<{ id: string; slots: number; ran: 0 | 1; succeeded: 0 | 1 }, NodeRow>(
    `update nodes set usedSlots = usedSlots - :slots, runningTasks = runningTasks - 1,
       totalRun = totalRun + :ran, totalSucceeded = totalSucceeded + :succeeded where id = :id returning *`,
  )
  const counts = db.query<object, NodeCountRow>(
    `select pools.id as pool, dedicated, nodes.state as state, count(*) as count
     from nodes join pools on pools.key = nodes.pool group by 1, 2, 3`,
  )
  return {
    ...writeStatements<NodeRow>(db, 'nodes', FIXED, CHANGING),
    byId: (id: string) => byId.get({ id }),
    /** A task takes slots of a node. */
    occupy: (key: number, slots: number) => occupy.get({ key, slots }),
    /** A task gives its slots back; `ran` and `succeeded` count it. Undefined when the node is gone. */
    release: (id: string, slots: number, ran: 0 | 1, succeeded: 0 | 1) =>
      release.get({ id, slots, ran, succeeded }),
    ofPool: (pool: number) => ofPool.all({ pool }),
    /** Nodes with free slots, in the order in which the policy fills them. */
    withFreeSlots: (pool: number, fill: 'spread' | 'pack', limit: number) =>
      (fill === 'spread' ? emptiest : fullest).all({ pool, limit }),
    page: (pool: number, query: ListQuery) =>
      selectPage<NodeRow>(db, 'nodes', FILTER, query, { sql: 'pool = ?', value: pool }),
    counts: () => counts.all({}),
  }
}

/** The affinity id that stands for a node. */
export function affinityId(nodeId: string): string {
  return `TVM:${nodeId}`
}

/** The service's JSON of a node, members in its order. */
export function viewNode(
  row: NodeRow,
  vmSize: string,
  recentTasks: Wire<RecentTask>[],
  select?: readonly string[],
): Wire<ComputeNode> {
  const view = {
    id: row.id,
    state: row.state,
    schedulingState: row.enabled ? 'enabled' : 'disabled',
    stateTransitionTime: toIso(row.stateAt),
    lastBootTime: row.bootedAt === null ? undefined : toIso(row.bootedAt),
    allocationTime: toIso(row.allocatedAt),
    ipAddress: row.ipAddress,
    affinityId: affinityId(row.id),
    vmSize,
    totalTasksRun: row.totalRun,
    totalTasksSucceeded: row.totalSucceeded,
    runningTasksCount: row.runningTasks,
    runningTaskSlotsCount: row.usedSlots,
    recentTasks: recentTasks.length > 0 ? recentTasks : undefined,
    startTask: row.bootedAt === null ? undefined : json<StartTask>(row.startTask),
    startTaskInfo: json<Wire<StartTaskInfo>>(row.startInfo),
    isDedicated: row.dedicated === 1,
    errors: json<NodeError[]>(row.errors),
  }
  return project(compact(view), select) as unknown as Wire<ComputeNode>
}
