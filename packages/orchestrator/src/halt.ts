// Ends a run before all of its tasks have run, on the conditions of GNU parallel's --halt. Decided from counts, which cost
// the same for any number of tasks.

import type { TaskCounts } from '@malachite/model'

/** When to end a run early: once so many tasks have failed, succeeded, or completed either way. */
export interface HaltCondition {
  /** `soon`: no further task is started, those that run may end; `now`: all are ended. */
  when: 'now' | 'soon'
  why: 'fail' | 'success' | 'done'
  /** At least 1; of percent at most 100. */
  amount: number
  unit: 'tasks' | 'percent'
}

/** A run that was ended by its condition. */
export interface Halt {
  condition: HaltCondition
  /** What had become of the tasks, for people: `2 of 6 tasks had failed`. */
  reason: string
}

const COUNTED = {
  fail: (counts: TaskCounts) => counts.failed,
  success: (counts: TaskCounts) => counts.succeeded,
  done: (counts: TaskCounts) => counts.completed,
} as const

const WORDS = { fail: 'failed', success: 'succeeded', done: 'completed' } as const

/** The halt of a run of `total` tasks, once its condition is met. */
export function findHalt(
  condition: HaltCondition | undefined,
  counts: TaskCounts,
  total: number,
): Halt | undefined {
  if (!condition) return undefined
  const { why, amount, unit } = condition
  const count = COUNTED[why](counts)
  const needed = unit === 'percent' ? (total * amount) / 100 : amount
  if (count === 0 || count < needed) return undefined
  return { condition, reason: `${count} of ${total} tasks had ${WORDS[why]}` }
}

/** The condition as it is typed: `soon,fail=30%`. */
export function formatHalt({ when, why, amount, unit }: HaltCondition): string {
  return `${when},${why}=${amount}${unit === 'percent' ? '%' : ''}`
}

/** What is wrong with a condition; undefined when nothing is. */
export function haltProblem(condition: HaltCondition | undefined): string | undefined {
  if (!condition) return undefined
  const { amount, unit } = condition
  const max = unit === 'percent' ? 100 : Number.MAX_SAFE_INTEGER
  if (Number.isSafeInteger(amount) && amount >= 1 && amount <= max) return undefined
  const range = unit === 'percent' ? 'from 1 to 100 percent' : 'of at least 1'
  return `The number of a halt must be a whole number ${range}, not ${amount}.`
}
