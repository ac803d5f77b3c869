// Formulas of Microsoft's documentation and of other programs, with what they are known to give.

import { expect, test } from 'vitest'
import { run, NOW } from '../testing/formula-world.ts'

const MONDAY = Date.UTC(2024, 4, 6, 9)

test('a size for Mondays and one for other days', () => {
  const formula = '$TargetDedicatedNodes = (time().weekday == 1 ? 5:1);'
  expect(run(formula, { now: MONDAY }).targets.dedicated).toBe(5)
  expect(run(formula).targets.dedicated).toBe(1)
})

test('a size for working hours', () => {
  const formula = `
    $curTime = time();
    $workHours = $curTime.hour >= 8 && $curTime.hour < 18;
    $isWeekday = $curTime.weekday >= 1 && $curTime.weekday <= 5;
    $isWorkingWeekdayHour = $workHours && $isWeekday;
    $TargetDedicatedNodes = $isWorkingWeekdayHour ? 20:10;
    $NodeDeallocationOption = taskcompletion;`
  expect(run(formula, { now: NOW, lowPriority: 0 }).run.results).toBe(
    '$TargetDedicatedNodes=10;$TargetLowPriorityNodes=0;$NodeDeallocationOption=taskcompletion;' +
      '$curTime=2016-10-13T19:18:47.805Z;$isWeekday=1;$isWorkingWeekdayHour=0;$workHours=0',
  )
  expect(run(formula, { now: MONDAY }).targets.dedicated).toBe(20)
})

const PENDING = `
  startingNumberOfVMs = 1;
  maxNumberofVMs = 25;
  pendingTaskSamplePercent = $PendingTasks.GetSamplePercent(180 * TimeInterval_Second);
  pendingTaskSamples = pendingTaskSamplePercent < 70 ? startingNumberOfVMs :
    avg($PendingTasks.GetSample(180 * TimeInterval_Second));
  $TargetDedicatedNodes = min(maxNumberofVMs, pendingTaskSamples);
  $NodeDeallocationOption = taskcompletion;`

test('the size follows the pending tasks once there are samples', () => {
  expect(run(PENDING).targets.dedicated).toBe(1)
  expect(run(PENDING, { samples: { $PendingTasks: [0] } }).targets.dedicated).toBe(1)
  expect(run(PENDING, { samples: { $PendingTasks: [9, 9, 9, 11, 11, 11] } }).targets.dedicated).toBe(10)
  expect(run(PENDING, { samples: { $PendingTasks: Array<number>(6).fill(90) } }).targets.dedicated).toBe(25)
})

test('several tasks on each node at once', () => {
  const formula = `
    $samples = $ActiveTasks.GetSamplePercent(TimeInterval_Minute * 15);
    $tasks = $samples < 70 ? max(0, $ActiveTasks) : max($ActiveTasks, avg($ActiveTasks.GetSample(TimeInterval_Minute * 15)));
    $cores = $TargetDedicatedNodes * 4;
    $extraVMs = (($tasks - $cores) + 3) / 4;
    $targetVMs = ($TargetDedicatedNodes + $extraVMs);
    $TargetDedicatedNodes = max(0, min($targetVMs, 3));`
  expect(run(formula, { dedicated: 0, current: { $ActiveTasks: 5 } }).targets.dedicated).toBe(2)
  expect(run(formula, { dedicated: 1, current: { $ActiveTasks: 40 } }).targets.dedicated).toBe(3)
  expect(run(formula, { dedicated: 2, current: { $ActiveTasks: 0 } }).targets.dedicated).toBe(0)
})

test('preempted nodes are replaced by dedicated ones', () => {
  const formula = `
    maxNumberofVMs = 25;
    $TargetDedicatedNodes = min(maxNumberofVMs, $PreemptedNodeCount.GetSample(180 * TimeInterval_Second));
    $TargetLowPriorityNodes = min(maxNumberofVMs, maxNumberofVMs - $TargetDedicatedNodes);
    $NodeDeallocationOption = taskcompletion;`
  const after = (preempted: number) => run(formula, { samples: { $PreemptedNodeCount: [preempted] } }).targets
  expect(after(0)).toEqual({ dedicated: 0, lowPriority: 25 })
  expect(after(4)).toEqual({ dedicated: 4, lowPriority: 21 })
})

test('a workflow engine’s formula keeps the first size for one interval, then follows the tasks', () => {
  const formula = `
    // Get pool lifetime since creation.
    lifespan = time() - time("2016-10-13T19:18:00.123456Z");
    interval = TimeInterval_Minute * 5;
    $samples = $PendingTasks.GetSamplePercent(interval);
    $tasks = $samples < 70 ? max(0, $PendingTasks.GetSample(1)) : max($PendingTasks.GetSample(1), avg($PendingTasks.GetSample(interval)));
    $targetVMs = $tasks > 0 ? $tasks : max(0, $TargetDedicatedNodes / 2);
    targetPoolSize = max(0, min($targetVMs, 10));
    $TargetDedicatedNodes = lifespan < interval ? 4 : targetPoolSize;
    $NodeDeallocationOption = taskcompletion;`
  const later = NOW + 600_000
  const pending = (count: number) => ({
    now: later,
    dedicated: 5,
    samples: { $PendingTasks: Array<number>(10).fill(count) },
  })
  expect(run(formula, { samples: { $PendingTasks: [0] } }).targets.dedicated).toBe(4)
  expect(run(formula, pending(7)).targets.dedicated).toBe(7)
  expect(run(formula, pending(70)).targets.dedicated).toBe(10)
  expect(run(formula, pending(0)).targets.dedicated).toBe(2)
})

test('growth by how busy the processors are', () => {
  const formula = `
    $totalDedicatedNodes = (min($CPUPercent.GetSample(TimeInterval_Minute * 10)) > 0.7) ? ($CurrentDedicatedNodes * 1.1) : $CurrentDedicatedNodes;
    $totalDedicatedNodes = (avg($CPUPercent.GetSample(TimeInterval_Minute * 60)) < 0.2) ? ($CurrentDedicatedNodes * 0.9) : $totalDedicatedNodes;
    $TargetDedicatedNodes = min(400, $totalDedicatedNodes)`
  const after = (cpu: number) =>
    run(formula, { samples: { $CPUPercent: [cpu, cpu] }, current: { $CurrentDedicatedNodes: 10 } }).targets
      .dedicated
  expect([after(0.9), after(0.5), after(0.1)]).toEqual([11, 10, 9])
})

test('a job splitter’s formula gives the results that the service gave', () => {
  const formula = `
    $samples = $PendingTasks.GetSamplePercent(TimeInterval_Minute * 2);
    $tasks = $samples < 70 ? 0 : avg($PendingTasks.GetSample(TimeInterval_Minute * 2));
    $maxTasksPerNode = 4; $round = $maxTasksPerNode - 1; $targetVMs = 1;
    $TargetLowPriorityNodes = 5; $NodeDeallocationOption = taskcompletion;`
  expect(run(formula, { samples: { $PendingTasks: [0, 0, 0, 0] } }).run.results).toBe(
    '$TargetDedicatedNodes=2;$TargetLowPriorityNodes=5;$NodeDeallocationOption=taskcompletion;' +
      '$maxTasksPerNode=4;$round=3;$samples=100;$targetVMs=1;$tasks=0',
  )
})
