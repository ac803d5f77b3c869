// How pools come into the model.

import { BatchError } from '@malachite/model'
import type { NewPool } from './choices.ts'
import { checkTarget, newScale } from './scale.ts'
import type { Model, ModelPool } from './state.ts'

/** A resize that takes longer is given up. */
export const RESIZE_TIMEOUT = 15 * 60_000

export function addPool(model: Model, { formula, ...given }: NewPool): void {
  const taken = model.pools.get(given.id)?.state
  if (taken) throw new BatchError(taken === 'deleting' ? 'PoolBeingDeleted' : 'PoolExists')
  const pool: ModelPool = { ...given, state: 'active', allocation: 'resizing', allocating: true }
  model.pools.set(pool.id, pool)
  if (!formula) return void (pool.deadline = model.now + RESIZE_TIMEOUT)
  pool.scale = newScale(model, pool, formula, DEFAULT_INTERVAL)
  const target = model.chosenTarget(pool.id)
  if (!target) return
  pool.target = target
  checkTarget(pool, formula, pool.scale.sample, pool.target)
}

/** Between two evaluations of a formula. */
const DEFAULT_INTERVAL = 15 * 60_000
