import { AUTOSCALE } from './autoscale.ts'
import { FILES } from './files.ts'
import { JOB_SCHEDULES } from './job-schedules.ts'
import { JOBS } from './jobs.ts'
import { LIMITS } from './limits.ts'
import { NODES } from './nodes.ts'
import { POOLS } from './pools.ts'
import type { Chapter } from './rule.ts'
import { TASKS } from './tasks.ts'

/** All that is known of the service's behaviour, in the order of docs/behaviour.md. */
export const CHAPTERS: readonly Chapter[] = [
  NODES,
  POOLS,
  JOBS,
  TASKS,
  JOB_SCHEDULES,
  AUTOSCALE,
  FILES,
  LIMITS,
]
