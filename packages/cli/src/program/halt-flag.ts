// `--halt` as GNU parallel takes it, its short forms included. Loads nothing: it is read to print the help as well.

import type { HaltCondition } from '@malachite/orchestrator'
import { InvalidArgumentError } from 'commander'
import { wholeNumber } from './values.ts'

const WHENS: readonly HaltCondition['when'][] = ['now', 'soon']
const WHYS: readonly HaltCondition['why'][] = ['fail', 'success', 'done']

/** Forms that GNU parallel has kept from its early days. */
const SHORT: Readonly<Record<string, string>> = {
  '0': 'never',
  '1': 'soon,fail=1',
  '2': 'now,fail=1',
  '-1': 'soon,success=1',
  '-2': 'now,success=1',
}

/** The condition of `soon,fail=30%`, `now,success=1` …; a percentage alone is one of failures, soon. */
export function parseHalt(text: string): HaltCondition | 'never' {
  const whole = /^\d+%$/.test(text) ? `soon,fail=${text}` : (SHORT[text] ?? text)
  if (whole === 'never') return whole
  const [, first, second, number = '', percent] = /^(\w+),(\w+)=(\d+)(%?)$/.exec(whole) ?? []
  const when = WHENS.find((known) => known === first)
  const why = WHYS.find((known) => known === second)
  if (!when || !why) {
    throw new InvalidArgumentError(
      'It must be never, or now or soon with fail, success or done and a number or a percentage, ' +
        'such as now,fail=1 or soon,fail=30%.',
    )
  }
  if (percent) return { when, why, amount: wholeNumber(1, 100)(number), unit: 'percent' }
  return { when, why, amount: wholeNumber(1)(number), unit: 'tasks' }
}
