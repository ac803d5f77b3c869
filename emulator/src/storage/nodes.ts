// Node rows, and the users of nodes.

import type { NodeState } from '@malachite/model'
import type { ListQuery } from '../odata/page.ts'
import type { ColumnMap } from '../odata/compile.ts'
import type { Database } from './database.ts'
import { jsonTime, selectPage, writeStatements } from './table.ts'

/** What becomes of a node once it is empty. */
export type Departure = 'left' | 'rebooted' | 'reimaged' | 'deallocated'

export interface NodeRow {
  /** Also of its name; not given to another node while there are tasks that were on this one. */
  key: number
  id: string
  pool: number
  state: NodeState
  stateAt: number
  /** Scheduling is enabled. */
  enabled: 0 | 1
  /** What follows once its tasks are done; it takes no more until then. */
  draining: Departure | null
  /** It drains until the retention time of its tasks' files is over, too. */
  retain: 0 | 1
  /** When time brings it on: its files may go, or the machine of a preempted node comes back. */
  dueAt: number | null
  /** It was deallocated and is not ready again. */
  stopped: 0 | 1
  /** Its disk is to be empty when it has booted: what was on the old one must not come back. */
  blank: 0 | 1
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
  /** Application packages that its latest boot installed. */
  packages: string | null
  /** Slots the scheduler may fill; kept by the database. */
  readonly free: number
}

const FIXED = ['key', 'id', 'pool', 'dedicated', 'ipAddress', 'allocatedAt', 'slots'] as const
const CHANGING = [
  'state',
  'stateAt',
  'enabled',
  'draining',
  'retain',
  'dueAt',
  'stopped',
  'blank',
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
  'packages',
] as const

const FILTER: ColumnMap = {
  id: { sql: 'id', type: 'text' },
  state: { sql: 'state', type: 'enum' },
  schedulingState: { sql: "iif(enabled and not stopped, 'enabled', 'disabled')", type: 'enum' },
  stateTransitionTime: { sql: 'stateAt', type: 'time' },
  lastBootTime: { sql: 'bootedAt', type: 'time' },
  allocationTime: { sql: 'allocatedAt', type: 'time' },
  ipAddress: { sql: 'ipAddress', type: 'text' },
  'startTaskInfo/state': { sql: "startInfo ->> '$.state'", type: 'enum' },
  'startTaskInfo/result': { sql: "startInfo ->> '$.result'", type: 'enum' },
  'startTaskInfo/exitCode': { sql: "startInfo ->> '$.exitCode'", type: 'number' },
  'startTaskInfo/startTime': jsonTime('startInfo', '$.startTime'),
  'startTaskInfo/endTime': jsonTime('startInfo', '$.endTime'),
  isDedicated: { sql: 'dedicated', type: 'boolean' },
  runningTasksCount: { sql: 'runningTasks', type: 'number' },
  totalTasksRun: { sql: 'totalRun', type: 'number' },
  totalTasksSucceeded: { sql: 'totalSucceeded', type: 'number' },
}

/** One row of the count of nodes by pool, kind and state. */
export interface NodeCountRow {
  pool: string
  dedicated: 0 | 1
  state: NodeState
  count: number
}

/** What a job manager needs to run. */
export interface ManagerNeed {
  slots: number
  /** The node is to be empty. */
  whole: 0 | 1
  /** It is to be a dedicated one. */
  dedicated: 0 | 1
  /** The emptiest node is preferred, not the fullest. */
  spread: 0 | 1
}

