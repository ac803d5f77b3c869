// What the figures depend on, as the machine tells it.

import { spawnSync } from 'node:child_process'
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os'
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

/** Undefined where there is no git or no repository. */
function currentCommit(): string | undefined {
  const args = ['describe', '--always', '--dirty', '--exclude=*']
  const { status, stdout } = spawnSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}
