// What can be done to jobs and tasks, and when.

import { at, post, remove, type JobView, type TaskView } from '../api.ts'
import { pageOf } from '../paths.ts'
import { runningTasksField, type Action } from './action.ts'

type Changes = Action['changes']

/** Actions of a job in its state. */
export function jobActions({ id, state }: JobView): (Action | false)[] {
  const isOver = ['completed', 'terminating', 'deleting'].includes(state)
  return [
    state === 'active' && disableJob(id),
    (state === 'disabled' || state === 'disabling') && enableJob(id),
    !isOver && terminateJob(id),
    state !== 'deleting' && deleteJob(id),
  ]
}

function changesOf(job: string): Changes {
  return { jobs: [job], tasks: [job] }
}

function disableJob(id: string): Action {
  return {
    verb: 'Disable',
    question: `Disable job ${id}?`,
    consequence: 'None of its tasks starts until it is enabled again.',
    fields: [runningTasksField('disableTasks', 'wait')],
    perform: (values) => post(at.job(id), 'disable', values),
    done: `Job ${id} is being disabled.`,
    changes: changesOf(id),
  }
}

function enableJob(id: string): Action {
  return {
    verb: 'Enable',
    question: `Enable job ${id}?`,
    consequence: 'Its waiting tasks start as soon as nodes have room.',
    perform: () => post(at.job(id), 'enable'),
    done: `Job ${id} is enabled.`,
    changes: changesOf(id),
  }
}

function terminateJob(id: string): Action {
  return {
    verb: 'Terminate',
    question: `Terminate job ${id}?`,
    consequence: 'Its running tasks are ended, its waiting ones never start, and no more can be added.',
    isDangerous: true,
    perform: () => post(at.job(id), 'terminate'),
    done: `Job ${id} is being terminated.`,
    changes: changesOf(id),
  }
}

function deleteJob(id: string): Action {
  return {
    verb: 'Delete',
    question: `Delete job ${id}?`,
    consequence: 'Its tasks and their files are deleted as well. This cannot be undone.',
    isDangerous: true,
    perform: () => remove(at.job(id)),
    done: `Job ${id} is being deleted.`,
    changes: changesOf(id),
    leadsTo: '/jobs',
  }
}

/** Actions of a task in its state. */
export function taskActions(job: string, { id, state, executionInfo }: TaskView): (Action | false)[] {
  const isFailed = state === 'completed' && executionInfo.result !== 'success'
  return [
    isFailed && reactivateTask(job, id),
    state !== 'completed' && terminateTask(job, id),
    deleteTask(job, id),
  ]
}

function reactivateTask(job: string, id: string): Action {
  return {
    verb: 'Reactivate',
    question: `Reactivate task ${id}?`,
    consequence: 'It goes back into the queue and runs again, with a fresh count of retries.',
    perform: () => post(at.task(job, id), 'reactivate'),
    done: `Task ${id} waits to run again.`,
    changes: { tasks: [job] },
  }
}

function terminateTask(job: string, id: string): Action {
  return {
    verb: 'Terminate',
    question: `Terminate task ${id}?`,
    consequence: 'Its process is ended; the task is completed, as a failure.',
    isDangerous: true,
    perform: () => post(at.task(job, id), 'terminate'),
    done: `Task ${id} is terminated.`,
    changes: { tasks: [job] },
  }
}

function deleteTask(job: string, id: string): Action {
  return {
    verb: 'Delete',
    question: `Delete task ${id}?`,
    consequence: 'Its files on the node are deleted as well. This cannot be undone.',
    isDangerous: true,
    perform: () => remove(at.task(job, id)),
    done: `Task ${id} is deleted.`,
    changes: { tasks: [job] },
    leadsTo: pageOf.job(job),
  }
}
