// Pool rows and the view of a pool.

import type {
  AllocationState,
  NodeDeallocationOption,
  Pool,
  PoolState,
  ResizeError,
  Wire,
} from '@malachite/model'
import type { ListQuery } from '../engine/api.ts'
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
  /** Machines that were asked for have not come yet. */
  allocating: 0 | 1
  /** What the latest resize does with running tasks. */
  deallocation: NodeDeallocationOption
  resizeErrors: string | null
  slots: number
  fill: 'spread' | 'pack'
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
  'slots',
  'fill',
  'modifiedAt',
  'body',
] as const

const FILTER: ColumnMap = {
  ...RESOURCE_COLUMNS,
  allocationState: { sql: 'allocationState', type: 'text', ignoreCase: true },
  allocationStateTransitionTime: { sql: 'allocationAt', type: 'time' },
  vmSize: { sql: "body ->> '$.vmSize'", type: 'text', ignoreCase: true },
}

/** How many nodes of each kind a pool has. */
export interface NodeTotals {
  dedicated: number
  lowPriority: number
}

export function createPoolStore(db: Database) {
  const byId = db.query<{ id: string }, PoolRow>('select * from pools where id = :id')
  const byKey = db.query<{ key: number }, PoolRow>('select * from pools where key = :key')
  const all = db.query<object, PoolRow>('select * from pools order by id collate binary')
  const inTransit = db.query<object, PoolRow>(
    "select * from pools where state = 'deleting' or allocationState <> 'steady'",
  )
  const totals = db.query<{ key: number }, NodeTotals>(
    `select count(*) filter (where dedicated) as dedicated, count(*) filter (where not dedicated) as lowPriority
     from nodes where pool = :key`,
  )
  return {
    ...writeStatements<PoolRow>(db, 'pools', FIXED, CHANGING),
    byId: (id: string) => byId.get({ id }),
    byKey: (key: number) => byKey.get({ key }),
    all: () => all.all({}),
    inTransit: () => inTransit.all({}),
    page: (query: ListQuery) => selectPage<PoolRow>(db, 'pools', FILTER, query),
    nodeTotals: (key: number): NodeTotals => totals.get({ key }) ?? { dedicated: 0, lowPriority: 0 },
  }
}

/** The service's JSON of a pool, members in its order. */
export function viewPool(row: PoolRow, nodes: NodeTotals, select?: readonly string[]): Wire<Pool> {
  const { id: _, displayName, vmSize, resizeTimeout, ...rest } = JSON.parse(row.body) as PoolBody
  const { targetDedicatedNodes: _d, targetLowPriorityNodes: _l, ...body } = rest
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
    ...body,
    currentNodeCommunicationMode: communicationMode(row, body),
  }
  return project(compact(view), select) as unknown as Wire<Pool>
}

/** What the nodes use; the service tells it once the first machines have come. */
function communicationMode(row: PoolRow, body: Pick<PoolBody, 'targetNodeCommunicationMode'>) {
  if (row.allocating && row.resize === row.createdAt) return undefined
  return body.targetNodeCommunicationMode === 'simplified' ? 'simplified' : 'classic'
}
