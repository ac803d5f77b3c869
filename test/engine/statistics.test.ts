import { expect, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

const MINUTE = 60

/** A job with a task of 10 s, one of 20 s that fails twice, and one that waits for a slot all the time. */
function openWithJob() {
  const virtual = openVirtualEngine({
    script: (commandLine) =>
      commandLine === 'run bad' ? { duration: 20_000, exitCode: 1 } : { duration: 10_000 },
  })
  const { engine, seconds } = virtual
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 2, targetLowPriorityNodes: 0 }))
  seconds(5)
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.add('j', taskBody('good'))
  engine.tasks.add('j', taskBody('bad', { constraints: { maxTaskRetryCount: 1 } }))
  return virtual
}

test('what has not run yet has no statistics', () => {
  const { engine } = openVirtualEngine()
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 0 }))
  engine.jobs.add(jobBody('j', 'q'))
  engine.tasks.add('j', taskBody('t'))
  expect(engine.statistics.ofPool('p')).toBeUndefined()
  expect(engine.statistics.ofJob('j')).toBeUndefined()
  expect(engine.statistics.ofTask('j', 't')).toBeUndefined()
  expect(() => engine.statistics.ofJob('none')).toThrow('does not exist')
})

test("a task's statistics are the time of its latest try and the wait before it", () => {
  const { engine, seconds } = openWithJob()
  seconds(15)
  expect(engine.statistics.ofTask('j', 'good')).toMatchObject({
    startTime: engine.tasks.get('j', 'good').creationTime,
    wallClockTime: 'PT10S',
    userCPUTime: 'PT0S',
    readIOps: '0',
  })
  expect(engine.statistics.ofTask('j', 'bad')?.wallClockTime).toBe('PT15S')
})

test("a job's statistics are sums over its tasks", () => {
  const { engine, seconds } = openWithJob()
  engine.tasks.add('j', taskBody('late'))
  seconds(60)
  const statistics = engine.statistics.ofJob('j')
  expect(statistics).toMatchObject({
    startTime: engine.jobs.get('j').creationTime,
    numSucceededTasks: '2',
    numFailedTasks: '1',
    numTaskRetries: '1',
    wallClockTime: 'PT40S',
  })
  // The late task waited 10 s for the first one, the retry of the bad one began after 20 s.
  expect(statistics?.waitTime).toBe('PT30S')
  expect(Object.keys(statistics ?? {})).toEqual([
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
  ])
})

test('the statistics of all jobs remember those that were deleted', () => {
  const { engine, seconds } = openWithJob()
  const { creationTime } = engine.jobs.get('j')
  seconds(60)
  engine.tasks.delete('j', 'good')
  const before = engine.statistics.ofAllJobs()
  expect(before).toMatchObject({ startTime: creationTime, numSucceededTasks: '1', numTaskRetries: '1' })
  expect(engine.statistics.ofJob('j')).toMatchObject({ numSucceededTasks: '0' })
  engine.jobs.delete('j')
  seconds(60)
  const { lastUpdateTime: _, ...sums } = before
  expect(engine.statistics.ofAllJobs()).toMatchObject(sums)
  engine.reset()
  expect(engine.statistics.ofAllJobs()).toMatchObject({ numSucceededTasks: '0', wallClockTime: 'PT0S' })
})

test('the statistics of a job schedule are sums over its jobs', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p'))
  const jobManagerTask = { id: 'm', commandLine: 'manage', killJobOnCompletion: true }
  engine.jobSchedules.add({
    id: 's',
    schedule: { recurrenceInterval: 'PT1H' },
    jobSpecification: { poolInfo: { poolId: 'p' }, jobManagerTask },
  })
  seconds(65 * MINUTE)
  expect(engine.statistics.ofJobSchedule('s')).toMatchObject({
    numSucceededTasks: '2',
    wallClockTime: 'PT2S',
  })
  expect(() => engine.statistics.ofJobSchedule('none')).toThrow('does not exist')
})

test('a pool has used the cores of its dedicated nodes, those that left included', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 2, targetLowPriorityNodes: 1 }))
  seconds(100)
  engine.pools.resize('p', { targetDedicatedNodes: 1 })
  seconds(100)
  const used = engine.statistics.ofPool('p')
  // A node of two cores was there for 100 s, another one for 200 s.
  expect(used?.usageStats.dedicatedCoreTime).toBe('PT10M')
  expect(used?.startTime).toBe(engine.pools.get('p').creationTime)
  expect(used?.resourceStats).toMatchObject({ avgCPUPercentage: 0, diskReadIOps: '0' })
  expect(engine.statistics.ofAllPools().usageStats.dedicatedCoreTime).toBe('PT10M')
  expect(engine.statistics.ofAllPools()).not.toHaveProperty('startTime')
})

test('an earlier pool of the same id is another pool', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p'))
  seconds(100)
  engine.pools.delete('p')
  seconds(1)
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 0 }))
  expect(engine.statistics.ofPool('p')).toBeUndefined()
  expect(engine.statistics.ofAllPools().usageStats.dedicatedCoreTime).toBe('PT3M20S')
})

test('usage is told for the latest half hour that is over, unless times are given', () => {
  const { engine, seconds } = openVirtualEngine()
  expect(engine.statistics.poolUsage()).toEqual({ items: [] })
  engine.pools.add(poolBody('p'))
  engine.pools.add(poolBody('q', { vmSize: 'standard_a1', targetDedicatedNodes: 0 }))
  seconds(29 * MINUTE)
  expect(engine.statistics.poolUsage()).toEqual({ items: [] })
  seconds(32 * MINUTE)
  expect(engine.statistics.poolUsage().items).toEqual([
    {
      poolId: 'p',
      startTime: '2026-01-01T00:30:00Z',
      endTime: '2026-01-01T01:00:00Z',
      vmSize: 'standard_d2s_v3',
      totalCoreHours: 1,
    },
  ])
  const [first] = engine.statistics.poolUsage({
    startTime: '2026-01-01',
    endTime: '2026-01-01T00:45:00Z',
  }).items
  expect(first?.totalCoreHours).toBeCloseTo(1, 3)
  expect(first?.endTime).toBe('2026-01-01T00:30:00Z')
})

test('usage comes in pages and can be filtered by pool', () => {
  const { engine, seconds } = openVirtualEngine()
  for (const id of ['a', 'b']) engine.pools.add(poolBody(id))
  seconds(95 * MINUTE)
  const query = { startTime: '2026-01-01T00:00:00Z' }
  const first = engine.statistics.poolUsage({ ...query, maxResults: 4 })
  const rest = engine.statistics.poolUsage({ ...query, skipToken: first.next ?? '' })
  const names = [...first.items, ...rest.items].map(
    ({ poolId, endTime }) => `${endTime.slice(11, 16)} ${poolId}`,
  )
  expect(names).toEqual(['00:30 a', '00:30 b', '01:00 a', '01:00 b', '01:30 a', '01:30 b'])
  const ofB = engine.statistics.poolUsage({ ...query, filter: "poolId eq 'b'" })
  expect(ofB.items.map(({ poolId }) => poolId)).toEqual(['b', 'b', 'b'])
})

test('a time that is none is refused', () => {
  const { engine } = openVirtualEngine()
  expect(() => engine.statistics.poolUsage({ startTime: 'yesterday' })).toThrow(
    expect.objectContaining({ code: 'InvalidQueryParameterValue' }),
  )
})
