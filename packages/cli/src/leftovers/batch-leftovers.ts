// Jobs and pools that carry the mark of a run, with what their nodes have cost.

import type { JsonObject, RestClient } from '@malachite/azure'
import { RUN_METADATA } from '@malachite/orchestrator'
import type { Leftover, LeftoverSource } from './leftover.ts'

const HOUR_MS = 3_600_000

/** Jobs first: they are deleted first, so that no task is left to wait for a pool. */
export function createBatchSource(client: RestClient): LeftoverSource {
  return {
    name: 'Jobs and pools',
    async find(madeBefore) {
      const jobs = await findMarked(client, 'job', madeBefore)
      const pools = await findMarked(client, 'pool', madeBefore)
      for (const pool of pools) Object.assign(pool, await countNodes(client, pool.id))
      return [...jobs, ...pools]
    },
    close: () => client.close(),
  }
}

async function findMarked(client: RestClient, kind: 'job' | 'pool', madeBefore: Date): Promise<Leftover[]> {
  const found: Leftover[] = []
  const query = { $select: 'id,state,creationTime,metadata' }
  for await (const item of client.list([`${kind}s`], { query })) {
    const run = runOf(item)
    const { id, state, creationTime } = item as Record<'id' | 'state' | 'creationTime', string>
    if (run === undefined || state === 'deleting' || new Date(creationTime) > madeBefore) continue
    const remove = async (): Promise<void> => void (await client.send('DELETE', [`${kind}s`, id]))
    found.push({ kind, id, run, state, creationTime, nodes: 0, nodeHours: 0, remove })
  }
  return found
}

function runOf({ metadata = [] }: JsonObject): string | undefined {
  return (metadata as { name: string; value: string }[]).find(({ name }) => name === RUN_METADATA)?.value
}

/** A node costs from its allocation on. */
async function countNodes(
  client: RestClient,
  poolId: string,
): Promise<Pick<Leftover, 'nodes' | 'nodeHours'>> {
  const query = { $select: 'id,allocationTime' }
  let nodes = 0
  let ms = 0
  for await (const { allocationTime } of client.list(['pools', poolId, 'nodes'], { query })) {
    nodes++
    ms += Math.max(0, Date.now() - Date.parse(String(allocationTime)))
  }
  return { nodes, nodeHours: Math.round((ms / HOUR_MS) * 100) / 100 }
}
