// Pool rows and the view of a pool.

import type {
  AllocationState,
  AutoScaleRun,
  NodeDeallocationOption,
  Pool,
  PoolState,
  ResizeError,
  Wire,
} from '@malachite/model'
import type { ListQuery } from '../odata/page.ts'
import type { ColumnMap } from '../odata/compile.ts'
import type { PoolBody } from '../schema/pool.ts'
import type { Database } from './database.ts'
import { compact, json, project, selectPage, writeStatements, RESOURCE_COLUMNS } from './table.ts'
import { toETag, toIso } from './time.ts'

export interface PoolRow {
  key: number
  id: string
  state: PoolState
  stateAt: number
  allocationState: AllocationState
  allocationAt: number
  targetDedicated: number
  targetLowPriority: number
  /** Number of the latest resize; a report about an earlier one is void. */
  resize: number
  /** Machines that were asked for have not come yet: 1. They are there, but not all of them have joined: 2. */
  allocating: 0 | 1 | 2
  /** What the latest resize does with running tasks. */
  deallocation: NodeDeallocationOption
  resizeErrors: string | null
  /** When the resize that is under way is given up. */
  deadline: number | null
  slots: number
  fill: 'spread' | 'pack'
  /** When its autoscale formula is evaluated next; null while it has none. */
  evaluateAt: number | null
  /** When autoscale was last enabled by a request of its own. */
  autoScaleEnabledAt: number | null
  /** The latest evaluation of its formula. */
  autoScaleRun: string | null
  createdAt: number
  modifiedAt: number
  body: string
}

const FIXED = ['id', 'createdAt'] as const
const CHANGING = [
  'state',
  'stateAt',
  'allocationState',
  'allocationAt',
  'targetDedicated',
  'targetLowPriority',
  'resize',
  'allocating',
  'deallocation',
  'resizeErrors',
  'deadline',
  'slots',
  'fill',
  'evaluateAt',
  'autoScaleEnabledAt',
  'autoScaleRun',
  'modifiedAt',
  'body',
] as const

const FILTER: ColumnMap = {
  ...RESOURCE_COLUMNS,
  allocationState: { sql: 'allocationState', type: 'enum' },
  allocationStateTransitionTime: { sql: 'allocationAt', type: 'time' },
  vmSize: { sql: "body ->> '$.vmSize'", type: 'text', ignoreCase: true },
  enableAutoScale: { sql: "body ->> '$.enableAutoScale'", type: 'boolean' },
  enableInterNodeCommunication: { sql: "body ->> '$.enableInterNodeCommunication'", type: 'boolean' },
  taskSlotsPerNode: { sql: 'slots', type: 'number' },
  targetDedicatedNodes: { sql: 'targetDedicated', type: 'number' },
  targetLowPriorityNodes: { sql: 'targetLowPriority', type: 'number' },
}

/** How many nodes of each kind a pool has. */
export interface NodeTotals {
  dedicated: number
  lowPriority: number
}

/** What autoscale formulas ask about the nodes of a pool. */
export interface NodeMetrics extends NodeTotals {
  preempted: number
  usable: number
}

/** What autoscale formulas ask about the tasks of a pool; `active` are those that could run, each instance for one. */
export interface TaskMetrics {
  active: number
  running: number
  succeeded: number
  failed: number
}

