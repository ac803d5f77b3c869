// What can be done to job schedules, and when.

import { at, post, remove, type ScheduleView } from '../api.ts'
import type { Action } from './action.ts'

/** Actions of a job schedule in its state. */
export function scheduleActions({ id, state }: ScheduleView): (Action | false)[] {
  return [
    state === 'active' && disableSchedule(id),
    state === 'disabled' && enableSchedule(id),
    (state === 'active' || state === 'disabled') && terminateSchedule(id),
    state !== 'deleting' && deleteSchedule(id),
  ]
}

function changesOf(id: string): Action['changes'] {
  return { jobSchedules: [id], jobs: true }
}

function disableSchedule(id: string): Action {
  return {
    verb: 'Disable',
    question: `Disable schedule ${id}?`,
    consequence: 'It makes no more jobs until it is enabled again; the job that it made goes on.',
    perform: () => post(at.schedule(id), 'disable'),
    done: `Schedule ${id} is disabled.`,
    changes: changesOf(id),
  }
}

function enableSchedule(id: string): Action {
  return {
    verb: 'Enable',
    question: `Enable schedule ${id}?`,
    consequence: 'It makes jobs again at their times.',
    perform: () => post(at.schedule(id), 'enable'),
    done: `Schedule ${id} is enabled.`,
    changes: changesOf(id),
  }
}

function terminateSchedule(id: string): Action {
  return {
    verb: 'Terminate',
    question: `Terminate schedule ${id}?`,
    consequence: 'It makes no more jobs, and the job that is active is terminated.',
    isDangerous: true,
    perform: () => post(at.schedule(id), 'terminate'),
    done: `Schedule ${id} is being terminated.`,
    changes: changesOf(id),
  }
}

function deleteSchedule(id: string): Action {
  return {
    verb: 'Delete',
    question: `Delete schedule ${id}?`,
    consequence: 'All jobs that it made are deleted with it. This cannot be undone.',
    isDangerous: true,
    perform: () => remove(at.schedule(id)),
    done: `Schedule ${id} is being deleted.`,
    changes: changesOf(id),
    leadsTo: '/schedules',
  }
}
