// Why a task waits: the rules of the scheduler, asked one after the other about one task.

import type { PoolBody } from '../../schema/pool.ts'
import type { JobRow } from '../../storage/jobs.ts'
import type { NodeRow } from '../../storage/nodes.ts'
import type { PoolRow } from '../../storage/pools.ts'
import { jobDirectory, type TaskRow } from '../../storage/tasks.ts'
import type { Core } from '../core/core.ts'
import { waitingManager } from '../jobs/job-manager.ts'
import { read } from '../jobs/job-nodes.ts'
import { type JobParts, partsOf } from '../tasks/task-run.ts'
import { explainBlocked } from './dependencies.ts'
import { explainFailure } from './failure-causes.ts'
import { because, type Finding, firstOf, type Rule } from './finding.ts'
import { explainNodes, takesTasks } from './nodes.ts'
import { explainDeleting, explainNoNodes } from './pools.ts'

/** All that decides whether a task of a pool starts. */
interface Waiting {
  task: TaskRow
  job: JobRow
  pool: PoolRow
  /** All nodes of the pool. */
  nodes: readonly NodeRow[]
  /** Those that take tasks of the job, now or once they have room. */
  usable: readonly NodeRow[]
  /** The job manager, while it waits. */
  manager: { id: string; whole: boolean; dedicated: boolean } | undefined
  /** A job whose waiting tasks are started before those of this one. */
  before: JobRow | undefined
  /** The node on which a former try still ends. */
  formerNode: string | undefined
  /** Other tasks of the job need fewer slots, and so get those that come free. */
  isPassed: boolean
  /** A node that could not be prepared for the job. */
  barred: { nodeId: string; reason: string } | undefined
  talkingNodes: boolean
}

/** Why a task of the state `active` does not run. */
export function explainWaiting(core: Core, job: JobRow, task: TaskRow): Finding {
  const stopped = explainJob(job, task)
  if (stopped) return stopped
  const blocked = task.blocked > 0 && explainBlocked(core, job.id, task)
  if (blocked) return blocked
  const pool = core.store.pools.byId(job.poolId)
  if (!pool) return because('PoolNotFound', { poolId: job.poolId, jobId: job.id })
  const waiting = readWaiting(core, job, task, pool)
  return firstOf(RULES, waiting) ?? because('TaskAboutToStart', factsOf(waiting))
}

function explainJob({ id: jobId, state: jobState }: JobRow, { id: taskId }: TaskRow): Finding | undefined {
  if (jobState === 'active') return undefined
  const isOver = jobState === 'terminating' || jobState === 'completed' || jobState === 'deleting'
  return because(isOver ? 'JobEnded' : 'JobDisabled', { jobId, jobState, taskId })
}

function readWaiting(core: Core, job: JobRow, task: TaskRow, pool: PoolRow): Waiting {
  const nodes = core.store.nodes.ofPool(pool.key)
  const barred = job.preparationId === null ? new Set<string>() : core.store.jobNodes.barred(job.key)
  const [nodeId] = barred
  const parts = partsOf(job)
  return {
    task,
    job,
    pool,
    nodes,
    usable: nodes.filter((node) => takesTasks(node) && !barred.has(node.id)),
    manager: managerOf(core, parts),
    before: jobBefore(core, job, pool),
    formerNode: core.store.endings.ofTask(task.key)?.nodeId,
    isPassed: [...core.store.tasks.needs(job.key)].some(({ slots }) => slots < task.slots),
    barred: nodeId === undefined ? undefined : { nodeId, reason: whyBarred(core, job, nodeId) },
    talkingNodes: (JSON.parse(pool.body) as PoolBody).enableInterNodeCommunication,
  }
}

const JOBS_BEFORE = 10

/** Where needs differ, the tasks of the other job may wait for something that the pool does not have. */
function jobBefore(core: Core, { key }: JobRow, pool: PoolRow): JobRow | undefined {
  const next = core.store.jobs.withWork(pool.id, JOBS_BEFORE).find((job) => job.key === key || !job.mixed)
  return next?.key === key ? undefined : next
}

function managerOf(core: Core, { row, body }: JobParts): Waiting['manager'] {
  const { jobManagerTask: manager } = body
  const task = waitingManager(core, row)
  return (
    task && manager && { id: task.id, whole: manager.runExclusive, dedicated: !manager.allowLowPriorityNode }
  )
}

function whyBarred(core: Core, job: JobRow, nodeId: string): string {
  const { failureInfo, exitCode } = read(core.store.jobNodes.of(job.key, nodeId)?.prepared ?? null)
  return explainFailure(failureInfo, exitCode).reason
}

