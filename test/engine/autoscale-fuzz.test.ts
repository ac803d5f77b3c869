// Formulas that nobody would write: each is read and evaluated, or refused with the one error that says where.

import assert from 'node:assert/strict'
import { FormulaError, parseFormula, runFormula, type FormulaWorld } from '@malachite/emulator'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

const NOW = Date.UTC(2026, 0, 1)
const TIMES = Array.from({ length: 500 }, (_, i) => NOW - (499 - i) * 30_000)
const VALUES = TIMES.map((_, i) => i % 7)

const WORLD: FormulaWorld = {
  now: NOW,
  random: () => 0.5,
  targets: { dedicated: 2, lowPriority: 0 },
  current: () => 3,
  history: () => ({ times: TIMES, values: VALUES }),
}

/** Time that reading and evaluating one formula may take, milliseconds; a thousand times what it needs. */
const MAX_MS = 3000

const PLACE = /^Line \d+, Col \d+: ./
const RESULTS = /^\$TargetDedicatedNodes=\d+;\$TargetLowPriorityNodes=\d+;\$NodeDeallocationOption=[a-z]+/

/** What becomes of a formula; anything but the known error is thrown on. */
function outcome(text: string): 'refused' | 'failed' | 'done' {
  const start = performance.now()
  try {
    const { results, error } = runFormula(parseFormula(text), WORLD).run
    assert.match(results, RESULTS)
    assert.match(error?.values?.[0]?.value ?? 'Line 0, Col 0: none', PLACE)
    return error ? 'failed' : 'done'
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error
    assert.match(error.message, PLACE)
    return 'refused'
  } finally {
    assert.ok(performance.now() - start < MAX_MS, `${text} took too long`)
  }
}

const WORDS = `
  $TargetDedicatedNodes $TargetLowPriority $NodeDeallocationOption $PendingTasks $CPUPercent x $y
  time avg std percentile val stop rand len round taskcompletion TimeInterval_Minute
  GetSample GetSamplePercent Count HistoryBeginTime weekday 1 0 2.5 1e9 "2026-01-01" ""
  = + - * / < == && || ? : ( ) [ ] , . ; ! //`.split(/\s+/)

const expression = fc.letrec<{ any: string; vector: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom(
      '1',
      '0.5',
      'x',
      '$TargetDedicatedNodes',
      '$PendingTasks',
      'time()',
      '"a"',
      'TimeInterval_Hour',
    ),
    fc
      .tuple(tie('any'), fc.constantFrom('+', '-', '*', '/', '<', '==', '&&', '||'), tie('any'))
      .map(([a, o, b]) => `(${a} ${o} ${b})`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    fc
      .tuple(fc.constantFrom('avg', 'max', 'std', 'len', 'ln', 'ceil'), tie('vector'))
      .map(([f, v]) => `${f}(${v})`),
    fc
      .tuple(fc.constantFrom('val', 'percentile'), tie('vector'), tie('any'))
      .map(([f, v, n]) => `${f}(${v}, ${n})`),
    tie('any').map((a) => `-${a}`),
    tie('vector'),
  ),
  vector: fc.oneof(
    { maxDepth: 6 },
    fc.array(tie('any'), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
    tie('any').map((a) => `$ActiveTasks.GetSample(${a})`),
    tie('any').map((a) => `$ActiveTasks.GetSample(${a}, time(), 5)`),
    fc
      .tuple(tie('vector'), fc.constantFrom('+', '*', '/'), tie('any'))
      .map(([v, o, a]) => `(${v} ${o} ${a})`),
  ),
}))

const OUTCOMES = ['refused', 'failed', 'done']

test('any text is evaluated or refused with its place', () => {
  const text = fc.string({ unit: 'binary', maxLength: 80 })
  fc.assert(
    fc.property(text, (formula) => {
      expect(OUTCOMES).toContain(outcome(formula))
    }),
    { numRuns: 500 },
  )
})

test('any sequence of the language’s words is evaluated or refused with its place', () => {
  const words = fc
    .array(fc.constantFrom(...WORDS), { maxLength: 60 })
    .map((list) => list.join(' ').replaceAll('//', '//\n'))
  fc.assert(
    fc.property(words, (formula) => {
      expect(OUTCOMES).toContain(outcome(formula))
    }),
    { numRuns: 2000 },
  )
})

test('any formula that can be read is evaluated to the end, and some without an error', () => {
  const seen = new Set<string>()
  const formula = expression.any
    .map((value) => `x = 1; y = ${value}; $TargetDedicatedNodes = y`)
    .filter((text) => text.length <= 8192)
  fc.assert(
    fc.property(formula, (text) => void seen.add(outcome(text))),
    { numRuns: 1500 },
  )
  expect([...seen].sort()).toEqual(['done', 'failed'])
})

test.each([
  '(',
  '[',
  '-',
  '!',
  'x?',
  'x?x:',
  'avg(',
  'a.b(',
  '1+',
  'x.y.',
  '1;',
  '$a=',
  '//',
  '"',
  '\n',
  'percentile($A.GetSample(9999),',
])('the longest formula of nothing but %j is no harm', (part) => {
  const text = part.repeat(8192 / part.length)
  expect(OUTCOMES).toContain(outcome(text))
  expect(OUTCOMES).toContain(outcome(`x=${text.slice(0, 8100)}1`))
})

test('as much work as a formula can ask for is done in time', () => {
  const part = 'percentile($ActiveTasks.GetSample(9999),1)+'
  const count = Math.floor(8000 / part.length)
  expect(outcome(`x=${part.repeat(count)}1`)).toBe('done')
})
