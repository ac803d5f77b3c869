// Autoscale formulas against a load in virtual time.

import { readFileSync } from 'node:fs'
import { simulateAutoScale, type SimulationOptions } from '@malachite/emulator'
import { expect, test } from 'vitest'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** One node for each pending task, at most five. */
const FOLLOW =
  '$TargetDedicatedNodes = min(5, max($PendingTasks.GetSample(1))); $NodeDeallocationOption = taskcompletion'

function simulate(options: Partial<SimulationOptions>) {
  return simulateAutoScale({
    formula: FOLLOW,
    load: [{ at: 0, tasks: 10, duration: 10 * MINUTE }],
    length: HOUR,
    interval: 5 * MINUTE,
    boot: 2 * MINUTE,
    ...options,
  })
}

test('nodes come after the evaluation and the boot, run the tasks and go again', () => {
  const { rows, summary } = simulate({})
  const columns = rows.map((row) => [row.at / MINUTE, row.dedicated, row.waiting, row.running, row.completed])
  expect(columns.slice(0, 7)).toEqual([
    [0, 0, 10, 0, 0],
    [5, 5, 10, 0, 0],
    [10, 5, 5, 5, 0],
    [15, 5, 5, 5, 0],
    [20, 5, 0, 5, 5],
    [25, 5, 0, 5, 5],
    [30, 0, 0, 0, 10],
  ])
  expect(rows.at(-1)).toMatchObject({ at: HOUR, dedicated: 0, completed: 10 })
  // Five nodes from the first evaluation to the sixth, of which they worked four fifths.
  expect(summary).toEqual({
    tasks: 10,
    completed: 10,
    nodeHours: 2.0833,
    utilization: 0.8,
    peakNodes: 5,
    peakWaiting: 10,
    averageWait: 12 * MINUTE,
    longestWait: 17 * MINUTE,
  })
})

test('slots of a node run tasks side by side', () => {
  const { summary } = simulate({ slotsPerNode: 2 })
  expect(summary).toMatchObject({ completed: 10, averageWait: 7 * MINUTE, longestWait: 7 * MINUTE })
})

test('tasks that never start have waited until the end', () => {
  const { summary } = simulate({ formula: '$TargetDedicatedNodes = 0' })
  expect(summary).toMatchObject({ completed: 0, nodeHours: 0, utilization: 0, averageWait: HOUR })
})

test('every evaluation is told, also those that failed', () => {
  const { evaluations } = simulate({ formula: 'x = time().minute < 10 ? 1 : nothing', length: 15 * MINUTE })
  const results = '$TargetDedicatedNodes=0;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue'
  expect(evaluations).toEqual([
    { at: 0, results: `${results};x=1` },
    { at: 5 * MINUTE, results: `${results};x=1` },
    { at: 10 * MINUTE, results, error: 'Line 1, Col 30: Undefined symbol: nothing' },
    { at: 15 * MINUTE, results, error: 'Line 1, Col 30: Undefined symbol: nothing' },
  ])
})

test('formulas see the time of day at which the simulation starts', () => {
  const formula = '$TargetLowPriorityNodes = time().hour >= 8 && time().weekday == 1 ? 3 : 0'
  const { rows } = simulate({ formula, start: new Date('2026-01-05T07:30:00Z') })
  expect(rows.find((row) => row.targetLowPriority > 0)).toMatchObject({
    at: 30 * MINUTE,
    targetLowPriority: 3,
  })
})

test('the same load gives the same result, chance included', () => {
  const formula = '$TargetDedicatedNodes = 1 + 4 * rand()'
  const first = simulate({ formula })
  expect(simulate({ formula })).toEqual(first)
  expect(new Set(first.rows.map((row) => row.targetDedicated)).size).toBeGreaterThan(2)
})

test('a formula or an interval that the service refuses is refused', () => {
  expect(() => simulate({ formula: '$x = ' })).toThrow(
    expect.objectContaining({ code: 'AutoScalingFormulaSyntaxError' }),
  )
  expect(() => simulate({ interval: MINUTE })).toThrow(
    expect.objectContaining({ code: 'InvalidPropertyValue' }),
  )
})

test('a day with a thousand tasks takes a moment', () => {
  const load = Array.from({ length: 10 }, (_, i) => ({ at: i * 2 * HOUR, tasks: 100, duration: 3 * MINUTE }))
  const start = performance.now()
  expect(simulate({ load, length: 24 * HOUR }).summary.completed).toBe(1000)
  expect(performance.now() - start).toBeLessThan(10_000)
})

test('the formula of the documentation does with its load what is printed there', () => {
  const text = readFileSync(new URL('../../docs/autoscale.md', import.meta.url), 'utf8')
  const formula = /```text title="formula.txt"\n(\$samples[^]*?)```/.exec(text)?.[1] ?? ''
  const load = [
    { at: 0, tasks: 50, duration: 10 * MINUTE },
    { at: 2 * HOUR, tasks: 200, duration: 5 * MINUTE },
  ]
  const { summary } = simulate({ formula, load, length: 8 * HOUR })
  const percent = Math.round(summary.utilization * 100)
  expect(text).toContain(
    `${summary.completed} of ${summary.tasks} tasks completed in ${summary.nodeHours.toFixed(1)} node-hours, ${percent} % of`,
  )
})
