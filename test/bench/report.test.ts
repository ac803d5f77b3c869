import { expect, test } from 'vitest'
import { formatReport, merge, parseReport } from './report.ts'
import { REPORT, RESULT, SCALE } from './sample.ts'

const NAMES = ['start', 'latency', 'scale']

test('a result takes the place of the older one of its name, the others stay', () => {
  const newer = { ...RESULT, seconds: 99 }
  expect(merge(REPORT, [newer], NAMES)).toEqual({ results: [newer, SCALE] })
})

test('results are in the order of the benchmarks, unknown ones at the end', () => {
  const [former, latency] = [
    { ...RESULT, name: 'former' },
    { ...RESULT, name: 'latency' },
  ]
  const { results } = merge({ results: [former, SCALE] }, [latency, RESULT], NAMES)
  expect(results.map(({ name }) => name)).toEqual(['start', 'latency', 'scale', 'former'])
})

test('a report is read as it was written, with lists of numbers on one line', () => {
  const text = formatReport(REPORT)
  expect(parseReport(text)).toEqual(REPORT)
  expect(text).toContain('"ours": [200, 190, 230],')
  expect(text).toContain('[1000, 50]')
})

test('numbers are written with six digits', () => {
  const text = formatReport({ results: [{ ...RESULT, loadBefore: 0.123_456_789 }] })
  expect(text).toContain('"loadBefore": 0.123457')
})

test.each([
  ['no json', 'it is no JSON'],
  ['[]', 'it holds no results'],
  ['{"results":1}', 'it holds no results'],
])('%s is no report', (text, sentence) => {
  expect(() => parseReport(text)).toThrow(sentence)
})
