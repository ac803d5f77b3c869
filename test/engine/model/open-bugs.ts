// Bugs of the engine that are known and not mended yet: what they break is not looked at while the switch is on.

export const OPEN_BUGS = {
  /** B8: a job that was terminated with force waits for ever for what a restart has ended, when it is deleted. */
  restartsHoldForcedJobs: true,
}
