import { expect, test } from 'vitest'
import { isSteady, jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

/** The pool that a job brings with it. */
function autoPool(more: object = {}, pool: object = {}) {
  const { id: _, ...specification } = poolBody('none', pool)
  return { autoPoolSpecification: { poolLifetimeOption: 'job', pool: specification, ...more } }
}

/** A body that adds a job with its own pool. */
function autoJob(id: string, more: object = {}, pool: object = {}) {
  return { id, poolInfo: autoPool(more, pool) }
}

function autoSchedule(id: string, schedule: object, more: object = {}) {
  return { id, schedule, jobSpecification: { poolInfo: autoPool(more) } }
}

type Engine = ReturnType<typeof openVirtualEngine>['engine']

function poolIds(engine: Engine): string[] {
  return engine.pools.list().items.map(({ id }) => id)
}

const invalid = (name: string) =>
  expect.objectContaining({
    code: 'InvalidPropertyValue',
    details: expect.objectContaining({ PropertyName: name }) as unknown,
  })

const GUID = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/

test('a job brings its pool and runs there; the pool goes with the job', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobs.add(autoJob('j'))
  const { poolId = '' } = engine.jobs.get('j').executionInfo
  expect(poolId).toMatch(GUID)
  expect(poolIds(engine)).toEqual([poolId])
  engine.tasks.add('j', taskBody('t'))
  seconds(5)
  expect(engine.tasks.get('j', 't')).toMatchObject({ state: 'completed', nodeInfo: { poolId } })
  expect(isSteady(engine.pools.get(poolId))).toBe(true)
  engine.jobs.terminate('j')
  seconds(1)
  expect(engine.jobs.get('j').state).toBe('completed')
  expect(poolIds(engine)).toEqual([])
  expect(engine.jobs.get('j').executionInfo.poolId).toBe(poolId)
})

test('the id of the pool begins with the prefix, and no two are the same', () => {
  const { engine } = openVirtualEngine()
  engine.jobs.add(autoJob('a', { autoPoolIdPrefix: 'render' }))
  engine.jobs.add(autoJob('b', { autoPoolIdPrefix: 'render' }))
  const ids = poolIds(engine)
  expect(new Set(ids).size).toBe(2)
  for (const id of ids) {
    expect(id.slice(0, -36)).toBe('render_')
    expect(id.slice(-36)).toMatch(GUID)
  }
})

test('the job tells the specification with all defaults, and no pool id', () => {
  const { engine } = openVirtualEngine()
  engine.jobs.add(autoJob('j', {}, { targetDedicatedNodes: undefined }))
  const { poolInfo } = engine.jobs.get('j')
  expect(poolInfo).toEqual({
    autoPoolSpecification: {
      poolLifetimeOption: 'job',
      keepAlive: false,
      pool: expect.objectContaining({
        vmSize: 'standard_d2s_v3',
        taskSlotsPerNode: 1,
        taskSchedulingPolicy: { nodeFillType: 'spread' },
        resizeTimeout: 'PT15M',
        targetDedicatedNodes: 0,
        targetLowPriorityNodes: 0,
        enableAutoScale: false,
      }) as unknown,
    },
  })
})

test('a job that is deleted takes its pool along', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ duration: 60_000 }) })
  engine.jobs.add(autoJob('j'))
  engine.tasks.add('j', taskBody('t'))
  seconds(1)
  engine.jobs.delete('j')
  seconds(1)
  expect(engine.jobs.list().items).toEqual([])
  expect(poolIds(engine)).toEqual([])
})

