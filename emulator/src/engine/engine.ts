// The engine: the Batch service without a network and without nodes. It decides and remembers; what is to be done in
// the world leaves as effects, what happened there comes back as reports.

import { evaluateFilter } from '../odata/compile.ts'
import { pageOf } from '../odata/page.ts'
import type { Engine, ListQuery } from './api.ts'
import { createApplications } from './pools/applications.ts'
import { createCertificates } from './pools/certificates.ts'
import { createCore, type EngineParts } from './core/core.ts'
import { SUPPORTED_IMAGES } from './pools/images.ts'
import { createExplain } from './explain/explain.ts'
import { createJobSchedules } from './jobs/job-schedules.ts'
import { actOnJob } from './jobs/job-life.ts'
import { createJobs } from './jobs/jobs.ts'
import { createNodes } from './nodes/nodes.ts'
import { settleNode } from './nodes/node-exit.ts'
import { createPools } from './pools/pools.ts'
import { recover } from './recover.ts'
import { createReports } from './reports.ts'
import { schedule } from './schedule.ts'
import { identity } from './tasks/task-run.ts'
import { createStatistics } from './tasks/statistics.ts'
import { createTasks } from './tasks/tasks.ts'

/** Creates the engine over a store; what an earlier engine left there is taken up again. */
export function createEngine(parts: EngineParts): Engine {
  const core = createCore(parts, { actOnJob, schedule, settleNode })
  const { store } = parts
  recover(core)
  return {
    account: parts.account,
    listSupportedImages,
    pools: createPools(core),
    nodes: createNodes(core),
    jobs: createJobs(core),
    jobSchedules: createJobSchedules(core),
    tasks: createTasks(core),
    applications: createApplications(core),
    certificates: createCertificates(core),
    explain: createExplain(core),
    statistics: createStatistics(core),
    reports: createReports(core),
    watch: (watcher) => core.watch.subscribe(watcher),
    reset: () => {
      const nodeIds = reset(parts)
      core.watch.tellReset()
      return nodeIds
    },
    close: () => store.close(),
  }
}

function reset({ store, perform }: EngineParts): string[] {
  const nodes = store.pools
    .all()
    .flatMap((pool) => store.nodes.ofPool(pool.key).map((node) => ({ pool, node })))
  store.transaction(() => store.clear())
  perform(nodes.map(({ pool, node }) => ({ type: 'removeNode', node: identity(node, pool.id) })))
  return nodes.map(({ node }) => node.id)
}

const IMAGE_FILTER = { osType: 'enum', verificationType: 'enum', nodeAgentSKUId: 'enum' } as const

function listSupportedImages(query: ListQuery = {}) {
  const matches = evaluateFilter(query.filter, IMAGE_FILTER)
  const all = SUPPORTED_IMAGES.filter((image) => matches({ ...image }))
  return pageOf(all, query, ({ imageReference }) => Object.values(imageReference).join('/'))
}