function factsOf({ task, job, pool }: Waiting) {
  return { taskId: task.id, jobId: job.id, poolId: pool.id }
}

const isFree = ({ free }: NodeRow): boolean => free > 0

const tooManySlots: Rule<Waiting> = (waiting) => {
  const [requiredSlots, taskSlotsPerNode] = [waiting.task.slots, waiting.pool.slots]
  if (requiredSlots <= taskSlotsPerNode) return undefined
  return because('TaskNeedsMoreSlots', { ...factsOf(waiting), requiredSlots, taskSlotsPerNode })
}

const wrongPool: Rule<Waiting> = (waiting) => {
  if (waiting.task.nodes === 0) return undefined
  const { slots: taskSlotsPerNode } = waiting.pool
  if (!waiting.talkingNodes) return because('InterNodeCommunicationDisabled', factsOf(waiting))
  if (taskSlotsPerNode === 1) return undefined
  return because('MultiInstanceNeedsSingleSlots', { ...factsOf(waiting), taskSlotsPerNode })
}

const tooManyTasks: Rule<Waiting> = (waiting) => {
  const { maxParallel, running } = waiting.job
  if (maxParallel === -1 || running < maxParallel) return undefined
  return because('MaxParallelTasks', { ...factsOf(waiting), running, maxParallelTasks: maxParallel })
}

const managerFirst: Rule<Waiting> = (waiting) => {
  const { manager, task } = waiting
  if (!manager || manager.id === task.id) return undefined
  return because('JobManagerFirst', { ...factsOf(waiting), managerId: manager.id })
}

const noNode: Rule<Waiting> = ({ pool, nodes }) => explainNodes(pool.id, nodes)

const formerTry: Rule<Waiting> = (waiting) => {
  const { formerNode: nodeId } = waiting
  return nodeId === undefined ? undefined : because('FormerTryEnding', { ...factsOf(waiting), nodeId })
}

const notPrepared: Rule<Waiting> = (waiting) => {
  const { barred, usable, job } = waiting
  if (!barred || usable.length > 0) return undefined
  const directory = `${jobDirectory(job.id)}/${job.preparationId}`
  return because('JobPreparationFailed', { ...factsOf(waiting), ...barred, directory })
}

const tooFewNodes: Rule<Waiting> = (waiting) => {
  const { task, usable } = waiting
  const [needed, current, idle] = [task.nodes, usable.length, usable.filter(isFree).length]
  if (current < needed)
    return because('MultiInstanceNeedsMoreNodes', { ...factsOf(waiting), needed, current })
  return idle < needed
    ? because('MultiInstanceNeedsIdleNodes', { ...factsOf(waiting), needed, idle })
    : undefined
}

const notForManager: Rule<Waiting> = (waiting) => {
  const { manager, task, usable } = waiting
  if (manager?.id !== task.id) return undefined
  const allowed = usable.filter(({ dedicated }) => dedicated || !manager.dedicated)
  if (allowed.length === 0) return because('JobManagerNeedsDedicatedNode', factsOf(waiting))
  const isTaken = manager.whole && allowed.every(({ usedSlots }) => usedSlots > 0)
  return isTaken ? because('JobManagerNeedsEmptyNode', factsOf(waiting)) : undefined
}

const noSlot: Rule<Waiting> = (waiting) => {
  const { task, usable, before, job, nodes, isPassed } = waiting
  const free = usable.reduce((max, node) => Math.max(max, node.free), 0)
  if (free >= task.slots) return undefined
  const facts = factsOf(waiting)
  if (free > 0 || isPassed) return because('SlotsScattered', { ...facts, requiredSlots: task.slots, free })
  if (!before) return because('AllSlotsTaken', { ...facts, nodes: usable.length, allNodes: nodes.length })
  const other = { otherJobId: before.id, otherPriority: before.priority, priority: job.priority }
  return because('OtherJobsFirst', { ...facts, ...other, otherTasks: before.ready })
}

/** A task on several nodes starts when all of them are prepared; others wait as `preparing` on theirs. */
const preparing: Rule<Waiting> = (waiting) => {
  const { task, job, usable } = waiting
  if (task.nodes === 0 || job.preparationId === null) return undefined
  const nodes = usable.filter(isFree).map(({ id }) => id)
  const directory = `${jobDirectory(job.id)}/${job.preparationId}`
  return because('JobPreparationRunning', { ...factsOf(waiting), nodes, directory })
}

const RULES: readonly Rule<Waiting>[] = [
  explainDeleting,
  tooManySlots,
  wrongPool,
  tooManyTasks,
  managerFirst,
  explainNoNodes,
  noNode,
  formerTry,
  notPrepared,
  tooFewNodes,
  notForManager,
  noSlot,
  preparing,
]
