import { expect, test } from 'vitest'
import { completeSize, findSizeIssue, parseEnableAutoScale, parseEvaluateAutoScale } from './autoscale.ts'

test('a size without a formula has targets, without an interval', () => {
  expect(
    completeSize({ enableAutoScale: false, autoScaleEvaluationInterval: 'PT5M', targetDedicatedNodes: 2 }),
  ).toEqual({
    targetDedicatedNodes: 2,
    targetLowPriorityNodes: 0,
    enableAutoScale: false,
  })
})

test('a size with a formula has the usual interval', () => {
  expect(completeSize({ enableAutoScale: true, autoScaleFormula: 'x=1' })).toEqual({
    targetDedicatedNodes: 0,
    targetLowPriorityNodes: 0,
    enableAutoScale: true,
    autoScaleFormula: 'x=1',
    autoScaleEvaluationInterval: 'PT15M',
  })
})

test('targets and a formula exclude each other', () => {
  const issue = (size: object) => findSizeIssue({ enableAutoScale: true, ...size })?.path[0].key
  expect(issue({ autoScaleFormula: 'x=1', targetDedicatedNodes: 0 })).toBe('targetDedicatedNodes')
  expect(issue({ autoScaleFormula: 'x=1', targetLowPriorityNodes: 0 })).toBe('targetLowPriorityNodes')
  expect(issue({})).toBe('autoScaleFormula')
  expect(issue({ autoScaleFormula: 'x=1' })).toBeUndefined()
  expect(issue({ enableAutoScale: false, autoScaleFormula: 'x=1' })).toBe('autoScaleFormula')
  expect(issue({ enableAutoScale: false })).toBeUndefined()
})

test.each(['PT4M59S', 'P7DT1S', 'soon'])('the interval %s is refused', (autoScaleEvaluationInterval) => {
  expect(() => parseEnableAutoScale({ autoScaleEvaluationInterval })).toThrow(
    expect.objectContaining({ code: 'InvalidPropertyValue' }),
  )
})

test('enabling takes a formula, an interval, both or nothing', () => {
  expect(parseEnableAutoScale(undefined)).toEqual({})
  expect(parseEnableAutoScale({ autoScaleFormula: 'x=1', autoScaleEvaluationInterval: 'PT300S' })).toEqual({
    autoScaleFormula: 'x=1',
    autoScaleEvaluationInterval: 'PT5M',
  })
})

test('evaluating takes a formula', () => {
  expect(parseEvaluateAutoScale({ autoScaleFormula: 'x=1' })).toEqual({ autoScaleFormula: 'x=1' })
  expect(() => parseEvaluateAutoScale(undefined)).toThrow(
    expect.objectContaining({ code: 'MissingRequiredProperty' }),
  )
})
