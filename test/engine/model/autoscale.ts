// Pools whose size a formula sets, in the model. What a sample saw may lie between what was before a tick and after it.

import { BatchError } from '@malachite/model'
import { requireActive, requireSteady, retarget } from './pools.ts'
import { checkTarget, countPending, newScale, PERIOD } from './scale.ts'
import type { Model, ModelNode, ModelPool, Scale } from './state.ts'

/** Between two requests to enable autoscale. */
const SPACING = 30_000

type Chosen = (node: ModelNode) => boolean

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
  if (!target) return
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
