// One job: how far it is, its tasks, who waits for whom, what ran where.

import { useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { ActionButtons } from '../actions/buttons.tsx'
import { jobActions } from '../actions/jobs.ts'
import { at, get, type JobView } from '../api.ts'
import type { Topic } from '../changes.ts'
import { useTaskCounts } from '../counts.ts'
import { formatDuration, plural } from '../format.ts'
import { Badge } from '../parts/badge.tsx'
import { Dependencies } from '../parts/dependencies.tsx'
import { StateHistory } from '../parts/history.tsx'
import { Fact, Facts, PageHead, Panel } from '../parts/panel.tsx'
import { Loaded, Problem } from '../parts/problem.tsx'
import { CountLegend, ProgressBar, totalOf } from '../parts/progress.tsx'
import { Environment } from '../parts/spec.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { TaskList } from '../parts/task-list.tsx'
import { Span, Time } from '../parts/time.tsx'
import { Timeline } from '../parts/timeline.tsx'
import { Why } from '../parts/why.tsx'
import { pageOf } from '../paths.ts'
import { useResource } from '../resource.ts'

const CRUMBS = [{ text: 'Jobs', to: '/jobs' }]

/** The page of a job. */
export function JobPage({ job: id }: { job: string }) {
  const topics: Topic[] = [
    { kind: 'jobs', id },
    { kind: 'tasks', id },
  ]
  const job = useResource({
    key: id,
    load: (signal) => get<JobView>(at.job(id), {}, signal),
    topics: [{ kind: 'jobs', id }],
  })
  const { data } = job
  return (
    <>
      <PageHead
        kind="Job"
        title={data?.id ?? id}
        displayName={data?.displayName}
        crumbs={CRUMBS}
        actions={data && <ActionButtons actions={jobActions(data)} />}
      >
        {data && <Badge state={data.state} />}
      </PageHead>
      <Loaded from={job} what="the job">
        {(view) => (
          <>
            <SchedulingError job={view} />
            <Progress job={view} />
            <div class="columns">
              <div class="main-column">
                <TaskViews job={view} />
              </div>
              <div class="side-column">
                <Why of={at.job(view.id)} title="Why does it not end?" topics={topics} />
                <JobFacts job={view} />
                <StateHistory kind="job" id={view.id} own={view} topics={topics} />
              </div>
            </div>
          </>
        )}
      </Loaded>
    </>
  )
}

function SchedulingError({ job }: { job: JobView }) {
  const error = job.executionInfo.schedulingError
  if (!error) return null
  return <Problem title="The job's own pool could not be made" code={error.code} message={error.message} />
}

function Progress({ job }: { job: JobView }) {
  const { data } = useTaskCounts(job.id)
  if (!data) return <div class="progress" />
  const { taskCounts: counts } = data
  const { startTime, endTime } = job.executionInfo
  return (
    <section class="progress" aria-label="Progress">
      <ProgressBar counts={counts} />
      <div class="progress-words">
        <CountLegend counts={counts} />
        <span class="faint">
          {plural(totalOf(counts), 'task')} · <Span from={startTime} to={endTime} />
        </span>
      </div>
    </section>
  )
}

function TaskViews({ job }: { job: JobView }) {
  const [view, setView] = useState('list')
  const { data } = useTaskCounts(job.id)
  const tabs = [
    { id: 'list', name: 'Tasks' },
    ...(job.usesTaskDependencies ? [{ id: 'graph', name: 'Dependencies' }] : []),
    { id: 'timeline', name: 'Timeline' },
  ]
  return (
    <Tabs tabs={tabs} chosen={view} onChoose={setView}>
      {view === 'list' && <TaskList job={job.id} counts={data?.taskCounts} />}
      {view === 'graph' && <Dependencies job={job.id} />}
      {view === 'timeline' && <Timeline job={job.id} since={job.executionInfo.startTime} />}
    </Tabs>
  )
}

function JobFacts({ job }: { job: JobView }) {
  const pool = job.executionInfo.poolId ?? job.poolInfo.poolId
  return (
    <Panel title="Facts">
      <Facts>
        <Fact name="Pool">{pool && <Link href={pageOf.pool(pool)}>{pool}</Link>}</Fact>
        <Fact name="Priority">{job.priority}</Fact>
        <Fact name="At once at most">
          {job.maxParallelTasks === -1 ? 'no limit' : plural(job.maxParallelTasks, 'task')}
        </Fact>
        <Fact name="Retries of a task">{job.constraints.maxTaskRetryCount}</Fact>
        <Fact name="Time limit">{formatDuration(job.constraints.maxWallClockTime)}</Fact>
        <Fact name="When all tasks are done">
          {job.onAllTasksComplete === 'terminatejob' ? 'the job ends' : 'the job stays'}
        </Fact>
        <Fact name="Created">
          <Time at={job.creationTime} />
        </Fact>
        <Fact name="Ended">{job.executionInfo.endTime && <Time at={job.executionInfo.endTime} />}</Fact>
        <Fact name="Ended because">{job.executionInfo.terminateReason}</Fact>
        {job.metadata?.map((item) => (
          <Fact key={item.name} name={item.name}>
            {item.value}
          </Fact>
        ))}
      </Facts>
      <Environment settings={job.commonEnvironmentSettings} />
    </Panel>
  )
}
