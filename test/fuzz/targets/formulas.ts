// Autoscale formulas: each is read and evaluated, or refused with the place of what is wrong.

import { FormulaError, parseFormula, runFormula, type FormulaWorld } from '@malachite/emulator'
import { defineTarget, expectThat, orRefused, type Target } from '../target.ts'
import { type Language, makeText, wordsOf } from '../texts.ts'

const NOW = Date.UTC(2026, 0, 1)
const TIMES = Array.from({ length: 500 }, (_, i) => NOW - (499 - i) * 30_000)
const VALUES = TIMES.map((_, i) => i % 7)

/** A pool that has been watched for hours. */
export const WORLD: FormulaWorld = {
  now: NOW,
  random: () => 0.5,
  targets: { dedicated: 2, lowPriority: 0 },
  current: () => 3,
  history: () => ({ times: TIMES, values: VALUES }),
}

const FORMULAS: Language = {
  valid: [
    '$TargetDedicatedNodes = min(5, max($PendingTasks.GetSample(1)));',
    '$s = $ActiveTasks.GetSamplePercent(180 * TimeInterval_Second); x = $s < 70 ? 1 : avg($ActiveTasks.GetSample(180 * TimeInterval_Second));',
    '$curTime = time(); $TargetDedicatedNodes = $curTime.hour >= 8 && $curTime.weekday <= 5 ? 20:10; $NodeDeallocationOption = taskcompletion;',
    'lifespan = time() - time("2024-05-01T10:00:00.123456Z"); $TargetLowPriorityNodes = lifespan < TimeInterval_Hour ? 4 : 0',
    'v = [1, 2, 3] * 2; y = val(v, 1) + percentile(v, 50) - std(v, 7); stop(); // end',
    'x = ((1 + 2) * -3 / !0) || 0 && 1 == 2; z = rand()',
    'a = $CPUPercent.GetSample(TimeInterval_Minute, 6 * TimeInterval_Minute, 50); b = $RunningTasks.HistoryBeginTime()',
    `x = ${'('.repeat(150)}1${')'.repeat(150)}`,
    `x = 1${' + 1'.repeat(300)}`,
  ],
  words: wordsOf(
    `
      $TargetDedicatedNodes $TargetLowPriority $NodeDeallocationOption $PendingTasks $CPUPercent x $y time
      avg std percentile val stop rand len round norm lg taskcompletion TimeInterval_Minute
      TimeInterval_Year GetSample GetSamplePercent Count HistoryBeginTime weekday 1 0 2.5 1e9 1e308
      "2026-01-01" "" = + - * / < == != && || ! ? : ( ) [ ] , . ; // __proto__ constructor $constructor`,
    '\n',
  ),
}

const PLACE = /^Line \d+, Col \d+: ./
const RESULTS = /^\$TargetDedicatedNodes=\d+;\$TargetLowPriorityNodes=\d+;\$NodeDeallocationOption=[a-z]+/

const isPlaced = (error: unknown): boolean => error instanceof FormulaError && PLACE.test(error.message)

/** A formula. */
export function openFormulas(): Target {
  return defineTarget({
    name: 'formulas',
    make: (random) => makeText(random, FORMULAS),
    check: checkFormula,
  })
}

/** Reads and evaluates a formula; throws for anything but results, or an error with its place. */
export function checkFormula(text: string): void {
  const formula = orRefused(() => parseFormula(text), isPlaced)
  if (!formula) return
  const { results, error } = runFormula(formula, WORLD).run
  expectThat(RESULTS.test(results), `results name the targets, not ${results}`)
  expectThat(!error || PLACE.test(error.values?.[0]?.value ?? ''), 'an error names its place')
}
