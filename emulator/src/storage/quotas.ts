// What counts against the quotas of the account, and the allocations that are to fail.

import type { Database } from './database.ts'

/** An allocation that is to fail. */
export interface AllocationFailureRow {
  poolId: string
  code: string
  /** Machines that come nevertheless. */
  nodes: number
  /** How many allocations are still to fail. */
  times: number
}

/** Nodes of one size and kind. */
export interface SizeCount {
  vmSize: string
  count: number
}

export function createQuotaStore(db: Database) {
  const pools = db.query<object, { count: number }>('select count(*) as count from pools')
  const active = db.query<object, { count: number }>(
    `select (select count(*) from jobs where state <> 'completed')
          + (select count(*) from jobSchedules where state <> 'completed') as count`,
  )
  const sizes = db.query<{ dedicated: 0 | 1 }, SizeCount>(
    `select pools.body ->> '$.vmSize' as vmSize, count(*) as count
     from pools join nodes on nodes.pool = pools.key where nodes.dedicated = :dedicated group by pools.key`,
  )
  const plan = db.query<AllocationFailureRow, never>(
    `insert into allocationFailures (poolId, code, nodes, times) values (:poolId, :code, :nodes, :times)
     on conflict do update set code = excluded.code, nodes = excluded.nodes, times = excluded.times`,
  )
  const planned = db.query<{ poolId: string }, AllocationFailureRow>(
    'select * from allocationFailures where poolId = :poolId and times > 0',
  )
  const spend = db.query<{ poolId: string }, never>(
    'update allocationFailures set times = times - 1 where poolId = :poolId',
  )
  const prune = db.query<object, never>('delete from allocationFailures where times <= 0')
  return {
    poolCount: () => pools.get({})?.count ?? 0,
    /** Jobs and job schedules that are not completed. */
    activeCount: () => active.get({})?.count ?? 0,
    /** The nodes of a kind of all pools. */
    nodeSizes: (dedicated: 0 | 1) => sizes.all({ dedicated }),
    /** Replaces what was planned for the pool; 0 `times` = nothing. */
    planFailure(row: AllocationFailureRow): void {
      plan.run(row)
      prune.run({})
    },
    plannedFailure: (poolId: string) => planned.get({ poolId }),
    /** One of the planned failures has happened. */
    spendFailure(poolId: string): void {
      spend.run({ poolId })
      prune.run({})
    },
  }
}
