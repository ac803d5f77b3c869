// What users do with tasks, to the engine and to the model.

import { BatchError } from '@malachite/model'
import * as fc from 'fast-check'
import { bodyOfTask } from './bodies.ts'
import { anyTaskId, jobId, newTask, retries } from './choices.ts'
import { requireJob } from './jobs.ts'
import { operation } from './operations.ts'
import { directoryOf, dropFiles } from './queries.ts'
import { RETENTION } from './state.ts'
import {
  addTask,
  detach,
  type NewTask,
  reactivateTask,
  requireTask,
  requireOpen,
  terminateTask,
} from './tasks.ts'
import type { Trial } from './trial.ts'

export const TASK_OPERATIONS = [
  operation(14, 'add task', { job: jobId, task: newTask }, (trial, { job, task: given }) => {
    const task = withNode(trial, job, given)
    trial.both(
      ({ tasks }) => tasks.add(job, bodyOfTask(task)),
      () => addOne(trial, job, task),
    )
  }),
  operation(
    14,
    'add tasks',
    { job: jobId, list: fc.array(newTask, { minLength: 1, maxLength: 5 }) },
    (trial, { job, list }) => {
      const codes: (string | undefined)[] = []
      trial.both(
        ({ tasks }) => {
          const items = tasks.addCollection(job, { value: list.map(bodyOfTask) })
          codes.push(...items.map((item) => (item.status === 'success' ? undefined : item.error.code)))
        },
        () => {
          requireOpen(requireJob(trial.model, job))
          for (const [i, task] of list.entries()) trial.same(codes[i], () => addOne(trial, job, task))
        },
      )
    },
  ),
  operation(1, 'terminate task', { job: jobId, task: anyTaskId }, (trial, { job, task }) =>
    trial.both(
      ({ tasks }) => tasks.terminate(job, task),
      () => terminateTask(trial.model, taskOf(trial, job, task)),
    ),
  ),
  operation(1, 'delete task', { job: jobId, task: anyTaskId }, (trial, { job, task }) =>
    trial.both(
      ({ tasks }) => tasks.delete(job, task),
      () => {
        const row = taskOf(trial, job, task)
        detach(trial.model, row)
        dropFiles(trial.model.nodes.values(), directoryOf(row.job.id, task))
        row.job.tasks.delete(task)
      },
    ),
  ),
  operation(2, 'reactivate task', { job: jobId, task: anyTaskId }, (trial, { job, task }) =>
    trial.both(
      ({ tasks }) => tasks.reactivate(job, task),
      () => reactivateTask(trial.model, taskOf(trial, job, task)),
    ),
  ),
  operation(1, 'update task', { job: jobId, task: anyTaskId, retries }, (trial, { job, task, retries }) =>
    trial.both(
      ({ tasks }) => tasks.update(job, task, { constraints: { maxTaskRetryCount: retries } }),
      () => updateTask(trial, job, task, retries),
    ),
  ),
]

/** The task with the node of its pool that it would like, if there is any. */
function withNode(trial: Trial, jobId: string, task: NewTask): NewTask {
  const pool = trial.model.jobs.get(jobId)?.pool
  const nodes = [...trial.model.nodes.values()].filter((node) => node.pool.id === pool)
  if (task.affinity === undefined) return task
  const node = nodes[task.affinity % nodes.length]
  if (!node) return task
  const { affinityId } = trial.engine().nodes.get(node.pool.id, node.id)
  return { ...task, nodeId: node.id, affinityId }
}

function addOne({ model }: Trial, jobId: string, task: NewTask): void {
  const job = requireJob(model, jobId)
  requireOpen(job)
  addTask(model, job, task)
}

function taskOf({ model }: Trial, jobId: string, taskId: string) {
  return requireTask(requireJob(model, jobId), taskId)
}

function updateTask(trial: Trial, jobId: string, taskId: string, maxRetries: number): void {
  const task = taskOf(trial, jobId, taskId)
  if (task.state === 'completed') throw new BatchError('TaskCompleted')
  Object.assign(task, { maxRetries, limit: undefined, retention: RETENTION })
}
