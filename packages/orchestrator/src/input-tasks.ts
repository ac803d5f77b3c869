// One task per input. Made and signed as they go out, so that the number of inputs does not matter.

import { isBatchError, sleep, type TaskSpec } from '@malachite/model'
import { addTasks } from './add-tasks.ts'
import { withSignal, type Run } from './run.ts'
import { taskIdsOf } from './task-ids.ts'
import { sasExpiry, toInputFile } from './upload.ts'
import type { OutputTarget } from './workload.ts'

/** The tasks of a run's job. */
export interface InputTasks {
  /** Tasks that the job has now. */
  count: number
  /** Inputs without one, because an earlier process of the run has brought their results to the output container. */
  done: number
}

/** Adds the tasks that the job has not yet; those that must run again are deleted before. */
export async function addInputTasks(run: Run): Promise<InputTasks> {
  const { batch, clock, report, signal, settings, journal, left } = run
  const { jobId, inputFiles } = settings
  const ids = taskIdsOf(settings)
  const missing = [...inputFiles.keys()].filter((i) => isMissing(left?.inputs[i]?.task))
  const done = left?.inputs.filter(({ task }) => task === 'done').length ?? 0
  report({ type: 'tasksAdding', jobId, count: missing.length })
  for (const index of missing) {
    if (left?.inputs[index]?.task === 'repeat') await deleteTask(run, ids[index] ?? '')
  }
  const parts = { batch, clock, report, signal }
  const { added, rejected } = await addTasks(jobId, makeTasks(run, missing), parts)
  journal.failedTasks.push(...rejected)
  return { count: inputFiles.length - missing.length - done + added.length, done }
}

function isMissing(task: string | undefined): boolean {
  return task === undefined || task === 'add' || task === 'repeat'
}

async function* makeTasks(run: Run, indexes: readonly number[]): AsyncGenerator<TaskSpec> {
  const { workload, inputFiles, containers } = run.settings
  const output = await outputTarget(run)
  for (const index of indexes) {
    const path = inputFiles[index]
    if (path !== undefined) {
      yield workload.toTask(await toInputFile(run, path, containers.input), index, output)
    }
  }
}

async function outputTarget(run: Run): Promise<OutputTarget> {
  const { blob, settings, signal } = run
  const container = settings.containers.output
  const sas = await blob.containerSas(container, {
    permissions: ['write', 'create'],
    expiresOn: sasExpiry(run),
    ...withSignal(signal),
  })
  return { account: blob.account, url: blob.url, container, sas }
}

const LOOK_EVERY_MS = 100

/** Deletes a task and waits until its id is free. */
async function deleteTask({ batch, clock, settings, signal }: Run, taskId: string): Promise<void> {
  try {
    await batch.deleteTask(settings.jobId, taskId, withSignal(signal))
    for (;;) {
      await batch.getTask(settings.jobId, taskId, withSignal(signal))
      await sleep(clock, LOOK_EVERY_MS, signal)
    }
  } catch (error) {
    if (!isBatchError(error, 'TaskNotFound')) throw error
  }
}
