// Adds any number of tasks: in chunks, with a result for each, repeating what the service says may be repeated.

import {
  BatchError,
  isBatchError,
  sleep,
  type AddTaskResult,
  type BatchBackend,
  type Clock,
  type TaskSpec,
} from '@malachite/model'
import { halve, toChunks } from './chunks.ts'
import { redact } from './redact.ts'
import type { FailedTask, Report } from './report.ts'
import { transferAll } from './transfers.ts'

/** What adding needs: a backend, a clock for pauses, and where to report refused tasks. */
export interface AddTasksParts {
  batch: Pick<BatchBackend, 'addTasks'>
  clock: Clock
  report: Report
  signal?: AbortSignal | undefined
}

/** The ids that the job has now, and the tasks the service refused. */
export interface AddedTasks {
  added: string[]
  rejected: FailedTask[]
}

/** Requests under way at once. */
const CONCURRENCY = 4
/** Tries for a task the service fails to add, and the first pause between two; it doubles. */
const MAX_TRIES = 5
const FIRST_PAUSE_MS = 200

/**
 * Adds all tasks, as they come, to a job that has none of these ids. Rejects only when a request as a whole fails; a refused task is reported
 * and comes back in `rejected`.
 */
export async function addTasks(
  jobId: string,
  tasks: Iterable<TaskSpec> | AsyncIterable<TaskSpec>,
  parts: AddTasksParts,
): Promise<AddedTasks> {
  const all: AddedTasks = { added: [], rejected: [] }
  const plan = {
    concurrency: CONCURRENCY,
    signal: parts.signal,
    onResult: (results: AddTaskResult[]) => results.forEach(take),
  }
  function take(result: AddTaskResult): void {
    if (result.status === 'success') all.added.push(result.taskId)
    else all.rejected.push(reject(result, parts.report))
  }
  await transferAll(toChunks(tasks), plan, (chunk, signal) => addChunk(jobId, chunk, { ...parts, signal }))
  return all
}

async function addChunk(
  jobId: string,
  chunk: readonly TaskSpec[],
  parts: AddTasksParts,
): Promise<AddTaskResult[]> {
  const done: AddTaskResult[] = []
  let open = chunk
  for (let attempt = 1; ; attempt++) {
    const results = (await send(jobId, open, parts)).map(forgiveRepetition)
    const answered = results.filter(({ status }) => status !== 'servererror' || attempt === MAX_TRIES)
    done.push(...answered)
    const settled = new Set(answered.map(({ taskId }) => taskId.toLowerCase()))
    open = open.filter(({ id }) => !settled.has(id.toLowerCase()))
    if (open.length === 0) return done
    if (attempt === MAX_TRIES) return [...done, ...open.map(withoutAnswer)]
    await sleep(parts.clock, FIRST_PAUSE_MS * 2 ** (attempt - 1), parts.signal)
  }
}

/** One request, or more when the service finds it too large. */
async function send(
  jobId: string,
  chunk: readonly TaskSpec[],
  parts: AddTasksParts,
): Promise<AddTaskResult[]> {
  try {
    return await parts.batch.addTasks(jobId, chunk, parts.signal ? { signal: parts.signal } : {})
  } catch (error) {
    if (!isBatchError(error, 'RequestBodyTooLarge')) throw error
    const [only] = chunk
    if (only && chunk.length === 1) return [tooLarge(only, error)]
    const results: AddTaskResult[] = []
    for (const half of halve(chunk)) results.push(...(await send(jobId, half, parts)))
    return results
  }
}

/**
 * The job had none of the ids and they differ, so a task that exists already was added by an earlier try whose answer was lost
 * (here or in the retries of the backend).
 */
function forgiveRepetition(result: AddTaskResult): AddTaskResult {
  return result.error?.code === 'TaskExists' ? { taskId: result.taskId, status: 'success' } : result
}

function tooLarge(task: TaskSpec, { code, message }: BatchError): AddTaskResult {
  return { taskId: task.id, status: 'clienterror', error: { code, message, details: {} } }
}

function withoutAnswer(task: TaskSpec): AddTaskResult {
  const { code, message } = new BatchError('InternalError')
  return { taskId: task.id, status: 'servererror', error: { code, message, details: {} } }
}

function reject({ taskId, status, error }: AddTaskResult, report: Report): FailedTask {
  const code = error?.code ?? status
  const message = redact(error?.message ?? 'The service gave no reason.')
  const details = Object.fromEntries(
    Object.entries(error?.details ?? {}).map(([name, value]) => [name, redact(value)]),
  )
  report({ type: 'taskRejected', taskId, code, message, details })
  return { taskId, reason: `The service refused the task: ${code}: ${message}` }
}
