// Job rows and the view of a job.

import type { Job, JobState, JobTaskCounts, TaskCounts, Wire } from '@malachite/model'
import type { ListQuery } from '../engine/api.ts'
import type { ColumnMap } from '../odata/compile.ts'
import type { JobBody } from '../schema/job.ts'
import type { Database } from './database.ts'
import { compact, project, selectPage, writeStatements, RESOURCE_COLUMNS } from './table.ts'
import { toETag, toIso } from './time.ts'

export interface JobRow {
  key: number
  id: string
  state: JobState
  stateAt: number
  previousState: JobState | null
  previousAt: number | null
  poolId: string
  priority: number
  maxParallel: number
  onAllComplete: 'noaction' | 'terminatejob'
  /** When its wall clock time is over. */
  deadline: number | null
  createdAt: number
  modifiedAt: number
  endedAt: number | null
  terminateReason: string | null
  body: string
  // The counts are kept by triggers on the tasks; saving a job leaves them alone.
  readonly active: number
  readonly running: number
  readonly succeeded: number
  readonly failed: number
  readonly activeSlots: number
  readonly runningSlots: number
  readonly succeededSlots: number
  readonly failedSlots: number
}

const FIXED = ['id', 'createdAt'] as const
const CHANGING = [
  'state',
  'stateAt',
  'previousState',
  'previousAt',
  'poolId',
  'priority',
  'maxParallel',
  'onAllComplete',
  'deadline',
  'modifiedAt',
  'endedAt',
  'terminateReason',
  'body',
] as const

/** A new row: what triggers keep starts at zero. */
export type NewJob = Pick<JobRow, (typeof FIXED)[number] | (typeof CHANGING)[number]>

const FILTER: ColumnMap = {
  ...RESOURCE_COLUMNS,
  previousState: { sql: 'previousState', type: 'text', ignoreCase: true },
  priority: { sql: 'priority', type: 'number' },
  'executionInfo/poolId': { sql: 'poolId', type: 'text' },
  'executionInfo/startTime': { sql: 'createdAt', type: 'time' },
  'executionInfo/endTime': { sql: 'endedAt', type: 'time' },
}

export function createJobStore(db: Database) {
  const { insert, ...write } = writeStatements<JobRow>(db, 'jobs', FIXED, CHANGING)
  const byId = db.query<{ id: string }, JobRow>('select * from jobs where id = :id')
  const byKey = db.query<{ key: number }, JobRow>('select * from jobs where key = :key')
  const withWork = db.query<{ poolId: string }, JobRow>(
    "select * from jobs where poolId = :poolId and state = 'active' and active > 0 order by priority desc, key",
  )
  const inTransit = db.query<object, JobRow>(
    "select * from jobs where state in ('disabling', 'enabling', 'terminating', 'deleting')",
  )
  const toFinish = db.query<object, JobRow>(
    "select * from jobs where state = 'active' and onAllComplete = 'terminatejob' and active = 0 and running = 0",
  )
  const overdue = db.query<{ now: number }, JobRow>(
    `select * from jobs where deadline is not null and deadline <= :now
     and state not in ('terminating', 'completed', 'deleting')`,
  )
  const deadlines = db.query<object, { deadline: number }>(
    "select deadline from jobs where deadline is not null and state not in ('terminating', 'completed', 'deleting')",
  )
  return {
    ...write,
    insert: (row: NewJob) => insert(row as JobRow),
    byId: (id: string) => byId.get({ id }),
    byKey: (key: number) => byKey.get({ key }),
    /** Jobs whose tasks may run on a pool, in the order in which they are served. */
    withWork: (poolId: string) => withWork.all({ poolId }),
    inTransit: () => inTransit.all({}),
    /** Active jobs that end once all their tasks are completed, and whose tasks are. */
    toFinish: () => toFinish.all({}),
    overdue: (now: number) => overdue.all({ now }),
    deadlines: () => deadlines.all({}).map((row) => row.deadline),
    page: (query: ListQuery) => selectPage<JobRow>(db, 'jobs', FILTER, query),
  }
}

/** The service's JSON of a job, members in its order. */
export function viewJob(row: JobRow, select?: readonly string[]): Wire<Job> {
  const { id: _, displayName, onAllTasksComplete, onTaskFailure, ...body } = JSON.parse(row.body) as JobBody
  const view = {
    id: row.id,
    displayName,
    eTag: toETag(row.modifiedAt),
    lastModified: toIso(row.modifiedAt),
    creationTime: toIso(row.createdAt),
    state: row.state,
    stateTransitionTime: toIso(row.stateAt),
    previousState: row.previousState ?? undefined,
    previousStateTransitionTime: row.previousAt === null ? undefined : toIso(row.previousAt),
    ...body,
    executionInfo: compact({
      startTime: toIso(row.createdAt),
      endTime: row.endedAt === null ? undefined : toIso(row.endedAt),
      poolId: row.poolId,
      terminateReason: row.terminateReason ?? undefined,
    }),
    onAllTasksComplete,
    onTaskFailure,
  }
  return project(compact(view), select) as unknown as Wire<Job>
}

/** The counts of a job's tasks, and of the slots they need. */
export function viewCounts(row: JobRow): JobTaskCounts {
  return {
    taskCounts: counts(row.active, row.running, row.succeeded, row.failed),
    taskSlotCounts: counts(row.activeSlots, row.runningSlots, row.succeededSlots, row.failedSlots),
  }
}

function counts(active: number, running: number, succeeded: number, failed: number): TaskCounts {
  return { active, running, completed: succeeded + failed, succeeded, failed }
}
