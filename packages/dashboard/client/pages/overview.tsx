// The first page: what there is, how fast it goes, what has just happened.

import { useMemo } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { list, listNodeCounts } from '../api.ts'
import { createMeter, type Meter } from '../meter.ts'
import { Events } from '../parts/events.tsx'
import { JOB_ITEM, JobList, type JobItem } from '../parts/job-row.tsx'
import { Empty, PageHead, Panel } from '../parts/panel.tsx'
import { POOL_ITEM, PoolList, type PoolItem } from '../parts/pool-row.tsx'
import { Loaded } from '../parts/problem.tsx'
import { Throughput } from '../parts/throughput.tsx'
import { useResource } from '../resource.ts'
import { isEmulator, settings } from '../settings.ts'

const SHOWN = 12

/** Pools, jobs, throughput and events. */
export function Overview() {
  const meter = useMemo(createMeter, [])
  return (
    <>
      <PageHead kind="" title="Overview">
        {settings.value && <span class="faint mono">{settings.value.url}</span>}
      </PageHead>
      <div class="columns">
        <div class="main-column">
          <Jobs meter={meter} />
          <Pools />
        </div>
        <div class="side-column">
          <Panel title="Throughput">
            <Throughput meter={meter} />
          </Panel>
          {isEmulator.value && <Events />}
        </div>
      </div>
    </>
  )
}

function Jobs({ meter }: { meter: Meter }) {
  const jobs = useResource({
    key: 'jobs',
    load: (signal) => list<JobItem>('/jobs', { select: JOB_ITEM }, signal),
    topics: [{ kind: 'jobs' }],
    every: 1000,
  })
  return (
    <Panel title="Jobs" note={<Link href="/jobs">All jobs</Link>}>
      <Loaded from={jobs} what="the jobs">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>There are no jobs yet. Point a Batch client at this account and add one.</Empty>
          ) : (
            <JobList jobs={latestFirst(items).slice(0, SHOWN)} meter={meter} />
          )
        }
      </Loaded>
    </Panel>
  )
}

/** Jobs that run before those that have ended. */
function latestFirst(jobs: readonly JobItem[]): JobItem[] {
  const isOver = ({ state }: JobItem): number => Number(state === 'completed')
  return jobs.toSorted((a, b) => isOver(a) - isOver(b) || b.creationTime.localeCompare(a.creationTime))
}

function Pools() {
  const pools = useResource({
    key: 'pools',
    load: async (signal) => {
      const [pools, counts] = await Promise.all([
        list<PoolItem>('/pools', { select: POOL_ITEM }, signal),
        listNodeCounts(signal),
      ])
      return { pools: pools.items, counts }
    },
    topics: [{ kind: 'pools' }, { kind: 'nodes' }],
    every: 1000,
  })
  return (
    <Panel title="Pools" note={<Link href="/pools">All pools</Link>}>
      <Loaded from={pools} what="the pools">
        {({ pools, counts }) =>
          pools.length === 0 ? (
            <Empty>There are no pools yet: tasks wait until their job has one.</Empty>
          ) : (
            <PoolList pools={pools.slice(0, SHOWN)} counts={counts} />
          )
        }
      </Loaded>
    </Panel>
  )
}
