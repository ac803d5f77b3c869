// The engine's answers against the model, and what must hold whatever happened.

import assert from 'node:assert/strict'
import type { DatabaseSync } from 'node:sqlite'
import type { Engine } from '@malachite/emulator'
import { managerWaits, mayStart, readyTasks } from './adopt.ts'
import {
  freeSlots,
  MANAGER_ID,
  type Model,
  type ModelJob,
  type ModelNode,
  type ModelPool,
  type ModelTask,
  nodesOf,
  processCount,
  usedSlots,
} from './state.ts'
import type { World } from './world.ts'

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
    jobs,
    sorted(model.jobs).map(({ id, state }) => ({ id, state })),
    'jobs',
  )
  for (const pool of model.pools.values()) compareNodes(engine, model, pool)
  compareNodeCounts(engine, model)
  for (const job of model.jobs.values()) compareTasks(engine, job)
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

/** No task waits that could run on a node as it is. */
export function checkWorkIsDone(model: Model): void {
  for (const job of model.jobs.values()) {
    const pool = model.pools.get(job.pool)
    if (pool?.state !== 'active' || !mayStart(job)) continue
    const nodes = nodesOf(model, pool).filter(
      (node) => freeSlots(node) > 0 && job.nodes.get(node.id)?.preparation !== 'failed',
    )
    for (const task of managerWaits(job) ? [] : readyTasks(job)) {
      const node = nodes.find((node) => freeSlots(node) >= task.slots)
      assert.equal(node?.id, undefined, `${job.id}/${task.id} waits though a node has room for it`)
    }
    if (managerWaits(job)) {
      const node = nodes.find((node) => suitsManager(job, node))
      assert.equal(node?.id, undefined, `${job.id}/${MANAGER_ID} waits though a node has room for it`)
    }
  }
}

function suitsManager({ manager }: ModelJob, node: ModelNode): boolean {
  return (node.dedicated || manager?.onSpot === true) && (!manager?.exclusive || usedSlots(node) === 0)
}

/** Each process belongs to somebody or was told to end, each try has its process. */
export function checkProcesses(model: Model, world: World): void {
  const errands = world.errands.flatMap((errand) =>
    errand.type === 'allocateNodes' ? [] : errand.node.nodeId,
  )
  const goingDown = new Set(errands)
  const owned = new Set(model.orphans)
  for (const { holds, start } of model.nodes.values()) {
    for (const { run } of holds) if (run !== undefined) owned.add(run)
    if (start?.run !== undefined) owned.add(start.run)
  }
  for (const { nodes } of model.jobs.values())
    for (const { run } of nodes.values()) if (typeof run === 'number') owned.add(run)
  for (const { run, nodeId, told, task } of world.processes.values()) {
    const isKnown = owned.has(run) || told || goingDown.has(nodeId)
    assert.ok(isKnown, `nobody knows of ${task?.jobId}/${task?.taskId ?? 'a start task'} on ${nodeId}`)
  }
  for (const job of model.jobs.values()) {
    for (const { hold, id, state } of job.tasks.values()) {
      assert.equal(
        hold !== undefined,
        state === 'preparing' || state === 'running',
        `${job.id}/${id}: ${state}`,
      )
      if (hold?.kind === 'running')
        assert.ok(world.processes.has(hold.run ?? 0), `${job.id}/${id} has no process`)
    }
  }
}

const LEFTOVERS = `
  select 'task without job' as what, key as key from tasks where job not in (select key from jobs) union all
  select 'ending without job', run from endings where job <> 0 and job not in (select key from jobs) union all
  select 'ending without node', run from endings where nodeId not in (select id from nodes) union all
  select 'dependency without job', task from dependencies where job not in (select key from jobs) union all
  select 'dependency without task', task from dependencies where task not in (select key from tasks) union all
  select 'range without job', job from dependencyRanges where job not in (select key from jobs) union all
  select 'satisfied without job', job from satisfied where job not in (select key from jobs) union all
  select 'numbers without job', job from numberRuns where job not in (select key from jobs) union all
  select 'node of a job without job', key from jobNodes where job not in (select key from jobs) union all
  select 'instance without task', task from instances where task not in (select key from tasks) union all
  select 'node without pool', key from nodes where pool not in (select key from pools) union all
  select 'user without node', node from nodeUsers where node not in (select key from nodes) union all
  select 'wrong count of dependencies', key from tasks where
    blocked <> (select count(*) from dependencies where task = tasks.key)`

/** Returns a check that no table has rows of what is gone. */
export function createLeftoverCheck(db: DatabaseSync): () => void {
  const leftovers = db.prepare(LEFTOVERS)
  return () => assert.deepEqual(leftovers.all(), [], 'rows of what is gone')
}
