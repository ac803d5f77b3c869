// Job schedule rows and the view of a job schedule.

import type { JobSchedule, JobScheduleState, Wire } from '@malachite/model'
import type { ListQuery } from '../odata/page.ts'
import type { ColumnMap } from '../odata/compile.ts'
import type { JobScheduleBody } from '../schema/job-schedule.ts'
import type { Database } from './database.ts'
import { compact, project, selectPage, writeStatements, RESOURCE_COLUMNS } from './table.ts'
import { toETag, toIso } from './time.ts'

export interface JobScheduleRow {
  key: number
  id: string
  state: JobScheduleState
  stateAt: number
  previousState: JobScheduleState | null
  previousAt: number | null
  createdAt: number
  modifiedAt: number
  endedAt: number | null
  /** When its latest job was due. */
  lastDue: number | null
  /** When its next job is due. */
  nextRun: number | null
  /** When it is to be looked at again, without anything else happening. */
  wakeAt: number | null
  /** How many jobs it has made: the number of the latest one. */
  runs: number
  /** The pool that its jobs share, if it has made one. */
  autoPoolId: string | null
  body: string
}

const FIXED = ['id', 'createdAt'] as const
const CHANGING = [
  'state',
  'stateAt',
  'previousState',
  'previousAt',
  'modifiedAt',
  'endedAt',
  'lastDue',
  'nextRun',
  'wakeAt',
  'runs',
  'autoPoolId',
  'body',
] as const

const FILTER: ColumnMap = {
  ...RESOURCE_COLUMNS,
  previousState: { sql: 'previousState', type: 'enum' },
  previousStateTransitionTime: { sql: 'previousAt', type: 'time' },
  'executionInfo/nextRunTime': { sql: 'nextRun', type: 'time' },
  'executionInfo/endTime': { sql: 'endedAt', type: 'time' },
}

export function createJobScheduleStore(db: Database) {
  const byId = db.query<{ id: string }, JobScheduleRow>('select * from jobSchedules where id = :id')
  const due = db.query<{ now: number }, JobScheduleRow>(
    'select * from jobSchedules where wakeAt is not null and wakeAt <= :now order by wakeAt',
  )
  const times = db.query<object, { wakeAt: number }>(
    'select wakeAt from jobSchedules where wakeAt is not null',
  )
  const rouse = db.query<{ key: number; now: number }, never>(
    'update jobSchedules set wakeAt = :now where key = :key',
  )
  return {
    ...writeStatements<JobScheduleRow>(db, 'jobSchedules', FIXED, CHANGING),
    byId: (id: string) => byId.get({ id }),
    /** Those that have to be looked at by now. */
    due: (now: number) => due.all({ now }),
    wakeTimes: () => times.all({}).map((row) => row.wakeAt),
    /** Makes a schedule due at `now`: something has happened to its jobs. */
    rouse: (key: number, now: number) => void rouse.run({ key, now }),
    page: (query: ListQuery) => selectPage<JobScheduleRow>(db, 'jobSchedules', FILTER, query),
  }
}

/** The id of the `run`th job of a schedule. */
export function scheduledJobId(scheduleId: string, run: number): string {
  return `${scheduleId}:job-${run}`
}

/** The service's JSON of a job schedule, members in its order. */
export function viewJobSchedule(row: JobScheduleRow, select?: readonly string[]): Wire<JobSchedule> {
  const { displayName, schedule, jobSpecification, metadata } = JSON.parse(row.body) as JobScheduleBody
  const view = {
    id: row.id,
    displayName,
    eTag: toETag(row.modifiedAt),
    lastModified: toIso(row.modifiedAt),
    creationTime: toIso(row.createdAt),
    state: row.state,
    stateTransitionTime: toIso(row.stateAt),
    previousState: row.previousState ?? undefined,
    previousStateTransitionTime: iso(row.previousAt),
    schedule,
    jobSpecification: viewSpecification(jobSpecification),
    metadata,
    executionInfo: compact({
      nextRunTime: iso(row.nextRun),
      recentJob: row.runs === 0 ? undefined : { id: scheduledJobId(row.id, row.runs) },
      endTime: iso(row.endedAt),
    }),
  }
  return project(compact(view), select) as unknown as Wire<JobSchedule>
}

/** Ordered as recorded, which is not the order of a job's members. */
function viewSpecification(body: JobScheduleBody['jobSpecification']): object {
  const { displayName, priority, maxParallelTasks, allowTaskPreemption, usesTaskDependencies, ...rest } = body
  const { onAllTasksComplete, onTaskFailure, constraints, ...parts } = rest
  const head = { displayName, priority, maxParallelTasks, allowTaskPreemption, usesTaskDependencies }
  return compact({ ...head, onAllTasksComplete, onTaskFailure, constraints, ...parts })
}

function iso(us: number | null): string | undefined {
  return us === null ? undefined : toIso(us)
}
