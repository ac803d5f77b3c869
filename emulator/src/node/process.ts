// One command as a process: its time limit, and how it is ended early.

import type { Clock } from '@malachite/model'
import type { CommandOutcome } from '../engine/core/effects.ts'
import { failure, wallClockExceeded } from './failures.ts'
import { LAUNCHER_LOST, type Launch, type LaunchEnd } from './launch.ts'
import type { Launcher } from './launcher.ts'

/** How to run it. */
export interface RunProcessOptions {
  launcher: Launcher
  /** For `maxWallClockMs`. */
  clock: Clock
  /** For `graceMs`. */
  wallClock: Clock
  /** Ends the process group when it is aborted. */
  signal: AbortSignal
  /** Milliseconds between asking the group to end (SIGTERM) and ending it (SIGKILL). */
  graceMs: number
  /** Milliseconds it may take; absent = no limit. */
  maxWallClockMs?: number | undefined
  /** For messages. */
  commandLine: string
}

/** What a process that ran leaves behind. */
export type ProcessResult = Omit<CommandOutcome, 'run' | 'exitCode'> & { exitCode: number }

/**
 * Runs a process to its end.
 * @throws CommandFailure `CommandProgramNotFound` or `CommandLaunchFailed` when it never ran
 */
export async function runProcess(launch: Launch, options: RunProcessOptions): Promise<ProcessResult> {
  const { launcher, clock, wallClock, signal, graceMs, maxWallClockMs } = options
  const launched = launcher.launch(launch)
  let timedOut = false
  let stopTimer = (): void => {}

  const end = (): void => {
    stopTimer()
    launched.kill('SIGTERM')
    stopTimer = wallClock.after(graceMs, () => launched.kill('SIGKILL'))
  }
  if (maxWallClockMs !== undefined) {
    stopTimer = clock.after(maxWallClockMs, () => {
      timedOut = true
      end()
    })
  }
  signal.addEventListener('abort', end, { once: true })
  try {
    const exitCode = exitCodeOf(await launched.ended, options.commandLine)
    return timedOut ? { exitCode, failure: wallClockExceeded() } : { exitCode }
  } finally {
    stopTimer()
    signal.removeEventListener('abort', end)
  }
}

function exitCodeOf(end: LaunchEnd, commandLine: string): number {
  if ('exitCode' in end) return end.exitCode
  if (end.error === 'ENOENT') {
    throw failure('CommandProgramNotFound', {
      CommandLine: commandLine,
      Message: 'No such file or directory',
    })
  }
  if (end.error === LAUNCHER_LOST) throw failure('Unknown', { Message: 'The launcher process ended' })
  const Message = LAUNCH_ERRORS[end.error] ?? end.error
  throw failure('CommandLaunchFailed', { CommandLine: commandLine, Message }, { code: end.error })
}

/** What the system says of programs that it does not start. */
const LAUNCH_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  ENOEXEC: 'Exec format error',
}
