// Pools whose size a formula sets, on the virtual clock.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, type Engine, openStore } from '@malachite/emulator'
import { expect, onTestFinished, test } from 'vitest'
import { createFakeRuntime } from '../helpers/fake-runtime.ts'
import { createVirtualClock } from '../helpers/virtual-clock.ts'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

const MINUTE = 60

/** A body that adds a pool with a formula. */
function scaledBody(id: string, autoScaleFormula: string, more: object = {}) {
  const { targetDedicatedNodes: _, ...body } = poolBody(id)
  return { ...body, enableAutoScale: true, autoScaleFormula, autoScaleEvaluationInterval: 'PT5M', ...more }
}

/** One node for each task that is there, once there were any samples. */
const PENDING = '$TargetDedicatedNodes = min(5, max($PendingTasks.GetSample(1)));'

function codeOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    const { code, status } = error as { code: string; status: number }
    return `${status} ${code}`
  }
  return 'none'
}

/** What the latest evaluation of a pool was told, by the names of the formula's variables. */
function results(engine: Engine, poolId: string): Record<string, string> {
  const run = engine.pools.get(poolId).autoScaleRun?.results ?? ''
  return Object.fromEntries(run.split(';').map((pair) => pair.split('=')))
}

test('a new pool takes its first size from its formula', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(scaledBody('p', '$TargetDedicatedNodes = 2.9; $TargetLowPriorityNodes = 1;'))
  expect(engine.pools.get('p')).toMatchObject({
    allocationState: 'resizing',
    targetDedicatedNodes: 2,
    targetLowPriorityNodes: 1,
    enableAutoScale: true,
    autoScaleFormula: '$TargetDedicatedNodes = 2.9; $TargetLowPriorityNodes = 1;',
    autoScaleEvaluationInterval: 'PT5M',
    autoScaleRun: {
      timestamp: engine.pools.get('p').creationTime,
      results: '$TargetDedicatedNodes=2;$TargetLowPriorityNodes=1;$NodeDeallocationOption=requeue',
    },
  })
  seconds(1)
  expect(engine.pools.get('p')).toMatchObject({ allocationState: 'steady', currentDedicatedNodes: 2 })
})

test('the interval is 15 minutes unless it is given, and from 5 minutes to 168 hours', () => {
  const { engine } = openVirtualEngine()
  const { autoScaleEvaluationInterval: _, ...body } = scaledBody('p', '$TargetDedicatedNodes = 0')
  engine.pools.add(body)
  expect(engine.pools.get('p').autoScaleEvaluationInterval).toBe('PT15M')
  const add = (interval: string) =>
    codeOf(() => engine.pools.add({ ...body, id: 'q', autoScaleEvaluationInterval: interval }))
  expect(add('PT4M59S')).toBe('400 InvalidPropertyValue')
  expect(add('P7DT1S')).toBe('400 InvalidPropertyValue')
  expect(add('P7D')).toBe('none')
})

test('a pool has either targets or a formula', () => {
  const { engine } = openVirtualEngine()
  const add = (more: object) => codeOf(() => engine.pools.add({ ...scaledBody('p', ''), ...more }))
  expect(add({ targetDedicatedNodes: 0 })).toBe('400 InvalidPropertyValue')
  expect(add({ targetLowPriorityNodes: 1 })).toBe('400 InvalidPropertyValue')
  expect(add({ autoScaleFormula: undefined })).toBe('400 MissingRequiredProperty')
  expect(add({ enableAutoScale: false, autoScaleFormula: '$x=1' })).toBe('400 InvalidPropertyValue')
})

