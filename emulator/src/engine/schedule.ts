// Fills free slots of a pool with waiting tasks. Runs only in changes that freed a slot or added work, and reads only
// as many jobs and waiting tasks as there are free slots for.

import { assign } from '../scheduler/assign.ts'
import type { PoolBody } from '../schema/pool.ts'
import type { JobRow } from '../storage/jobs.ts'
import { affinityId, type NodeRow } from '../storage/nodes.ts'
import type { PoolRow } from '../storage/pools.ts'
import type { Need, TaskRow } from '../storage/tasks.ts'
import type { Core } from './core/core.ts'
import { nodeForManager, waitingManager } from './jobs/job-manager.ts'
import { startInstances } from './tasks/multi-instance.ts'
import { preempt } from './preemption.ts'
import { isPrepared } from './jobs/preparation.ts'
import { type JobParts, partsOf, type RunPlace, taskRun } from './tasks/task-run.ts'
import { reserveTry, startTry } from './tasks/tries.ts'

interface Offer {
  row: NodeRow
  affinityId: string
  free: number
}

/** A job with tasks that may run on the pool. */
interface Demand {
  job: JobRow
  /** The kinds of need among its waiting tasks that the pool's nodes could meet. */
  needs: readonly Need[]
  /** Tasks that may be started. */
  room: number
  /** Ids of the nodes that could not be prepared for the job. */
  barred: ReadonlySet<string>
}

/** Assigns what can be assigned on one pool: jobs by priority, then age; tasks in their order. */
export function schedule(core: Core, poolKey: number): void {
  const pool = core.store.pools.byKey(poolKey)
  if (!pool || pool.state !== 'active') return
  let jobs: JobRow[] = []
  for (let size = FEW_JOBS; ; size *= 2) {
    const free = core.store.nodes.mostFree(pool.key)
    if (free === 0) break
    jobs = core.store.jobs.withWork(pool.id, size, free, jobs.at(-1))
    scheduleJobs(core, pool, jobs)
    if (jobs.length < size) break
  }
  preempt(core, pool)
}

/** Looked at first: the slot that came free mostly goes to the first job, however many there are. */
const FEW_JOBS = 2

function scheduleJobs(core: Core, pool: PoolRow, jobs: readonly JobRow[]): void {
  const demands = demandsOn(core, pool, jobs)
  if (demands.length === 0) return
  let offers = openOffers(core, pool, demands)
  for (const demand of demands) {
    if (offers.length === 0) break
    scheduleJob(core, pool, demand, offers)
    offers = offers.filter((offer) => offer.free > 0)
  }
}

function demandsOn(core: Core, pool: PoolRow, jobs: readonly JobRow[]): Demand[] {
  const demands = jobs.map((job) => {
    const room = job.maxParallel === -1 ? job.ready : Math.min(job.ready, job.maxParallel - job.running)
    const barred = job.preparationId === null ? NONE : core.store.jobNodes.barred(job.key)
    return { job, needs: needsOf(core, pool, job), room, barred }
  })
  return demands.filter(({ needs, room }) => needs.length > 0 && room > 0)
}

const NONE: ReadonlySet<string> = new Set()
const ONE_SLOT: readonly Need[] = [{ nodes: 0, slots: 1 }]

/** A task that needs more than any node of the pool has waits for ever: it must not cost anything while it does. */
function needsOf(core: Core, pool: PoolRow, job: JobRow): readonly Need[] {
  if (!job.mixed) return ONE_SLOT
  return [...core.store.tasks.needs(job.key)].filter(({ nodes, slots }) =>
    nodes > 0 ? runsInstances(pool) : slots <= pool.slots,
  )
}

function runsInstances(pool: PoolRow): boolean {
  return pool.slots === 1 && (JSON.parse(pool.body) as PoolBody).enableInterNodeCommunication
}

function openOffers(core: Core, pool: PoolRow, demands: Demand[]): Offer[] {
  const least = Math.min(...demands.flatMap(({ needs }) => needs.map(({ slots }) => slots)))
  // One free slot more than tasks is one too many; but where needs differ, the first nodes may not be those that fit.
  const isMixed = demands.some(({ job }) => job.mixed)
  const wanted = isMixed ? MANY : demands.reduce((sum, { room, barred }) => sum + room + barred.size, 0)
  return core.store.nodes.withFreeSlots(pool.key, pool.fill, least, wanted).map(offerOf)
}

