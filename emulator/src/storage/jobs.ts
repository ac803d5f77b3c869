// Job rows and the view of a job.

import type { Job, JobState, JobTaskCounts, TaskCounts, Wire } from '@malachite/model'
import type { ListQuery } from '../odata/page.ts'
import type { ColumnMap } from '../odata/compile.ts'
import type { JobBody } from '../schema/job.ts'
import type { Database } from './database.ts'
import { compact, json, project, selectPage, writeStatements, RESOURCE_COLUMNS } from './table.ts'
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
  onTaskFailure: 'noaction' | 'performexitoptionsjobaction'
  /** Its tasks may depend on each other. */
  usesDependencies: 0 | 1
  /** Its tasks make room for those of jobs with a higher priority. */
  preemptible: 0 | 1
  /** When its wall clock time is over. */
  deadline: number | null
  createdAt: number
  modifiedAt: number
  endedAt: number | null
  terminateReason: string | null
  /** What becomes of the running tasks of a job that is being disabled; null: they may end. */
  disableTasks: 'requeue' | 'terminate' | null
  /** Id of its job manager task. */
  managerId: string | null
  /** Id of its job preparation task. */
  preparationId: string | null
  /** Id of its job release task. */
  releaseId: string | null
  body: string
  /** Key of the job schedule that made it. */
  readonly schedule: number | null
  /** Why its own pool could not be made. */
  schedulingError: string | null
  /** JSON of the ids of other pools that it had before, whose nodes may have files of its tasks; null = none. */
  formerPools: string | null
  /** Its place in lists. */
  readonly place: string
  // The counts are kept by triggers on the tasks; saving a job leaves them alone.
  readonly active: number
  /** Active tasks that wait for no other task. */
  readonly ready: number
  /** It had tasks that need more than one slot or more than one node. */
  readonly mixed: 0 | 1
  readonly running: number
  readonly succeeded: number
  readonly failed: number
  readonly activeSlots: number
  readonly runningSlots: number
  readonly succeededSlots: number
  readonly failedSlots: number
  /** Processes whose end it waits for. */
  readonly ending: number
}

const FIXED = [
  'id',
  'createdAt',
  'schedule',
  'onTaskFailure',
  'usesDependencies',
  'managerId',
  'preparationId',
  'releaseId',
] as const
const CHANGING = [
  'state',
  'stateAt',
  'previousState',
  'previousAt',
  'poolId',
  'priority',
  'maxParallel',
  'preemptible',
  'onAllComplete',
  'deadline',
  'modifiedAt',
  'endedAt',
  'terminateReason',
  'disableTasks',
  'schedulingError',
  'formerPools',
  'body',
] as const

/** A new row: what triggers keep starts at zero. */
export type NewJob = Pick<JobRow, (typeof FIXED)[number] | (typeof CHANGING)[number]>

const FILTER: ColumnMap = {
  ...RESOURCE_COLUMNS,
  previousState: { sql: 'previousState', type: 'enum' },
  previousStateTransitionTime: { sql: 'previousAt', type: 'time' },
  priority: { sql: 'priority', type: 'number' },
  'executionInfo/poolId': { sql: 'poolId', type: 'text' },
  'executionInfo/startTime': { sql: 'createdAt', type: 'time' },
  'executionInfo/endTime': { sql: 'endedAt', type: 'time' },
  'executionInfo/terminateReason': {
    sql: 'iif(endedAt is null, null, terminateReason) collate nocase',
    type: 'text',
  },
  'executionInfo/schedulingError/category': { sql: "lower(schedulingError ->> '$.category')", type: 'enum' },
  'executionInfo/schedulingError/code': {
    sql: "(schedulingError ->> '$.code') collate nocase",
    type: 'text',
  },
  onAllTasksComplete: { sql: 'onAllComplete', type: 'enum' },
  onTaskFailure: { sql: 'onTaskFailure', type: 'enum' },
}

const ENDS = [
  'key',
  'id',
  'state',
  'poolId',
  'managerId',
  'usesDependencies',
  'onTaskFailure',
  'onAllComplete',
  'active',
  'running',
] as const

/** What decides about a job when one of its tasks ends. */
export type JobEnds = Pick<JobRow, (typeof ENDS)[number]>

/** Which job it is; `id` as it was written when the job was added. */
export type JobRef = Pick<JobRow, 'key' | 'id'>

/** Before every job. */
const FIRST = { priority: Infinity, key: 0 }

