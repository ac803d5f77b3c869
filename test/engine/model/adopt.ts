// What the engine chose, told to the model: which task went to which node, which was evicted. Here is judged whether it
// was free to.

import assert from 'node:assert/strict'
import type { Effect, TaskRun } from '@malachite/emulator'
import { adoptInstance } from './instances.ts'
import { checkOrder, managerWaits, readyTasks, type Starts } from './order.ts'
import { freeSlots, directoryOf, runningTasks, tasksOn, usedSlots } from './queries.ts'
import {
  type Hold,
  MANAGER_ID,
  type Model,
  type ModelJob,
  type ModelJobNode,
  type ModelNode,
  type ModelTask,
  PREPARATION_ID,
  RELEASE_ID,
} from './state.ts'
import { requeue } from './tasks.ts'

/** What was chosen in one step. */
interface Choices extends Starts {
  prepared: { job: ModelJob; node: ModelNode }[]
  /** Processes that were told to end. */
  told: Set<number>
}

/** A task that the engine has given to a node which is not prepared yet: nothing else tells of it. */
export interface Reservation {
  jobId: string
  taskId: string
  nodeId: string
}

/**
 * Takes over the choices behind these effects. `isOneChange`: nothing but one verb or report led to them, so that the
 * order in which jobs are served can be told from them.
 */
export function adopt(
  model: Model,
  effects: readonly Effect[],
  reservations: readonly Reservation[],
  isOneChange: boolean,
): void {
  const choices: Choices = { assignments: [], evicted: [], prepared: [], told: new Set() }
  for (const effect of effects) {
    if (effect.type === 'runTask') adoptRun(model, effect, choices)
    if (effect.type === 'endTask') adoptEnd(model, effect.run, choices)
    if (effect.type === 'runStartTask') adoptStartTask(model, effect.node.nodeId, effect.run)
  }
  for (const { jobId, taskId, nodeId } of [...reservations].sort(managersFirst)) {
    const task = model.jobs.get(jobId)?.tasks.get(taskId)
    const node = model.nodes.get(nodeId)
    if (task?.state === 'active' && node) assign(task, node, 'reserved', undefined, choices)
  }
  checkPending(model, choices)
  checkOrder(model, choices, isOneChange)
}

function managersFirst(a: Reservation, b: Reservation): number {
  return Number(b.taskId === MANAGER_ID) - Number(a.taskId === MANAGER_ID)
}

function adoptStartTask(model: Model, nodeId: string, run: number): void {
  const start = model.nodes.get(nodeId)?.start
  assert.ok(start && start.run === undefined, `a start task runs on ${nodeId} that is not due`)
  start.run = run
}

function adoptRun(model: Model, effect: TaskRun, choices: Choices): void {
  const job = model.jobs.get(effect.jobId)
  const node = model.nodes.get(effect.node.nodeId)
  const name = `${effect.jobId}/${effect.taskId}`
  assert.ok(job && node, `${name} runs without a job or node`)
  node.files.add(directoryOf(job.id, effect.taskId, effect.instance?.id))
  if (model.stillborn.delete(`${name}/${node.id}`)) return void model.orphans.add(effect.run)
  if (job.preparation && effect.taskId === PREPARATION_ID)
    return adoptPreparation(job, node, effect.run, choices)
  if (job.hasRelease && effect.taskId === RELEASE_ID) {
    const place = job.nodes.get(node.id)
    assert.ok(place?.release === 'running' && place.run === 'awaited', `${name} runs though it is not due`)
    place.run = job.isForced ? undefined : effect.run
    if (job.isForced) model.orphans.add(effect.run)
    return
  }
  const task = job.tasks.get(effect.taskId)
  assert.ok(task, `${name} runs and is no task`)
  assert.equal(effect.instance === undefined, task.instances === 0, `the instances of ${name}`)
  if (task.instances > 0 && task.hold) adoptInstance(task, node, effect)
  else if (task.hold?.kind === 'running') {
    assert.equal(task.hold.run, undefined, `${name} runs twice at once`)
    assert.equal(task.hold.node, node, `${name} waited on another node`)
    task.hold.run = effect.run
  } else assign(task, node, 'running', effect.run, choices)
  checkLimit(model, task, effect)
}

/** Both commands of a multi-instance task have its limit together. */
function checkLimit({ now }: Model, task: ModelTask, { maxWallClockMs, instance }: TaskRun): void {
  if (instance?.phase !== 'application') task.startedAt = now
  const limit = task.limit && Math.max(0, task.limit - (now - (task.startedAt ?? now)))
  const isSame = maxWallClockMs === limit || Math.abs((maxWallClockMs ?? Infinity) - (limit ?? Infinity)) < 1
  assert.ok(isSame, `${task.job.id}/${task.id} may run for ${maxWallClockMs} ms instead of ${limit}`)
}

