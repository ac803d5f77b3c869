// An account with quotas, as clients see it.

import { expect, test } from 'vitest'
import { expectError } from './expectations.ts'
import { jobOf, must, openProtocol, poolOf, scheduleOf, until } from './helpers.ts'

const quotas = { pools: 1, activeJobsAndSchedules: 1, dedicatedCores: 2, lowPriorityCores: 0 }
const { call } = await openProtocol({ quotas })

test('a pool above the quota is refused', async () => {
  await must(call('POST /pools', { json: poolOf('p', { targetDedicatedNodes: 0 }) }))
  expectError(await call('POST /pools', { json: poolOf('q') }), 409, 'PoolQuotaReached', { Quota: '1' })
})

test('a job or a job schedule above the quota is refused', async () => {
  await must(call('POST /jobs', { json: jobOf('j', 'p') }))
  const refusal = [409, 'ActiveJobAndScheduleQuotaReached', { Quota: '1' }] as const
  expectError(await call('POST /jobs', { json: jobOf('k', 'p') }), ...refusal)
  expectError(await call('POST /jobschedules', { json: scheduleOf('s') }), ...refusal)
})

test('nodes above the quota of cores are an error of the resize, not of the request', async () => {
  const json = { targetDedicatedNodes: 1, targetLowPriorityNodes: 1 }
  await until(call, '/pools/p', ({ allocationState }) => allocationState === 'steady')
  await must(call('POST /pools/p/resize', { json }))
  const pool = await until(call, '/pools/p', ({ allocationState }) => allocationState === 'steady')
  expect(pool).toMatchObject({ currentLowPriorityNodes: 0, targetLowPriorityNodes: 1 })
  expect(pool['resizeErrors']).toContainEqual({
    code: 'AccountLowPriorityCoreQuotaReached',
    message: 'The specified account has reached low priority core quota',
    values: [
      { name: 'Quota', value: '0' },
      { name: 'CoresPerNode', value: expect.stringMatching(/^\d+$/) as string },
    ],
  })
})
