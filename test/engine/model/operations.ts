// What users do: how it is chosen, and what it does to the engine and to the model.

import * as fc from 'fast-check'
import { bodyOfJob, bodyOfPool, endOption } from './bodies.ts'
import {
  disableOption,
  jobId,
  maxParallel,
  newJob,
  newPool,
  nodeOption,
  pick,
  poolId,
  priority,
  schedulingOption,
  seldom,
  target,
} from './choices.ts'
import { addJob, deleteJob, disableJob, enableJob, requireJob, terminateJob, updateJob } from './jobs.ts'
import {
  failNode,
  preemptNode,
  requireNode,
  requirePool,
  restartNode,
  setScheduling,
  startNode,
} from './nodes.ts'
import { addPool } from './pool-start.ts'
import { deletePool, removeNodes, resizePool, stopResize } from './pools.ts'
import { nodesOf } from './queries.ts'
import { type Model } from './state.ts'
import type { Trial } from './trial.ts'

/** One step of a trial. */
export interface Operation {
  /** What is done, for people. */
  text: string
  run(trial: Trial): void
}

/** An operation that comes as often as its weight says, with what is given chosen at random. */
export function operation<Given extends object>(
  weight: number,
  name: string,
  given: { [Name in keyof Given]: fc.Arbitrary<Given[Name]> },
  run: (trial: Trial, given: Given) => void,
): { weight: number; arbitrary: fc.Arbitrary<Operation> } {
  const arbitrary = fc.record(given).map((given) => ({
    text: `${name} ${JSON.stringify(given)}`,
    run: (trial: Trial) => run(trial, resolve(trial, given)),
  }))
  return { weight, arbitrary }
}

/** Places such as `#2` replaced by the ids of what is there. */
function resolve<Given extends object>({ model }: Trial, given: Given): Given {
  const { pool, job, task } = given as { pool?: unknown; job?: unknown; task?: unknown }
  const jobId = idAt(ALL_JOBS.has(job) ? model.jobs : activeJobs(model), job)
  const ids = {
    pool: idAt(model.pools, pool),
    job: jobId,
    task: idAt(model.jobs.get(String(jobId))?.tasks ?? new Map(), task),
  }
  return { ...given, ...Object.fromEntries(Object.entries(ids).filter(([name]) => name in given)) }
}

/** The places that may mean jobs that are over: those refuse nearly everything. */
const ALL_JOBS: ReadonlySet<unknown> = new Set(['#6', '#7'])

function activeJobs({ jobs }: Model): ReadonlyMap<string, unknown> {
  const active = new Map([...jobs].filter(([, { state }]) => state === 'active'))
  return active.size > 0 ? active : jobs
}

function idAt(items: ReadonlyMap<string, unknown>, name: unknown): unknown {
  if (typeof name !== 'string' || !name.startsWith('#') || items.size === 0) return name
  return [...items.keys()][Number(name.slice(1)) % items.size]
}

export const ADD_POOL = operation(5, 'add pool', { pool: newPool }, (trial, { pool }) =>
  trial.both(
    ({ pools }) => pools.add(bodyOfPool(pool)),
    () => addPool(trial.model, pool),
  ),
)

export const POOL_OPERATIONS = [
  ADD_POOL,
  operation(1, 'delete pool', { pool: poolId }, (trial, { pool }) =>
    trial.both(
      ({ pools }) => pools.delete(pool),
      () => deletePool(trial.model, pool),
    ),
  ),
  operation(2, 'resize', { pool: poolId, target, option: nodeOption }, (trial, { pool, target, option }) => {
    const before = trial.leaving()
    trial.both(
      ({ pools }) =>
        pools.resize(pool, {
          targetDedicatedNodes: target.dedicated,
          targetLowPriorityNodes: target.lowPriority,
          nodeDeallocationOption: option,
        }),
      () => {
        const now = trial.leaving()
        resizePool(trial.model, pool, target, option, ({ id }) => now.has(id) && !before.has(id))
      },
    )
  }),
  operation(1, 'stop resize', { pool: poolId }, (trial, { pool }) =>
    trial.both(
      ({ pools }) => pools.stopResize(pool),
      () => stopResize(trial.model, pool),
    ),
  ),
  operation(
    1,
    'remove nodes',
    { pool: poolId, picks: fc.array(pick, { minLength: 1, maxLength: 2 }), option: nodeOption },
    (trial, { pool, picks, option }) => {
      const ids = picks.map((pick) => chooseNode(trial, pool, pick))
      trial.both(
        ({ pools }) => pools.removeNodes(pool, { nodeList: ids, nodeDeallocationOption: option }),
        () => removeNodes(trial.model, pool, ids, option),
      )
    },
  ),
]

