// At the start on an existing database: no process of the former life is known, so every node has lost its tasks.

import type { Core } from './core.ts'
import { boot } from './node-life.ts'
import { identity } from './schedule.ts'
import { requeueTry } from './tries.ts'

/** Requeues what ran, restarts every node, and goes on with what was under way. */
export function recover(core: Core): void {
  core.change(() => {
    for (const pool of core.store.pools.all()) {
      for (const node of core.store.nodes.ofPool(pool.key)) {
        for (const task of core.store.tasks.runningOnNode(node.id)) requeueTry(core, task, false)
        if (node.state === 'leavingpool') {
          core.emit({ type: 'removeNode', node: identity(node, pool.id) })
          continue
        }
        if (node.state !== 'creating') Object.assign(node, { state: 'rebooting', stateAt: core.now() })
        boot(core, node, pool, false)
      }
      if (pool.allocating) core.emit({ type: 'allocateNodes', poolId: pool.id, resize: pool.resize })
    }
    for (const deadline of core.store.jobs.deadlines()) core.emit({ type: 'wakeAt', time: deadline / 1000 })
    core.tickSoon()
  })
}
