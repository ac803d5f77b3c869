// The end of a sequence: everything that runs ends, then everything is deleted, and nothing is left.

import assert from 'node:assert/strict'
import { answer, endProcess } from './events.ts'
import { EIGHT_DAYS } from './choices.ts'
import { deleteJob } from './jobs.ts'
import { deletePool } from './pools.ts'
import { deleteSchedule } from './schedules.ts'
import type { Trial } from './trial.ts'

/** Rounds in which all that is under way has come to its end: each task may be tried and moved a few times. */
const MAX_ROUNDS = 200

/** Lets all that is under way come to its end, and deletes all that is there. */
export function finale(trial: Trial): void {
  const { model } = trial
  for (const schedule of Array.from(model.schedules.values())) {
    if (schedule.state === 'deleting') continue
    trial.both(
      ({ jobSchedules }) => jobSchedules.delete(schedule.id),
      () => deleteSchedule(model, schedule, false),
    )
    trial.endStep()
  }
  settle(trial)
  assert.equal(model.schedules.size, 0, 'schedules that do not go')
  for (const { id, state } of model.jobs.values()) {
    assert.ok(['active', 'disabled', 'completed'].includes(state), `job ${id} is ${state} for ever`)
  }
  for (const { id, state, allocation } of model.pools.values()) {
    assert.ok(state === 'active' && allocation === 'steady', `pool ${id} is ${state}, ${allocation} for ever`)
  }
  for (const job of Array.from(model.jobs.values())) {
    trial.both(
      ({ jobs }) => jobs.delete(job.id),
      () => deleteJob(model, job, false),
    )
    trial.endStep()
  }
  settle(trial)
  assert.equal(model.jobs.size, 0, 'jobs that do not go')
  for (const { id } of Array.from(model.pools.values())) {
    trial.both(
      ({ pools }) => pools.delete(id),
      () => deletePool(model, id),
    )
    trial.endStep()
  }
  settle(trial)
  assert.equal(model.pools.size, 0, 'pools that do not go')
  trial.checkEmpty()
}

function settle(trial: Trial): void {
  const { world } = trial
  for (let round = 0; world.processes.size + world.errands.length > 0; round++) {
    assert.ok(round < MAX_ROUNDS, 'it goes on for ever')
    for (const errand of world.errands.slice()) answer(trial, errand, false)
    for (const process of Array.from(world.processes.values())) {
      if (world.processes.has(process.run)) endProcess(trial, process, { exitCode: process.told ? -15 : 0 })
    }
    trial.endStep()
  }
  trial.advance(EIGHT_DAYS)
  trial.endStep()
  if (world.processes.size + world.errands.length > 0) settle(trial)
}
