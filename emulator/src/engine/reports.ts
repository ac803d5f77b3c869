// What the node runtime reports, each as one change. A report about something that has moved on meanwhile is void.

import { settleSchedule } from './jobs/job-schedules.ts'
import { settleJob, terminateJob, wakePool } from './jobs/job-life.ts'
import { settleCertificate } from './pools/certificates.ts'
import type { Core } from './core/core.ts'
import { letMoreGo } from './tasks/consequences.ts'
import { deleteExpiredJobFiles } from './jobs/job-files.ts'
import { endOldTasks } from './core/lifetime.ts'
import { jobTaskEnded } from './jobs/job-tasks.ts'
import type { CommandOutcome, NodeReports } from './core/effects.ts'
import { growPool, nodeRemoved, settlePool, timeOutResize } from './pools/allocation.ts'
import { continueAutoScale } from './pools/autoscale.ts'
import { continueNodes, nodeStopped } from './nodes/node-exit.ts'
import { primaryEnded, subtaskEnded } from './tasks/multi-instance.ts'
import { nodeBooted, nodeBooting, nodeBroken, startTaskEnded } from './nodes/node-life.ts'
import { deleteExpiredFiles, deleteOnNode } from './tasks/retention.ts'
import { finishTry, releaseSlots } from './tasks/tries.ts'

export function createReports(core: Core): NodeReports {
  return {
    nodesAllocated: (poolId, resize) => core.change(() => growPool(core, poolId, resize)),
    nodeBooting: (nodeId, boot) => core.change(() => nodeBooting(core, nodeId, boot)),
    nodeBooted: (nodeId, boot) => core.change(() => nodeBooted(core, nodeId, boot)),
    nodeBootFailed: (nodeId, boot, error) => core.change(() => nodeBroken(core, nodeId, boot, error)),
    nodeStopped: (nodeId, boot) => core.change(() => nodeStopped(core, nodeId, boot)),
    startTaskEnded: (nodeId, outcome) => core.change(() => startTaskEnded(core, nodeId, outcome)),
    taskEnded: (outcome) => core.change(() => taskEnded(core, outcome)),
    nodeRemoved: (nodeId) => core.change(() => nodeRemoved(core, nodeId)),
    tick: () => core.change(() => tick(core)),
  }
}

function taskEnded(core: Core, outcome: CommandOutcome): void {
  const task = core.store.tasks.byRun(outcome.run)
  if (task) return task.nodes > 0 ? primaryEnded(core, task, outcome) : finishTry(core, task, outcome)
  const ending = core.store.endings.take(outcome.run)
  if (!ending) {
    if (!subtaskEnded(core, outcome)) jobTaskEnded(core, outcome)
    return
  }
  const { nodeId, directory, slots } = ending
  if (slots > 0) releaseSlots(core, nodeId, slots, 'ended')
  deleteOnNode(core, nodeId, directory)
  wakeTask(core, ending.task)
  core.tickSoon()
}

/** A task that waited for the process of a former try may run. */
function wakeTask(core: Core, key: number | null): void {
  const task = key === null ? undefined : core.store.tasks.byKey(key)
  const job = task?.state === 'active' ? core.store.jobs.byKey(task.job) : undefined
  if (job) wakePool(core, job)
}

/** Everything that time, or the end of something else, brings about. */
function tick(core: Core): void {
  core.beginTick()
  for (const job of core.store.jobs.overdue(core.now())) terminateJob(core, job, 'MaxWallClockTimeExpiry')
  endOldTasks(core)
  for (const job of core.store.jobs.toFinish()) terminateJob(core, job, 'AllTasksCompleted')
  for (const job of core.store.jobs.toSettle()) settleJob(core, job)
  letMoreGo(core)
  continueNodes(core)
  for (const pool of core.store.pools.overdue(core.now())) timeOutResize(core, pool)
  for (const schedule of core.store.jobSchedules.due(core.now())) settleSchedule(core, schedule)
  for (const pool of core.store.pools.inTransit()) settlePool(core, pool)
  continueAutoScale(core)
  for (const certificate of core.store.certificates.deleting()) settleCertificate(core, certificate)
  deleteExpiredFiles(core)
  deleteExpiredJobFiles(core)
}