test('a formula that cannot be read is refused, and no pool is made', () => {
  const { engine } = openVirtualEngine()
  expect(() => engine.pools.add(scaledBody('p', '$TargetDedicatedNodes = ;'))).toThrow(
    expect.objectContaining({
      code: 'AutoScalingFormulaSyntaxError',
      status: 400,
      details: { PropertyName: 'autoScaleFormula', Reason: 'Line 1, Col 25: Expected a value, found ;' },
    }),
  )
  expect(codeOf(() => engine.pools.add(scaledBody('p', 'x=1;'.repeat(3000))))).toBe(
    '400 AutoScalingFormulaTooLong',
  )
  expect(codeOf(() => engine.pools.get('p'))).toBe('404 PoolNotFound')
})

test('a formula that fails when it is evaluated leaves the pool as it is and tells why', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(scaledBody('p', '$TargetDedicatedNodes = $PendingTasks.GetSample(20) == 0 ? 1 : nothing'))
  seconds(1)
  expect(engine.pools.get('p')).toMatchObject({
    allocationState: 'steady',
    targetDedicatedNodes: 0,
    autoScaleRun: {
      results: '$TargetDedicatedNodes=0;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue',
      error: {
        code: 'AutoScalingFormulaEvaluationError',
        values: [{ name: 'Message', value: expect.stringContaining('Line 1, Col') }],
      },
    },
  })
})

test('an evaluation that fails later keeps the size that the pool has, and the next one goes on', () => {
  const { engine, seconds } = openVirtualEngine()
  const formula = `
    $age = time() - time("2026-01-01");
    $TargetDedicatedNodes = $age < 4 * TimeInterval_Minute ? 2 : $age < 9 * TimeInterval_Minute ? nothing : 3`
  engine.pools.add(scaledBody('p', formula))
  seconds(6 * MINUTE)
  expect(engine.pools.get('p')).toMatchObject({
    allocationState: 'steady',
    targetDedicatedNodes: 2,
    currentDedicatedNodes: 2,
    autoScaleRun: {
      results: '$TargetDedicatedNodes=2;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue',
      error: { code: 'AutoScalingFormulaEvaluationError' },
    },
  })
  seconds(5 * MINUTE)
  expect(engine.pools.get('p')).toMatchObject({ currentDedicatedNodes: 3 })
  expect(engine.pools.get('p').autoScaleRun).not.toHaveProperty('error')
})

test('samples count tasks, however many slots they take', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ duration: 3600_000 }) })
  const formula = '$TargetDedicatedNodes = 1; active = $ActiveTasks; running = $RunningTasks'
  engine.pools.add(scaledBody('p', formula, { taskSlotsPerNode: 4 }))
  engine.jobs.add(jobBody('j', 'p'))
  for (const id of ['a', 'b', 'c']) engine.tasks.add('j', taskBody(id, { requiredSlots: 4 }))
  seconds(5 * MINUTE + 1)
  expect(results(engine, 'p')).toMatchObject({ active: '2', running: '1' })
})

test('the size follows the tasks, evaluated at each interval', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ duration: 20 * MINUTE * 1000 }) })
  engine.pools.add(scaledBody('p', PENDING))
  seconds(1)
  expect(engine.pools.get('p').currentDedicatedNodes).toBe(0)
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.addCollection('j', { value: [taskBody('a'), taskBody('b'), taskBody('c')] })
  seconds(4 * MINUTE)
  expect(engine.pools.get('p').currentDedicatedNodes).toBe(0)
  seconds(MINUTE)
  expect(engine.pools.get('p')).toMatchObject({ allocationState: 'steady', currentDedicatedNodes: 3 })
  seconds(30 * MINUTE)
  expect(engine.jobs.taskCounts('j').taskCounts.succeeded).toBe(3)
  expect(engine.pools.get('p')).toMatchObject({ allocationState: 'steady', currentDedicatedNodes: 0 })
})

