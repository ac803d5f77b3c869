// The language, rule by rule.

import { describe, expect, test } from 'vitest'
import { run, valueOf } from '../testing/formula-world.ts'
import { METRICS } from './variables.ts'

describe('operators', () => {
  test.each([
    ['1 + 2 * 3', '7'],
    ['(1 + 2) * 3', '9'],
    ['7 - 2 - 1', '4'],
    ['1 / 4', '0.25'],
    ['-2 * -3', '6'],
    ['!0 + !5', '1'],
    ['.5 + 1e2', '100.5'],
    ['1 < 2 == 1', '1'],
    ['1 || 0 && 0', '1'],
    ['2 && 3', '1'],
    ['0 || 0', '0'],
    ['0 ? 1 : 0 ? 2 : 3', '3'],
    ['0.5 ? 1 : 2', '1'],
    ['"a" < "b"', '1'],
    ['"a" == "a"', '1'],
    ['"a" != "a"', '0'],
    ['2 <= 2', '1'],
    ['2 >= 3', '0'],
    ['2 != 3', '1'],
    ['"b" >= "a"', '1'],
    ['time() <= time()', '1'],
    ['TimeInterval_Hour != TimeInterval_Minute', '1'],
    ['-(1 < 2) + !(2 > 3)', '0'],
    ['!2 == 0', '1'],
    ['1 + 2 < 2 * 2 && 3 > 2', '1'],
    ['[1, 2] - 1', '[0,1]'],
    ['[6, 8] / 2', '[3,4]'],
    ['[1, 2] * [3, 4]', '[3,8]'],
    ['[1, 2, 3] * 2', '[2,4,6]'],
    ['[6, 8] / [2, 4] - 1', '[2,1]'],
    ['2 * TimeInterval_Minute', '00:02:00'],
    ['TimeInterval_Minute * 2 / 4', '00:00:30'],
    ['TimeInterval_Day + TimeInterval_Hour - TimeInterval_Second', '1.00:59:59'],
    ['-TimeInterval_100ns', '-00:00:00.0000001'],
    ['TimeInterval_Hour > TimeInterval_Minute', '1'],
    ['time("2024-05-01T10:00:00Z") + TimeInterval_Day', '2024-05-02T10:00:00.000Z'],
    ['TimeInterval_Day + time("2024-05-01T10:00:00Z")', '2024-05-02T10:00:00.000Z'],
    ['time("2024-05-01T10:00:00Z") + (-6 * TimeInterval_Hour)', '2024-05-01T04:00:00.000Z'],
    ['time("2024-05-01T10:00:00Z") - TimeInterval_Hour', '2024-05-01T09:00:00.000Z'],
    ['time("2024-05-02") - time("2024-05-01")', '1.00:00:00'],
    ['time("2024-05-02") > time("2024-05-01")', '1'],
  ])('%s is %s', (expression, expected) => {
    expect(valueOf(expression)).toBe(expected)
  })

  test.each([
    ['"a" + "b"', 'Line 1, Col 9: Operation is not defined: string + string'],
    ['1 + TimeInterval_Day', 'Line 1, Col 7: Operation is not defined: double + timeinterval'],
    ['1 == "1"', 'Line 1, Col 7: Operation is not defined: double == string'],
    ['[1] < [2]', 'Line 1, Col 9: Operation is not defined: doubleVec < doubleVec'],
    ['[1] + [2, 3]', 'Line 1, Col 9: Vectors of different lengths: 1 and 2'],
    ['!"a"', 'Line 1, Col 5: Operation is not defined: ! string'],
    ['"a" ? 1 : 2', 'Line 1, Col 5: Expected a double, found a string'],
    ['1 && "a"', 'Line 1, Col 10: Expected a double, found a string'],
    ['time("9999-12-31") + TimeInterval_Year', 'Line 1, Col 24: The time is outside of the years 1 to 9999'],
  ])('%s is an error', (expression, message) => {
    expect(valueOf(expression)).toBe(message)
  })

  test('what is not chosen is not evaluated', () => {
    expect(valueOf('1 ? 2 : avg([])')).toBe('2')
    expect(valueOf('0 && avg([])')).toBe('0')
    expect(valueOf('1 || avg([])')).toBe('1')
  })
})

test.each([
  ['Zero', '00:00:00'],
  ['100ns', '00:00:00.0000001'],
  ['Microsecond', '00:00:00.0000010'],
  ['Millisecond', '00:00:00.0010000'],
  ['Second', '00:00:01'],
  ['Minute', '00:01:00'],
  ['Hour', '01:00:00'],
  ['Day', '1.00:00:00'],
  ['Week', '7.00:00:00'],
  ['Year', '365.00:00:00'],
])('TimeInterval_%s is %s', (name, expected) => {
  expect(valueOf(`TimeInterval_${name}`)).toBe(expected)
})

