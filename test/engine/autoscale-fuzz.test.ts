// Formulas that nobody would write: each is read and evaluated, or refused with the one error that says where.

import { parseFormula, runFormula } from '@malachite/emulator'
import { expect, test } from 'vitest'
import { runTarget } from '../fuzz/run.ts'
import { checkFormula, openFormulas, WORLD } from '../fuzz/targets/formulas.ts'

/** Time that reading and evaluating one formula may take, milliseconds; a thousand times what it needs. */
const MAX_MS = 3000

/** Reads and evaluates a formula; how long that takes, milliseconds. */
function timeOf(text: string): number {
  const start = performance.now()
  checkFormula(text)
  return performance.now() - start
}

test('any formula is evaluated, or refused with its place', async () => {
  const { inputs, findings } = await runTarget(openFormulas(), { seed: 1, runs: 4000 })
  expect(findings).toEqual([])
  expect(inputs).toBe(4000)
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
  expect(timeOf(text)).toBeLessThan(MAX_MS)
  expect(timeOf(`x=${text.slice(0, 8100)}1`)).toBeLessThan(MAX_MS)
})

test('as much work as a formula can ask for is done in time', () => {
  const part = 'percentile($ActiveTasks.GetSample(9999),1)+'
  const text = `x=${part.repeat(Math.floor(8000 / part.length))}1`
  expect(timeOf(text)).toBeLessThan(MAX_MS)
  expect(runFormula(parseFormula(text), WORLD).run.error).toBeUndefined()
})
