// The story of a run in words. The lines of its usual course are those of Microsoft's tutorial.

import { formatClock, type NodeCounts, type TaskCounts } from '@malachite/model'
import type { FailedTask, LeftBehind, RunResult, StepTime, WorkflowEvent } from '@malachite/orchestrator'

/** The lines that an event adds to the tutorial's transcript; most add none. */
export function transcriptLines(event: WorkflowEvent): string[] {
  switch (event.type) {
    case 'runStarted':
      return [`Sample start: ${formatTime(event.startedAt)}`, '']
    case 'uploadStarted':
      return [`Uploading file ${event.path} to container [${event.container}]...`]
    case 'poolCreating':
      return [`Creating pool [${event.poolId}]...`]
    case 'jobCreating':
      return [`Creating job [${event.jobId}]...`]
    case 'tasksAdding':
      return [`Adding ${event.count} ${event.count === 1 ? 'task' : 'tasks'} to job [${event.jobId}]...`]
    case 'allTasksCompleted':
      return ["  Success! All tasks reached the 'Completed' state within the specified timeout period."]
    case 'downloadStarted':
      return [`Downloading all files from container [${event.container}]...`]
    case 'blobDownloaded':
      return [`  Downloaded blob [${event.blob}] from container [${event.container}] to ${event.path}`]
    case 'downloadFinished':
      return ['  Download complete!']
    case 'containersDeleting':
      return ['Deleting containers...']
    case 'runEnded':
      return [
        '',
        `Sample end: ${formatTime(event.endedAt)}`,
        `Elapsed time: ${formatClock(event.elapsedMs)}`,
        '',
      ]
    default:
      return []
  }
}

/** The beginning of the line that waiting for the tasks goes on with, a dot per look. */
export function monitoringLine(timeoutMs: number): string {
  return `Monitoring all tasks for 'Completed' state, timeout in ${formatClock(timeoutMs)}...`
}

/** The lines about what is not as it should be. */
export function troubleLines(event: WorkflowEvent): string[] {
  switch (event.type) {
    case 'idInDeletion':
      return [`Waiting: a ${event.kind} called ${event.id} is still being deleted.`]
    case 'waitingForNodes':
      return [`Waiting: nodes of pool ${event.poolId} still need the containers.`]
    case 'taskRejected':
      return [`The service refused task ${event.taskId}: ${event.code}: ${event.message}`]
    case 'taskFailed':
      return [`Task ${event.taskId} failed${onNode(event)}. ${event.reason}`, ...tail(event.stderrTail)]
    case 'trouble':
      return [`${event.reason} The tasks cannot complete.`, ...tail(event.stderrTail)]
    case 'timedOut':
      return [timeoutLine(event.timeoutMs, event.counts)]
    case 'downloadRefused':
      return [`Blob [${event.blob}] was not downloaded: ${event.reason}`]
    case 'downloadFailed':
      return [`Blob [${event.blob}] could not be downloaded: ${event.reason}`]
    case 'containerKept':
      return [`Container [${event.container}] stays: ${event.reason}`]
    default:
      return []
  }
}

function onNode({ nodeId }: FailedTask): string {
  return nodeId === undefined ? '' : ` on node ${nodeId}`
}

function tail(stderrTail: string | undefined): string[] {
  const text = stderrTail?.trimEnd()
  if (!text) return []
  return ['  The end of its stderr.txt:', ...text.split(/\r?\n/).map((line) => `  | ${line}`)]
}

function timeoutLine(timeoutMs: number, { completed, running, active }: TaskCounts): string {
  const state = `${completed} completed, ${running} running, ${active} waiting`
  return `The tasks did not complete within ${formatClock(timeoutMs)}: ${state}. --timeout sets another limit.`
}

/** The last word on a run that did not succeed; none on one that did. */
export function summaryLines({ failedTasks, taskCounts, outcome }: RunResult): string[] {
  if (outcome === 'succeeded' || failedTasks.length === 0) return []
  const total = taskCounts.completed + taskCounts.active + taskCounts.running
  const shown = failedTasks.slice(0, 10).map(({ taskId }) => taskId)
  const more = failedTasks.length > shown.length ? ', …' : ''
  return [`${failedTasks.length} of ${total} tasks failed: ${shown.join(', ')}${more}.`]
}

/** What stays, and how to delete it; `isGone`: it ends with this process. */
export function leftBehindLines(left: readonly LeftBehind[], isGone: boolean): string[] {
  if (left.length === 0 || isGone) return []
  return [
    'Left behind:',
    ...left.flatMap(({ kind, id, reason }) => [
      `  ${kind} ${id}: ${reason}`,
      `    delete it with: ${DELETE_COMMANDS[kind](id)}`,
    ]),
    ...(left.some(({ kind }) => kind === 'pool') ? ['  A pool costs money as long as it has nodes.'] : []),
  ]
}

const DELETE_COMMANDS: Record<LeftBehind['kind'], (id: string) => string> = {
  pool: (id) => `az batch pool delete --pool-id ${id}`,
  job: (id) => `az batch job delete --job-id ${id}`,
  container: (id) => `az storage container delete --name ${id}`,
}

/** Where nodes and tasks stand, in one line. */
export function progressText(event: Extract<WorkflowEvent, { type: 'progress' }>): string {
  const { counts, nodes, taskCount, elapsedMs } = event
  const { succeeded, failed, running } = counts
  const tasks = `tasks: ${succeeded} done, ${running} running, ${failed} failed of ${taskCount}`
  return `  ${formatClock(elapsedMs)}  ${tasks}${nodes ? `; nodes: ${nodeText(nodes)}` : ''}`
}

function nodeText({ dedicated, lowPriority }: NodeCounts): string {
  const { total: _, ...states } = dedicated
  const parts = Object.entries(states).flatMap(([state, count]) => {
    const both = count + lowPriority[state as keyof typeof states]
    return both > 0 ? [`${both} ${words(state)}`] : []
  })
  return parts.length === 0 ? 'none yet' : parts.join(', ')
}

function words(camelCase: string): string {
  return camelCase.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

/** Where the time went. */
export function stepTable(steps: readonly StepTime[]): string[] {
  const width = Math.max(0, ...steps.map(({ step }) => step.length))
  return steps.map(({ step, ms }) => `  ${step.padEnd(width)} ${`${Math.round(ms)}`.padStart(7)} ms`)
}

/** Local time as the tutorial prints it: `2016-05-20 22:47:10`. */
export function formatTime(date: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`
}
