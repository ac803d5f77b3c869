// Which nodes there were and when: a row is written when a node is gone, those that are still there need none.

import type { Database } from './database.ts'

/** The time of one node in a pool, microseconds; `endAt` is null while it is there. */
export interface NodeTime {
  poolId: string
  vmSize: string
  dedicated: 0 | 1
  startAt: number
  endAt: number | null
}

export function createUsageStore(db: Database) {
  const insert = db.query<{ node: number; endAt: number }, never>(
    `insert into usage (poolId, vmSize, dedicated, startAt, endAt)
     select pools.id, pools.body ->> '$.vmSize', dedicated, allocatedAt, :endAt
     from nodes join pools on pools.key = nodes.pool where nodes.key = :node`,
  )
  const between = db.query<{ from: number; to: number }, NodeTime>(
    `select poolId, vmSize, dedicated, startAt, endAt from usage where endAt > :from and startAt < :to
     union all
     select pools.id, pools.body ->> '$.vmSize', dedicated, allocatedAt, null
     from nodes join pools on pools.key = nodes.pool where allocatedAt < :to`,
  )
  const ofPool = db.query<{ poolId: string; from: number }, NodeTime>(
    `select poolId, vmSize, dedicated, startAt, endAt from usage where poolId = :poolId and startAt >= :from
     union all
     select pools.id, pools.body ->> '$.vmSize', dedicated, allocatedAt, null
     from nodes join pools on pools.key = nodes.pool where pools.id = :poolId`,
  )
  const firstPool = db.query<object, { us: number | null }>(
    `select min(us) as us from (select min(startAt) as us from usage union all select min(createdAt) from pools)`,
  )
  return {
    /** A node is about to be deleted: its time is kept. */
    end: (node: number, endAt: number) => void insert.run({ node, endAt }),
    /** The times of nodes that were there between two moments. */
    between: (from: number, to: number) => between.all({ from, to }),
    /** The times of the nodes of a pool since its creation; an earlier pool of that id is another one. */
    ofPool: (poolId: string, createdAt: number) => ofPool.all({ poolId, from: createdAt }),
    /** When the first pool was made that is known; undefined when there never was one. */
    firstPool: () => firstPool.get({})?.us ?? undefined,
  }
}