test('keepAlive keeps the pool; it can be changed while the job is there', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobs.add(autoJob('kept', { keepAlive: true }))
  engine.jobs.add(autoJob('later', { autoPoolIdPrefix: 'x' }))
  const { poolId } = engine.jobs.get('later').executionInfo
  const change = { poolLifetimeOption: 'job', autoPoolIdPrefix: 'x', keepAlive: true }
  engine.jobs.patch('later', { poolInfo: { autoPoolSpecification: change } })
  expect(engine.jobs.get('later')).toMatchObject({
    poolInfo: { autoPoolSpecification: { keepAlive: true, pool: { vmSize: 'standard_d2s_v3' } } },
    executionInfo: { poolId },
  })
  engine.jobs.update('later', { poolInfo: { autoPoolSpecification: change } })
  engine.jobs.terminate('kept')
  engine.jobs.terminate('later')
  seconds(1)
  expect(poolIds(engine)).toHaveLength(2)
  engine.jobs.delete('later')
  seconds(1)
  expect(poolIds(engine)).toHaveLength(2)
})

test.each([
  ['another prefix', { autoPoolSpecification: { poolLifetimeOption: 'job', autoPoolIdPrefix: 'y' } }],
  ['another lifetime', { autoPoolSpecification: { poolLifetimeOption: 'jobschedule' } }],
  ['another pool', autoPool({}, { targetDedicatedNodes: 7 })],
  ['a pool that exists', { poolId: 'p' }],
])('%s cannot be given to a job with its own pool', (_, poolInfo) => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobs.add(autoJob('j'))
  engine.jobs.disable('j', { disableTasks: 'wait' })
  seconds(1)
  expect(() => engine.jobs.patch('j', { poolInfo })).toThrow(invalid('poolInfo'))
  engine.jobs.patch('j', { poolInfo: autoPool() })
})

test('a job on a pool that exists cannot get one of its own', () => {
  const { engine } = openVirtualEngine()
  engine.jobs.add(jobBody('j', 'p'))
  expect(() => engine.jobs.patch('j', { poolInfo: autoPool() })).toThrow(invalid('poolInfo'))
})

test.each([
  [{ poolInfo: { poolId: 'p', ...autoPool() } }, 'InvalidPropertyValue'],
  [{ poolInfo: {} }, 'MissingRequiredProperty'],
  [{ poolInfo: autoPool({ poolLifetimeOption: 'jobschedule' }) }, 'InvalidPropertyValue'],
  [{ poolInfo: autoPool({ poolLifetimeOption: 'forever' }) }, 'InvalidPropertyValue'],
  [{ poolInfo: autoPool({ autoPoolIdPrefix: 'a'.repeat(21) }) }, 'InvalidPropertyValue'],
  [{ poolInfo: autoPool({ pool: undefined }) }, 'MissingRequiredProperty'],
  [{ poolInfo: autoPool({ pool: { ...poolBody('p') } }) }, 'UnsupportedProperty'],
  [
    {
      poolInfo: autoPool(
        {},
        {
          virtualMachineConfiguration: {
            imageReference: { publisher: 'p', offer: 'o', sku: 's' },
            nodeAgentSKUId: 'batch.node.windows amd64',
          },
        },
      ),
    },
    'NotImplemented',
  ],
])('a job with %j is refused with %s', (body, code) => {
  const { engine } = openVirtualEngine()
  expect(() => engine.jobs.add({ id: 'j', ...body })).toThrow(expect.objectContaining({ code }))
  expect(engine.jobs.list().items).toEqual([])
})

test('a job whose pool cannot be made is completed with a scheduling error', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobs.add(autoJob('j', {}, AUTOSCALED))
  const job = engine.jobs.get('j')
  expect(job).toMatchObject({
    state: 'completed',
    previousState: 'active',
    executionInfo: {
      endTime: expect.any(String) as unknown,
      schedulingError: { category: 'UserError', code: 'InvalidAutoScaleFormulaInAutoPool' },
    },
  })
  expect(job.executionInfo).not.toHaveProperty('poolId')
  expect(poolIds(engine)).toEqual([])
  engine.jobs.delete('j')
  seconds(1)
  expect(engine.jobs.list().items).toEqual([])
})

