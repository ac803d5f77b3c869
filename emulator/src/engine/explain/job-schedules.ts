// Why a job schedule makes no job.

import type { JobScheduleRow } from '../../storage/job-schedules.ts'
import type { JobRow } from '../../storage/jobs.ts'
import { toIso } from '../../storage/time.ts'
import type { Core } from '../core/core.ts'
import { because, type Finding } from './finding.ts'
import { explainJob } from './jobs.ts'

/** What a job schedule is about. */
export function explainJobSchedule(core: Core, schedule: JobScheduleRow): Finding {
  const { id: jobScheduleId, state, runs, endedAt } = schedule
  if (state === 'completed')
    return because('ScheduleCompleted', { jobScheduleId, endedAt: toIso(endedAt ?? 0), runs })
  const jobs = core.store.jobs.openOfSchedule(schedule.key)
  if (state === 'terminating' || state === 'deleting')
    return because('ScheduleEnding', {
      jobScheduleId,
      state,
      jobs: jobs.length,
      jobIds: jobs.map(({ id }) => id),
    })
  if (state === 'disabled') return because('ScheduleDisabled', { jobScheduleId })
  const [job] = jobs
  return job ? explainBusy(core, schedule, job) : explainNext(schedule)
}

function explainBusy(core: Core, { id: jobScheduleId }: JobScheduleRow, job: JobRow): Finding {
  const { cause, sentence } = explainJob(core, job)
  const facts = { jobScheduleId, jobId: job.id, jobState: job.state }
  return because('PreviousJobActive', { ...facts, jobCause: cause, jobSentence: sentence })
}

function explainNext({ id: jobScheduleId, nextRun, runs }: JobScheduleRow): Finding {
  if (nextRun === null) return because('NoMoreJobs', { jobScheduleId })
  const facts = { jobScheduleId, nextRun: toIso(nextRun) }
  return because(runs === 0 ? 'NotBeforeStart' : 'NextJobLater', facts)
}