/** The id of a node of the pool, or one of no node if it has none. */
function chooseNode({ model }: Trial, poolId: string, pick: number): string {
  const pool = model.pools.get(poolId)
  const nodes = pool ? nodesOf(model, pool) : []
  return nodes[pick % nodes.length]?.id ?? 'none'
}

const RESTARTS = [
  ['rebooted', 'reboot', 'nodeRebootOption'],
  ['reimaged', 'reimage', 'nodeReimageOption'],
  ['deallocated', 'deallocate', 'nodeDeallocateOption'],
] as const

const node = { pool: poolId, pick }

export const NODE_OPERATIONS = [
  ...RESTARTS.map(([purpose, verb, member]) =>
    operation(1, verb, { ...node, option: nodeOption }, (trial, { pool, pick, option }) => {
      const id = chooseNode(trial, pool, pick)
      trial.both(
        ({ nodes }) => nodes[verb](pool, id, { [member]: option }),
        () => restartNode(trial.model, nodeOf(trial, pool, id), purpose, option),
      )
    }),
  ),
  operation(2, 'start node', node, (trial, { pool, pick }) => {
    const id = chooseNode(trial, pool, pick)
    trial.both(
      ({ nodes }) => nodes.start(pool, id),
      () => startNode(trial.model, nodeOf(trial, pool, id)),
    )
  }),
  operation(1, 'preempt', node, (trial, { pool, pick }) => {
    const id = chooseNode(trial, pool, pick)
    trial.both(
      ({ nodes }) => nodes.preempt(pool, id),
      () => preemptNode(trial.model, nodeOf(trial, pool, id)),
    )
  }),
  operation(1, 'fail', { ...node, isLost: seldom }, (trial, { pool, pick, isLost }) => {
    const id = chooseNode(trial, pool, pick)
    trial.both(
      ({ nodes }) => nodes.fail(pool, id, { lost: isLost }),
      () => failNode(trial.model, nodeOf(trial, pool, id), isLost),
    )
  }),
  operation(
    1,
    'disable scheduling',
    { ...node, option: schedulingOption },
    (trial, { pool, pick, option }) => {
      const id = chooseNode(trial, pool, pick)
      trial.both(
        ({ nodes }) => nodes.disableScheduling(pool, id, { nodeDisableSchedulingOption: option }),
        () => setScheduling(trial.model, nodeOf(trial, pool, id), false, option),
      )
    },
  ),
  operation(5, 'enable scheduling', node, (trial, { pool, pick }) => {
    const id = chooseNode(trial, pool, pick)
    trial.both(
      ({ nodes }) => nodes.enableScheduling(pool, id),
      () => setScheduling(trial.model, nodeOf(trial, pool, id), true, 'taskcompletion'),
    )
  }),
]

function nodeOf({ model }: Trial, poolId: string, id: string) {
  return requireNode(model, requirePool(model, poolId), id)
}

export const ADD_JOB = operation(6, 'add job', { job: newJob }, (trial, { job }) =>
  trial.both(
    ({ jobs }) => jobs.add(bodyOfJob(job)),
    () => addJob(trial.model, job),
  ),
)

export const JOB_OPERATIONS = [
  ADD_JOB,
  operation(1, 'disable job', { job: jobId, option: disableOption }, (trial, { job, option }) =>
    trial.both(
      ({ jobs }) => jobs.disable(job, { disableTasks: option }),
      () => disableJob(trial.model, requireJob(trial.model, job), option),
    ),
  ),
  operation(3, 'enable job', { job: jobId }, (trial, { job }) =>
    trial.both(
      ({ jobs }) => jobs.enable(job),
      () => enableJob(requireJob(trial.model, job)),
    ),
  ),
  operation(1, 'terminate job', { job: jobId, force: fc.boolean() }, (trial, { job, force }) =>
    trial.both(
      ({ jobs }) => jobs.terminate(job, undefined, { force }),
      () => terminateJob(trial.model, requireJob(trial.model, job), force),
    ),
  ),
  operation(4, 'delete job', { job: jobId, force: fc.boolean() }, (trial, { job, force }) =>
    trial.both(
      ({ jobs }) => jobs.delete(job, { force }),
      () => deleteJob(trial.model, requireJob(trial.model, job), force),
    ),
  ),
  operation(
    2,
    'patch job',
    { job: jobId, priority, maxParallel, endsWithTasks: seldom },
    (trial, { job, ...changes }) =>
      trial.both(
        ({ jobs }) =>
          jobs.patch(job, {
            priority: changes.priority,
            maxParallelTasks: changes.maxParallel,
            onAllTasksComplete: endOption(changes.endsWithTasks),
          }),
        () => updateJob(requireJob(trial.model, job), changes),
      ),
  ),
]
