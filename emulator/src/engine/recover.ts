// At the start on an existing database: no process of the former life is known, so every node has lost its tasks.

import { askForMachines } from './pools/allocation.ts'
import { recoverAutoScale } from './pools/autoscale.ts'
import type { Core } from './core/core.ts'
import { recoverNode } from './nodes/node-exit.ts'
import { requeueTry } from './tasks/tries.ts'

/** Requeues what ran, restarts every node, and goes on with what was under way. */
export function recover(core: Core): void {
  core.change(() => {
    for (const pool of core.store.pools.all()) {
      for (const node of core.store.nodes.ofPool(pool.key)) {
        for (const task of core.store.tasks.runningOnNode(node.id)) requeueTry(core, task, false)
        // Tasks that had a reservation on it gave their slots back.
        recoverNode(core, core.store.nodes.byId(node.id) ?? node, pool)
        for (const directory of core.store.endings.directoriesOn(node.id))
          core.emit({ type: 'deleteTaskFiles', nodeId: node.id, directory })
        core.store.endings.forgetNode(node.id)
      }
      if (pool.allocating) askForMachines(core, pool)
    }
    for (const deadline of core.store.pools.deadlines())
      core.emit({ type: 'wakeAt', time: Math.ceil(deadline / 1000) })
    for (const deadline of core.store.jobs.deadlines()) core.emit({ type: 'wakeAt', time: deadline / 1000 })
    for (const time of core.store.jobSchedules.wakeTimes())
      core.emit({ type: 'wakeAt', time: Math.ceil(time / 1000) })
    recoverAutoScale(core)
    core.tickSoon()
  })
}
