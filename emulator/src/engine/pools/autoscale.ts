// Pools whose size a formula sets: when it is evaluated, what it sees, and what comes of it.

import { type AutoScaleRun, BatchError, parseDuration, type Wire } from '@malachite/model'
import { FormulaError } from '../../autoscale/formula-error.ts'
import { parseFormula } from '../../autoscale/parser.ts'
import { type Decision, runFormula } from '../../autoscale/run.ts'
import type { Formula } from '../../autoscale/syntax.ts'
import { DEFAULT_INTERVAL, type parseEnableAutoScale } from '../../schema/autoscale.ts'
import { orderPool, type PoolBody } from '../../schema/pool.ts'
import type { PoolRow } from '../../storage/pools.ts'
import { toIso } from '../../storage/time.ts'
import { retarget } from './allocation.ts'
import type { Stamp } from '../api.ts'
import { readMetrics } from './autoscale-samples.ts'
import type { Core } from '../core/core.ts'
import { requireActivePool, stampOf } from '../core/lookup.ts'

/** Between two accepted requests to enable autoscale on one pool, microseconds. */
const ENABLE_SPACING = 30_000_000

/** The formula of a text that a client sent; a `BatchError` with the place of what is wrong with it. */
export function readFormula(text: string): Formula {
  try {
    return parseFormula(text)
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error
    const code = error.kind === 'tooLong' ? 'AutoScalingFormulaTooLong' : 'AutoScalingFormulaSyntaxError'
    throw new BatchError(code, { PropertyName: 'autoScaleFormula', Reason: error.message }, { cause: error })
  }
}

/** The first evaluation of a pool that has just been added with a formula: it decides how many machines to ask for. */
export function startAutoScale(core: Core, pool: PoolRow): void {
  beginSampling(core, pool)
  pool.evaluateAt = core.now() + intervalOf(bodyOf(pool))
  const { targets } = evaluate(core, pool)
  pool.targetDedicated = targets.dedicated
  pool.targetLowPriority = targets.lowPriority
  core.store.pools.save(pool)
  wakeForNext(core)
}

/** Enables autoscale, or changes its formula or interval; evaluates at once. */
export function enableAutoScale(
  core: Core,
  poolId: string,
  change: ReturnType<typeof parseEnableAutoScale>,
): Stamp {
  const pool = requireActivePool(core, poolId)
  const body = { ...bodyOf(pool), ...change, enableAutoScale: true }
  if (body.autoScaleFormula === undefined)
    throw new BatchError('MissingRequiredProperty', { PropertyName: 'autoScaleFormula' })
  readFormula(body.autoScaleFormula)
  if (pool.allocationState !== 'steady') throw new BatchError('PoolBeingResized')
  const now = core.now()
  if (pool.autoScaleEnabledAt !== null && now - pool.autoScaleEnabledAt < ENABLE_SPACING)
    throw new BatchError('TooManyEnableAutoScaleRequests')
  const { autoScaleEvaluationInterval = DEFAULT_INTERVAL } = body
  pool.body = JSON.stringify(orderPool({ ...body, autoScaleEvaluationInterval }))
  if (pool.evaluateAt === null) beginSampling(core, pool)
  // A new formula alone leaves the times of its evaluation as they are.
  if (pool.evaluateAt === null || change.autoScaleEvaluationInterval !== undefined)
    pool.evaluateAt = now + intervalOf(bodyOf(pool))
  Object.assign(pool, { autoScaleEnabledAt: now, modifiedAt: now })
  apply(core, pool, evaluate(core, pool))
  wakeForNext(core)
  return stampOf(pool.modifiedAt)
}

/** Leaves the pool at the size it was last given. */
export function disableAutoScale(core: Core, poolId: string): Stamp {
  const pool = requireActivePool(core, poolId)
  const { autoScaleFormula: _, autoScaleEvaluationInterval: __, ...body } = bodyOf(pool)
  if (!body.enableAutoScale) return stampOf(pool.modifiedAt)
  pool.body = JSON.stringify({ ...body, enableAutoScale: false })
  pool.modifiedAt = core.now()
  endAutoScale(core, pool)
  core.store.pools.save(pool)
  return stampOf(pool.modifiedAt)
}

