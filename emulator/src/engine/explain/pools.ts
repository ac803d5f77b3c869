// Why a pool is not steady, or not of the size that it should have.

import type { AutoScaleRun, ResizeError, Wire } from '@malachite/model'
import type { NodeRow } from '../../storage/nodes.ts'
import type { PoolRow } from '../../storage/pools.ts'
import { json } from '../../storage/table.ts'
import { toIso } from '../../storage/time.ts'
import { because, type Finding, firstOf, type Rule } from './finding.ts'
import { explainNode, takesTasks } from './nodes.ts'

/** A pool with all its nodes. */
export interface PoolCase {
  pool: PoolRow
  nodes: readonly NodeRow[]
}

/** What a pool is about. */
export function explainPool(facts: PoolCase): Finding {
  const { pool, nodes } = facts
  return (
    firstOf([deleting, ...SIZE, sick], facts) ??
    because('PoolSteady', { poolId: pool.id, current: nodes.length })
  )
}

/** Why a pool has no nodes. */
export function explainNoNodes(facts: PoolCase): Finding | undefined {
  return facts.nodes.length === 0 ? firstOf(SIZE, facts) : undefined
}

const deleting: Rule<PoolCase> = ({ pool, nodes }) =>
  pool.state === 'deleting'
    ? because('PoolBeingDeleted', { poolId: pool.id, current: nodes.length })
    : undefined

/** For a pool that is being deleted. */
export const explainDeleting = deleting

const failedFormula: Rule<PoolCase> = ({ pool }) => {
  const error = runOf(pool)?.error
  return error
    ? because('AutoScaleFailed', { poolId: pool.id, error: `${error.code}, ${error.message}` })
    : undefined
}

const resizing: Rule<PoolCase> = ({ pool, nodes }) => {
  if (pool.allocationState === 'steady') return undefined
  const poolId = pool.id
  const leaving = nodes.filter(isLeaving)
  const missing = Math.max(0, targetOf(pool) - nodes.length + leaving.length)
  if ((pool.allocating && missing > 0) || leaving.length === 0)
    return because('PoolAllocating', { poolId, current: nodes.length, missing })
  const tasks = leaving.reduce((sum, { runningTasks }) => sum + runningTasks, 0)
  const nodeIds = leaving.map(({ id }) => id)
  return because('PoolShrinking', { poolId, leaving: leaving.length, tasks, nodeIds })
}

const failedResize: Rule<PoolCase> = ({ pool, nodes }) => {
  const [error] = json<ResizeError[]>(pool.resizeErrors) ?? []
  if (!error) return undefined
  const { code, message } = error
  const facts = { poolId: pool.id, current: nodes.length, target: targetOf(pool), code, message }
  const [quota, coresPerNode] = [numberOf(error, 'Quota'), numberOf(error, 'CoresPerNode')]
  if (quota !== undefined && coresPerNode !== undefined)
    return because('CoreQuotaReached', { ...facts, quota, coresPerNode })
  return because('PoolResizeFailed', facts)
}

function numberOf({ values = [] }: ResizeError, name: string): number | undefined {
  const value = values.find((pair) => pair.name === name)
  return value && Number(value.value)
}

const notAtTarget: Rule<PoolCase> = ({ pool, nodes }) => {
  const [current, target] = [nodes.length, targetOf(pool)]
  return current === target ? undefined : because('PoolNotAtTarget', { poolId: pool.id, current, target })
}

const empty: Rule<PoolCase> = ({ pool, nodes }) => {
  if (nodes.length > 0) return undefined
  const poolId = pool.id
  if (pool.evaluateAt === null) return because('PoolEmpty', { poolId })
  const results = runOf(pool)?.results ?? ''
  return because('PoolEmptyByFormula', { poolId, results, nextEvaluation: toIso(pool.evaluateAt) })
}

const SIZE = [resizing, failedFormula, failedResize, notAtTarget, empty]

/** The size is right, but some of the nodes are not. */
const sick: Rule<PoolCase> = ({ pool, nodes }) => {
  const ill = nodes.filter((node) => !takesTasks(node))
  const [first] = ill
  if (!first) return undefined
  const finding = explainNode(first)
  const more = { poolId: pool.id, current: nodes.length, notUsable: ill.length }
  const count = `${ill.length} of the ${nodes.length} nodes of pool ${pool.id}`
  const sentence = `${count} ${ill.length === 1 ? 'takes' : 'take'} no tasks: ${finding.sentence}`
  return { ...finding, sentence, details: { ...finding.details, ...more } }
}

function isLeaving({ state, draining }: NodeRow): boolean {
  return state === 'leavingpool' || draining === 'left'
}

function targetOf({ targetDedicated, targetLowPriority }: PoolRow): number {
  return targetDedicated + targetLowPriority
}

function runOf(pool: PoolRow): Wire<AutoScaleRun> | undefined {
  return json<Wire<AutoScaleRun>>(pool.autoScaleRun)
}
