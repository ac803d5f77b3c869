// Tells of each task as it ends: what ran, where, for how long, and how many bytes went in and came out.

import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { isBatchError } from '@malachite/model'
import { previewTask } from './preview.ts'
import type { TaskEnd } from './report.ts'
import { withSignal, type Run } from './run.ts'
import type { EndedTask, OnTaskEnds } from './task-ends.ts'
import { taskIdsOf } from './task-ids.ts'

/** An ended task with its place among the inputs. */
interface KnownEnd {
  task: EndedTask
  index: number
  path: string
  /** Name of its result. */
  result?: string
}

/** Reports `taskEnded` for each. Tasks of the job that are not the run's own are left out. */
export function followTasks(run: Run): OnTaskEnds {
  const { settings } = run
  const indexes = new Map(taskIdsOf(settings).map((id, index) => [id.toLowerCase(), index]))

  function know(task: EndedTask): KnownEnd[] {
    const index = indexes.get(task.id.toLowerCase())
    const path = index === undefined ? undefined : settings.inputFiles[index]
    if (index === undefined || path === undefined) return []
    const result = settings.workload.resultName?.(basename(path))
    return [{ task, index, path, ...(result !== undefined && { result }) }]
  }

  return async (tasks, signal) => {
    const ends = tasks.flatMap(know)
    const sizes = await resultSizes(run, ends, signal)
    for (const end of ends) run.report({ type: 'taskEnded', ...(await describe(run, end, sizes)) })
  }
}

async function describe(
  { settings, blob }: Run,
  { task, index, path, result }: KnownEnd,
  sizes: ReadonlyMap<string, number>,
): Promise<TaskEnd> {
  const { exitCode, startTime, endTime } = task.executionInfo
  return {
    taskId: task.id,
    index,
    commandLine: previewTask(settings, path, index, blob).commandLine,
    succeeded: task.executionInfo.result !== 'failure',
    ...(exitCode !== undefined && { exitCode }),
    ...(task.nodeInfo && { nodeId: task.nodeInfo.nodeId }),
    ...(startTime && { startedAt: startTime }),
    ...(endTime && { endedAt: endTime }),
    inputBytes: await sizeOf(path),
    outputBytes: sizes.get(result ?? '') ?? 0,
  }
}

/** The file may have gone since it was uploaded. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}

/** Sizes of the results that are there, by one list however many tasks have ended. */
async function resultSizes(
  { blob, settings }: Run,
  ends: readonly KnownEnd[],
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const names = new Set(ends.flatMap(({ result }) => result ?? []))
  const sizes = new Map<string, number>()
  if (names.size === 0) return sizes
  const list = { prefix: commonPrefix([...names]), ...withSignal(signal) }
  try {
    for await (const { name, contentLength } of blob.listBlobs(settings.containers.output, list)) {
      if (names.has(name)) sizes.set(name, contentLength)
    }
  } catch (error) {
    // The end of the run tells that its results are lost.
    if (!isBatchError(error, 'ContainerNotFound', 'ContainerBeingDeleted')) throw error
  }
  return sizes
}

/** What all names begin with. */
export function commonPrefix(names: readonly string[]): string {
  const [first = '', ...rest] = names
  let length = first.length
  for (const name of rest) while (!name.startsWith(first.slice(0, length))) length--
  return first.slice(0, length)
}
