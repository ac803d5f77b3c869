// What must hold whatever happened: no work is left undone, no process and no file without an owner, no orphaned rows.

import assert from 'node:assert/strict'
import type { DatabaseSync } from 'node:sqlite'
import { keptNodes, managerWaits, mayStart, predecessors, readyTasks, rivals, wantsRoom } from './order.ts'
import { directoryOf, freeSlots, isWithin, jobDirectory, nodesOf, usedSlots } from './queries.ts'
import { MANAGER_ID, type Model, type ModelJob, type ModelNode } from './state.ts'
import type { World } from './world.ts'

/** No task waits that could run on a node as it is. */
export function checkWorkIsDone(model: Model): void {
  for (const job of model.jobs.values()) {
    const pool = model.pools.get(job.pool)
    if (pool?.state !== 'active' || !mayStart(job)) continue
    const nodes = nodesOf(model, pool).filter(
      (node) =>
        freeSlots(node) > 0 &&
        job.nodes.get(node.id)?.preparation !== 'failed' &&
        !isKeptFree(model, job, node),
    )
    const kept = keptNodes(predecessors(model, job), nodes.length)
    for (const task of managerWaits(job) ? [] : readyTasks(job).sort((a, b) => a.queue - b.queue)) {
      if (task.instances > 0) {
        const waits: boolean = !pool.interNode || !mayHave(job, nodes, task.instances + kept)
        assert.ok(waits, `${job.id}/${task.id} waits though there are nodes for it`)
        // Those behind it may wait with it, until its nodes are prepared.
        if (pool.interNode && job.preparation) break
        continue
      }
      const roomy = nodes.filter((node) => freeSlots(node) >= task.slots)
      assert.ok(roomy.length <= kept, `${job.id}/${task.id} waits though ${roomy[0]?.id} has room for it`)
    }
    if (managerWaits(job) && job.tasks.get(MANAGER_ID)?.ghosts.size === 0) {
      const node = nodes.find((node) => suitsManager(job, node))
      assert.equal(node?.id, undefined, `${job.id}/${MANAGER_ID} waits though a node has room for it`)
    }
  }
}

/** Whether the room on a node may be for others: a task with priority waits until one that was evicted is gone, too. */
function isKeptFree(model: Model, job: ModelJob, node: ModelNode): boolean {
  const isEmptying = node.holds.some(({ kind }) => kind === 'ending')
  return isEmptying && rivals(model, job).some((other) => wantsRoom(other, node))
}

/** Whether so many of these nodes can be had, however they are chosen. */
function mayHave(job: ModelJob, nodes: ModelNode[], count: number): boolean {
  const isPrepared = ({ id }: ModelNode): boolean => {
    const preparation = job.nodes.get(id)?.preparation
    return preparation === 'ready' || (preparation === 'running' && !job.preparation?.waits)
  }
  return nodes.length >= count && (!job.preparation || nodes.every(isPrepared))
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
      if (hold?.kind === 'running' && !hold.isQuiet)
        assert.ok(world.processes.has(hold.run ?? 0), `${job.id}/${id} has no process`)
    }
  }
}

/** States of nodes that have booted. */
const UP = new Set(['idle', 'running', 'offline', 'waitingforstarttask', 'starttaskfailed'])

/** Files go up to so much later than they could, so that many go together. */
const SLACK = 1000

/** The files of a task are on its node until their time is over; of jobs that are gone there are none. */
export function checkFiles({ nodes, jobs, now }: Model, { files }: World): void {
  for (const job of jobs.values()) {
    for (const { id, nodeId = '', state, endedAt = 0, retention } of job.tasks.values()) {
      const node = nodes.get(nodeId)
      const directory = directoryOf(job.id, id)
      if (!node?.files.has(directory)) continue
      const until = state === 'completed' ? endedAt + retention : Infinity
      if (now >= until && now <= until + SLACK) continue
      assert.equal(files.get(nodeId)?.has(directory) ?? false, now < until, `the files of ${job.id}/${id}`)
    }
  }
  const known = [...jobs.keys()].map(jobDirectory)
  for (const node of nodes.values()) {
    for (const directory of files.get(node.id) ?? []) {
      const isKnown = known.some((job) => isWithin(directory, job))
      const isUsed =
        node.files.has(directory) || node.holds.some((hold) => isWithin(directory, hold.directory))
      assert.ok(isKnown && (isUsed || !UP.has(node.state)), `${directory} is left on ${node.id}`)
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
  select 'wrong count of ready tasks', key from jobs where ready <>
    (select count(*) from tasks where job = jobs.key and state = 'active' and blocked = 0) union all
  select 'wrong count of dependencies', key from tasks where
    blocked <> (select count(*) from dependencies where task = tasks.key)
      + (select count(*) from endings where task = tasks.key)`

/** Returns a check that no table has rows of what is gone. */
export function createLeftoverCheck(db: DatabaseSync): () => void {
  const leftovers = db.prepare(LEFTOVERS)
  return () => assert.deepEqual(leftovers.all(), [], 'rows of what is gone')
}
