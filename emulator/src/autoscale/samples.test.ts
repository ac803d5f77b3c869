import { expect, test } from 'vitest'
import { run, valueOf } from '../testing/formula-world.ts'

/** 40 samples: 0 was taken 19.5 minutes ago, 39 now. */
const FORTY = { samples: { $ActiveTasks: Array.from({ length: 40 }, (_, i) => i) } }

test('GetSample(count) gives the latest samples, as many as there are', () => {
  expect(valueOf('$ActiveTasks.GetSample(3)', FORTY)).toBe('[37,38,39]')
  expect(valueOf('len($ActiveTasks.GetSample(100))', FORTY)).toBe('40')
})

test.each([
  ['TimeInterval_Minute * 10', 20],
  ['TimeInterval_Minute, 6 * TimeInterval_Minute', 10],
  ['6 * TimeInterval_Minute, TimeInterval_Minute', 10],
  ['TimeInterval_Zero, 10 * TimeInterval_Minute', 20],
  ['time() - 5 * TimeInterval_Minute', 10],
  ['time() - 5 * TimeInterval_Minute, time()', 10],
  ['5 * TimeInterval_Minute, 100', 10],
  ['TimeInterval_Minute, 2 * TimeInterval_Minute, 50', 2],
])('GetSample(%s) gives %i samples', (args, count) => {
  expect(valueOf(`len($ActiveTasks.GetSample(${args}))`, FORTY)).toBe(String(count))
})

test('GetSample(start, end) leaves out what came after its end', () => {
  expect(valueOf('max($ActiveTasks.GetSample(TimeInterval_Minute, 6 * TimeInterval_Minute))', FORTY)).toBe(
    '37',
  )
})

test('too few samples for the wanted percentage are an error that names the place', () => {
  const formula = '\n$a = 1;\n  $b = avg($RunningTasks.GetSample(10 * TimeInterval_Minute, 70));'
  expect(run(formula, { samples: { $RunningTasks: Array<number>(10).fill(1) } }).run.error).toEqual({
    code: 'InsufficientSampleData',
    message: 'Autoscale evaluation failed due to insufficient sample data',
    values: [
      {
        name: 'Message',
        value: 'Line 3, Col 12: Insufficient data from data set: $RunningTasks wanted 70%, received 50%',
      },
    ],
  })
})

test('when the last minute is missing 95 percent fail and 80 succeed', () => {
  const samples = { $CPUPercent: Array<number>(18).fill(0.5) }
  expect(valueOf('$CPUPercent.GetSample(TimeInterval_Minute * 10, 95)', { samples })).toContain(
    'wanted 95%, received 90%',
  )
  expect(valueOf('avg($CPUPercent.GetSample(TimeInterval_Minute * 10, 80))', { samples })).toBe('0.5')
})

test.each(['GetSample(1)', 'GetSample(TimeInterval_Minute)', 'HistoryBeginTime()'])(
  'without any sample %s is an error',
  (method) => {
    expect(run(`$a = $FailedTasks.${method}`).run.error?.code).toBe('InsufficientSampleData')
  },
)

test.each([
  ['GetSamplePercent(10 * TimeInterval_Minute)', '100'],
  ['GetSamplePercent(40 * TimeInterval_Minute)', '50'],
  ['GetSamplePercent(20 * TimeInterval_Minute, 40 * TimeInterval_Minute)', '0'],
  ['GetSamplePeriod()', '00:00:30'],
  ['Count()', '40'],
  ['HistoryBeginTime()', '2016-10-13T18:59:17.805Z'],
  ['HistoryBeginTime().hour', '18'],
])('%s is %s', (method, expected) => {
  expect(valueOf(`$ActiveTasks.${method}`, FORTY)).toBe(expected)
})

test('without samples the percentage is 0', () => {
  expect(valueOf('$ActiveTasks.GetSamplePercent(TimeInterval_Minute)')).toBe('0')
})

test.each([
  ['$ActiveTasks.GetSample(0)', 'The count of samples must be at least 1'],
  ['$ActiveTasks.GetSample()', 'Expected a start and an end'],
  ['$ActiveTasks.GetSample("now")', 'Expected a timestamp, found a string'],
  ['$ActiveTasks.GetSamples(1)', 'Undefined symbol: GetSamples'],
  ['$TargetDedicatedNodes.GetSample(1)', 'Undefined symbol: GetSample'],
  ['time().GetSample(1)', 'Undefined symbol: GetSample'],
])('%s is an error', (expression, reason) => {
  expect(valueOf(expression, FORTY)).toContain(`: ${reason}`)
})
