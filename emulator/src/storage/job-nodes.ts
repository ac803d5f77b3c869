// One row for each node that was prepared for a job: how far its preparation and its release task are there, and the
// view of both.

import type { JobNodeStatus, JobPreparationTaskInfo, JobReleaseTaskInfo, Wire } from '@malachite/model'
import type { ListQuery } from '../odata/page.ts'
import type { ColumnMap } from '../odata/compile.ts'
import type { Database } from './database.ts'
import { compact, json, project, selectPage, writeStatements } from './table.ts'

/** `stale`: to run before the next task there; `failed`: the node gets no tasks of the job. */
export type PreparationState = 'running' | 'ready' | 'failed' | 'stale'

/** The release task on a node: nothing to undo, to run at the end of the job, running, over. */
export type ReleaseState = 'none' | 'due' | 'running' | 'done'

export interface JobNodeRow {
  key: number
  /** Key of the job. */
  job: number
  /** The node's id. */
  id: string
  poolId: string
  preparation: PreparationState
  releasing: ReleaseState
  /** The try of either task that is running; null while none is. */
  run: number | null
  /** The view of the preparation task. */
  prepared: string
  /** The view of the release task. */
  released: string | null
  /** When the files of the preparation go; null when there are none, or before its end. */
  preparedUntil: number | null
  /** The same for the release task. */
  releasedUntil: number | null
}

const FIXED = ['job', 'id', 'poolId'] as const
const CHANGING = [
  'preparation',
  'releasing',
  'run',
  'prepared',
  'released',
  'preparedUntil',
  'releasedUntil',
] as const

const FILTER: ColumnMap = {
  poolId: { sql: 'poolId', type: 'text' },
  nodeId: { sql: 'id', type: 'text' },
  ...infoColumns('jobPreparationTaskExecutionInfo', 'prepared'),
  ...infoColumns('jobReleaseTaskExecutionInfo', 'released'),
}

function infoColumns(member: string, column: string): ColumnMap {
  return {
    [`${member}/state`]: { sql: `${column} ->> '$.state'`, type: 'enum' },
    [`${member}/result`]: { sql: `${column} ->> '$.result'`, type: 'enum' },
    [`${member}/exitCode`]: { sql: `${column} ->> '$.exitCode'`, type: 'number' },
  }
}

export function createJobNodeStore(db: Database) {
  const of = db.query<{ job: number; id: string }, JobNodeRow>(
    'select * from jobNodes where job = :job and id = :id',
  )
  const byRun = db.query<{ run: number }, JobNodeRow>('select * from jobNodes where run = :run')
  const barred = db.query<{ job: number }, { id: string }>(
    "select id from jobNodes where job = :job and preparation = 'failed'",
  )
  const unfinished = db.query<{ job: number }, JobNodeRow>(
    "select * from jobNodes where job = :job and (run is not null or releasing = 'due')",
  )
  // Of completed jobs nothing can come any more but what `force` did not wait for, and a node may have served many.
  const onNode = db.query<{ id: string }, JobNodeRow>(
    `select jobNodes.* from jobNodes join jobs on jobs.key = job
     where jobNodes.id = :id and (jobs.state <> 'completed' or run is not null)`,
  )
  const awaited = db.query<{ id: string }, { found: 1 }>(
    `select 1 as found from jobNodes join jobs on jobs.key = job
     where jobNodes.id = :id and releasing = 'due' and jobs.state in ('terminating', 'deleting') limit 1`,
  )
  const abandon = db.query<{ job: number; all: 0 | 1 }, never>(
    `update jobNodes set run = iif(:all, null, run), releasing = iif(releasing = 'due', 'none', releasing)
     where job = :job`,
  )
  const expired = db.query<{ now: number }, JobNodeRow>(
    'select * from jobNodes where preparedUntil <= :now or releasedUntil <= :now',
  )
  const next = db.query<object, { due: number | null }>(
    `select min(due) as due from (select min(preparedUntil) as due from jobNodes where preparedUntil is not null
     union all select min(releasedUntil) from jobNodes where releasedUntil is not null)`,
  )
  return {
    ...writeStatements<JobNodeRow>(db, 'jobNodes', FIXED, CHANGING),
    /** What a node is to a job. */
    of: (job: number, id: string) => of.get({ job, id }),
    byRun: (run: number) => byRun.get({ run }),
    /** Ids of the nodes that could not be prepared for a job. */
    barred: (job: number) => new Set(barred.all({ job }).map(({ id }) => id)),
    /** Nodes on which something of the job runs or is still to run. */
    unfinished: (job: number) => unfinished.all({ job }),
    /** What a node is to the jobs that are not over. */
    onNode: (id: string) => onNode.all({ id }),
    /** Whether a job on its way to its end waits for this node. */
    isAwaited: (id: string) => awaited.get({ id }) !== undefined,
    /** Nothing is run on further nodes; with `all`, what runs is forgotten, too. */
    abandon: (job: number, all: boolean) => void abandon.run({ job, all: all ? 1 : 0 }),
    /** Nodes on which files of either task are over their time. */
    expired: (now: number) => expired.all({ now }),
    /** When the next files go. */
    nextExpiry: () => next.get({})?.due ?? undefined,
    page: (job: number, query: ListQuery) =>
      selectPage<JobNodeRow>(db, 'jobNodes', FILTER, query, { sql: 'job = ?', value: job }),
  }
}

/** The service's JSON of a node's part in a job, members in its order. */
export function viewJobNode(row: JobNodeRow, select?: readonly string[]): Wire<JobNodeStatus> {
  const view = {
    poolId: row.poolId,
    nodeId: row.id,
    jobPreparationTaskExecutionInfo: json<Wire<JobPreparationTaskInfo>>(row.prepared),
    jobReleaseTaskExecutionInfo: json<Wire<JobReleaseTaskInfo>>(row.released),
  }
  return project(compact(view), select) as Wire<JobNodeStatus>
}
