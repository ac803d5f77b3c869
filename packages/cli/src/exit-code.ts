// What the exit code of every command means.

export const EXIT = {
  /** The work is done; of a run: every task succeeded. */
  ok: 0,
  /** The work failed: tasks that failed or did not end in time, a service that is out of reach. */
  failed: 1,
  /** The command line or the settings are wrong; nothing was started. */
  usage: 2,
  /** Ended by Ctrl-C or SIGTERM. */
  interrupted: 130,
} as const

/** One of the four. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
