// Pools whose size a formula sets, in the model. What a sample saw may lie between what was before a tick and after it.

import assert from 'node:assert/strict'
import { BatchError } from '@malachite/model'
import { requireActive, requireSteady, retarget } from './pools.ts'
import { isWaiting, type Model, type ModelNode, type ModelPool, runningTasks, type Scale } from './state.ts'

/** Between two samples. */
const PERIOD = 30_000
/** Between two requests to enable autoscale. */
const SPACING = 30_000

type Chosen = (node: ModelNode) => boolean

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

export function enableAutoScale(
  model: Model,
  id: string,
  formula: Scale['formula'],
  interval: number,
  chosen: Chosen,
): void {
  const pool = requireSteady(model, id)
  if (pool.scaledAt !== undefined && model.now - pool.scaledAt < SPACING)
    throw new BatchError('TooManyEnableAutoScaleRequests')
  pool.scaledAt = model.now
  if (pool.scale) Object.assign(pool.scale, { formula, interval, evaluateAt: model.now + interval })
  else pool.scale = newScale(model, pool, formula, interval)
  evaluate(model, pool, pool.scale, chosen)
}

export function disableAutoScale(model: Model, id: string): void {
  requireActive(model, id).scale = undefined
}

/** Tries a formula, which changes nothing. */
export function evaluateAutoScale(model: Model, id: string): void {
  if (!requireActive(model, id).scale) throw new BatchError('OperationNotValidOnPool')
}

/** Samples and evaluations that time brings; `before` has the tasks that were pending before this tick. */
export function settleAutoScale(
  model: Model,
  before: ReadonlyMap<ModelPool, number>,
  chosen: Chosen,
): boolean {
  const came = [...model.pools.values()].map((pool) => {
    const { scale } = pool
    if (!scale) return false
    if (scale.sampleAt <= model.now) takeSample(model, pool, scale, before.get(pool) ?? 0)
    if (scale.evaluateAt > model.now) return false
    const next = scale.evaluateAt + scale.interval
    scale.evaluateAt = next > model.now ? next : model.now + scale.interval
    evaluate(model, pool, scale, chosen)
    return true
  })
  return came.includes(true)
}

function takeSample(model: Model, pool: ModelPool, scale: Scale, before: number): void {
  const pending = countPending(model, pool)
  scale.sample = { least: Math.min(before, pending), most: Math.max(before, pending) }
  const isLate = model.now - scale.sampleAt >= PERIOD
  scale.sampleAt = (isLate ? model.now : scale.sampleAt) + PERIOD
}

function evaluate(model: Model, pool: ModelPool, { formula, sample }: Scale, chosen: Chosen): void {
  const target = model.chosenTarget(pool.id)
  checkTarget(pool, formula, sample, target)
  const isAsked = target.dedicated === pool.target.dedicated && target.lowPriority === pool.target.lowPriority
  const isThere = [true, false].every((dedicated) => {
    const nodes = [...model.nodes.values()].filter(
      (node) => node.pool === pool && node.dedicated === dedicated,
    )
    return nodes.length === (dedicated ? target.dedicated : target.lowPriority)
  })
  if (!isAsked || (!isThere && pool.allocation === 'steady')) retarget(model, pool, target, 'requeue', chosen)
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
