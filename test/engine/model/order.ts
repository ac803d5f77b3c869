// In which order tasks get nodes, and which of them: whether the engine was free to choose as it did.

import assert from 'node:assert/strict'
import { freeSlots, isWaiting, runningTasks } from './queries.ts'
import { MANAGER_ID, type Model, type ModelJob, type ModelNode, type ModelTask } from './state.ts'

interface Assignment {
  task: ModelTask
  node: ModelNode
}

/** The tasks that got a node in one step, and those that lost theirs to others. */
export interface Starts {
  assignments: Assignment[]
  evicted: Assignment[]
}

/** Fails when another task should have come first, or should not have had to go. */
export function checkOrder(model: Model, { assignments, evicted }: Starts, isOneChange: boolean): void {
  for (const { task, node } of assignments) {
    const isFirst = task.job.manager !== undefined && task.id === MANAGER_ID
    const first = isFirst
      ? undefined
      : readyTasks(task.job).find((other) => isLike(other, task) && other.queue < task.queue)
    assert.equal(
      first?.id,
      undefined,
      `${task.job.id}/${task.id} starts before ${first?.id}, which waits longer`,
    )
    if (!isOneChange) continue
    checkAffinity(model, task, node)
    for (const job of rivals(model, task.job)) {
      const isBarred = managerWaits(job) || job.nodes.get(node.id)?.preparation === 'failed'
      const better = isBarred ? [] : unheldTasks(job)
      const name = better.find(({ slots, instances }) => instances === 0 && slots <= task.slots)?.id
      assert.equal(
        name,
        undefined,
        `${task.job.id}/${task.id} starts before ${job.id}/${name}, which has priority`,
      )
    }
  }
  for (const {
    task: { job, id },
    node,
  } of evicted) {
    assert.ok(job.preemptible && !(job.manager && id === MANAGER_ID), `${job.id}/${id} may not be evicted`)
    const isWanted = rivals(model, job).some((other) => wantsRoom(other, node))
    assert.ok(isWanted, `${job.id}/${id} is evicted though no job with a higher priority has a waiting task`)
  }
}

/** A task is where it would like to be, unless there was no room. */
function checkAffinity(model: Model, { job, id, slots, affinity = '' }: ModelTask, node: ModelNode): void {
  const liked = model.nodes.get(affinity)
  if (!liked || liked === node || liked.pool !== node.pool || id === MANAGER_ID) return
  const isBarred = job.nodes.get(liked.id)?.preparation === 'failed'
  const isKept = keptNodes([...predecessors(model, job), job], Infinity) > 0
  assert.ok(
    isBarred || isKept || freeSlots(liked) < slots,
    `${job.id}/${id} is not on ${liked.id}, which has room`,
  )
}

/** Whether two tasks wait in one queue. Those that wait for the preparation of several nodes wait for other nodes. */
function isLike(one: ModelTask, other: ModelTask): boolean {
  const isSame = one.slots === other.slots && one.instances === other.instances
  return isSame && !(one.instances > 0 && one.job.preparation)
}

/** Tasks that could start now; those behind one whose nodes are still being prepared may wait with it. */
function unheldTasks(job: ModelJob): ModelTask[] {
  const tasks = readyTasks(job)
  const held = tasks.filter(({ instances }) => instances > 0 && job.preparation)
  const first = Math.min(...held.map(({ queue }) => queue))
  return tasks.filter(({ queue }) => queue < first)
}

/** Jobs that are served before this one and may start tasks. */
export function rivals(model: Model, job: ModelJob): ModelJob[] {
  return [...model.jobs.values()].filter(
    (other) => other.pool === job.pool && other.priority > job.priority && mayStart(other),
  )
}

/** Jobs that may be served before this one. */
export function predecessors(model: Model, job: ModelJob): ModelJob[] {
  return [...model.jobs.values()].filter(
    (other) => other !== job && other.pool === job.pool && other.priority >= job.priority,
  )
}

/** How many free nodes these jobs may keep, of so many, while they are prepared for all instances of a task. */
export function keptNodes(jobs: readonly ModelJob[], nodes: number): number {
  return jobs
    .filter((job) => job.preparation && mayStart(job) && !managerWaits(job))
    .flatMap(readyTasks)
    .filter(({ instances }) => instances <= nodes)
    .reduce((sum, { instances }) => sum + instances, 0)
}

/** Whether a job has a waiting task that could run on the node if there was room. */
export function wantsRoom(job: ModelJob, node: ModelNode): boolean {
  if (!managerWaits(job)) return readyTasks(job).some(({ instances }) => instances === 0)
  return node.dedicated || job.manager?.onSpot === true
}

/** Tasks of a job that could start now. */
export function readyTasks(job: ModelJob): ModelTask[] {
  return [...job.tasks.values()].filter(isWaiting)
}

export function managerWaits(job: ModelJob): boolean {
  return job.manager !== undefined && job.tasks.get(MANAGER_ID)?.state === 'active'
}

/** Whether a job may have a further task run. */
export function mayStart(job: ModelJob): boolean {
  return job.state === 'active' && (job.maxParallel === -1 || runningTasks(job).length < job.maxParallel)
}