describe('functions', () => {
  test.each([
    ['avg([1, 2, 3], 6)', '3'],
    ['len([1, 2, 3], 7)', '4'],
    ['max(1, [5, 2])', '5'],
    ['min(1, [5, 2])', '1'],
    ['norm(3, 4)', '5'],
    ['range([1, 9], 4)', '8'],
    ['std(2, 4, 4, 4, 5, 5, 7, 9)', String(Math.sqrt(32 / 7))],
    ['sum([1, 2], 3)', '6'],
    ['lg(8)', '3'],
    ['ln(1)', '0'],
    ['log([10, 100])', '[1,2]'],
    ['log(1000) > 2.99', '1'],
    ['lg([2, 4])', '[1,2]'],
    ['ln([1, 1])', '[0,0]'],
    ['avg([1, 2, 3], 7) == avg(1, 2, 3, 7)', '1'],
    ['avg([1, 2, 3], 7)', '3.25'],
    ['ceil(1.2)', '2'],
    ['floor([1.8, -1.2])', '[1,-2]'],
    ['round(2.5)', '3'],
    ['percentile([4, 1, 3, 2], 50)', '2'],
    ['percentile([4, 1, 3, 2], 100)', '4'],
    ['val([4, 5, 6], 1)', '5'],
    ['rand()', '0.25'],
    ['time()', '2016-10-13T19:18:47.805Z'],
    ['time("")', '2016-10-13T19:18:47.805Z'],
    ['time("2024-05-01T10:00:00.123456Z")', '2024-05-01T10:00:00.123Z'],
    ['time("2024-05-01T10:00:00+02:00")', '2024-05-01T08:00:00.000Z'],
    ['time("Wed, 01 May 2024 10:00:00 GMT")', '2024-05-01T10:00:00.000Z'],
  ])('%s is %s', (expression, expected) => {
    expect(valueOf(expression)).toBe(expected)
  })

  test.each([
    ['avg()', 'Line 1, Col 5: avg takes at least 1 arguments, found 0'],
    ['avg([])', 'Line 1, Col 5: There are too few values'],
    ['std(1)', 'Line 1, Col 5: There are too few values'],
    ['val([1], 1)', 'Line 1, Col 5: The second argument is out of range'],
    ['percentile([1], 101)', 'Line 1, Col 5: The second argument is out of range'],
    ['rand(1)', 'Line 1, Col 5: rand takes 0 arguments, found 1'],
    ['time("2024-05-01T10:00:00.123456789Z")', 'Line 1, Col 5: Not a time: 2024-05-01T10:00:00.123456789Z'],
    ['time("2024-02-30")', 'Line 1, Col 5: Not a time: 2024-02-30'],
    ['ln("a")', 'Line 1, Col 5: Expected a double, found a string'],
    ['nothing(1)', 'Line 1, Col 5: Undefined symbol: nothing'],
  ])('%s is an error', (expression, message) => {
    expect(valueOf(expression)).toBe(message)
  })

  test('stop() ends the formula with what it has set so far', () => {
    expect(run('$TargetDedicatedNodes = 5; stop(); $TargetDedicatedNodes = 9').targets.dedicated).toBe(5)
  })
})

describe('timestamps', () => {
  test.each([
    ['year', '2016'],
    ['month', '10'],
    ['day', '13'],
    ['weekday', '4'],
    ['hour', '19'],
    ['minute', '18'],
    ['second', '47'],
  ])('time().%s is %s', (part, expected) => {
    expect(valueOf(`time().${part}`)).toBe(expected)
  })

  test('Monday is weekday 1, Sunday 0', () => {
    expect(valueOf('time("2024-05-06").weekday')).toBe('1')
    expect(valueOf('time("2024-05-05").weekday')).toBe('0')
  })

  test('other parts and other types have none', () => {
    expect(valueOf('time().week')).toBe('Line 1, Col 12: Undefined symbol: week')
    expect(valueOf('"a".year')).toBe('Line 1, Col 9: Expected a timestamp, found a string')
  })
})

