// All pools, all jobs, all job schedules.

import { useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { list, listNodeCounts, type ScheduleView } from '../api.ts'
import { formatDuration, plural } from '../format.ts'
import { Badge } from '../parts/badge.tsx'
import { JOB_ITEM, JobList, type JobItem } from '../parts/job-row.tsx'
import { Empty, PageHead, Panel } from '../parts/panel.tsx'
import { POOL_ITEM, PoolList, type PoolItem } from '../parts/pool-row.tsx'
import { Loaded } from '../parts/problem.tsx'
import { Table } from '../parts/table.tsx'
import { LateInput } from '../parts/task-filter-form.tsx'
import { Time } from '../parts/time.tsx'
import { quote } from '../odata.ts'
import { pageOf } from '../paths.ts'
import { useResource } from '../resource.ts'

/** More are shown when they are asked for. */
const STEP = 200

const JOB_STATES = ['active', 'disabled', 'terminating', 'completed', 'deleting']

/** All jobs, narrowed by the service. */
export function JobsPage() {
  const [prefix, setPrefix] = useState('')
  const [state, setState] = useState('')
  const [limit, setLimit] = useState(STEP)
  const filter = [state && `state eq '${state}'`, prefix && `startswith(id,${quote(prefix)})`]
    .filter(Boolean)
    .join(' and ')
  const jobs = useResource({
    key: `${limit} ${filter}`,
    load: (signal) => list<JobItem>('/jobs', { filter, select: JOB_ITEM, limit }, signal),
    topics: [{ kind: 'jobs' }],
    every: 1000,
  })
  return (
    <>
      <PageHead kind="" title="Jobs" />
      <Panel title="All jobs">
        <form class="filter" role="search" aria-label="Jobs" onSubmit={(event) => event.preventDefault()}>
          <label>
            State
            <select value={state} onChange={(event) => setState(event.currentTarget.value)}>
              <option value="">all states</option>
              {JOB_STATES.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          <LateInput label="Id begins with" value={prefix} onChange={setPrefix} />
        </form>
        <Loaded from={jobs} what="the jobs">
          {({ items, isCut }) => (
            <>
              {items.length === 0 ? <Empty>No job is like that.</Empty> : <JobList jobs={items} />}
              {isCut && <More count={items.length} onMore={() => setLimit(limit + STEP)} />}
            </>
          )}
        </Loaded>
      </Panel>
    </>
  )
}

/** All pools. */
export function PoolsPage() {
  const [limit, setLimit] = useState(STEP)
  const pools = useResource({
    key: `${limit}`,
    load: async (signal) => {
      const [{ items, isCut }, counts] = await Promise.all([
        list<PoolItem>('/pools', { select: POOL_ITEM, limit }, signal),
        listNodeCounts(signal),
      ])
      return { items, isCut, counts }
    },
    topics: [{ kind: 'pools' }, { kind: 'nodes' }],
    every: 1000,
  })
  return (
    <>
      <PageHead kind="" title="Pools" />
      <Panel title="All pools">
        <Loaded from={pools} what="the pools">
          {({ items, isCut, counts }) => (
            <>
              {items.length === 0 ? (
                <Empty>There are no pools.</Empty>
              ) : (
                <PoolList pools={items} counts={counts} />
              )}
              {isCut && <More count={items.length} onMore={() => setLimit(limit + STEP)} />}
            </>
          )}
        </Loaded>
      </Panel>
    </>
  )
}

/** All job schedules. */
export function SchedulesPage() {
  const schedules = useResource({
    key: 'schedules',
    load: (signal) => list<ScheduleView>('/jobschedules', {}, signal),
    topics: [{ kind: 'jobSchedules' }],
    every: 1000,
  })
  return (
    <>
      <PageHead kind="" title="Schedules" />
      <Panel title="All job schedules">
        <Loaded from={schedules} what="the schedules">
          {({ items }) =>
            items.length === 0 ? <Empty>There are no job schedules.</Empty> : <ScheduleTable rows={items} />
          }
        </Loaded>
      </Panel>
    </>
  )
}

function ScheduleTable({ rows }: { rows: readonly ScheduleView[] }) {
  return (
    <Table
      label="Job schedules"
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        { name: 'Schedule', cell: ({ id }) => <Link href={pageOf.schedule(id)}>{id}</Link> },
        { name: 'State', cell: ({ state }) => <Badge state={state} /> },
        {
          name: 'Every',
          cell: ({ schedule }) =>
            schedule.recurrenceInterval ? (
              formatDuration(schedule.recurrenceInterval)
            ) : (
              <span class="faint">once</span>
            ),
        },
        { name: 'Next job', cell: ({ executionInfo }) => <Time at={executionInfo.nextRunTime} /> },
        {
          name: 'Latest job',
          kind: 'wide',
          cell: ({ executionInfo: { recentJob } }) =>
            recentJob ? (
              <Link href={pageOf.job(recentJob.id)}>{recentJob.id}</Link>
            ) : (
              <span class="faint">–</span>
            ),
        },
      ]}
    />
  )
}

function More({ count, onMore }: { count: number; onMore: () => void }) {
  return (
    <p class="more">
      {plural(count, 'row')} shown.{' '}
      <button type="button" onClick={onMore}>
        Show more
      </button>
    </p>
  )
}
