// What the end of a task does to its job, and how exit conditions are checked and answered.

import { expect, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

const ACTS = { onTaskFailure: 'PerformExitOptionsJobAction' }

/** A job on one node with two slots; a task exits with the number that its id ends with after 1 s, `slow…` after 10. */
function openWithJob(job: object = ACTS) {
  const virtual = openVirtualEngine({
    script: (line) => ({
      exitCode: Number(/\d*$/.exec(line)?.[0]),
      duration: line.startsWith('run slow') ? 10_000 : 1000,
    }),
  })
  virtual.engine.pools.add(poolBody('p', { taskSlotsPerNode: 2 }))
  virtual.engine.jobs.add(jobBody('j', 'p', job))
  virtual.seconds(1)
  const add = (id: string, exitConditions?: object, more: object = {}) =>
    virtual.engine.tasks.add('j', taskBody(id, { ...(exitConditions && { exitConditions }), ...more }))
  const add3 = (exitConditions?: object) => {
    for (const id of ['t3', 'other0', 'next0']) add(id, id === 't3' ? exitConditions : undefined)
  }
  const states = () => virtual.engine.tasks.list('j').items.map(({ id, state }) => `${id} ${state}`)
  return { ...virtual, add, add3, states }
}

test('a task that fails terminates its job with the reason TaskFailed', () => {
  const { engine, add3, states, seconds } = openWithJob()
  add3()
  seconds(1)
  expect(engine.jobs.get('j')).toMatchObject({
    state: 'completed',
    previousState: 'active',
    onTaskFailure: 'performexitoptionsjobaction',
    executionInfo: { terminateReason: 'TaskFailed' },
  })
  expect(states()).toEqual(['next0 active', 'other0 completed', 't3 completed'])
})

test('nothing else of the job is started by the change that ends it', () => {
  const { add3, runtime, seconds } = openWithJob()
  add3()
  seconds(60)
  expect(runtime.started.map(({ taskId }) => taskId)).toEqual(['t3', 'other0'])
})

test('a task that fails before its tries are used up does nothing to its job', () => {
  const { engine, add, seconds } = openWithJob()
  add('t3', undefined, { constraints: { maxTaskRetryCount: 1 } })
  seconds(1.5)
  expect(engine.jobs.get('j').state).toBe('active')
  seconds(1)
  expect(engine.jobs.get('j').state).toBe('completed')
})

test('disable puts the job and its running tasks on hold', () => {
  const { engine, add, states, seconds } = openWithJob()
  add('t3', { exitCodes: [{ code: 3, exitOptions: { jobAction: 'Disable' } }] })
  add('slow0')
  add('next0')
  seconds(2)
  expect(engine.jobs.get('j').state).toBe('disabled')
  expect(states()).toEqual(['next0 active', 'slow0 active', 't3 completed'])
  expect(engine.tasks.get('j', 'slow0').executionInfo.requeueCount).toBe(1)
  engine.jobs.enable('j')
  seconds(20)
  expect(states()).toEqual(['next0 completed', 'slow0 completed', 't3 completed'])
})

test('none leaves the job alone, and so does a success', () => {
  const { engine, add, seconds } = openWithJob()
  add('t3', { exitCodeRanges: [{ start: 1, end: 5, exitOptions: { jobAction: 'none' } }] })
  add('u0', { default: { jobAction: 'terminate' } })
  seconds(5)
  expect(engine.jobs.get('j').state).toBe('active')
})

test('a task that its user terminates acts as a failed one', () => {
  const { engine, add, seconds } = openWithJob()
  add('t0')
  engine.tasks.terminate('j', 't0')
  seconds(1)
  expect(engine.jobs.get('j')).toMatchObject({
    state: 'completed',
    executionInfo: { terminateReason: 'TaskFailed' },
  })
})

test('a job that is ended keeps its own reason, whatever its tasks ask for', () => {
  const { engine, add3, seconds } = openWithJob()
  add3()
  engine.jobs.terminate('j', { terminateReason: 'mine' })
  seconds(1)
  expect(engine.jobs.get('j').executionInfo.terminateReason).toBe('mine')
})

test('in a job without job actions a failure does nothing', () => {
  const { engine, add3, seconds } = openWithJob({})
  add3()
  seconds(10)
  expect(engine.jobs.get('j').state).toBe('active')
  expect(engine.jobs.taskCounts('j').taskCounts).toMatchObject({ succeeded: 2, failed: 1 })
})

test('a job action in such a job is refused, wherever it stands', () => {
  const { add } = openWithJob({})
  const exitOptions = { jobAction: 'none' }
  for (const conditions of [
    { exitCodes: [{ code: 1, exitOptions }] },
    { exitCodeRanges: [{ start: 1, end: 1, exitOptions }] },
    { preProcessingError: exitOptions },
    { fileUploadError: exitOptions },
    { default: exitOptions },
  ]) {
    expect(() => add('t', conditions)).toThrow(
      expect.objectContaining({
        code: 'InvalidPropertyValue',
        details: expect.objectContaining({ PropertyName: 'jobAction', PropertyValue: 'none' }),
      }),
    )
  }
})

test('the default is added to the conditions that are answered', () => {
  const { engine, add } = openWithJob()
  const conditionsOf = (id: string) => engine.tasks.get('j', id).exitConditions
  add('none')
  add('one', { exitCodes: [{ code: 1, exitOptions: { jobAction: 'None', dependencyAction: 'Block' } }] })
  add('two', { default: { jobAction: 'disable' } })
  expect(conditionsOf('none')).toBeUndefined()
  expect(conditionsOf('one')).toEqual({
    exitCodes: [{ code: 1, exitOptions: { jobAction: 'none', dependencyAction: 'block' } }],
    default: { jobAction: 'terminate', dependencyAction: 'block' },
  })
  expect(conditionsOf('two')).toEqual({ default: { jobAction: 'disable', dependencyAction: 'block' } })
})

test('a range of exit codes that ends before it starts is refused', () => {
  const { add } = openWithJob()
  const exitCodeRanges = [{ start: 2, end: 1, exitOptions: {} }]
  expect(() => add('t', { exitCodeRanges })).toThrow(
    expect.objectContaining({ code: 'InvalidPropertyValue' }),
  )
})
