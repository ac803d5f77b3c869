// Errors, pages and conditional requests, as the SDK hands them to its callers.

import { createClient, describeError } from './emulator.ts'

const POOL = 'answers-pool'
const JOB = 'answers-job'
const IMAGE = { publisher: 'canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts' }
const COUNT = 95

const client = createClient()

function addPool(): Promise<unknown> {
  return client.pool.add({
    id: POOL,
    vmSize: 'STANDARD_A1_v2',
    targetDedicatedNodes: 0,
    virtualMachineConfiguration: { imageReference: IMAGE, nodeAgentSKUId: 'batch.node.ubuntu 22.04' },
    metadata: [{ name: 'owner', value: 'Zoë' }],
  })
}

function addJob(): Promise<unknown> {
  return client.job.add({ id: JOB, poolInfo: { poolId: POOL } })
}

async function describeErrors(): Promise<unknown> {
  const { eTag } = await client.pool.get(POOL)
  const stranger = createClient('AAAA')
  const filter = { jobListOptions: { filter: 'state eq' } }
  return {
    'pool exists': await describeError(addPool()),
    'job exists': await describeError(addJob()),
    'no such pool': await describeError(client.pool.get('nowhere')),
    'no such task': await describeError(client.task.get(JOB, 'nothing')),
    'bad value': await describeError(client.pool.resize(POOL, { targetDedicatedNodes: -1 })),
    'bad filter': await describeError(client.job.list(filter)),
    'wrong key': await describeError(stranger.pool.list()),
    'not modified': await describeError(
      client.pool.get(POOL, { poolGetOptions: { ifNoneMatch: eTag ?? '' } }),
    ),
    'stale condition': await describeError(
      client.pool.deleteMethod(POOL, { poolDeleteMethodOptions: { ifMatch: '0x8D0000000000000' } }),
    ),
  }
}

/** Adds tasks, reads them page by page with a query that every page must keep. */
async function describePages(): Promise<unknown> {
  const tasks = Array.from({ length: COUNT }, (_, index) => ({
    id: `task${String(index).padStart(3, '0')}`,
    commandLine: '/bin/true',
  }))
  const { value: added = [] } = await client.task.addCollection(JOB, tasks)
  const { value: again } = await client.task.addCollection(JOB, tasks.slice(0, 1))
  const taskListOptions = {
    maxResults: 40,
    select: 'id,state',
    filter: "startswith(id, 'task') and state eq 'active'",
  }
  let page = await client.task.list(JOB, { taskListOptions })
  const [first] = page
  const sizes = [page.length]
  const ids = page.map(({ id }) => id)
  while (page.odatanextLink) {
    page = await client.task.listNext(page.odatanextLink)
    sizes.push(page.length)
    ids.push(...page.map(({ id }) => id))
  }
  return {
    added: [...new Set(added.map(({ status }) => status))],
    again: [again?.[0]?.status, again?.[0]?.error?.code],
    sizes,
    different: new Set(ids).size,
    selected: first,
  }
}

await addPool()
await addJob()
await client.job.disable(JOB, 'requeue')
const document = {
  errors: await describeErrors(),
  pages: await describePages(),
  metadata: (await client.pool.get(POOL)).metadata,
  exists: [(await client.pool.exists(POOL)).body, (await client.pool.exists('nowhere')).body],
}
console.log(JSON.stringify(document))
