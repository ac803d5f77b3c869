// What the formula of a pool sees and may come to, in the model.

import assert from 'node:assert/strict'
import { isWaiting, runningTasks } from './queries.ts'
import { type Model, type ModelPool, type Scale } from './state.ts'

/** Between two samples. */
export const PERIOD = 30_000

/** How many tasks a formula sees: those that run or could; each instance of one that waits counts. */
export function countPending(model: Model, pool: ModelPool): number {
  const jobs = [...model.jobs.values()].filter((job) => job.pool === pool.id)
  return jobs.reduce((sum, job) => {
    const waiting = job.state === 'active' ? [...job.tasks.values()].filter(isWaiting) : []
    const ready = waiting.reduce((count, { instances }) => count + Math.max(1, instances), 0)
    return sum + ready + runningTasks(job).length
  }, 0)
}

export function newScale(model: Model, pool: ModelPool, formula: Scale['formula'], interval: number): Scale {
  const pending = countPending(model, pool)
  const times = { interval, evaluateAt: model.now + interval, sampleAt: model.now + PERIOD }
  return { formula, ...times, sample: { least: pending, most: pending } }
}

/** Whether a formula may come to this size. */
export function checkTarget(
  { id }: ModelPool,
  formula: Scale['formula'],
  sample: Scale['sample'],
  { dedicated, lowPriority }: ModelPool['target'],
): void {
  const { least, most } = 'most' in formula ? sample : { least: formula.dedicated, most: formula.dedicated }
  const limit = 'most' in formula ? formula.most : Infinity
  const isRight = Math.min(least, limit) <= dedicated && dedicated <= Math.min(most, limit)
  assert.ok(isRight, `${id} has a target of ${dedicated} nodes, not from ${least} to ${most}`)
  assert.equal(lowPriority, formula.lowPriority, `spot nodes that the formula of ${id} wants`)
}