test.each([
  [
    'unknown packages',
    { applicationPackageReferences: [{ applicationId: 'none' }] },
    'InvalidApplicationPackageReferencesInAutoPool',
  ],
  [
    'unknown certificates',
    { certificateReferences: [{ thumbprint: 'a'.repeat(40), thumbprintAlgorithm: 'sha1' }] },
    'InvalidCertificatesInAutoPool',
  ],
  ['more slots than its machines have', { taskSlotsPerNode: 200 }, 'InvalidAutoPoolSettings'],
])('the scheduling error of a job names what its pool asked for: %s', (_, pool, code) => {
  const { engine } = openVirtualEngine()
  engine.jobs.add(autoJob('j', {}, pool))
  expect(engine.jobs.get('j')).toMatchObject({
    state: 'completed',
    executionInfo: { schedulingError: { code } },
  })
})

const AUTOSCALED = {
  targetDedicatedNodes: undefined,
  enableAutoScale: true,
  autoScaleFormula: '$TargetDedicatedNodes = ;',
}

test('with the lifetime job each job of a schedule has its own pool', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.jobSchedules.add(autoSchedule('s', { recurrenceInterval: 'PT1H' }))
  const [first] = poolIds(engine)
  engine.jobs.terminate('s:job-1')
  seconds(1)
  expect(poolIds(engine)).toEqual([])
  seconds(3600)
  expect(poolIds(engine)).toHaveLength(1)
  expect(poolIds(engine)).not.toEqual([first])
})

test('with the lifetime jobschedule all jobs share the pool, which goes with the schedule', () => {
  const { engine, seconds } = openVirtualEngine()
  const lifetime = { poolLifetimeOption: 'JobSchedule' }
  engine.jobSchedules.add(autoSchedule('s', { recurrenceInterval: 'PT1H' }, lifetime))
  const [poolId] = poolIds(engine)
  engine.jobs.terminate('s:job-1')
  seconds(3601)
  expect(engine.jobs.get('s:job-2').executionInfo.poolId).toBe(poolId)
  expect(poolIds(engine)).toEqual([poolId])
  expect(() =>
    engine.jobs.patch('s:job-2', { poolInfo: autoPool({ ...lifetime, keepAlive: true }) }),
  ).toThrow(invalid('poolInfo'))
  engine.jobSchedules.terminate('s')
  seconds(1)
  expect(engine.jobSchedules.get('s').state).toBe('completed')
  expect(poolIds(engine)).toEqual([])
})

test('a shared pool that somebody deleted is made anew for the next job', () => {
  const { engine, seconds } = openVirtualEngine()
  const lifetime = { poolLifetimeOption: 'jobschedule' }
  engine.jobSchedules.add(autoSchedule('s', { recurrenceInterval: 'PT1H' }, lifetime))
  const [first = ''] = poolIds(engine)
  engine.pools.delete(first)
  engine.jobs.terminate('s:job-1')
  seconds(3601)
  const { poolId = '' } = engine.jobs.get('s:job-2').executionInfo
  expect(poolId).not.toBe(first)
  expect(poolIds(engine)).toEqual([poolId])
})

test.each([true, false])(
  'deleting a schedule leaves its shared pool only with keepAlive: %s',
  (keepAlive) => {
    const { engine, seconds } = openVirtualEngine()
    engine.jobSchedules.add(autoSchedule('s', {}, { poolLifetimeOption: 'jobschedule', keepAlive }))
    engine.jobSchedules.delete('s')
    seconds(1)
    expect(engine.jobSchedules.list().items).toEqual([])
    expect(poolIds(engine)).toHaveLength(keepAlive ? 1 : 0)
  },
)

test('a schedule without recurrence is completed when the pool of its job cannot be made', () => {
  const { engine, seconds } = openVirtualEngine()
  const body = { id: 's', schedule: {}, jobSpecification: { poolInfo: autoPool({}, AUTOSCALED) } }
  engine.jobSchedules.add(body)
  seconds(1)
  expect(engine.jobs.get('s:job-1').executionInfo).toHaveProperty('schedulingError')
  expect(engine.jobSchedules.get('s').state).toBe('completed')
})
