// Account and pools, as a program would use them.

import { expect } from 'vitest'
import { poolOf, refusal, until, type Stage } from '../recorder.ts'

/** Every operation of accounts and pools. */
export async function pools(stage: Stage): Promise<void> {
  const { client } = stage
  const images = await client.account.listSupportedImages({
    accountListSupportedImagesOptions: { filter: "osType eq 'linux'" },
  })
  expect(images.map((image) => image.nodeAgentSKUId)).toContain('batch.node.ubuntu 22.04')

  const { _response: created } = await client.pool.add({
    ...poolOf('pool', 2),
    metadata: [{ name: 'a', value: '1' }],
  })
  expect(created.status).toBe(201)
  expect(await refusal(client.pool.add(poolOf('POOL', 1)))).toEqual([409, 'PoolExists'])
  const steady = () =>
    until(
      () => client.pool.get('pool'),
      (pool) => pool.allocationState === 'steady',
    )
  const pool = await steady()
  expect(pool).toMatchObject({
    id: 'pool',
    currentDedicatedNodes: 2,
    vmSize: 'standard_d2s_v3',
    taskSlotsPerNode: 1,
  })
  expect(pool.creationTime).toBeInstanceOf(Date)
  expect(await counts(stage)).toMatchObject([{ poolId: 'pool', dedicated: { total: 2 } }])

  await conditions(stage)
  await client.pool.patch('pool', { metadata: [{ name: 'b', value: '2' }] })
  expect((await client.pool.get('pool')).metadata).toMatchObject([{ name: 'b', value: '2' }])
  const empty = { certificateReferences: [], applicationPackageReferences: [], metadata: [] }
  await client.pool.updateProperties('pool', { ...empty, startTask: { commandLine: '/bin/true' } })
  expect((await client.pool.get('pool')).startTask?.commandLine).toBe('/bin/true')

  await client.pool.resize('pool', { targetDedicatedNodes: 3 })
  await client.pool
    .stopResize('pool')
    .catch((error: unknown) => expect(error).toMatchObject({ statusCode: 409 }))
  await steady()
  await autoscale(stage)
  await steady()
  const [node] = await client.computeNode.list('pool')
  await client.pool.removeNodes('pool', { nodeList: [node?.id ?? ''] })
  await steady()

  expect(await pages(stage)).toEqual(['p0', 'p1', 'p2', 'pool'])
  expect(await client.pool.listUsageMetrics()).toBeInstanceOf(Array)
  expect((await client.pool.getAllLifetimeStatistics()).usageStats?.startTime).toBeInstanceOf(Date)
  expect(await client.pool.exists('pool')).toMatchObject({ body: true })
  await client.pool.deleteMethod('pool')
  await until(
    () => client.pool.exists('pool'),
    ({ body }) => !body,
  )
  expect(await client.pool.exists('pool')).toMatchObject({ body: false })
}

async function counts({ client }: Stage) {
  const options = { accountListPoolNodeCountsOptions: { filter: "poolId eq 'pool'" } }
  return [...(await client.account.listPoolNodeCounts(options))]
}

async function conditions({ client }: Stage): Promise<void> {
  const { eTag = '' } = await client.pool.get('pool')
  expect(await refusal(client.pool.get('pool', { poolGetOptions: { ifNoneMatch: eTag } }))).toEqual([
    304,
    undefined,
  ])
  expect(await refusal(client.pool.patch('pool', {}, { poolPatchOptions: { ifMatch: '0x8D0' } }))).toEqual([
    412,
    'ConditionNotMet',
  ])
  await client.pool.patch('pool', { metadata: [] }, { poolPatchOptions: { ifMatch: eTag } })
}

async function autoscale({ client }: Stage): Promise<void> {
  const autoScaleFormula = '$TargetDedicatedNodes = 2;'
  await client.pool.enableAutoScale('pool', { autoScaleFormula })
  expect(await client.pool.get('pool')).toMatchObject({ enableAutoScale: true, autoScaleFormula })
  const run = await client.pool.evaluateAutoScale('pool', '$TargetDedicatedNodes = 4')
  expect(run).toMatchObject({
    results: '$TargetDedicatedNodes=4;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue',
  })
  expect(run.timestamp).toBeInstanceOf(Date)
  await client.pool.disableAutoScale('pool')
  expect((await client.pool.get('pool')).enableAutoScale).toBe(false)
}

async function pages({ client }: Stage): Promise<(string | undefined)[]> {
  for (const id of ['p0', 'p1', 'p2']) await client.pool.add(poolOf(id, 0))
  let page = await client.pool.list({ poolListOptions: { maxResults: 3, select: 'id,state' } })
  const ids = page.map(({ id }) => id)
  while (page.odatanextLink !== undefined) {
    page = await client.pool.listNext(page.odatanextLink)
    ids.push(...page.map(({ id }) => id))
  }
  return ids
}
