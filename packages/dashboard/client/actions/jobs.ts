// What can be done to jobs, tasks and schedules, and when.

import { at, post, remove, type JobView, type ScheduleView, type TaskView } from '../api.ts'
import { pageOf } from '../paths.ts'
import type { Action } from './action.ts'

/** Actions of a job in its state. */
export function jobActions(job: JobView): (Action | false)[] {
  const path = at.job(job.id)
  const changes = { jobs: [job.id], tasks: [job.id] }
  const isOver = ['completed', 'terminating', 'deleting'].includes(job.state)
  return [
    job.state === 'active' && {
      verb: 'Disable',
      question: `Disable job ${job.id}?`,
      consequence: 'None of its tasks starts until it is enabled again.',
      fields: [
        {
          name: 'disableTasks',
          label: 'Tasks that run now',
          kind: 'choice',
          initial: 'requeue',
          choices: [
            { value: 'requeue', text: 'end and go back into the queue' },
            { value: 'terminate', text: 'are terminated' },
            { value: 'wait', text: 'may end first' },
          ],
        },
      ],
      perform: (values) => post(path, 'disable', values),
      done: `Job ${job.id} is being disabled.`,
      changes,
    },
    (job.state === 'disabled' || job.state === 'disabling') && {
      verb: 'Enable',
      question: `Enable job ${job.id}?`,
      consequence: 'Its waiting tasks start as soon as nodes have room.',
      perform: () => post(path, 'enable'),
      done: `Job ${job.id} is enabled.`,
      changes,
    },
    !isOver && {
      verb: 'Terminate',
      question: `Terminate job ${job.id}?`,
      consequence: 'Its running tasks are ended, its waiting ones never start, and no more can be added.',
      isDangerous: true,
      perform: () => post(path, 'terminate'),
      done: `Job ${job.id} is being terminated.`,
      changes,
    },
    job.state !== 'deleting' && {
      verb: 'Delete',
      question: `Delete job ${job.id}?`,
      consequence: 'Its tasks and their files are deleted as well. This cannot be undone.',
      isDangerous: true,
      perform: () => remove(path),
      done: `Job ${job.id} is being deleted.`,
      changes,
      leadsTo: '/jobs',
    },
  ]
}

/** Actions of a task in its state. */
export function taskActions(job: string, task: TaskView): (Action | false)[] {
  const path = at.task(job, task.id)
  const changes = { tasks: [job] }
  const isFailed = task.state === 'completed' && task.executionInfo.result !== 'success'
  return [
    isFailed && {
      verb: 'Reactivate',
      question: `Reactivate task ${task.id}?`,
      consequence: 'It goes back into the queue and runs again, with a fresh count of retries.',
      perform: () => post(path, 'reactivate'),
      done: `Task ${task.id} waits to run again.`,
      changes,
    },
    task.state !== 'completed' && {
      verb: 'Terminate',
      question: `Terminate task ${task.id}?`,
      consequence: 'Its process is ended; the task is completed, as a failure.',
      isDangerous: true,
      perform: () => post(path, 'terminate'),
      done: `Task ${task.id} is terminated.`,
      changes,
    },
    {
      verb: 'Delete',
      question: `Delete task ${task.id}?`,
      consequence: 'Its files on the node are deleted as well. This cannot be undone.',
      isDangerous: true,
      perform: () => remove(path),
      done: `Task ${task.id} is deleted.`,
      changes,
      leadsTo: pageOf.job(job),
    },
  ]
}

/** Actions of a job schedule in its state. */
export function scheduleActions({ id, state }: ScheduleView): (Action | false)[] {
  const path = at.schedule(id)
  const changes = { jobSchedules: [id], jobs: true } as const
  return [
    state === 'active' && {
      verb: 'Disable',
      question: `Disable schedule ${id}?`,
      consequence: 'It makes no more jobs until it is enabled again; the job that it made goes on.',
      perform: () => post(path, 'disable'),
      done: `Schedule ${id} is disabled.`,
      changes,
    },
    state === 'disabled' && {
      verb: 'Enable',
      question: `Enable schedule ${id}?`,
      consequence: 'It makes jobs again at their times.',
      perform: () => post(path, 'enable'),
      done: `Schedule ${id} is enabled.`,
      changes,
    },
    (state === 'active' || state === 'disabled') && {
      verb: 'Terminate',
      question: `Terminate schedule ${id}?`,
      consequence: 'It makes no more jobs, and the job that is active is terminated.',
      isDangerous: true,
      perform: () => post(path, 'terminate'),
      done: `Schedule ${id} is being terminated.`,
      changes,
    },
    state !== 'deleting' && {
      verb: 'Delete',
      question: `Delete schedule ${id}?`,
      consequence: 'All jobs that it made are deleted with it. This cannot be undone.',
      isDangerous: true,
      perform: () => remove(path),
      done: `Schedule ${id} is being deleted.`,
      changes,
      leadsTo: '/schedules',
    },
  ]
}