export function createPoolStore(db: Database) {
  const byId = db.query<{ id: string }, PoolRow>('select * from pools where id = :id')
  const idOf = db.query<{ id: string }, { id: string }>('select id from pools where id = :id')
  const keyOf = db.query<{ id: string }, { key: number }>('select key from pools where id = :id')
  const byKey = db.query<{ key: number }, PoolRow>('select * from pools where key = :key')
  const all = db.query<object, PoolRow>('select * from pools order by id collate binary')
  const inTransit = db.query<object, PoolRow>(
    "select * from pools where state = 'deleting' or allocationState <> 'steady'",
  )
  const overdue = db.query<{ now: number }, PoolRow>('select * from pools where deadline <= :now')
  const deadlines = db.query<object, { deadline: number }>(
    'select deadline from pools where deadline is not null',
  )
  const totals = db.query<{ key: number }, NodeTotals>(
    `select count(*) filter (where dedicated) as dedicated, count(*) filter (where not dedicated) as lowPriority
     from nodes where pool = :key`,
  )
  const toEvaluate = db.query<{ now: number }, PoolRow>('select * from pools where evaluateAt <= :now')
  const nextEvaluation = db.query<object, { time: number | null }>(
    'select min(evaluateAt) as time from pools where evaluateAt is not null',
  )
  const autoScaled = db.query<object, PoolRow>('select * from pools where evaluateAt is not null')
  const nodeMetrics = db.query<{ key: number }, NodeMetrics>(
    `select count(*) filter (where dedicated) as dedicated, count(*) filter (where not dedicated) as lowPriority,
       count(*) filter (where state = 'preempted') as preempted,
       count(*) filter (where state in ('idle', 'running')) as usable
     from nodes where pool = :key`,
  )
  const taskMetrics = db.query<{ id: string }, TaskMetrics>(
    `select total(iif(state = 'active', ready + iif(mixed, (
         select total(nodes - 1) from tasks where job = jobs.key and state = 'active' and blocked = 0 and nodes > 1
       ), 0), 0)) as active,
       total(running) as running, total(succeeded) as succeeded, total(failed) as failed
     from jobs where poolId = :id`,
  )
  return {
    ...writeStatements<PoolRow>(db, 'pools', FIXED, CHANGING),
    byId: (id: string) => byId.get({ id }),
    /** The id as it was written when the pool was added. */
    idOf: (id: string) => idOf.get({ id })?.id,
    /** Which pool an id names, read from the index alone. */
    keyOf: (id: string) => keyOf.get({ id })?.key,
    byKey: (key: number) => byKey.get({ key }),
    all: () => all.all({}),
    inTransit: () => inTransit.all({}),
    /** Pools whose resize took too long. */
    overdue: (now: number) => overdue.all({ now }),
    deadlines: () => deadlines.all({}).map(({ deadline }) => deadline),
    /** Pools whose autoscale formula is due. */
    toEvaluate: (now: number) => toEvaluate.all({ now }),
    /** When the next formula is due, microseconds. */
    nextEvaluation: () => nextEvaluation.get({})?.time ?? undefined,
    /** Pools that have an autoscale formula. */
    autoScaled: () => autoScaled.all({}),
    nodeMetrics: (key: number): NodeMetrics =>
      nodeMetrics.get({ key }) ?? { dedicated: 0, lowPriority: 0, preempted: 0, usable: 0 },
    taskMetrics: (id: string): TaskMetrics =>
      taskMetrics.get({ id }) ?? { active: 0, running: 0, succeeded: 0, failed: 0 },
    page: (query: ListQuery) => selectPage<PoolRow>(db, 'pools', FILTER, query),
    nodeTotals: (key: number): NodeTotals => totals.get({ key }) ?? { dedicated: 0, lowPriority: 0 },
  }
}

/** The service's JSON of a pool, members in its order. */
export function viewPool(row: PoolRow, nodes: NodeTotals, select?: readonly string[]): Wire<Pool> {
  const { id: _, displayName, vmSize, resizeTimeout, ...rest } = JSON.parse(row.body) as PoolBody
  const { targetDedicatedNodes: _d, targetLowPriorityNodes: _l, ...settings } = rest
  const { enableAutoScale, autoScaleFormula, autoScaleEvaluationInterval, upgradePolicy, ...body } = settings
  const view = {
    id: row.id,
    displayName,
    eTag: toETag(row.modifiedAt),
    lastModified: toIso(row.modifiedAt),
    creationTime: toIso(row.createdAt),
    state: row.state,
    stateTransitionTime: toIso(row.stateAt),
    allocationState: row.allocationState,
    allocationStateTransitionTime: toIso(row.allocationAt),
    vmSize,
    resizeTimeout,
    resizeErrors: row.allocationState === 'steady' ? json<ResizeError[]>(row.resizeErrors) : undefined,
    currentDedicatedNodes: nodes.dedicated,
    targetDedicatedNodes: row.targetDedicated,
    currentLowPriorityNodes: nodes.lowPriority,
    targetLowPriorityNodes: row.targetLowPriority,
    enableAutoScale,
    autoScaleFormula,
    autoScaleEvaluationInterval,
    autoScaleRun: json<Wire<AutoScaleRun>>(row.autoScaleRun),
    ...body,
    currentNodeCommunicationMode: communicationMode(row, body),
    upgradePolicy,
  }
  return project(compact(view), select) as unknown as Wire<Pool>
}

/** What the nodes use; the service tells it once the first machines have come. */
function communicationMode(row: PoolRow, body: Pick<PoolBody, 'targetNodeCommunicationMode'>) {
  if (row.allocating && row.resize === row.createdAt) return undefined
  return body.targetNodeCommunicationMode === 'simplified' ? 'simplified' : 'classic'
}
