// What the rules ask of the model's objects.

import { BatchError, type BatchErrorCode } from '@malachite/model'
import type { Model, ModelJob, ModelNode, ModelPool, ModelTask } from './state.ts'

/** The value of a map, or the error that says that there is none. */
export function require<Value>(map: ReadonlyMap<string, Value>, id: string, missing: BatchErrorCode): Value {
  const value = map.get(id)
  if (value === undefined) throw new BatchError(missing)
  return value
}

export function usedSlots({ holds }: ModelNode): number {
  return holds.reduce((sum, { slots }) => sum + slots, 0)
}

/** Processes of tasks on a node; reservations have none yet. */
export function processCount({ holds }: ModelNode): number {
  return holds.filter(({ kind }) => kind !== 'reserved').length
}

/** Slots that the scheduler may give to tasks. */
export function freeSlots(node: ModelNode): number {
  const isOpen = (node.state === 'idle' || node.state === 'running') && node.enabled && !node.draining
  const used = usedSlots(node)
  return isOpen && !(node.exclusive && used > 0) ? node.pool.slots - used : 0
}

export function nodesOf(model: Model, pool: ModelPool): ModelNode[] {
  return [...model.nodes.values()].filter((node) => node.pool === pool)
}

export function tasksOn(model: Model, node: ModelNode): ModelTask[] {
  return [...model.jobs.values()].flatMap((job) =>
    [...job.tasks.values()].filter(
      ({ hold, parts }) => hold?.node === node || parts.some((part) => part.hold?.node === node),
    ),
  )
}

/** Whether a task could start now. */
export function isWaiting({ state, waits, ghosts }: ModelTask): boolean {
  return state === 'active' && waits.size + ghosts.size === 0
}

/** Tasks that have a node now. */
export function runningTasks(job: ModelJob): ModelTask[] {
  return [...job.tasks.values()].filter(({ state }) => state === 'preparing' || state === 'running')
}

/** Whether nothing of a job is started or tried again. */
export function isEnding({ state }: ModelJob): boolean {
  return state === 'terminating' || state === 'deleting' || state === 'completed'
}

/** Where the files of a task are on its node, or those of a further instance of it. */
export function directoryOf(jobId: string, taskId: string, instance = 0): string {
  const root = `${jobDirectory(jobId)}/${taskId}`
  return instance === 0 ? root : `${root}/${instance}`
}

/** Where the files of a job are; those of `s:job-2` lie with its schedule. */
export function jobDirectory(jobId: string): string {
  const [first = '', run = 'job-1'] = jobId.split(':')
  return `workitems/${first}/${run}`
}

/** Whether a directory is another one, or in it. */
export function isWithin(directory: string, outer: string): boolean {
  return `${directory}/`.startsWith(`${outer}/`)
}

/** Nobody needs this directory any more, on any of these nodes. */
export function dropFiles(nodes: Iterable<ModelNode>, directory: string): void {
  for (const { files } of nodes) for (const file of files) if (isWithin(file, directory)) files.delete(file)
}
