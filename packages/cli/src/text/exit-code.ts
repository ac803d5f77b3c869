// What the exit code of every command means.

export const EXIT = {
  /** The work is done; of a run: every task succeeded. */
  ok: 0,
  /** The work failed: tasks that failed or did not end in time, a service that is out of reach. */
  failed: 1,
  /** The command line or the settings are wrong; nothing was started. */
  usage: 2,
  /** What the command names does not exist, as of the az command line. */
  missing: 3,
  /** The time of `--timeout` is over, as of timeout(1). */
  timedOut: 124,
  /** Ended by Ctrl-C or SIGTERM. */
  interrupted: 130,
} as const

/** One of them; `malachite exec` ends with that of its command. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** The meanings for people, in the order of the codes. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'All is well. Of `run` and `wait`: every task succeeded. Of `emulator` and `ui`: Ctrl-C.',
  failed:
    'The work failed: tasks failed, `run --halt` ended it, the service refused or does not answer, `doctor` found a problem.',
  usage: 'The command line or the settings are wrong. Nothing was started or changed.',
  missing: 'The pool, node, job, task or file that the command names does not exist.',
  timedOut: 'The time of `wait --timeout` is over; tasks still run.',
  interrupted: 'Ctrl-C, SIGTERM or a closed terminal ended the command.',
}