describe('variables', () => {
  test('a symbol that nobody has defined is an error at its place', () => {
    expect(run('$something_useless').run).toEqual({
      results: '$TargetDedicatedNodes=2;$TargetLowPriorityNodes=1;$NodeDeallocationOption=requeue',
      error: {
        code: 'AutoScalingFormulaEvaluationError',
        message: 'The specified auto-scaling formula has evaluation error',
        values: [{ name: 'Message', value: 'Line 1, Col 1: Undefined symbol: $something_useless' }],
      },
    })
  })

  test('results name both targets and the option, then the formula’s own variables in alphabetical order', () => {
    expect(run('totalNodes = 5; $b = 1; $a = "x"; $TargetDedicatedNodes = 3').run.results).toBe(
      '$TargetDedicatedNodes=3;$TargetLowPriorityNodes=1;$NodeDeallocationOption=requeue;$a=x;$b=1;totalNodes=5',
    )
  })

  test('the last of two assignments wins', () => {
    expect(valueOf('1; x = x + 1; x = x * 10')).toBe('20')
  })

  test('an own variable is the one that is written the same, with or without a $', () => {
    expect(valueOf('1; $y = 2; x = y')).toBe('Line 1, Col 20: Undefined symbol: y')
  })

  test('a target is cut to whole nodes and is never below zero', () => {
    expect(run('$TargetDedicatedNodes = 3.8; $TargetLowPriorityNodes = -2').targets).toEqual({
      dedicated: 3,
      lowPriority: 0,
    })
    expect(run('$TargetDedicatedNodes = 3.8').run.results).toContain('$TargetDedicatedNodes=3;')
  })

  test('a target starts as the present one and may be read', () => {
    expect(run('$TargetDedicatedNodes = $TargetDedicatedNodes + 1', { dedicated: 4 }).targets.dedicated).toBe(
      5,
    )
    expect(valueOf('$TargetDedicated / 2', { dedicated: 4 })).toBe('2')
  })

  test('targets have short names; where both are set the full one counts', () => {
    expect(run('$TargetDedicated = 3; $TargetLowPriority = 4').targets).toEqual({
      dedicated: 3,
      lowPriority: 4,
    })
    expect(run('$TargetDedicatedNodes = 7; $TargetDedicated = 3').targets.dedicated).toBe(7)
    expect(valueOf('1; $TargetDedicated = 3; x = $TargetDedicatedNodes')).toBe('3')
  })

  test('a target must be a number that nodes can be counted in', () => {
    expect(run('$TargetDedicatedNodes = 1 / 0').run.error?.values?.[0]?.value).toBe(
      'Line 1, Col 1: Not a number of nodes: Infinity',
    )
    expect(run('$TargetDedicatedNodes = 0 / 0').run.error).toBeDefined()
    expect(run('$TargetDedicatedNodes = "3"').run.error).toBeDefined()
  })

  test.each(['requeue', 'terminate', 'taskcompletion', 'retaineddata'])('the option can be %s', (option) => {
    expect(run(`$NodeDeallocationOption = ${option};`)).toMatchObject({
      deallocation: option,
      run: { results: expect.stringContaining(`$NodeDeallocationOption=${option}`) },
    })
  })

  test('another option is an error', () => {
    expect(run('$NodeDeallocationOption = "later"').run.error?.values?.[0]?.value).toBe(
      'Line 1, Col 1: Not a node deallocation option: later',
    )
    expect(run('$NodeDeallocationOption = later').run.error?.values?.[0]?.value).toBe(
      'Line 1, Col 27: Undefined symbol: later',
    )
  })

  test.each(['$ActiveTasks', '$CurrentDedicated', 'TimeInterval_Day', 'requeue'])(
    '%s cannot be set',
    (name) => {
      expect(run(`${name} = 1`).run.error?.values?.[0]?.value).toBe(
        `Line 1, Col 1: Cannot be assigned to: ${name}`,
      )
    },
  )

  test.each(METRICS)('%s can be read, itself and its samples', (name) => {
    const world = { current: { [name]: 3 }, samples: { [name]: [1, 2] } }
    expect(valueOf(name, world)).toBe('3')
    expect(valueOf(`${name}.GetSample(2)`, world)).toBe('[1,2]')
  })

  test.each([
    ['$CurrentDedicated', '$CurrentDedicatedNodes'],
    ['$CurrentLowPriority', '$CurrentLowPriorityNodes'],
  ])('%s is the older name of %s', (old, name) => {
    expect(valueOf(old, { current: { [name]: 3 } })).toBe('3')
  })

  test.each(['TargetDedicatedNodes', 'PendingTasks', 'NodeDeallocationOption'])(
    'a variable of the service has its $: %s alone is nothing',
    (name) => {
      expect(valueOf(name)).toBe(`Line 1, Col 5: Undefined symbol: ${name}`)
    },
  )

  test('a metric by itself is its present value', () => {
    expect(valueOf('$CurrentDedicatedNodes * 1.5', { current: { $CurrentDedicatedNodes: 4 } })).toBe('6')
    expect(valueOf('max(0, $PendingTasks)', { current: { $PendingTasks: 7 } })).toBe('7')
  })
})
