// Sums over tasks: triggers keep them in the rows of the jobs, and those of tasks that are deleted in one of their own, so
// that whoever asks does not wait until a million tasks are read.

import type { Database } from './database.ts'

/** Sums over tasks; times in microseconds, of the latest try of each. */
export interface TaskSums {
  /** Tasks that have run, or are running. */
  started: number
  wallClock: number
  wait: number
  retries: number
  succeeded: number
  failed: number
}

const NONE: TaskSums = { started: 0, wallClock: 0, wait: 0, retries: 0, succeeded: 0, failed: 0 }

/** Sums over jobs, which have those over their tasks; tasks that are not over yet go on until now. */
const SUMS = `
  coalesce(sum(started), 0) as started,
  coalesce(sum(wallClock + unended * (:now - createdAt) - unendedSince), 0) as wallClock,
  coalesce(sum(waited), 0) as wait,
  coalesce(sum(retries), 0) as retries,
  coalesce(sum(succeeded), 0) as succeeded,
  coalesce(sum(failed), 0) as failed`

export function createStatisticsStore(db: Database) {
  const ofJob = db.query<{ job: number; now: number }, TaskSums>(`select ${SUMS} from jobs where key = :job`)
  const ofSchedule = db.query<{ schedule: number; now: number }, TaskSums>(
    `select ${SUMS} from jobs where schedule = :schedule`,
  )
  const ofAll = db.query<{ now: number }, TaskSums>(
    `select sum(started) as started, sum(wallClock) as wallClock, sum(wait) as wait, sum(retries) as retries,
       sum(succeeded) as succeeded, sum(failed) as failed
     from (select ${SUMS} from jobs
           union all select started, wallClock, wait, retries, succeeded, failed from forgotten)`,
  )
  const firstJob = db.query<object, { us: number | null }>(
    'select min(us) as us from (select min(createdAt) as us from jobs union all select firstJobAt from forgotten)',
  )
  return {
    /** Sums over the tasks of a job. */
    ofJob: (job: number, now: number) => ofJob.get({ job, now }) ?? NONE,
    /** Sums over the tasks of the jobs of a schedule. */
    ofJobSchedule: (schedule: number, now: number) => ofSchedule.get({ schedule, now }) ?? NONE,
    /** Sums over all tasks that there ever were. */
    ofAll: (now: number) => ofAll.get({ now }) ?? NONE,
    /** When the first job was made; undefined when there never was one. */
    firstJob: () => firstJob.get({})?.us ?? undefined,
  }
}
