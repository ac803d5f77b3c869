// Fills free slots of a pool with waiting tasks. Runs only in changes that freed a slot or added work, and reads only
// as many waiting tasks as there are free slots.

import { type EnvironmentSetting, parseDuration, UNLIMITED } from '@malachite/model'
import { assign } from '../scheduler/assign.ts'
import type { JobBody } from '../schema/job.ts'
import type { TaskBody } from '../schema/task.ts'
import type { JobRow } from '../storage/jobs.ts'
import { affinityId, type NodeRow } from '../storage/nodes.ts'
import type { PoolRow } from '../storage/pools.ts'
import type { TaskRow } from '../storage/tasks.ts'
import type { Core } from './core.ts'
import type { TaskRun } from './effects.ts'
import { startTry } from './tries.ts'

interface Offer {
  row: NodeRow
  affinityId: string
  free: number
}

/** Assigns what can be assigned on one pool: jobs by priority, then age; tasks in their order. */
export function schedule(core: Core, poolKey: number): void {
  const pool = core.store.pools.byKey(poolKey)
  if (!pool || pool.state !== 'active') return
  const jobs = core.store.jobs.withWork(pool.id)
  if (jobs.length === 0) return
  let offers = openOffers(core, pool, jobs)
  for (const job of jobs) {
    if (offers.length === 0) return
    scheduleJob(core, pool, job, offers)
    offers = offers.filter((offer) => offer.free > 0)
  }
}

function openOffers(core: Core, pool: PoolRow, jobs: JobRow[]): Offer[] {
  const wanted = jobs.reduce((sum, job) => sum + job.active, 0)
  return core.store.nodes
    .withFreeSlots(pool.key, pool.fill, wanted)
    .map((row) => ({ row, affinityId: affinityId(row.id), free: row.free }))
}

function scheduleJob(core: Core, pool: PoolRow, job: JobRow, offers: Offer[]): void {
  const total = offers.reduce((sum, { free }) => sum + free, 0)
  const largest = offers.reduce((max, { free }) => Math.max(max, free), 0)
  const room = job.maxParallel === -1 ? total : Math.min(total, job.maxParallel - job.running)
  if (room <= 0) return
  const tasks = core.store.tasks.waiting(job.key, largest, room)
  const common = (JSON.parse(job.body) as JobBody).commonEnvironmentSettings ?? []
  for (const { task, node } of assign(tasks, offers, pool.fill)) {
    node.free -= task.slots
    const run = startTry(core, task, node.row, pool)
    core.emit({ type: 'runTask', ...taskRun(run, pool, job, task, node.row, common) })
  }
}

function taskRun(
  run: number,
  pool: PoolRow,
  job: JobRow,
  task: TaskRow,
  node: NodeRow,
  common: EnvironmentSetting[],
): TaskRun {
  const body = JSON.parse(task.body) as TaskBody
  const limit = body.constraints?.maxWallClockTime
  return {
    run,
    node: identity(node, pool.id),
    jobId: job.id,
    taskId: task.id,
    commandLine: body.commandLine,
    resourceFiles: body.resourceFiles ?? [],
    outputFiles: body.outputFiles ?? [],
    environment: mergeEnvironment(common, body.environmentSettings ?? []),
    userIdentity: body.userIdentity,
    ...(limit !== undefined && limit !== UNLIMITED && { maxWallClockMs: parseDuration(limit) ?? 0 }),
  }
}

/** A node as the runtime needs to know it. */
export function identity(node: NodeRow, poolId: string) {
  return { poolId, nodeId: node.id, isDedicated: node.dedicated === 1, ipAddress: node.ipAddress }
}

function mergeEnvironment(common: EnvironmentSetting[], own: EnvironmentSetting[]): EnvironmentSetting[] {
  if (common.length === 0) return own
  const names = new Set(own.map(({ name }) => name))
  return [...common.filter(({ name }) => !names.has(name)), ...own]
}