test('an evaluation that changes nothing leaves the pool steady and its eTag alone', () => {
  const { engine, seconds } = openVirtualEngine()
  const { eTag } = engine.pools.add(scaledBody('p', '$TargetDedicatedNodes = 1'))
  seconds(1)
  const { allocationStateTransitionTime, autoScaleRun } = engine.pools.get('p')
  seconds(5 * MINUTE)
  const after = engine.pools.get('p')
  expect(after).toMatchObject({ eTag, allocationState: 'steady', allocationStateTransitionTime })
  expect(Date.parse(after.autoScaleRun?.timestamp ?? '') - Date.parse(autoScaleRun?.timestamp ?? '')).toBe(
    300_000,
  )
})

test('a resize by the formula is no modification of the pool', () => {
  const { engine, seconds } = openVirtualEngine()
  const { eTag } = engine.pools.add(scaledBody('p', '$TargetDedicatedNodes = $CurrentDedicatedNodes + 1'))
  seconds(6 * MINUTE)
  expect(engine.pools.get('p')).toMatchObject({ targetDedicatedNodes: 2, currentDedicatedNodes: 2, eTag })
})

test('a pool that is still being resized gets its new targets at once', () => {
  const { engine, seconds } = openVirtualEngine({ allocation: 8 * MINUTE * 1000 })
  engine.pools.add(scaledBody('p', '$TargetDedicatedNodes = $TargetDedicatedNodes + 2'))
  seconds(5 * MINUTE + 1)
  expect(engine.pools.get('p')).toMatchObject({
    allocationState: 'resizing',
    targetDedicatedNodes: 4,
    currentDedicatedNodes: 0,
  })
})

test('no resize timeout counts while a formula sets the size', () => {
  const { engine, seconds } = openVirtualEngine({ allocation: 40 * MINUTE * 1000 })
  engine.pools.add(scaledBody('p', '$TargetDedicatedNodes = 2'))
  seconds(39 * MINUTE)
  expect(engine.pools.get('p')).toMatchObject({ allocationState: 'resizing', targetDedicatedNodes: 2 })
  seconds(2 * MINUTE)
  expect(engine.pools.get('p')).toMatchObject({ allocationState: 'steady', currentDedicatedNodes: 2 })
})

test('the formula says what becomes of the tasks of nodes that go', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ duration: 30 * MINUTE * 1000 }) })
  const shrink = (option: string) =>
    `$TargetDedicatedNodes = time() - time("2026-01-01") < 4 * TimeInterval_Minute ? 1 : 0; $NodeDeallocationOption = ${option}`
  for (const option of ['requeue', 'terminate', 'taskcompletion']) {
    engine.pools.add(scaledBody(option, shrink(option)))
    engine.jobs.add(jobBody(`${option}-job`, option))
    engine.tasks.add(`${option}-job`, taskBody('t'))
  }
  seconds(6 * MINUTE)
  const task = (option: string) => engine.tasks.get(`${option}-job`, 't')
  expect(task('requeue')).toMatchObject({ state: 'active', executionInfo: { requeueCount: 1 } })
  expect(task('terminate')).toMatchObject({ state: 'completed', executionInfo: { result: 'failure' } })
  expect(task('taskcompletion').state).toBe('running')
  expect(engine.pools.get('taskcompletion')).toMatchObject({
    allocationState: 'resizing',
    currentDedicatedNodes: 1,
  })
  seconds(30 * MINUTE)
  expect(task('taskcompletion').executionInfo.result).toBe('success')
  expect(engine.pools.get('taskcompletion').currentDedicatedNodes).toBe(0)
})

test('growing again while a node waits for its task adds a node and spares none of those that stay', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ duration: 12 * MINUTE * 1000 }) })
  const formula = `
    $age = time() - time("2026-01-01");
    $TargetDedicatedNodes = $age < 4 * TimeInterval_Minute ? 2 : $age < 9 * TimeInterval_Minute ? 1 : 2;
    $NodeDeallocationOption = taskcompletion`
  engine.pools.add(scaledBody('p', formula))
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.addCollection('j', { value: [taskBody('a'), taskBody('b')] })
  seconds(6 * MINUTE)
  expect(engine.pools.get('p')).toMatchObject({ targetDedicatedNodes: 1, currentDedicatedNodes: 2 })
  seconds(5 * MINUTE)
  expect(engine.pools.get('p')).toMatchObject({ targetDedicatedNodes: 2, currentDedicatedNodes: 3 })
  seconds(5 * MINUTE)
  expect(engine.pools.get('p')).toMatchObject({ allocationState: 'steady', currentDedicatedNodes: 2 })
  expect(engine.jobs.taskCounts('j').taskCounts.succeeded).toBe(2)
})