export function createJobStore(db: Database) {
  const { insert, ...write } = writeStatements<JobRow>(db, 'jobs', FIXED, CHANGING)
  const byId = db.query<{ id: string }, JobRow>('select * from jobs where id = :id')
  const refOf = db.query<{ id: string }, JobRef>('select key, id from jobs where id = :id')
  const byKey = db.query<{ key: number }, JobRow>('select * from jobs where key = :key')
  const endsOf = db.query<{ key: number }, JobEnds>(`select ${ENDS.join(', ')} from jobs where key = :key`)
  const withWork = db.query<
    { poolId: string; free: number; priority: number; key: number; limit: number },
    JobRow
  >(
    `select * from jobs
     where poolId = :poolId and state = 'active' and ready > 0 and (maxParallel = -1 or running < maxParallel)
       and least <= :free
       and priority <= :priority and (priority < :priority or key > :key)
     order by priority desc, key limit :limit + 0`,
  )
  // Not those that only wait for processes: it is asked whenever one of them ends, and there may be many such jobs.
  const toSettle = db.query<object, JobRow>(
    `select * from jobs where state in ('disabling', 'enabling', 'terminating', 'deleting')
     and (state = 'enabling' or running = 0 and ending = 0 or running > 0 and (state <> 'disabling' or disableTasks is not null))`,
  )
  const toFinish = db.query<object, JobRow>(
    "select * from jobs where state = 'active' and onAllComplete = 'terminatejob' and active = 0 and running = 0",
  )
  const managerNodes = db.query<{ poolId: string }, { nodeId: string }>(
    `select nodeId from jobs join namedTasks as tasks on tasks.job = jobs.key and tasks.id = jobs.managerId
     where jobs.managerId is not null and jobs.poolId = :poolId and tasks.state in ('preparing', 'running')`,
  )
  const preemptible = db.query<{ poolId: string; priority: number }, JobRow>(
    `select * from jobs where poolId = :poolId and preemptible and running > 0 and priority < :priority
     order by priority, key desc`,
  )
  // Nearly no job allows it: this is asked at each scheduling, and must not cost a look into the database.
  let mayPreempt =
    db.query<object, object>('select 1 from jobs where preemptible limit 1').get({}) !== undefined
  const noticing = <Row extends Pick<JobRow, 'preemptible'>>(row: Row): Row => {
    mayPreempt ||= row.preemptible === 1
    return row
  }
  const overdue = db.query<{ now: number }, JobRow>(
    `select * from jobs where deadline is not null and deadline <= :now
     and state not in ('terminating', 'completed', 'deleting')`,
  )
  const deadlines = db.query<object, { deadline: number }>(
    "select deadline from jobs where deadline is not null and state not in ('terminating', 'completed', 'deleting')",
  )
  const openOf = db.query<{ schedule: number }, JobRow>(
    "select * from jobs where schedule = :schedule and state <> 'completed'",
  )
  const keptOf = db.query<{ schedule: number; limit: number }, JobRow>(
    "select * from jobs where schedule = :schedule and state <> 'deleting' limit :limit + 0",
  )
  const anyOf = db.query<{ schedule: number }, { key: number }>(
    'select key from jobs where schedule = :schedule limit 1',
  )
  return {
    ...write,
    insert: (row: NewJob) => insert(noticing(row as JobRow)),
    save: (row: JobRow) => write.save(noticing(row)),
    /** Whether there may be a job whose tasks can be evicted. */
    mayPreempt: () => mayPreempt,
    /** Jobs below a priority whose tasks run on a pool and can be evicted, the lowest first. */
    preemptible: (poolId: string, priority: number) => preemptible.all({ poolId, priority }),
    byId: (id: string) => byId.get({ id }),
    /** What an id names, read from the index alone (1.5 us; the whole row takes 5). */
    refOf: (id: string) => refOf.get({ id }),
    byKey: (key: number) => byKey.get({ key }),
    /** Read at the end of every task: 3 us instead of 7 for the whole row. */
    endsOf: (key: number) => endsOf.get({ key }),
    /**
     * Jobs whose tasks may run on a pool, in the order in which they are served: up to `limit` that come `after` one. Those
     * that have never had a task for a node with so many slots `free` are passed over without being read.
     */
    withWork: (
      poolId: string,
      limit: number,
      free = Infinity,
      { priority, key }: Pick<JobRow, 'priority' | 'key'> = FIRST,
    ) => withWork.all({ poolId, free, limit, priority, key }),
    /** Jobs on their way to another state that can go on. */
    toSettle: () => toSettle.all({}),
    /** Active jobs that end once all their tasks are completed, and whose tasks are. */
    toFinish: () => toFinish.all({}),
    /** Ids of the nodes of a pool on which job managers run. */
    managerNodes: (poolId: string) => new Set(managerNodes.all({ poolId }).map(({ nodeId }) => nodeId)),
    overdue: (now: number) => overdue.all({ now }),
    deadlines: () => deadlines.all({}).map((row) => row.deadline),
    page: (query: ListQuery) => selectPage<JobRow>(db, 'jobs', FILTER, query, undefined, 'place'),
    pageOfSchedule: (schedule: number, query: ListQuery) =>
      selectPage<JobRow>(db, 'jobs', FILTER, query, { sql: 'schedule = ?', value: schedule }, 'place'),
    /** The jobs of a schedule that are not completed. */
    openOfSchedule: (schedule: number) => openOf.all({ schedule }),
    /** Up to `limit` jobs of a schedule that are not being deleted. */
    keptOfSchedule: (schedule: number, limit: number) => keptOf.all({ schedule, limit }),
    hasSchedule: (schedule: number) => anyOf.get({ schedule }) !== undefined,
  }
}

/** Ids of the other pools that a job had before. */
export function formerPools(row: JobRow): string[] {
  return json<string[]>(row.formerPools) ?? []
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
      poolId: row.poolId || undefined,
      schedulingError: json(row.schedulingError),
      // Known before, but told at the end.
      terminateReason: row.endedAt === null ? undefined : (row.terminateReason ?? undefined),
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
