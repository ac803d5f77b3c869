// One job schedule: when it makes jobs, and those that it made.

import { Link } from 'wouter-preact'
import { ActionButtons } from '../actions/buttons.tsx'
import { scheduleActions } from '../actions/schedules.ts'
import { at, get, list, type ScheduleView } from '../api.ts'
import type { Topic } from '../changes.ts'
import { formatDuration } from '../format.ts'
import { Badge } from '../parts/badge.tsx'
import { JOB_ITEM, JobList, type JobItem } from '../parts/job-row.tsx'
import { Empty, Fact, Facts, PageHead, Panel } from '../parts/panel.tsx'
import { Loaded } from '../parts/problem.tsx'
import { Time } from '../parts/time.tsx'
import { Why } from '../parts/why.tsx'
import { pageOf } from '../paths.ts'
import { useResource, type Resource } from '../resource.ts'

const CRUMBS = [{ text: 'Schedules', to: '/schedules' }]

/** The page of a job schedule. */
export function SchedulePage({ schedule: id }: { schedule: string }) {
  const topics: Topic[] = [{ kind: 'jobSchedules', id }, { kind: 'jobs' }]
  const path = at.schedule(id)
  const schedule = useResource({ key: id, load: (signal) => get<ScheduleView>(path, {}, signal), topics })
  const jobs = useResource({
    key: id,
    load: (signal) => list<JobItem>(`${path}/jobs`, { select: JOB_ITEM, limit: 200 }, signal),
    topics,
    every: 1000,
  })
  const { data } = schedule
  return (
    <>
      <PageHead
        kind="Schedule"
        title={data?.id ?? id}
        displayName={data?.displayName}
        crumbs={CRUMBS}
        actions={data && <ActionButtons actions={scheduleActions(data)} />}
      >
        {data && <Badge state={data.state} />}
      </PageHead>
      <Loaded from={schedule} what="the schedule">
        {(view) => (
          <div class="columns">
            <div class="main-column">
              <Jobs jobs={jobs} />
            </div>
            <div class="side-column">
              <Why of={path} title="Does it make jobs?" topics={topics} />
              <ScheduleFacts schedule={view} />
            </div>
          </div>
        )}
      </Loaded>
    </>
  )
}

function Jobs({ jobs }: { jobs: Resource<{ items: JobItem[] }> }) {
  return (
    <Panel title="Jobs">
      <Loaded from={jobs} what="the jobs">
        {({ items }) =>
          items.length === 0 ? <Empty>It has made no job yet.</Empty> : <JobList jobs={items.toReversed()} />
        }
      </Loaded>
    </Panel>
  )
}

function ScheduleFacts({ schedule: { schedule, executionInfo, creationTime } }: { schedule: ScheduleView }) {
  return (
    <Panel title="Facts">
      <Facts>
        <Fact name="Every">
          {schedule.recurrenceInterval ? formatDuration(schedule.recurrenceInterval) : 'once'}
        </Fact>
        <Fact name="Next job">{executionInfo.nextRunTime && <Time at={executionInfo.nextRunTime} />}</Fact>
        <Fact name="Latest job">
          {executionInfo.recentJob && (
            <Link href={pageOf.job(executionInfo.recentJob.id)}>{executionInfo.recentJob.id}</Link>
          )}
        </Fact>
        <Fact name="Not before">{schedule.doNotRunUntil && <Time at={schedule.doNotRunUntil} />}</Fact>
        <Fact name="Not after">{schedule.doNotRunAfter && <Time at={schedule.doNotRunAfter} />}</Fact>
        <Fact name="Late by at most">{schedule.startWindow && formatDuration(schedule.startWindow)}</Fact>
        <Fact name="Created">
          <Time at={creationTime} />
        </Fact>
      </Facts>
    </Panel>
  )
}