test('every 30 seconds a sample is taken of tasks and nodes', () => {
  const { engine, seconds } = openVirtualEngine({
    script: (command) => ({ duration: 3600_000, exitCode: command === 'run b' ? 1 : 0 }),
  })
  const formula = `
    active = $ActiveTasks.GetSample(1); running = $RunningTasks.GetSample(1); pending = $PendingTasks.GetSample(1);
    nodes = $CurrentDedicatedNodes.GetSample(1); spot = $CurrentLowPriorityNodes.GetSample(1);
    usable = $UsableNodeCount.GetSample(1); slots = $TaskSlotsPerNode.GetSample(1); preempted = $PreemptedNodeCount;
    count = $ActiveTasks.Count(); percent = $ActiveTasks.GetSamplePercent(5 * TimeInterval_Minute);
    ten = percent < 100 ? 0 : len($RunningTasks.GetSample(5 * TimeInterval_Minute, 100)); cpu = sum($CPUPercent.GetSample(2));
    $TargetDedicatedNodes = 1; $TargetLowPriorityNodes = 1;`
  engine.pools.add(scaledBody('p', formula, { taskSlotsPerNode: 2 }))
  expect(results(engine, 'p')['error']).toBeUndefined()
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.addCollection('j', { value: ['a', 'b', 'c', 'd', 'e'].map((id) => taskBody(id)) })
  seconds(5 * MINUTE + 1)
  expect(results(engine, 'p')).toMatchObject({
    active: '[1]',
    running: '[4]',
    pending: '[5]',
    nodes: '[1]',
    spot: '[1]',
    usable: '[2]',
    slots: '[2]',
    preempted: '0',
    count: '11',
    percent: '100',
    ten: '10',
    cpu: '0',
  })
})

test('tasks that succeeded and failed are counted', () => {
  const { engine, seconds } = openVirtualEngine({
    script: (command) => ({ exitCode: command === 'run b' ? 1 : 0 }),
  })
  engine.pools.add(scaledBody('p', '$TargetDedicatedNodes = 1; good = $SucceededTasks; bad = $FailedTasks'))
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.addCollection('j', { value: ['a', 'b', 'c'].map((id) => taskBody(id)) })
  seconds(5 * MINUTE + 1)
  expect(results(engine, 'p')).toMatchObject({ good: '2', bad: '1' })
})

test('only tasks that could run count as active', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ duration: 3600_000 }) })
  engine.pools.add(scaledBody('p', 'active = $ActiveTasks; pending = $PendingTasks'))
  engine.jobs.add(jobBody('j', 'p', { usesTaskDependencies: true }))
  engine.tasks.addCollection('j', {
    value: [taskBody('a'), taskBody('b', { dependsOn: { taskIds: ['a'] } })],
  })
  engine.jobs.add(jobBody('off', 'p'))
  engine.tasks.add('off', taskBody('a'))
  engine.jobs.disable('off', { disableTasks: 'requeue' })
  seconds(5 * MINUTE + 1)
  expect(results(engine, 'p')).toMatchObject({ active: '1', pending: '1' })
})

test('preempted nodes count among the spot nodes', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(
    scaledBody(
      'p',
      '$TargetLowPriorityNodes = 2; gone = $PreemptedNodeCount; spot = $CurrentLowPriorityNodes',
    ),
  )
  seconds(1)
  const [node] = engine.nodes.list('p').items
  engine.nodes.preempt('p', node?.id ?? '', { absence: 3_600_000 })
  seconds(5 * MINUTE)
  expect(results(engine, 'p')).toMatchObject({ gone: '1', spot: '2' })
})

