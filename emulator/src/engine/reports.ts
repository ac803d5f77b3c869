// What the node runtime reports, each as one change. A report about something that has moved on meanwhile is void.

import { terminateJob, settleJob } from './jobs.ts'
import type { Core } from './core.ts'
import type { CommandOutcome, NodeReports } from './effects.ts'
import { growPool, nodeRemoved, settlePool } from './allocation.ts'
import { nodeBooted, nodeBroken, startTaskEnded } from './node-life.ts'
import { finishTry, releaseSlots } from './tries.ts'

export function createReports(core: Core): NodeReports {
  return {
    nodesAllocated: (poolId, resize) => core.change(() => growPool(core, poolId, resize)),
    nodeBooted: (nodeId, boot) => core.change(() => nodeBooted(core, nodeId, boot)),
    nodeBootFailed: (nodeId, boot, message) => core.change(() => nodeBroken(core, nodeId, boot, message)),
    startTaskEnded: (nodeId, outcome) => core.change(() => startTaskEnded(core, nodeId, outcome)),
    taskEnded: (outcome) => core.change(() => taskEnded(core, outcome)),
    nodeRemoved: (nodeId) => core.change(() => nodeRemoved(core, nodeId)),
    tick: () => core.change(() => tick(core)),
  }
}

function taskEnded(core: Core, outcome: CommandOutcome): void {
  const task = core.store.tasks.byRun(outcome.run)
  if (task) return finishTry(core, task, outcome)
  const ending = core.store.endings.take(outcome.run)
  if (!ending) return
  releaseSlots(core, ending.nodeId, ending.slots, 'ended')
  const { nodeId, directory } = ending
  if (directory !== null) core.emit({ type: 'deleteTaskFiles', nodeId, directory })
  core.tickSoon()
}

/** Everything that time, or the end of something else, brings about. */
function tick(core: Core): void {
  for (const job of core.store.jobs.overdue(core.now())) terminateJob(core, job, 'MaxWallClockTimeExpiry')
  for (const job of core.store.jobs.toFinish()) terminateJob(core, job, 'AllTasksCompleted')
  for (const job of core.store.jobs.inTransit()) settleJob(core, job)
  for (const pool of core.store.pools.inTransit()) settlePool(core, pool)
}
