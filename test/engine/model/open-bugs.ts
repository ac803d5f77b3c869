// Bugs of the engine that are known and not mended yet: what they break is not looked at while the switch is on.

export const OPEN_BUGS = {
  /** B1: a task that was requeued is not offered to idle nodes of its pool until something else happens there. */
  requeuedTasksWait: true,
  /** B2: a start task that is killed because its node leaves is tried again there. */
  leavingNodesRetryStartTask: true,
  /** B3: a node that leaves keeps the slots of tasks that waited on it for a preparation. */
  leavingNodesKeepReservations: true,
}