test('samples older than a day are forgotten', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(scaledBody('p', 'count = $ActiveTasks.Count()', { autoScaleEvaluationInterval: 'P2D' }))
  seconds(2 * 24 * 60 * MINUTE + 1)
  expect(results(engine, 'p')['count']).toBe('2880')
})

test('evaluating tries a formula and applies nothing', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(scaledBody('p', '$TargetDedicatedNodes = 2'))
  seconds(1)
  const before = engine.pools.get('p')
  expect(
    engine.pools.evaluateAutoScale('p', { autoScaleFormula: '$TargetDedicatedNodes = 3; myVar = 1' }),
  ).toEqual({
    timestamp: expect.stringMatching(/^2026-01-01T00:00:01/),
    results: '$TargetDedicatedNodes=3;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue;myVar=1',
  })
  expect(engine.pools.evaluateAutoScale('p', { autoScaleFormula: '$something_useless' })).toMatchObject({
    results: '$TargetDedicatedNodes=2;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue',
    error: { code: 'AutoScalingFormulaEvaluationError' },
  })
  expect(engine.pools.get('p')).toEqual(before)
  expect(codeOf(() => engine.pools.evaluateAutoScale('p', { autoScaleFormula: '(' }))).toBe(
    '400 AutoScalingFormulaSyntaxError',
  )
  expect(codeOf(() => engine.pools.evaluateAutoScale('p', {}))).toBe('400 MissingRequiredProperty')
})

test('evaluating needs a pool that has autoscale enabled', () => {
  const { engine } = openVirtualEngine()
  engine.pools.add(poolBody('p'))
  const evaluate = (id: string) => codeOf(() => engine.pools.evaluateAutoScale(id, { autoScaleFormula: '1' }))
  expect(evaluate('p')).toBe('409 OperationNotValidOnPool')
  expect(evaluate('q')).toBe('404 PoolNotFound')
})

test('enabling autoscale evaluates at once and changes the eTag', () => {
  const { engine, seconds } = openVirtualEngine()
  const { eTag } = engine.pools.add(poolBody('p'))
  seconds(1)
  const enabled = engine.pools.enableAutoScale('p', { autoScaleFormula: '$TargetDedicatedNodes = 3' })
  expect(enabled.eTag > eTag).toBe(true)
  expect(engine.pools.get('p')).toMatchObject({
    eTag: enabled.eTag,
    allocationState: 'resizing',
    targetDedicatedNodes: 3,
    enableAutoScale: true,
    autoScaleFormula: '$TargetDedicatedNodes = 3',
    autoScaleEvaluationInterval: 'PT15M',
  })
  seconds(1)
  expect(engine.pools.get('p').currentDedicatedNodes).toBe(3)
})

test('enabling autoscale with the size that the pool has keeps it steady', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 0 }))
  seconds(1)
  engine.pools.enableAutoScale('p', { autoScaleFormula: '$TargetDedicatedNodes = 0' })
  expect(engine.pools.get('p').allocationState).toBe('steady')
})

test('enabling needs a formula once; later it takes what is to change', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p'))
  seconds(1)
  const interval = { autoScaleEvaluationInterval: 'PT10M' }
  expect(codeOf(() => engine.pools.enableAutoScale('p', interval))).toBe('400 MissingRequiredProperty')
  expect(codeOf(() => engine.pools.enableAutoScale('p'))).toBe('400 MissingRequiredProperty')
  expect(codeOf(() => engine.pools.enableAutoScale('p', { autoScaleFormula: '1 +' }))).toBe(
    '400 AutoScalingFormulaSyntaxError',
  )
  engine.pools.enableAutoScale('p', { autoScaleFormula: '$TargetDedicatedNodes = 1' })
  seconds(31)
  engine.pools.enableAutoScale('p', interval)
  expect(engine.pools.get('p')).toMatchObject({
    autoScaleFormula: '$TargetDedicatedNodes = 1',
    autoScaleEvaluationInterval: 'PT10M',
  })
})