export function createNodeStore(db: Database) {
  const { insert, ...write } = writeStatements<NodeRow>(db, 'nodes', FIXED, CHANGING)
  const name = db.query<{ id: string; pool: number }, Pick<NodeRow, 'key'>>(
    'insert into nodeNames (nodeId, poolId) select :id, id from pools where key = :pool returning key',
  )
  const byId = db.query<{ id: string }, NodeRow>('select * from nodes where id = :id')
  const ofPool = db.query<{ pool: number }, NodeRow>('select * from nodes where pool = :pool order by id')
  const emptiest = db.query<{ pool: number; slots: number; limit: number }, NodeRow>(
    `select * from nodes where pool = :pool and free > 0 and free >= :slots
     order by free desc, id limit :limit + 0`,
  )
  const fullest = db.query<{ pool: number; slots: number; limit: number }, NodeRow>(
    `select * from nodes where pool = :pool and free > 0 and free >= :slots
     order by free, id desc limit :limit + 0`,
  )
  const mostFree = db.query<{ pool: number }, { free: number }>(
    'select free from nodes where pool = :pool and free > 0 order by free desc limit 1',
  )
  // One statement instead of reading, changing and saving the row: tasks come and go often.
  const occupy = db.query<{ key: number; slots: number }, NodeRow>(
    `update nodes set usedSlots = usedSlots + :slots, runningTasks = runningTasks + 1, exclusive = 0
     where key = :key returning *`,
  )
  const release = db.query<{ id: string; slots: number; ran: 0 | 1; succeeded: 0 | 1 }, NodeRow>(
    `update nodes set usedSlots = usedSlots - :slots, runningTasks = runningTasks - 1,
       totalRun = totalRun + :ran, totalSucceeded = totalSucceeded + :succeeded where id = :id returning *`,
  )
  // Of a task that waits on the node, but does not run yet.
  const reserve = db.query<{ key: number; slots: number }, NodeRow>(
    'update nodes set usedSlots = usedSlots + :slots, exclusive = 0 where key = :key returning *',
  )
  const begin = db.query<{ id: string }, NodeRow>(
    'update nodes set runningTasks = runningTasks + 1 where id = :id returning *',
  )
  const giveUp = db.query<{ id: string; slots: number }, NodeRow>(
    'update nodes set usedSlots = usedSlots - :slots where id = :id returning *',
  )
  const claim = db.query<{ key: number }, never>('update nodes set exclusive = 1 where key = :key')
  const forManager = db.query<ManagerNeed & { pool: number; limit: number }, NodeRow>(
    `select * from nodes where pool = :pool and free > 0 and free >= iif(:whole, slots, :slots)
     and slots >= :slots and dedicated >= :dedicated order by iif(:spread, -free, free), id limit :limit + 0`,
  )
  const anyOf = db.query<{ pool: number }, object>('select 1 from nodes where pool = :pool limit 1')
  const anyLeaving = db.query<{ pool: number }, object>(
    "select 1 from nodes where pool = :pool and (state = 'leavingpool' or draining = 'left') limit 1",
  )
  const due = db.query<{ now: number; limit: number }, NodeRow>(
    'select * from nodes where dueAt <= :now order by dueAt limit :limit + 0',
  )
  const counts = db.query<object, NodeCountRow>(
    `select pools.id as pool, dedicated, nodes.state as state, count(*) as count
     from nodes join pools on pools.key = nodes.pool group by 1, 2, 3`,
  )
  return {
    ...write,
    insert(row: Omit<NodeRow, 'key'>): number {
      const { id, pool } = row
      const named: NodeRow = { key: 0, ...row, ...name.get({ id, pool }) }
      return insert(named)
    },
    byId: (id: string) => byId.get({ id }),
    /** A task takes slots of a node. */
    occupy: (key: number, slots: number) => occupy.get({ key, slots }),
    /** A task gives its slots back; `ran` and `succeeded` count it. Undefined when the node is gone. */
    release: (id: string, slots: number, ran: 0 | 1, succeeded: 0 | 1) =>
      release.get({ id, slots, ran, succeeded }),
    /** A task that does not run yet takes slots of a node. */
    reserve: (key: number, slots: number) => reserve.get({ key, slots }),
    /** A task with a reservation runs. */
    begin: (id: string) => begin.get({ id }),
    /** A task with a reservation gives it back. Undefined when the node is gone. */
    giveUp: (id: string, slots: number) => giveUp.get({ id, slots }),
    /** The task that has just taken slots of the node has all of it: no other comes until those are free again. */
    claim: (key: number) => void claim.run({ key }),
    /** Nodes on which a job manager could run. */
    forManager: (pool: number, need: ManagerNeed, limit: number) => forManager.all({ pool, ...need, limit }),
    ofPool: (pool: number) => ofPool.all({ pool }),
    anyOfPool: (pool: number) => anyOf.get({ pool }) !== undefined,
    /** Whether any node of a pool is on its way out of it, be it after its tasks. */
    anyLeaving: (pool: number) => anyLeaving.get({ pool }) !== undefined,
    /** Up to `limit` nodes that time brings on now. */
    due: (now: number, limit: number) => due.all({ now, limit }),
    /** Nodes with at least so many free slots, in the order in which the policy fills them. */
    withFreeSlots: (pool: number, fill: 'spread' | 'pack', slots: number, limit: number) =>
      (fill === 'spread' ? emptiest : fullest).all({ pool, slots, limit }),
    /** The free slots of the node of a pool that has the most. */
    mostFree: (pool: number) => mostFree.get({ pool })?.free ?? 0,
    page: (pool: number, query: ListQuery) =>
      selectPage<NodeRow>(db, 'nodes', FILTER, query, { sql: 'pool = ?', value: pool }),
    counts: () => counts.all({}),
  }
}

/** The affinity id that stands for a node. */
export function affinityId(nodeId: string): string {
  return `TVM:${nodeId}`
}
