// What is said of a run when it is over: what failed, what stays, where the time went.

import { formatHalt, type LeftBehind, type RunResult, type StepTime } from '@malachite/orchestrator'

/** The last word on a run that was halted, or has failed tasks. */
export function summaryLines(result: RunResult): string[] {
  return [...haltedLines(result), ...failedLines(result)]
}

function haltedLines({ halted, taskCounts }: RunResult): string[] {
  if (!halted) return []
  const open = taskCounts.active + taskCounts.running
  const why = `${halted.reason} (--halt ${formatHalt(halted.condition)})`
  return [`Halted, because ${why}: ${open} ${open === 1 ? 'task' : 'tasks'} did not complete.`]
}

/** How to have the rest of a run run. */
export function retryLines({ runId, unfinished, taskCounts, outcome }: RunResult): string[] {
  const { active, running, completed } = taskCounts
  // A run that never got as far as its tasks is begun anew once its trouble is mended, as it was typed.
  if (unfinished.length === 0 || outcome === 'aborted' || active + running + completed === 0) return []
  return [`To run what has no result: malachite run --retry-failed ${runId}`]
}

/** How to see all that a failed task has written, of whose stderr the end is shown. */
export function logsLine(jobId: string, taskId: string, { backend, isKept }: LogsFacts): string {
  const where = backend === 'azure' ? ' --backend azure' : ''
  const command = `malachite logs ${jobId} ${taskId} --stderr${where}`
  if (backend === 'local')
    return `  All of it, after a run with --backend emulator --delete-job no: ${command}`
  return isKept ? `  All of it: ${command}` : `  All of it, as long as the job is not deleted: ${command}`
}

/** What decides how long the files of a task are there. */
export interface LogsFacts {
  /** Of the local one they end with the command. */
  backend: 'local' | 'emulator' | 'azure'
  /** The job is not to be deleted. */
  isKept: boolean
}

function failedLines({ failedTasks, taskCounts }: RunResult): string[] {
  if (failedTasks.length === 0) return []
  const total = taskCounts.completed + taskCounts.active + taskCounts.running
  const shown = failedTasks.slice(0, 10).map(({ taskId }) => taskId)
  const more = failedTasks.length > shown.length ? ', …' : ''
  return [`${failedTasks.length} of ${total} tasks failed: ${shown.join(', ')}${more}.`]
}

/** What stays, why, and how to delete it. */
export function leftBehindLines(left: readonly LeftBehind[]): string[] {
  if (left.length === 0) return []
  const groups = Map.groupBy(left, ({ kind, reason }) => `${kind} ${reason}`)
  const hasPool = left.some(({ kind }) => kind === 'pool')
  return [
    'Left behind:',
    ...[...groups.values()].flatMap(groupLines),
    ...(hasPool ? ['  A pool costs money as long as it has nodes.'] : []),
  ]
}

/** What a run on this machine was told to keep: it cannot outlive the services, which end with the command. */
export function endedLines(left: readonly LeftBehind[]): string[] {
  if (left.length === 0) return []
  const names = left.map(({ kind, id }) => `${kind} ${id}`).join(', ')
  return [`The local services end with this command, and with them: ${names}.`]
}

function groupLines(group: readonly LeftBehind[]): string[] {
  const [{ kind, reason } = { kind: 'pool' as const, reason: '' }] = group
  const ids = group.map(({ id }) => id)
  return [
    `  ${kind}${ids.length > 1 ? 's' : ''} ${ids.join(', ')}: ${reason}`,
    ...ids.map((id) => `    ${DELETE_COMMANDS[kind]} ${id}`),
  ]
}

const DELETE_COMMANDS: Record<LeftBehind['kind'], string> = {
  pool: 'az batch pool delete --pool-id',
  job: 'az batch job delete --job-id',
  container: 'az storage container delete --name',
}

/** Where the time went. */
export function stepTable(steps: readonly StepTime[]): string[] {
  const width = Math.max(0, ...steps.map(({ step }) => step.length))
  return steps.map(({ step, ms }) => `  ${step.padEnd(width)} ${String(Math.round(ms)).padStart(7)} ms`)
}