test('a new interval starts when it is asked for, a new formula keeps the times', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(scaledBody('p', '$TargetDedicatedNodes = 0'))
  const timeOfRun = () => engine.pools.get('p').autoScaleRun?.timestamp.slice(11, 19)
  seconds(MINUTE)
  engine.pools.enableAutoScale('p', { autoScaleFormula: 'x = 1' })
  expect(timeOfRun()).toBe('00:01:00')
  seconds(4 * MINUTE + 1)
  expect(timeOfRun()).toBe('00:05:00')
  engine.pools.enableAutoScale('p', { autoScaleEvaluationInterval: 'PT7M' })
  seconds(7 * MINUTE)
  expect(timeOfRun()).toBe('00:12:01')
})

test('autoscale can be enabled once in 30 seconds; a request that was refused does not count', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(scaledBody('p', '$TargetDedicatedNodes = 0'))
  seconds(1)
  const enable = () => codeOf(() => engine.pools.enableAutoScale('p', { autoScaleFormula: 'x = 1' }))
  expect(enable()).toBe('none')
  seconds(29)
  expect(enable()).toBe('503 TooManyEnableAutoScaleRequests')
  seconds(2)
  expect(enable()).toBe('none')
})

test('autoscale cannot be enabled while the pool is being resized or deleted', () => {
  const { engine } = openVirtualEngine({ allocation: 1000 })
  engine.pools.add(poolBody('p'))
  const enable = () => codeOf(() => engine.pools.enableAutoScale('p', { autoScaleFormula: 'x = 1' }))
  expect(enable()).toBe('409 PoolBeingResized')
  engine.pools.delete('p')
  expect(enable()).toBe('409 PoolBeingDeleted')
})

test('a pool with a formula refuses to be resized by hand', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(scaledBody('p', '$TargetDedicatedNodes = 1'))
  seconds(1)
  expect(codeOf(() => engine.pools.resize('p', { targetDedicatedNodes: 2 }))).toBe(
    '409 OperationNotValidOnPool',
  )
})

test('disabling keeps the size, forgets the formula and lets the pool be resized again', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(scaledBody('p', '$TargetDedicatedNodes = $TargetDedicatedNodes + 1'))
  seconds(1)
  const { eTag } = engine.pools.get('p')
  const disabled = engine.pools.disableAutoScale('p')
  expect(disabled.eTag > eTag).toBe(true)
  seconds(20 * MINUTE)
  const pool = engine.pools.get('p')
  expect(pool).toMatchObject({ enableAutoScale: false, targetDedicatedNodes: 1, currentDedicatedNodes: 1 })
  expect(pool).not.toHaveProperty('autoScaleFormula')
  expect(pool).not.toHaveProperty('autoScaleEvaluationInterval')
  expect(pool).not.toHaveProperty('autoScaleRun')
  expect(engine.pools.disableAutoScale('p').eTag).toBe(disabled.eTag)
  engine.pools.resize('p', { targetDedicatedNodes: 2 })
  seconds(1)
  expect(engine.pools.get('p').currentDedicatedNodes).toBe(2)
})

test('a pool that is deleted is evaluated no more', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ duration: 3600_000 }) })
  engine.pools.add(scaledBody('p', '$TargetDedicatedNodes = 1'))
  seconds(1)
  engine.pools.delete('p')
  seconds(10 * MINUTE)
  expect(codeOf(() => engine.pools.get('p'))).toBe('404 PoolNotFound')
})

