// The load of a simulation as a file: lines of `time, tasks, duration`, such as `2h, 200, 5m`.

import type { Arrival } from '@malachite/emulator'
import { BatchError, parseTimeSpan } from '@malachite/model'
import { mistake } from './mistake.ts'

/** More would take minutes, and no pool of one emulator is made for them. */
const MAX_TASKS = 100_000

/** Reads a load. Empty lines, `#` comments and a line of titles are skipped. Throws a `ConfigurationError`. */
export function parseLoad(text: string, name: string): Arrival[] {
  const lines = text.split('\n').map((line, i) => ({ line: line.replace(/#.*/, '').trim(), number: i + 1 }))
  const arrivals = lines
    .filter(({ line }) => line !== '' && !/^(time|at)\b/i.test(line))
    .map(({ line, number }) => parseArrival(line, `${name}, line ${number}`))
  const tasks = arrivals.reduce((sum, arrival) => sum + arrival.tasks, 0)
  if (tasks === 0) throw unreadable(name, 'there are no tasks in it')
  if (tasks > MAX_TASKS) throw unreadable(name, `it has ${tasks} tasks; ${MAX_TASKS} are possible`)
  return arrivals
}

function parseArrival(line: string, place: string): Arrival {
  const cells = line.split(',').map((cell) => cell.trim())
  const [time = '', count = '', length = ''] = cells
  const at = parseTimeSpan(time)
  const duration = parseTimeSpan(length)
  if (cells.length !== 3) throw unreadable(place, 'expected three values: time, tasks, duration')
  if (at === undefined || at < 0)
    throw unreadable(place, `"${time}" is no time from the start such as 0m or 1.5h`)
  if (!/^\d{1,9}$/.test(count)) throw unreadable(place, `"${count}" is no number of tasks`)
  if (duration === undefined || duration < 0)
    throw unreadable(place, `"${length}" is no duration such as 30s or 5m`)
  return { at, tasks: Number(count), duration }
}

function unreadable(place: string, what: string): BatchError {
  return mistake(`The load cannot be read: ${place}: ${what}.`)
}
