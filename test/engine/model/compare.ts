// The engine's answers against the model.

import assert from 'node:assert/strict'
import type { Engine } from '@malachite/emulator'
import { nodesOf, processCount, usedSlots } from './queries.ts'
import {
  type Model,
  type ModelJob,
  type ModelNode,
  type ModelPool,
  type ModelSchedule,
  type ModelTask,
} from './state.ts'
import { jobsOf, nextRun } from './schedules.ts'

/** Everything that users can see of pools, nodes, jobs and tasks is as the model says. */
export function compare(engine: Engine, model: Model): void {
  const pools = engine.pools.list().items.map((pool) => ({
    id: pool.id,
    state: pool.state,
    allocation: pool.allocationState,
    sizes: [pool.currentDedicatedNodes, pool.currentLowPriorityNodes],
    targets: [pool.targetDedicatedNodes, pool.targetLowPriorityNodes],
  }))
  assert.deepEqual(
    pools,
    sorted(model.pools).map((pool) => poolView(model, pool)),
    'pools',
  )
  const jobs = engine.jobs.list({ select: ['id', 'state'] }).items
  assert.deepEqual(
    jobs.sort((a, b) => (a.id < b.id ? -1 : 1)),
    sorted(model.jobs).map(({ id, state }) => ({ id, state })),
    'jobs',
  )
  compareSchedules(engine, model)
  for (const pool of model.pools.values()) compareNodes(engine, model, pool)
  compareNodeCounts(engine, model)
  // Those of jobs that are over do not change: it is enough to look at them now and then.
  for (const job of model.jobs.values())
    if (job.state !== 'completed' || model.step % 8 === 0) compareTasks(engine, job)
}

function sorted<Item extends { id: string }>(items: ReadonlyMap<string, Item>): Item[] {
  return [...items.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

function poolView(model: Model, pool: ModelPool) {
  const nodes = nodesOf(model, pool)
  const dedicated = nodes.filter((node) => node.dedicated).length
  return {
    id: pool.id,
    state: pool.state,
    allocation: pool.allocation,
    sizes: [dedicated, nodes.length - dedicated],
    targets: [pool.target.dedicated, pool.target.lowPriority],
  }
}

function compareSchedules(engine: Engine, model: Model): void {
  const schedules = engine.jobSchedules.list().items.map(({ id, state, executionInfo: info }) => ({
    id,
    state,
    recent: info?.recentJob?.id,
    nextRun: state === 'active' && info?.nextRunTime ? Date.parse(info.nextRunTime) : undefined,
  }))
  assert.deepEqual(
    schedules,
    sorted(model.schedules).map((schedule) => scheduleView(model, schedule)),
    'schedules',
  )
  for (const schedule of model.schedules.values()) {
    const jobs = engine.jobSchedules.listJobs(schedule.id, { select: ['id', 'state'] }).items
    assert.equal(jobs.length, jobsOf(model, schedule).length, `jobs of ${schedule.id}`)
    const active = jobs.filter(({ state }) => state === 'active')
    assert.ok(active.length <= 1, `${schedule.id} has more than one active job`)
  }
}

function scheduleView(model: Model, schedule: ModelSchedule) {
  const { id, state, runs } = schedule
  return {
    id,
    state,
    recent: runs > 0 ? `${id}:job-${runs}` : undefined,
    nextRun: state === 'active' ? nextRun(model, schedule) : undefined,
  }
}

const NODE_MEMBERS = ['id', 'state', 'runningTasksCount', 'runningTaskSlotsCount']

function compareNodes(engine: Engine, model: Model, pool: ModelPool): void {
  const nodes = engine.nodes.list(pool.id, { select: NODE_MEMBERS }).items
  const expected = nodesOf(model, pool).sort((a, b) => (a.id < b.id ? -1 : 1))
  assert.deepEqual(nodes, expected.map(nodeView), `nodes of ${pool.id}`)
  for (const node of expected) {
    assert.ok(usedSlots(node) <= pool.slots, `${node.id} has more than its slots in use`)
  }
}

/** The counts of nodes are those of the lists. */
function compareNodeCounts(engine: Engine, model: Model): void {
  for (const { poolId, ...counts } of engine.pools.nodeCounts().items) {
    const nodes = [...model.nodes.values()].filter(({ pool }) => pool.id === poolId)
    for (const kind of ['dedicated', 'lowPriority'] as const) {
      const there = nodes.filter(({ dedicated }) => dedicated === (kind === 'dedicated'))
      for (const [name, count] of Object.entries(counts[kind])) {
        const expected = there.filter(({ state }) => name === 'total' || state === name.toLowerCase())
        assert.equal(count, expected.length, `count of the ${kind} nodes of ${poolId}: ${name}`)
      }
    }
  }
}

function nodeView(node: ModelNode) {
  return {
    id: node.id,
    state: node.state,
    runningTasksCount: processCount(node),
    runningTaskSlotsCount: usedSlots(node),
  }
}

const TASK_MEMBERS = ['id', 'state', 'executionInfo', 'nodeInfo']

function compareTasks(engine: Engine, job: ModelJob): void {
  const tasks = engine.tasks.list(job.id, { select: TASK_MEMBERS }).items.map((task) => ({
    id: task.id,
    state: task.state,
    nodeId: task.nodeInfo?.nodeId,
    result: task.executionInfo.result,
    exitCode: task.executionInfo.exitCode,
    failure: task.executionInfo.failureInfo?.code,
    retries: task.executionInfo.retryCount,
    requeues: task.executionInfo.requeueCount,
  }))
  const expected = sorted(job.tasks)
  assert.deepEqual(tasks, expected.map(taskView), `tasks of ${job.id}`)
  for (const task of expected) if (task.instances > 0) compareInstances(engine, task)
  const { taskCounts, taskSlotCounts } = engine.jobs.taskCounts(job.id)
  assert.deepEqual(
    taskCounts,
    countsOf(expected, () => 1),
    `counts of ${job.id}`,
  )
  assert.deepEqual(
    taskSlotCounts,
    countsOf(expected, ({ slots }) => slots),
    `slot counts of ${job.id}`,
  )
}

function compareInstances(engine: Engine, { id, job, state, parts }: ModelTask): void {
  const subtasks = engine.tasks.subtasks(job.id, id).items.map((subtask) => ({
    id: subtask.id,
    nodeId: subtask.nodeInfo?.nodeId,
    state: subtask.state,
    result: subtask.result,
    exitCode: subtask.exitCode,
  }))
  const expected = parts.map(({ node, state, result, exitCode }, i) => ({
    id: i,
    nodeId: node.id,
    state,
    result,
    exitCode,
  }))
  assert.deepEqual(subtasks, state === 'active' ? [] : expected.slice(1), `subtasks of ${job.id}/${id}`)
}

function taskView({ id, state, nodeId, result, exitCode, failure, retries, requeues }: ModelTask) {
  return { id, state, nodeId, result, exitCode, failure, retries, requeues }
}

function countsOf(tasks: readonly ModelTask[], weight: (task: ModelTask) => number) {
  const sum = (matches: (task: ModelTask) => boolean): number =>
    tasks.filter(matches).reduce((total, task) => total + weight(task), 0)
  return {
    active: sum(({ state }) => state === 'active'),
    running: sum(({ state }) => state === 'preparing' || state === 'running'),
    completed: sum(({ state }) => state === 'completed'),
    succeeded: sum(({ result }) => result === 'success'),
    failed: sum(({ result }) => result === 'failure'),
  }
}