test('a restart keeps formula and times, and forgets the samples', () => {
  const directory = mkdtempSync(join(tmpdir(), 'malachite-autoscale-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const open = (start: number, firstId: number) => {
    const clock = createVirtualClock(start)
    const runtime = createFakeRuntime({ clock, reports: () => engine.reports })
    let ids = firstId
    const engine: Engine = createEngine({
      store: openStore(join(directory, 'batch.db')),
      clock,
      account: { name: 'test' },
      newId: () => String(++ids).padStart(64, '0'),
      perform: (effects) => runtime.perform(effects),
    })
    return { engine, clock }
  }
  const start = Date.UTC(2026, 0, 1)
  const first = open(start, 0)
  first.engine.pools.add(
    scaledBody('p', 'count = $ActiveTasks.Count(); $TargetDedicatedNodes = $TargetDedicatedNodes + 1'),
  )
  first.clock.advance(4 * MINUTE * 1000)
  first.engine.close()

  const second = open(start + 4 * MINUTE * 1000, 100)
  onTestFinished(() => second.engine.close())
  second.clock.advance(61_000)
  expect(second.engine.pools.get('p').autoScaleRun?.timestamp).toMatch(/^2026-01-01T00:05:00/)
  expect(results(second.engine, 'p')).toMatchObject({ count: '3', $TargetDedicatedNodes: '2' })
  expect(second.engine.pools.get('p')).toMatchObject({ allocationState: 'steady', currentDedicatedNodes: 2 })
})

test('a pool that a job brings with it may have a formula', () => {
  const { engine, seconds } = openVirtualEngine()
  const bring = (id: string, autoScaleFormula: string): void => {
    const { id: _, ...pool } = scaledBody('any', autoScaleFormula)
    const autoPoolSpecification = { poolLifetimeOption: 'job', pool }
    engine.jobs.add({ id, poolInfo: { autoPoolSpecification } })
  }
  bring('good', '$TargetDedicatedNodes = 2')
  bring('bad', '$TargetDedicatedNodes = (2')
  seconds(1)
  expect(engine.pools.get(engine.jobs.get('good').executionInfo.poolId ?? '')).toMatchObject({
    enableAutoScale: true,
    currentDedicatedNodes: 2,
  })
  expect(engine.jobs.get('bad').executionInfo.schedulingError?.code).toBe('InvalidAutoScaleFormulaInAutoPool')
})

test('a new pool asks for as many machines as its formula wants', () => {
  const clock = createVirtualClock()
  const asked: number[] = []
  const engine = createEngine({
    store: openStore(':memory:'),
    clock,
    account: { name: 'test' },
    newId: () => '1'.padStart(64, '0'),
    perform: (effects) => {
      for (const effect of effects) if (effect.type === 'allocateNodes') asked.push(effect.machines)
    },
  })
  onTestFinished(() => engine.close())
  engine.pools.add(scaledBody('p', '$TargetDedicatedNodes = 2; $TargetLowPriorityNodes = 1;'))
  expect(asked).toEqual([3])
})

test('preparation and release tasks are no tasks for a formula', () => {
  const { engine, seconds } = openVirtualEngine({
    script: (command) => ({ duration: command === 'release' ? 10 * MINUTE * 1000 : 1000 }),
  })
  const formula =
    '$TargetDedicatedNodes = 1; a = $ActiveTasks; r = $RunningTasks; p = $PendingTasks; s = $SucceededTasks'
  engine.pools.add(scaledBody('p', formula))
  const jobPreparationTask = { commandLine: 'prepare' }
  const jobReleaseTask = { commandLine: 'release' }
  engine.jobs.add(jobBody('j', 'p', { jobPreparationTask, jobReleaseTask }))
  engine.tasks.add('j', taskBody('t'))
  seconds(4 * MINUTE)
  engine.jobs.terminate('j')
  seconds(MINUTE + 1)
  expect(engine.jobs.get('j').state).toBe('terminating')
  expect(results(engine, 'p')).toMatchObject({ a: '0', r: '0', p: '0', s: '1' })
})
