// What a check of `malachite doctor` finds.

/** One result. */
export interface Finding {
  /** What was looked at, for programs, too: `node`, `disk`, `Batch port` … */
  check: string
  /** A problem keeps something from working; a warning may. */
  level: 'ok' | 'warning' | 'problem'
  says: string
  /** What to do about it. */
  fix?: string
}
