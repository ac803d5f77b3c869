import { expect, test } from 'vitest'
import { decideRun, type Past, type Timing } from './recurrence.ts'

const MINUTE = 60e6
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** A Thursday, 02:00 UTC. */
const START = Date.UTC(2026, 0, 1, 2) * 1000

const NIGHTLY: Timing = { from: START, to: Infinity, interval: DAY, window: Infinity }
const ONCE: Timing = { from: START, to: Infinity, interval: undefined, window: Infinity }
const NEW: Past = { lastDue: null, isBusy: false }

const ranAt = (lastDue: number): Past => ({ lastDue, isBusy: false })
const busySince = (lastDue: number): Past => ({ lastDue, isBusy: true })

test('waits for the first time', () => {
  const waiting = { action: 'wait', nextRun: START, wakeAt: START }
  expect(decideRun(NIGHTLY, NEW, START - 1)).toEqual(waiting)
  expect(decideRun(ONCE, NEW, START - 1)).toEqual(waiting)
})

test('runs as soon as a job is due', () => {
  expect(decideRun(NIGHTLY, NEW, START)).toEqual({ action: 'run', due: START })
  expect(decideRun(NIGHTLY, ranAt(START), START + DAY)).toEqual({ action: 'run', due: START + DAY })
  expect(decideRun(ONCE, NEW, START + HOUR)).toEqual({ action: 'run', due: START })
})

test('the next job is due one interval after the one before was due, however late that was made', () => {
  const next = { action: 'wait', nextRun: START + DAY, wakeAt: START + DAY }
  expect(decideRun(NIGHTLY, ranAt(START), START)).toEqual(next)
  expect(decideRun(NIGHTLY, busySince(START), START + 5 * HOUR)).toEqual(next)
})

test('waits for the active job and runs when it is over, even between two times', () => {
  const waiting = { action: 'wait', nextRun: START + DAY, wakeAt: START + 2 * DAY }
  expect(decideRun(NIGHTLY, busySince(START), START + DAY + HOUR)).toEqual(waiting)
  expect(decideRun(NIGHTLY, ranAt(START), START + DAY + HOUR)).toEqual({ action: 'run', due: START + DAY })
})

test('a job that could not be made within its window is lost', () => {
  const timing = { ...NIGHTLY, window: HOUR }
  const due = START + DAY
  expect(decideRun(timing, busySince(START), due)).toEqual({
    action: 'wait',
    nextRun: due,
    wakeAt: due + HOUR,
  })
  expect(decideRun(timing, ranAt(START), due + HOUR - 1)).toEqual({ action: 'run', due })
  const next = { action: 'wait', nextRun: due + DAY, wakeAt: due + DAY }
  expect(decideRun(timing, ranAt(START), due + HOUR)).toEqual(next)
})

test('a window longer than the interval is like none', () => {
  const timing = { ...NIGHTLY, window: 3 * DAY }
  expect(decideRun(timing, ranAt(START), START + 2 * DAY + 23 * HOUR)).toEqual({
    action: 'run',
    due: START + 2 * DAY,
  })
})

test('after a week away there is one job, not seven', () => {
  const now = START + 7 * DAY + HOUR
  expect(decideRun(NIGHTLY, ranAt(START), now)).toEqual({ action: 'run', due: START + 7 * DAY })
  expect(decideRun(NIGHTLY, ranAt(START + 7 * DAY), now)).toMatchObject({ nextRun: START + 8 * DAY })
})

test('a schedule without recurrence is complete when its only job is over', () => {
  expect(decideRun(ONCE, busySince(START), START + HOUR)).toEqual({
    action: 'wait',
    nextRun: null,
    wakeAt: null,
  })
  expect(decideRun(ONCE, ranAt(START), START + HOUR)).toEqual({ action: 'complete' })
})

test('a schedule without recurrence whose window has passed is complete without a job', () => {
  expect(decideRun({ ...ONCE, window: HOUR }, NEW, START + HOUR)).toEqual({ action: 'complete' })
})

test('a single job runs anew when it is given a later time', () => {
  const again = { ...ONCE, from: START + HOUR }
  expect(decideRun(again, ranAt(START), START + MINUTE)).toMatchObject({
    action: 'wait',
    nextRun: START + HOUR,
  })
  expect(decideRun(again, ranAt(START), START + HOUR)).toEqual({ action: 'run', due: START + HOUR })
  expect(decideRun(again, ranAt(START + HOUR), START + HOUR)).toEqual({ action: 'complete' })
})

test('a recurring schedule that is given a later beginning goes on from there', () => {
  const later = { ...NIGHTLY, from: START + 3 * DAY + HOUR }
  expect(decideRun(later, ranAt(START), START + HOUR)).toMatchObject({ nextRun: START + 3 * DAY + HOUR })
})

test('nothing runs from the end on, and the schedule is complete then, once no job is active', () => {
  const to = START + DAY + HOUR
  const timing = { ...NIGHTLY, to }
  expect(decideRun(timing, ranAt(START), START + HOUR)).toMatchObject({ nextRun: START + DAY })
  expect(decideRun(timing, ranAt(START + DAY), to - 1)).toEqual({ action: 'wait', nextRun: null, wakeAt: to })
  expect(decideRun(timing, busySince(START + DAY), to)).toEqual({
    action: 'wait',
    nextRun: null,
    wakeAt: null,
  })
  expect(decideRun(timing, ranAt(START + DAY), to)).toEqual({ action: 'complete' })
})

test('times that are no exact numbers are never due', () => {
  const year9999 = Date.UTC(9999, 11, 31) * 1000
  expect(decideRun({ ...ONCE, from: year9999 }, NEW, START)).toMatchObject({ action: 'wait' })
  expect(decideRun({ ...NIGHTLY, interval: 9.2e17 }, ranAt(START), START)).toEqual({
    action: 'wait',
    nextRun: null,
    wakeAt: null,
  })
})

const timings = [Infinity, START + 1, START + DAY, START + 9 * DAY + 1].flatMap((to) =>
  [undefined, MINUTE, DAY, 3 * DAY + 1].flatMap((interval) =>
    [MINUTE, HOUR, 3 * DAY, Infinity].map((window) => ({ from: START, to, interval, window })),
  ),
)

test.each(timings)(
  'looked at whenever it asks for, a free schedule makes each job once and on time: %o',
  (timing) => {
    const made: number[] = []
    let now = START
    for (let looks = 0; looks < 50; looks++) {
      const decision = decideRun(timing, { lastDue: made.at(-1) ?? null, isBusy: false }, now)
      if (decision.action === 'complete') break
      if (decision.action === 'run') made.push(decision.due)
      else now = decision.wakeAt ?? NaN
      expect(made.at(-1)).toBeLessThanOrEqual(now)
    }
    const { interval = 0, to } = timing
    expect(made).toEqual(made.map((_, i) => START + i * interval))
    expect(made.length).toBeGreaterThan(0)
    expect(made.every((due) => due < to)).toBe(true)
  },
)
