// Addresses of the pages. Ids are encoded, whatever they contain.

const own = encodeURIComponent

/** Where the page of a thing is. */
export const pageOf = {
  pool: (pool: string): string => `/pools/${own(pool)}`,
  node: (pool: string, node: string): string => `/pools/${own(pool)}/nodes/${own(node)}`,
  job: (job: string): string => `/jobs/${own(job)}`,
  task: (job: string, task: string): string => `/jobs/${own(job)}/tasks/${own(task)}`,
  schedule: (schedule: string): string => `/schedules/${own(schedule)}`,
}
