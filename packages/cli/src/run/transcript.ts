// The story of a run in words. The lines of its usual course are those of Microsoft's tutorial.

import { formatClock, type NodeCounts, type TaskCounts } from '@malachite/model'
import { formatHalt, type Resumption, type WorkflowEvent } from '@malachite/orchestrator'
import { visible } from './visible.ts'

/** How events are told, by their type; the others are not. */
type Telling = {
  [Type in WorkflowEvent['type']]?: (event: Extract<WorkflowEvent, { type: Type }>) => string[]
}

const STORY: Telling = {
  runStarted: ({ startedAt }) => [`Sample start: ${formatTime(startedAt)}`, ''],
  runResumed: (event) => [resumedLine(event), ''],
  uploadStarted: ({ path, container }) => [`Uploading file ${path} to container [${container}]...`],
  poolCreating: ({ poolId }) => [`Creating pool [${poolId}]...`],
  jobCreating: ({ jobId }) => [`Creating job [${jobId}]...`],
  tasksAdding: ({ count, jobId }) => [
    `Adding ${count} ${count === 1 ? 'task' : 'tasks'} to job [${jobId}]...`,
  ],
  allTasksCompleted: () => [
    "  Success! All tasks reached the 'Completed' state within the specified timeout period.",
  ],
  downloadStarted: ({ container }) => [`Downloading all files from container [${container}]...`],
  blobDownloaded: ({ blob, container, path, kept }) => [
    `  ${kept ? 'Kept' : 'Downloaded'} blob [${blob}] from container [${container}] ${kept ? 'in' : 'to'} ${path}`,
  ],
  downloadFinished: () => ['  Download complete!'],
  containersDeleting: () => ['Deleting containers...'],
  runEnded: ({ endedAt, elapsedMs }) => [
    '',
    `Sample end: ${formatTime(endedAt)}`,
    `Elapsed time: ${formatClock(elapsedMs)}`,
    '',
  ],
}

const TROUBLE: Telling = {
  idInDeletion: ({ kind, id }) => [`Waiting: a ${kind} called ${id} is still being deleted.`],
  waitingForNodes: ({ poolId }) => [`Waiting: nodes of pool ${poolId} still need the containers.`],
  taskRejected: ({ taskId, code, message }) => [`The service refused task ${taskId}: ${code}: ${message}`],
  taskFailed: ({ taskId, nodeId, reason, stderrTail }) => [
    `Task ${taskId} failed${nodeId === undefined ? '' : ` on node ${nodeId}`}. ${reason}`,
    ...tail(stderrTail),
  ],
  trouble: ({ reason, stderrTail }) => [`${reason} The tasks cannot complete.`, ...tail(stderrTail)],
  halted: (event) => [haltLine(event)],
  timedOut: ({ timeoutMs, counts }) => [timeoutLine(timeoutMs, counts)],
  downloadRefused: ({ blob, reason }) => [`Blob [${blob}] was not downloaded: ${reason}`],
  downloadFailed: ({ blob, reason }) => [`Blob [${blob}] could not be downloaded: ${reason}`],
  containerKept: ({ container, reason }) => [`Container [${container}] stays: ${reason}`],
}

/** The lines that an event adds to the tutorial's transcript; most add none. */
export function transcriptLines(event: WorkflowEvent): string[] {
  return tell(STORY, event)
}

/** The lines about what is not as it should be. */
export function troubleLines(event: WorkflowEvent): string[] {
  return tell(TROUBLE, event)
}

function tell(telling: Telling, event: WorkflowEvent): string[] {
  const lines = telling[event.type] as ((event: WorkflowEvent) => string[]) | undefined
  return lines?.(event) ?? []
}

function resumedLine(event: Resumption): string {
  const { runId, files, uploaded, tasks, added, repeated, ended } = event
  if (ended) return `Resuming run ${runId}: only the clean-up is left.`
  const again = repeated > 0 ? `, ${repeated} run again because their results are lost` : ''
  const state = `${uploaded} of ${files} files are uploaded, ${added} of ${tasks} tasks added${again}`
  return `Resuming run ${runId}: ${state}.`
}

/** The beginning of the line that waiting for the tasks goes on with, a dot per look. */
export function monitoringLine(timeoutMs: number): string {
  return `Monitoring all tasks for 'Completed' state, timeout in ${formatClock(timeoutMs)}...`
}

function tail(stderrTail: string | undefined): string[] {
  const text = stderrTail?.trimEnd()
  if (!text) return []
  return ['  The end of its stderr.txt:', ...text.split(/\r?\n/).map((line) => `  | ${visible(line)}`)]
}

function haltLine({ condition, reason, counts }: Extract<WorkflowEvent, { type: 'halted' }>): string {
  const { running } = counts
  const rest =
    condition.when === 'now'
      ? 'All tasks are ended.'
      : `No further task is started; ${running} ${running === 1 ? 'task runs' : 'tasks run'} to the end.`
  return `Halting, because ${reason} (--halt ${formatHalt(condition)}). ${rest}`
}

function timeoutLine(timeoutMs: number, { completed, running, active }: TaskCounts): string {
  const state = `${completed} completed, ${running} running, ${active} waiting`
  return `The tasks did not complete within ${formatClock(timeoutMs)}: ${state}. --timeout sets another limit.`
}

/** Where nodes and tasks stand, in one line. */
export function progressText(event: Extract<WorkflowEvent, { type: 'progress' }>): string {
  const { counts, nodes, taskCount, elapsedMs } = event
  const { succeeded, failed, running } = counts
  const tasks = `${taskCount} tasks: ${succeeded} done, ${running} running, ${failed} failed`
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

/** Local time as the tutorial prints it: `2016-05-20 22:47:10`. */
export function formatTime(date: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`
}