/** No more samples and evaluations; the caller saves the row. */
export function endAutoScale(core: Core, pool: PoolRow): void {
  core.histories.end(pool.key)
  Object.assign(pool, { evaluateAt: null, autoScaleRun: null })
}

/** What a formula would do to this pool, which must have one already; nothing is done. */
export function tryFormula(core: Core, poolId: string, text: string): Wire<AutoScaleRun> {
  const pool = requireActivePool(core, poolId)
  if (pool.evaluateAt === null) throw new BatchError('OperationNotValidOnPool')
  return runOf(core, decide(core, pool, readFormula(text)))
}

/** What time brings to pools with a formula: samples, evaluations. */
export function continueAutoScale(core: Core): void {
  if (core.histories.nextDue() === Infinity) return
  for (const key of core.histories.due(core.now() / 1000)) sample(core, key)
  for (const pool of core.store.pools.toEvaluate(core.now())) {
    const interval = intervalOf(bodyOf(pool))
    const next = (pool.evaluateAt ?? 0) + interval
    pool.evaluateAt = next > core.now() ? next : core.now() + interval
    apply(core, pool, evaluate(core, pool))
  }
  wakeForNext(core)
}

/** Takes up the formulas of an earlier life; their samples are lost. */
export function recoverAutoScale(core: Core): void {
  for (const pool of core.store.pools.autoScaled()) core.histories.begin(pool.key, core.now() / 1000)
}

/** A formula never finds its pool without any sample: the first one is taken at once. */
function beginSampling(core: Core, pool: PoolRow): void {
  core.histories.begin(pool.key, core.now() / 1000)
  core.histories.add(pool.key, readMetrics(core, pool), core.now() / 1000)
}

function sample(core: Core, key: number): void {
  const pool = core.store.pools.byKey(key)
  if (!pool || pool.evaluateAt === null) core.histories.end(key)
  else core.histories.add(key, readMetrics(core, pool), core.now() / 1000)
}

/** Asks for the tick that brings the next sample or evaluation. */
function wakeForNext(core: Core): void {
  const next = Math.min(core.histories.nextDue(), (core.store.pools.nextEvaluation() ?? Infinity) / 1000)
  if (next < Infinity) core.wakeBy(next)
}

/** Evaluates the pool's own formula and keeps the run in its row; the caller saves it. */
function evaluate(core: Core, pool: PoolRow): Decision {
  const decision = decide(core, pool, readFormula(bodyOf(pool).autoScaleFormula ?? ''))
  pool.autoScaleRun = JSON.stringify(runOf(core, decision))
  return decision
}

function decide(core: Core, pool: PoolRow, formula: Formula): Decision {
  const reading = readMetrics(core, pool)
  return runFormula(formula, {
    now: core.now() / 1000,
    random: () => randomOf(core.newId()),
    targets: { dedicated: pool.targetDedicated, lowPriority: pool.targetLowPriority },
    current: (metric) => reading[metric] ?? 0,
    history: (metric) => core.histories.series(pool.key, metric),
  })
}

/** From 0 up to 1: the first 52 bits of an id. */
function randomOf(id: string): number {
  return Number.parseInt(id.slice(0, 13), 16) / 2 ** 52
}

function runOf(core: Core, { run }: Decision): Wire<AutoScaleRun> {
  return { timestamp: toIso(core.now()), ...run }
}

/** Gives the pool its new size, unless it has it or is on the way to it; after an error it stays as it is. */
function apply(core: Core, pool: PoolRow, { run, targets, deallocation }: Decision): void {
  const { dedicated, lowPriority } = core.store.pools.nodeTotals(pool.key)
  const isAsked = targets.dedicated === pool.targetDedicated && targets.lowPriority === pool.targetLowPriority
  const isThere = targets.dedicated === dedicated && targets.lowPriority === lowPriority
  if (run.error || (isAsked && (isThere || pool.allocationState !== 'steady'))) core.store.pools.save(pool)
  else retarget(core, pool, targets, deallocation)
}

function bodyOf(pool: PoolRow): PoolBody {
  return JSON.parse(pool.body) as PoolBody
}

/** Microseconds between two evaluations. */
function intervalOf({ autoScaleEvaluationInterval = DEFAULT_INTERVAL }: PoolBody): number {
  return (parseDuration(autoScaleEvaluationInterval) ?? 0) * 1000
}
