// What a run would do, for people and as data. Nothing of it is done.

import { formatClock } from '@malachite/model'
import type { DeleteChoice, WorkflowPlan } from '@malachite/orchestrator'
import { formatBytes } from './run-table.ts'

/** Where a run would take place. */
export interface PlannedPlace {
  backend: string
  /** The services, for people; none of a run in this process. */
  places: readonly string[]
}

/** The plan as the one JSON document of `malachite run --dry-run --json`. */
export function dryRunDocument(plan: WorkflowPlan, { backend, places }: PlannedPlace) {
  return { dryRun: true, backend, services: places, ...plan }
}

/** The plan in words, in the order of the steps. */
export function dryRunLines(plan: WorkflowPlan, { backend, places }: PlannedPlace): string[] {
  const { containers, uploads, job, tasks, download, timeoutMs, halt } = plan
  const bytes = uploads.reduce((sum, upload) => sum + upload.bytes, 0)
  return [
    'Dry run: nothing is created, uploaded, started or deleted.',
    '',
    `Workload: ${plan.workload}`,
    `Backend: ${backend} (${places.length > 0 ? places.join(', ') : 'services that start and end with the command'})`,
    `Create containers, where they do not exist: ${containers.join(', ')}`,
    `Upload ${count(uploads.length, 'file')}, ${formatBytes(bytes)}:`,
    ...uploads.map((upload) => `  ${upload.path} to [${upload.container}], ${formatBytes(upload.bytes)}`),
    ...poolLines(plan.pool),
    `Create job [${job.id}] on it, with ${count(tasks.length, 'task')}:`,
    ...tasks.flatMap(({ id, commandLine, resourceFiles }) => [
      `  ${id}, with ${resourceFiles.join(', ')}:`,
      `    ${commandLine}`,
    ]),
    `Wait for them for up to ${formatClock(timeoutMs)}${halt === undefined ? '' : `, unless halted: ${halt}`}`,
    `Download all files from container [${download.container}] to ${download.directory}`,
    ...deletionLines(plan.delete),
  ]
}

function poolLines({ id, image, vmSize, nodeCount, taskSlotsPerNode, startTask }: WorkflowPlan['pool']) {
  const { publisher, offer, skuPrefix } = image
  return [
    `Create pool [${id}]:`,
    `  image: ${publisher} ${offer} ${skuPrefix}, the newest that the service has verified`,
    `  size: ${vmSize}`,
    `  nodes: ${nodeCount}, task slots on each: ${taskSlotsPerNode}`,
    `  start task, elevated, with ${startTask.resourceFiles.join(', ')}:`,
    `    ${startTask.commandLine}`,
  ]
}

const CHOICES: Record<DeleteChoice, string> = { yes: 'yes', no: 'no', ask: 'after a question' }

function deletionLines({ containers, job, pool }: WorkflowPlan['delete']): string[] {
  return [
    'Delete at the end:',
    `  containers ${containers.join(', ')}: yes; of those that exist already only what the run has put there`,
    `  job: ${CHOICES[job]}`,
    `  pool: ${CHOICES[pool]}`,
  ]
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
