// One job in a list: how far it is, at one sight.

import { useEffect, useRef, useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import type { JobView } from '../api.ts'
import { useTaskCounts } from '../counts.ts'
import { formatNumber } from '../format.ts'
import type { Meter } from '../meter.ts'
import { pageOf } from '../paths.ts'
import { Badge } from './badge.tsx'
import { ProgressBar, totalOf } from './progress.tsx'
import { Ago } from './time.tsx'

export type JobItem = Pick<
  JobView,
  'id' | 'displayName' | 'state' | 'creationTime' | 'executionInfo' | 'poolInfo'
>

/** What lists ask of jobs. */
export const JOB_ITEM = 'id,displayName,state,creationTime,executionInfo,poolInfo'

/** Jobs with their progress; the counts of those that are seen are read. */
export function JobList({ jobs, meter }: { jobs: readonly JobItem[]; meter?: Meter }) {
  return (
    <ul class="rows" aria-label="Jobs">
      {jobs.map((job) => (
        <JobRow key={job.id} job={job} {...(meter && { meter })} />
      ))}
    </ul>
  )
}

function JobRow({ job, meter }: { job: JobItem; meter?: Meter }) {
  const row = useRef<HTMLLIElement>(null)
  const isSeen = useSeen(row)
  const pool = job.executionInfo.poolId ?? job.poolInfo.poolId
  return (
    <li ref={row} class="row">
      <div class="row-name">
        <Link href={pageOf.job(job.id)}>
          <bdi>{job.id}</bdi>
        </Link>
        {job.displayName && <span class="faint">{job.displayName}</span>}
      </div>
      <Badge state={job.state} />
      <div class="row-progress">{isSeen && <Counts job={job.id} {...(meter && { meter })} />}</div>
      <div class="row-side">
        {pool !== undefined && (
          <Link href={pageOf.pool(pool)} title={pool}>
            {pool}
          </Link>
        )}
        <span class="faint">
          <Ago at={job.creationTime} />
        </span>
      </div>
    </li>
  )
}

function Counts({ job, meter }: { job: string; meter?: Meter }) {
  const { data } = useTaskCounts(job, meter)
  if (!data) return null
  const { taskCounts: counts } = data
  return (
    <>
      <ProgressBar counts={counts} />
      <span class="row-numbers">
        {formatNumber(counts.completed)} of {formatNumber(totalOf(counts))}
        {counts.failed > 0 && <span class="text-bad"> · {formatNumber(counts.failed)} failed</span>}
        {counts.running > 0 && <span> · {formatNumber(counts.running)} running</span>}
      </span>
    </>
  )
}

/** Whether an element has been seen. */
function useSeen(element: { current: Element | null }): boolean {
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true)
    })
    if (element.current) observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return isSeen
}
