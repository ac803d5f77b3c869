import { expect, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

const JOBS = 20

/** A pool of one node, and a job of two tasks for each of the bodies. */
function openJobs(slots: number, jobs: readonly object[], task: object = {}) {
  const virtual = openVirtualEngine()
  const { engine, runtime, seconds } = virtual
  jobs.forEach((more, i) => {
    engine.jobs.add(jobBody(`j${i}`, 'p', more))
    for (const id of ['a', 'b']) engine.tasks.add(`j${i}`, taskBody(id, task))
  })
  engine.pools.add(poolBody('p', { vmSize: 'standard_d64s_v3', taskSlotsPerNode: slots }))
  seconds(0)
  return { ...virtual, started: () => runtime.started.map(({ jobId, taskId }) => `${jobId}/${taskId}`) }
}

const indices = Array.from({ length: JOBS }, (_, i) => i)

test('a node that comes takes tasks of as many jobs as it has slots for, the older jobs first', () => {
  const { started } = openJobs(
    30,
    indices.map(() => ({})),
  )
  expect(started()).toEqual(indices.slice(0, 15).flatMap((i) => [`j${i}/a`, `j${i}/b`]))
})

test('the jobs of a higher priority come first, however many are before them', () => {
  const { started } = openJobs(
    6,
    indices.map((i) => ({ priority: i })),
  )
  expect(started()).toEqual(['j19/a', 'j19/b', 'j18/a', 'j18/b', 'j17/a', 'j17/b'])
})

test('jobs that run as many tasks as they may do not keep others from their slots', () => {
  const { started, seconds, engine } = openJobs(
    25,
    indices.map(() => ({ maxParallelTasks: 1 })),
  )
  expect(started()).toEqual(indices.map((i) => `j${i}/a`))
  engine.jobs.patch('j7', { maxParallelTasks: 2 })
  seconds(0)
  expect(started().slice(JOBS)).toEqual(['j7/b'])
  seconds(1)
  expect(started()).toHaveLength(2 * JOBS)
})

test('jobs whose tasks fit nowhere do not keep the last one from the slots that are left', () => {
  const { engine, seconds, started } = openJobs(
    4,
    indices.map(() => ({})),
    { requiredSlots: 3 },
  )
  engine.jobs.add(jobBody('small', 'p'))
  engine.tasks.add('small', taskBody('t'))
  seconds(0)
  expect(started()).toEqual(['j0/a', 'small/t'])
})