function offerOf(row: NodeRow): Offer {
  return { row, affinityId: affinityId(row.id), free: row.free }
}

const MANY = 1_000_000

function scheduleJob(core: Core, pool: PoolRow, demand: Demand, offers: Offer[]): void {
  const { job, needs, barred } = demand
  const usable = barred.size === 0 ? offers : offers.filter(({ row }) => !barred.has(row.id))
  if (job.managerId !== null && !placeManager(core, pool, demand, usable)) return
  const tasks = waitingTasks(core, job, needs, demand.room, usable)
  if (tasks.length === 0) return
  const parts = partsOf(job)
  const nodes = withLiked(core, pool, demand, tasks, usable)
  for (const { task, node, others } of assign(tasks, nodes, pool.fill).slice(0, demand.room)) {
    if (task.nodes > 0) {
      giveInstances(core, pool, parts, task, [node, ...others])
      continue
    }
    node.free -= task.slots
    giveTask(core, { job: parts, node: node.row, pool }, task)
  }
}

/** The offers, which are no more than needed, and with them the free nodes that the tasks would like to have. */
function withLiked(
  core: Core,
  pool: PoolRow,
  { barred }: Demand,
  tasks: readonly TaskRow[],
  offers: readonly Offer[],
): readonly Offer[] {
  const liked = new Set(tasks.flatMap(({ affinity }) => affinity ?? []))
  if (liked.size === 0) return offers
  for (const offer of offers) liked.delete(offer.affinityId)
  const rows = [...liked].flatMap((id) => core.store.nodes.byId(id.replace(/^TVM:/, '')) ?? [])
  const free = rows.filter((row) => row.pool === pool.key && row.free > 0 && !barred.has(row.id))
  return [...offers, ...free.map(offerOf)]
}

/** The job manager goes first; false while it waits, and the other tasks with it. */
function placeManager(core: Core, pool: PoolRow, demand: Demand, offers: Offer[]): boolean {
  const task = waitingManager(core, demand.job)
  if (!task) return true
  if (task.blocked > 0) return false
  const job = partsOf(demand.job)
  const node = nodeForManager(core, pool, job, demand.barred)
  if (!node) return false
  giveTask(core, { job, node, pool }, task)
  const isWhole = job.body.jobManagerTask?.runExclusive === true
  if (isWhole) core.store.nodes.claim(node.key)
  const offer = offers.find(({ row }) => row.id === node.id)
  if (offer) offer.free = isWhole ? 0 : offer.free - task.slots
  demand.room -= 1
  return true
}

/** The task starts, or waits on the node until that is prepared for its job. */
function giveTask(core: Core, place: Omit<RunPlace, 'run'>, task: TaskRow): void {
  const { job, node, pool } = place
  if (job.row.preparationId !== null && !isPrepared(core, job, node, pool)) {
    return reserveTry(core, task, node, pool)
  }
  core.emit({ type: 'runTask', ...taskRun(core, { run: startTry(core, task, node, pool), ...place }, task) })
}

/** The task starts on all its nodes, as soon as each of them is prepared for its job. */
function giveInstances(core: Core, pool: PoolRow, job: JobParts, task: TaskRow, offers: Offer[]): void {
  const nodes = offers.map(({ row }) => row)
  const needsPreparation = job.row.preparationId !== null
  const prepared = nodes.filter((node) => !needsPreparation || isPrepared(core, job, node, pool))
  // While they are being prepared the nodes are not for jobs of a lower priority.
  for (const offer of offers) offer.free -= 1
  if (prepared.length < nodes.length) return
  startInstances(core, { job, pool }, task, nodes)
}

/** The first tasks of each kind of need that the free slots could meet, in the order of the job. */
function waitingTasks(
  core: Core,
  job: JobRow,
  needs: readonly Need[],
  room: number,
  offers: readonly Offer[],
): TaskRow[] {
  const total = offers.reduce((sum, { free }) => sum + free, 0)
  const largest = offers.reduce((max, { free }) => Math.max(max, free), 0)
  const tasks = needs
    .filter(({ nodes, slots }) => slots <= largest && nodes <= offers.length)
    .flatMap((need) => {
      const fitting = Math.floor(total / (need.slots * Math.max(1, need.nodes)))
      return core.store.tasks.waiting(job.key, need, Math.min(room, fitting))
    })
  return needs.length === 1 ? tasks : tasks.sort((a, b) => a.queue - b.queue)
}
