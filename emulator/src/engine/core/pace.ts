// Time that the service takes for what an engine can do at once. Without a pace there is none, and nothing is asked.

import type { Core } from './core.ts'
import type { Paced } from './rounds.ts'

/** When that which began at `since` has taken its time; both microseconds. */
export function dueAt(core: Core, what: Paced, name: string, since: number): number {
  return core.pace ? since + core.pace(what, name) * 1000 : since
}

/** Whether that which began at `since` (microseconds) has taken its time; sees to it that a tick comes when it has. */
export function isOver(core: Core, what: Paced | undefined, name: string, since: number): boolean {
  if (!core.pace || what === undefined) return true
  const due = dueAt(core, what, name, since)
  if (due <= core.now()) return true
  core.wakeBy(Math.ceil(due / 1000))
  return false
}
