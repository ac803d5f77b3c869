// Tasks of jobs that allow it make room for those of jobs with a higher priority: they wait anew, and their slots go to
// the higher priority once their processes are gone.

import type { JobRow } from '../storage/jobs.ts'
import type { PoolRow } from '../storage/pools.ts'
import type { TaskRow } from '../storage/tasks.ts'
import type { Core } from './core/core.ts'
import { waitingManager } from './jobs/job-manager.ts'
import { requeueTry } from './tasks/tries.ts'

/** Requeues one running task for each of the jobs' tasks that still wait and would fit in its place. */
export function preempt(core: Core, pool: PoolRow): void {
  if (!core.store.jobs.mayPreempt()) return
  // What is ending already makes room, too.
  let vacating = core.store.endings.slotsOnPool(pool.key)
  for (const job of core.store.jobs.withWork(pool.id, ALL)) {
    const victims = victimsOf(core, pool, job)
    // Those that come after it have no higher priority.
    if (victims.length === 0) return
    for (const task of waitingTasks(core, pool, job, victims.length)) {
      const victim =
        vacating >= task.slots ? undefined : victims.find((other) => makesRoom(core, other, task))
      if (victim) evict(core, victims, victim)
      vacating = Math.max(0, vacating + (victim?.slots ?? 0) - task.slots)
    }
  }
}

const ALL = 1_000_000

/** Running tasks that may be evicted for the job: the lowest priority first, the latest start first. */
function victimsOf(core: Core, pool: PoolRow, job: JobRow): TaskRow[] {
  const barred = job.preparationId === null ? undefined : core.store.jobNodes.barred(job.key)
  return core.store.jobs.preemptible(pool.id, job.priority).flatMap(({ key, managerId }) => {
    const running = core.store.tasks.running(key, ALL)
    return running
      .filter(({ id, nodes, state }) => nodes === 0 && state === 'running' && id !== managerId)
      .filter(({ nodeId }) => !barred?.has(nodeId ?? ''))
      .sort((a, b) => (b.run ?? 0) - (a.run ?? 0))
  })
}

/** Tasks on one node only: for a multi-instance task nobody is evicted. */
function waitingTasks(core: Core, pool: PoolRow, job: JobRow, limit: number): TaskRow[] {
  // Nobody is evicted for a job manager, and nothing else of its job could run before it.
  if (waitingManager(core, job)) return []
  const room = job.maxParallel === -1 ? limit : Math.min(limit, job.maxParallel - job.running)
  if (room <= 0) return []
  const tasks = [...core.store.tasks.needs(job.key)]
    .filter(({ nodes, slots }) => nodes === 0 && slots <= pool.slots)
    .flatMap((need) => core.store.tasks.waiting(job.key, need, room))
  return tasks.sort((a, b) => a.queue - b.queue).slice(0, room)
}

function makesRoom(core: Core, victim: TaskRow, task: TaskRow): boolean {
  const node = core.store.nodes.byId(victim.nodeId ?? '')
  return node !== undefined && node.enabled === 1 && node.free + victim.slots >= task.slots
}

function evict(core: Core, victims: TaskRow[], victim: TaskRow): void {
  victims.splice(victims.indexOf(victim), 1)
  requeueTry(core, victim, false)
}