function adoptPreparation(job: ModelJob, node: ModelNode, run: number, choices: Choices): void {
  const place: ModelJobNode = job.nodes.get(node.id) ?? { preparation: 'stale', release: 'none', retries: 0 }
  job.nodes.set(node.id, place)
  if (place.run !== 'awaited') {
    assert.equal(place.preparation, 'stale', `${job.id} is prepared on ${node.id} again`)
    Object.assign(place, { preparation: 'running', retries: 0 })
    choices.prepared.push({ job, node })
  }
  place.run = run
}

function assign(
  task: ModelTask,
  node: ModelNode,
  kind: 'reserved' | 'running',
  run: number | undefined,
  choices: Choices,
): void {
  const { job, slots } = task
  const name = `${job.id}/${task.id}`
  assert.equal(task.state, 'active', `${name} starts though it does not wait`)
  assert.equal(job.state, 'active', `${name} starts though its job is ${job.state}`)
  assert.equal(task.waits.size, 0, `${name} starts before what it depends on`)
  assert.equal(task.ghosts.size, 0, `${name} starts while a former try still ends`)
  assert.ok(node.pool.id === job.pool && node.pool.state === 'active', `${name} starts in a wrong pool`)
  if (usedSlots(node) === 0) node.exclusive = false
  assert.ok(
    freeSlots(node) >= slots,
    `${name} needs ${slots} slots of ${node.id}, free are ${freeSlots(node)}`,
  )
  checkPreparation(job, node, kind, name)
  const isManager = job.manager !== undefined && task.id === MANAGER_ID
  if (isManager) claim(job, node, name)
  const place = { job, taskId: task.id, directory: directoryOf(job.id, task.id) }
  const hold: Hold = { node, slots, kind, ...place, ...(run !== undefined && { run }) }
  Object.assign(task, { state: kind === 'reserved' ? 'preparing' : 'running', hold, nodeId: node.id })
  node.holds.push(hold)
  task.parts = task.instances > 0 ? [{ node, hold, state: 'running' }] : []
  assert.ok(isManager || !managerWaits(job), `${name} starts before the job manager`)
  const running = runningTasks(job).length
  assert.ok(job.maxParallel === -1 || running <= job.maxParallel, `${running} tasks of ${job.id} run at once`)
  choices.assignments.push({ task, node })
}

function checkPreparation(job: ModelJob, node: ModelNode, kind: Hold['kind'], name: string): void {
  if (!job.preparation) return assert.equal(kind, 'running', `${name} waits for no preparation`)
  const preparation = job.nodes.get(node.id)?.preparation
  assert.notEqual(preparation, 'failed', `${name} starts on a node that could not be prepared`)
  const mayRun = preparation === 'ready' || (preparation === 'running' && !job.preparation.waits)
  assert.equal(kind, mayRun ? 'running' : 'reserved', `${name} is ${kind}, the preparation ${preparation}`)
}

function claim({ manager }: ModelJob, node: ModelNode, name: string): void {
  assert.ok(node.dedicated || manager?.onSpot, `${name} starts on a spot node`)
  if (!manager?.exclusive) return
  assert.equal(usedSlots(node), 0, `${name} has to share its node`)
  node.exclusive = true
}

function adoptEnd(model: Model, run: number, choices: Choices): void {
  choices.told.add(run)
  if (model.ended.has(run)) return
  const tasks = [...model.jobs.values()].flatMap((job) => [...job.tasks.values()])
  const task = tasks.find(({ hold }) => hold?.run === run)
  if (!task) return
  if (task.hold) choices.evicted.push({ task, node: task.hold.node })
  requeue(model, task, false)
}

/** All that has to follow has followed. */
function checkPending(model: Model, { told, prepared }: Choices): void {
  for (const [run, { node }] of model.ended) {
    assert.ok(told.has(run), `the process ${run} on ${node.id} was not told to end`)
  }
  model.ended.clear()
  for (const node of model.nodes.values()) {
    assert.ok(!node.start || node.start.run !== undefined, `no start task runs on ${node.id}`)
    for (const { kind, run, job, isQuiet } of node.holds)
      assert.ok(
        kind !== 'running' || isQuiet || run !== undefined,
        `a task of ${job?.id} has no process on ${node.id}`,
      )
  }
  assert.deepEqual([...model.stillborn], [], 'what started in this step')
  for (const job of model.jobs.values()) {
    for (const { id, hold, parts, instances } of job.tasks.values())
      assert.ok(!hold || parts.length === instances, `${job.id}/${id} lacks instances`)
    for (const [nodeId, { run }] of job.nodes)
      assert.notEqual(run, 'awaited', `nothing runs on ${nodeId} that ${job.id} waits for`)
  }
  for (const { job, node } of prepared) {
    const isWanted =
      tasksOn(model, node).some((task) => task.job === job) ||
      readyTasks(job).some(({ instances }) => instances > 0)
    assert.ok(isWanted, `${node.id} is prepared for ${job.id} though no task comes`)
  }
}
