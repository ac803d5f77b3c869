// A task has 180 days to be done, whether it waits or runs; then it is ended.

import type { Core } from './core.ts'
import { endTask } from '../tasks/tries.ts'

const LIFETIME = 180 * 24 * 3600 * 1_000_000

/** Tasks that are ended in one change, so that requests come in between. */
const CHUNK = 500

/** The tasks of a new job have their time from now on, at the earliest. */
export function limitLifetimes(core: Core, job: number): void {
  const due = core.now() + LIFETIME
  core.store.lifetimes.insert(job, due)
  core.wakeBy(Math.ceil(due / 1000))
}

/** Ends the tasks that had their time. */
export function endOldTasks(core: Core): void {
  const { lifetimes } = core.store
  for (const job of lifetimes.due(core.now())) {
    const old = lifetimes.unfinished(job, core.now() - LIFETIME, CHUNK)
    for (const task of old) endTask(core, task)
    if (old.length < CHUNK) lifetimes.move(job, (lifetimes.oldestOf(job) ?? core.now()) + LIFETIME)
  }
  const next = lifetimes.next()
  if (next !== undefined) core.wakeBy(Math.ceil(next / 1000))
}
