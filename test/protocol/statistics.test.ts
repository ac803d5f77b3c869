// Statistics: those of the account, and those that $expand shows inside resources.

import { expect, test } from 'vitest'
import { expectError, expectSuccess } from './expectations.ts'
import { addPoolWithNodes, items, jobOf, must, openProtocol, poolOf, runTask, taskOf } from './helpers.ts'

const { call, url } = await openProtocol()
await addPoolWithNodes(call, 'p', 1)
await must(call('POST /jobs', { json: jobOf('j', 'p') }))
await runTask(call, 'j', taskOf('t'))

const OF_JOB = [
  'url',
  'startTime',
  'lastUpdateTime',
  'userCPUTime',
  'kernelCPUTime',
  'wallClockTime',
  'readIOps',
  'writeIOps',
  'readIOGiB',
  'writeIOGiB',
  'numTaskRetries',
  'numSucceededTasks',
  'numFailedTasks',
  'waitTime',
]

test('the statistics of all jobs are as recorded', async () => {
  const answer = await call('GET /lifetimejobstats')
  expectSuccess(answer, 200, 'J')
  expect(Object.keys(answer.json())).toEqual(['odata.metadata', ...OF_JOB])
  expect(answer.json()).toMatchObject({
    'odata.metadata': `${url}/$metadata#jobstats/@Element`,
    url: `${url}/lifetimejobstats`,
    numSucceededTasks: '1',
    readIOps: '0',
  })
})

test('the statistics of all pools are as recorded', async () => {
  const answer = await call('GET /lifetimepoolstats')
  expectSuccess(answer, 200, 'J')
  const body = answer.json<{ usageStats: object; resourceStats: object }>()
  expect(Object.keys(body)).toEqual(['odata.metadata', 'url', 'usageStats', 'resourceStats'])
  expect(Object.keys(body.usageStats)).toEqual(['startTime', 'lastUpdateTime', 'dedicatedCoreTime'])
  expect(Object.keys(body.resourceStats).slice(0, 5)).toEqual([
    'startTime',
    'diskReadIOps',
    'diskWriteIOps',
    'lastUpdateTime',
    'avgCPUPercentage',
  ])
})

test.each(['/lifetimejobstats', '/lifetimepoolstats'])('%s is gone since 2023-05-01.17.0', async (path) => {
  expect((await call(`GET ${path}`, { version: '2023-05-01.17.0' })).status).toBe(404)
})

test('the usage of pools is a list that young emulators have nothing in', async () => {
  const answer = await call('GET /poolusagemetrics')
  expectSuccess(answer, 200, 'J')
  expect(answer.json()).toEqual({ 'odata.metadata': `${url}/$metadata#poolusagemetrics`, value: [] })
  const between = 'starttime=2026-01-01T00%3A00%3A00Z&endtime=2026-01-01T02:00:00Z'
  expectSuccess(await call(`GET /poolusagemetrics?${between}`), 200, 'J')
  const wrong = await call('GET /poolusagemetrics?starttime=yesterday')
  expectError(wrong, 400, 'InvalidQueryParameterValue', {
    QueryParameterName: 'starttime',
    QueryParameterValue: 'yesterday',
    Reason: expect.any(String) as string,
  })
})

test.each([
  ['/jobs/j', OF_JOB],
  ['/jobs/j/tasks/t', OF_JOB.filter((name) => !name.startsWith('num'))],
  ['/pools/p', ['url', 'startTime', 'lastUpdateTime', 'usageStats', 'resourceStats']],
])('%s shows its statistics when they are asked for', async (path, names) => {
  const { stats } = (await must(call(`GET ${path}?$expand=stats`))).json<{ stats: { url: string } }>()
  expect(Object.keys(stats)).toEqual(names)
  expect(stats.url).toBe(`${url}${path}/stats`)
  expect((await call(`GET ${path}`)).json()).not.toHaveProperty('stats')
  const list = path.slice(0, path.lastIndexOf('/'))
  const [item] = items((await must(call(`GET ${list}?$expand=stats&$select=stats`))).json())
  expect(item).toEqual({ stats: expect.objectContaining({ url: stats.url }) as object })
  const [without] = items((await must(call(`GET ${list}?$expand=stats&$select=id`))).json())
  expect(Object.keys(without ?? {})).toEqual(['id'])
})

test('what has not run yet has no statistics', async () => {
  await must(call('POST /pools', { json: poolOf('q') }))
  await must(call('POST /jobs', { json: jobOf('k') }))
  for (const path of ['/pools/q', '/jobs/k']) {
    expect((await must(call(`GET ${path}?$expand=stats`))).json()).not.toHaveProperty('stats')
  }
})
