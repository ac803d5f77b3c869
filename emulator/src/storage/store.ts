// All stores of one database.

import { createCertificateStore } from './certificates.ts'
import { openDatabase, type Durability } from './database.ts'
import { createJobScheduleStore } from './job-schedules.ts'
import { createDependencyStore } from './dependencies.ts'
import { createJobNodeStore } from './job-nodes.ts'
import { createEndingStore } from './endings.ts'
import { createErasure } from './erasure.ts'
import { createInstanceStore } from './instances.ts'
import { createJobStore } from './jobs.ts'
import { createLifetimeStore } from './lifetimes.ts'
import { createNodeUserStore } from './node-users.ts'
import { createNodeStore } from './nodes.ts'
import { createPoolStore } from './pools.ts'
import { createQuotaStore } from './quotas.ts'
import { createRetentionStore } from './retention.ts'
import { createStatisticsStore } from './statistics.ts'
import { createTaskStore } from './tasks.ts'
import { createUsageStore } from './usage.ts'

export type Store = ReturnType<typeof openStore>

/** Opens the database at `path` (`:memory:` for none). */
export function openStore(path: string, durability: Durability = {}) {
  const db = openDatabase(path, durability)
  const latest = db.query<object, { us: number | null }>(
    `select max(us) as us from (
       select max(stateAt, modifiedAt) as us from pools union all select max(stateAt) from nodes
       union all select max(stateAt, modifiedAt, touchedAt) from jobs
       union all select max(stateAt, modifiedAt) from jobSchedules
       union all select max(stateAt) from certificates union all select max(endAt) from usage)`,
  )
  return {
    pools: createPoolStore(db),
    nodes: createNodeStore(db),
    nodeUsers: createNodeUserStore(db),
    jobs: createJobStore(db),
    jobNodes: createJobNodeStore(db),
    jobSchedules: createJobScheduleStore(db),
    tasks: createTaskStore(db),
    erase: createErasure(db),
    endings: createEndingStore(db),
    dependencies: createDependencyStore(db),
    instances: createInstanceStore(db),
    retained: createRetentionStore(db),
    lifetimes: createLifetimeStore(db),
    certificates: createCertificateStore(db),
    usage: createUsageStore(db),
    quotas: createQuotaStore(db),
    statistics: createStatisticsStore(db),
    transaction: <T>(body: () => T) => db.transaction(body),
    /** The latest time that was ever written, microseconds; 0 in an empty database. */
    latestTime: () => latest.get({})?.us ?? 0,
    /** Deletes every row. */
    clear: () =>
      db.exec(
        'delete from retained; delete from endings; delete from tasks; delete from jobs; delete from jobSchedules; delete from nodes; delete from nodeNames; delete from pools; delete from certificates; delete from usage; delete from allocationFailures; delete from forgotten; insert into forgotten (key) values (1)',
      ),
    close: () => db.close(),
  }
}
