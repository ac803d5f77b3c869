// What the figures depend on, as the machine tells it.

import { spawnSync } from 'node:child_process'
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Machine } from './report.ts'

/** This machine and this commit. */
export function describeMachine(): Machine {
  const commit = currentCommit()
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    os: `${type()} ${release()} ${arch()}`,
    node: process.version,
    ...(commit !== undefined && { commit }),
  }
}

/** How many cores are in use: all of it is others' as long as nothing of ours runs. Takes half a second. */
export async function coresInUse(): Promise<number> {
  const before = processorTimes()
  await sleep(500)
  const after = processorTimes()
  return ((after.busy - before.busy) / (after.all - before.all)) * cpus().length
}

/** Since the machine was started, milliseconds. */
function processorTimes(): { busy: number; all: number } {
  const times = cpus().map(({ times }) => times)
  const all = times.flatMap((time) => Object.values(time)).reduce((sum, time) => sum + time, 0)
  return { all, busy: times.reduce((busy, { idle }) => busy - idle, all) }
}

/** Undefined where there is no git or no repository. */
function currentCommit(): string | undefined {
  const args = ['describe', '--always', '--dirty', '--exclude=*']
  const { status, stdout } = spawnSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}
