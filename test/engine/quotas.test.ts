// An account that may not have everything.

import { expect, test } from 'vitest'
import { jobBody, nodeStates, openVirtualEngine, poolBody } from '../helpers/virtual-engine.ts'

function code(name: string) {
  return expect.objectContaining({ code: name, status: 409 }) as Error
}

test('there are no more pools than the quota allows; one that is being deleted counts until it is gone', () => {
  const { engine, seconds } = openVirtualEngine({ quotas: { pools: 2 } })
  engine.pools.add(poolBody('a'))
  engine.pools.add(poolBody('b'))
  seconds(1)
  expect(() => engine.pools.add(poolBody('c'))).toThrow(code('PoolQuotaReached'))
  expect(() => engine.pools.add(poolBody('a'))).toThrow(code('PoolExists'))
  engine.pools.delete('a')
  expect(() => engine.pools.add(poolBody('c'))).toThrow(code('PoolQuotaReached'))
  seconds(1)
  engine.pools.add(poolBody('c'))
})

test('jobs and job schedules that are not completed share one quota', () => {
  const { engine, seconds } = openVirtualEngine({ quotas: { activeJobsAndSchedules: 3 } })
  const schedule = (id: string) => ({ id, schedule: {}, jobSpecification: { poolInfo: { poolId: 'p' } } })
  engine.jobs.add(jobBody('a', 'p'))
  engine.jobs.add(jobBody('b', 'p'))
  engine.jobSchedules.add({ ...schedule('later'), schedule: { doNotRunUntil: '2027-01-01T00:00:00Z' } })
  expect(() => engine.jobs.add(jobBody('c', 'p'))).toThrow(code('ActiveJobAndScheduleQuotaReached'))
  expect(() => engine.jobSchedules.add(schedule('s'))).toThrow(code('ActiveJobAndScheduleQuotaReached'))
  engine.jobs.disable('a', { disableTasks: 'requeue' })
  seconds(1)
  expect(() => engine.jobs.add(jobBody('c', 'p'))).toThrow(code('ActiveJobAndScheduleQuotaReached'))
  engine.jobs.terminate('a')
  seconds(1)
  engine.jobs.add(jobBody('c', 'p'))
  engine.jobSchedules.terminate('later')
  engine.jobs.terminate('c')
  seconds(1)
  engine.jobs.add(jobBody('d', 'p'))
})

test('a schedule makes its job also when that exceeds the quota, and the job counts', () => {
  const { engine } = openVirtualEngine({ quotas: { activeJobsAndSchedules: 1 } })
  engine.jobSchedules.add({ id: 's', schedule: {}, jobSpecification: { poolInfo: { poolId: 'p' } } })
  expect(engine.jobs.get('s:job-1').state).toBe('active')
  expect(() => engine.jobs.add(jobBody('j', 'p'))).toThrow(code('ActiveJobAndScheduleQuotaReached'))
})

test('a job whose own pool the quota refuses is completed, and says why', () => {
  const { engine } = openVirtualEngine({ quotas: { pools: 0 } })
  const { id: _, ...pool } = poolBody('')
  engine.jobs.add({
    id: 'j',
    poolInfo: { autoPoolSpecification: { poolLifetimeOption: 'job', pool } },
  })
  expect(engine.jobs.get('j')).toMatchObject({
    state: 'completed',
    executionInfo: {
      schedulingError: { category: 'UserError', code: 'AutoPoolCreationFailedWithQuotaReached' },
    },
  })
  expect(engine.explain.job('j').cause).toBe('AutoPoolFailed')
})

test('of the nodes of a pool as many come as the quota of cores allows', () => {
  const { engine, seconds } = openVirtualEngine({ quotas: { dedicatedCores: 7, lowPriorityCores: 100 } })
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 5, targetLowPriorityNodes: 2 }))
  seconds(1)
  expect(engine.pools.get('p')).toMatchObject({
    allocationState: 'steady',
    targetDedicatedNodes: 5,
    currentDedicatedNodes: 3,
    currentLowPriorityNodes: 2,
    resizeErrors: [
      {
        code: 'AccountCoreQuotaReached',
        values: [
          { name: 'Quota', value: '7' },
          { name: 'CoresPerNode', value: '2' },
        ],
      },
    ],
  })
})

test('the nodes of all pools count with the cores of their size, each kind for itself', () => {
  const { engine, seconds } = openVirtualEngine({ quotas: { dedicatedCores: 10, lowPriorityCores: 1 } })
  engine.pools.add(poolBody('large', { vmSize: 'standard_d8s_v3' }))
  seconds(1)
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 2, targetLowPriorityNodes: 1 }))
  seconds(1)
  expect(engine.pools.get('p')).toMatchObject({ currentDedicatedNodes: 1, currentLowPriorityNodes: 0 })
  const codes = () => engine.pools.get('p').resizeErrors?.map((error) => error.code)
  expect(codes()).toEqual(['AccountCoreQuotaReached', 'AccountLowPriorityCoreQuotaReached'])
  engine.pools.delete('large')
  seconds(1)
  expect(nodeStates(engine, 'p')).toHaveLength(1)
  engine.pools.resize('p', { targetDedicatedNodes: 2, targetLowPriorityNodes: 0 })
  expect(engine.pools.get('p').resizeErrors).toBeUndefined()
  seconds(1)
  expect(engine.pools.get('p').currentDedicatedNodes).toBe(2)
  expect(codes()).toBeUndefined()
})

test('a formula that asks for more than the quota asks again at every evaluation', () => {
  const { engine, seconds } = openVirtualEngine({ quotas: { dedicatedCores: 4 } })
  engine.pools.add(poolBody('other', { targetDedicatedNodes: 1 }))
  seconds(1)
  const { targetDedicatedNodes: _, ...scaled } = poolBody('p', {
    enableAutoScale: true,
    autoScaleFormula: '$TargetDedicatedNodes = 2',
    autoScaleEvaluationInterval: 'PT5M',
  })
  engine.pools.add(scaled)
  seconds(1)
  expect(engine.pools.get('p')).toMatchObject({
    currentDedicatedNodes: 1,
    resizeErrors: [{ code: 'AccountCoreQuotaReached' }],
  })
  engine.pools.delete('other')
  seconds(301)
  expect(engine.pools.get('p')).toMatchObject({ currentDedicatedNodes: 2, allocationState: 'steady' })
  expect(engine.pools.get('p').resizeErrors).toBeUndefined()
})

test('a pool whose nodes talk to each other has at most 100 of them', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 101, enableInterNodeCommunication: true }))
  engine.pools.add(poolBody('q', { targetDedicatedNodes: 101 }))
  seconds(1)
  expect(engine.pools.get('p')).toMatchObject({
    allocationState: 'steady',
    currentDedicatedNodes: 100,
    resizeErrors: [{ code: 'CommunicationEnabledPoolReachedMaxVMCount' }],
  })
  expect(engine.pools.get('q')).toMatchObject({ currentDedicatedNodes: 101 })
})
