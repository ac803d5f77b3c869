// Counts of the tasks of jobs, which many parts of the pages show.

import type { JobTaskCounts } from '@malachite/model'
import { useEffect } from 'preact/hooks'
import { getTaskCounts } from './api.ts'
import type { Meter } from './meter.ts'
import { useResource, type Resource } from './resource.ts'

/** Counts of a job's tasks, kept up to date; a meter is told about each of them. */
export function useTaskCounts(job: string, meter?: Meter): Resource<JobTaskCounts> {
  const counts = useResource({
    key: job,
    load: (signal) => getTaskCounts(job, signal),
    topics: [
      { kind: 'tasks', id: job },
      { kind: 'jobs', id: job },
    ],
    every: 1000,
  })
  const { data } = counts
  useEffect(() => {
    if (data) meter?.record(job, data.taskCounts, Date.now())
  }, [data, meter, job])
  return counts
}
