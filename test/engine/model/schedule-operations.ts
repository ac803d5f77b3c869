// What users do with job schedules, to the engine and to the model.

import * as fc from 'fast-check'
import { bodyOfSchedule, bodyOfTiming } from './bodies.ts'
import { newJob, newTiming, type NewTiming, scheduleId } from './choices.ts'
import { operation } from './operations.ts'
import {
  addSchedule,
  deleteSchedule,
  disableSchedule,
  enableSchedule,
  requireSchedule,
  terminateSchedule,
  type Timing,
  updateSchedule,
} from './schedules.ts'

const id = scheduleId
const force = fc.boolean()

export const SCHEDULE_OPERATIONS = [
  operation(2, 'add schedule', { id, timing: newTiming, job: newJob }, (trial, { id, timing, job }) => {
    const { model } = trial
    trial.both(
      ({ jobSchedules }) => jobSchedules.add(bodyOfSchedule(id, timing, job, model.now)),
      () => addSchedule(model, id, timesOf(timing, model.now), job),
    )
  }),
  operation(1, 'patch schedule', { id, timing: newTiming }, (trial, { id, timing }) => {
    const { model } = trial
    trial.both(
      ({ jobSchedules }) => jobSchedules.patch(id, { schedule: bodyOfTiming(timing, model.now) }),
      () => updateSchedule(model, requireSchedule(model, id), timesOf(timing, model.now)),
    )
  }),
  operation(1, 'disable schedule', { id }, (trial, { id }) =>
    trial.both(
      ({ jobSchedules }) => jobSchedules.disable(id),
      () => disableSchedule(requireSchedule(trial.model, id)),
    ),
  ),
  operation(2, 'enable schedule', { id }, (trial, { id }) =>
    trial.both(
      ({ jobSchedules }) => jobSchedules.enable(id),
      () => enableSchedule(trial.model, requireSchedule(trial.model, id)),
    ),
  ),
  operation(1, 'terminate schedule', { id, force }, (trial, { id, force }) =>
    trial.both(
      ({ jobSchedules }) => jobSchedules.terminate(id, { force }),
      () => terminateSchedule(trial.model, requireSchedule(trial.model, id), force),
    ),
  ),
  operation(2, 'delete schedule', { id, force }, (trial, { id, force }) =>
    trial.both(
      ({ jobSchedules }) => jobSchedules.delete(id, { force }),
      () => deleteSchedule(trial.model, requireSchedule(trial.model, id), force),
    ),
  ),
]

function timesOf({ from, to, ...timing }: NewTiming, now: number): Timing {
  const at = (ms: number | undefined) => (ms === undefined ? undefined : now + ms)
  return { ...timing, from: at(from), to: at(to) }
}
