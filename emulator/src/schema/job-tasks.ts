// The tasks that belong to a job itself: its manager, and what prepares a node for the job and cleans up after it.

import { parseDuration, UNLIMITED } from '@malachite/model'
import * as v from 'valibot'
import { commandLine, duration, flag, id, list, members, retryCount } from './common.ts'
import { environmentSetting, resourceFile, userIdentity } from './files.ts'
import { TASK } from './task.ts'

/** How long files stay unless a task says otherwise. */
const RETENTION = 'P7D'
/** The longest a release task may take, and its default. */
const MAX_RELEASE_TIME = 'PT15M'

const constraints = v.exactOptional(
  members({
    maxWallClockTime: v.exactOptional(duration(), UNLIMITED),
    retentionTime: v.exactOptional(duration(), RETENTION),
    maxTaskRetryCount: v.exactOptional(retryCount),
  }),
  {},
)

/** Starts with the job, before its other tasks. */
export const jobManagerTask = members({
  id,
  displayName: TASK.displayName,
  containerSettings: TASK.containerSettings,
  commandLine,
  resourceFiles: TASK.resourceFiles,
  outputFiles: TASK.outputFiles,
  environmentSettings: TASK.environmentSettings,
  constraints,
  requiredSlots: TASK.requiredSlots,
  killJobOnCompletion: v.exactOptional(flag, true),
  userIdentity,
  runExclusive: v.exactOptional(flag, true),
  applicationPackageReferences: TASK.applicationPackageReferences,
  authenticationTokenSettings: TASK.authenticationTokenSettings,
  allowLowPriorityNode: v.exactOptional(flag, true),
})

/** What the two tasks share that run on a node but are no tasks of the job's list. */
const ON_NODE = {
  commandLine,
  containerSettings: TASK.containerSettings,
  resourceFiles: v.exactOptional(list(resourceFile)),
  environmentSettings: v.exactOptional(list(environmentSetting)),
}

/** Runs on a node before the job's first task there. */
export const jobPreparationTask = members({
  id: v.exactOptional(id, 'jobpreparation'),
  ...ON_NODE,
  constraints,
  waitForSuccess: v.exactOptional(flag, true),
  userIdentity,
  rerunOnNodeRebootAfterSuccess: v.exactOptional(flag, true),
})

/** Runs at the end of the job on the nodes that were prepared for it. */
export const jobReleaseTask = members({
  id: v.exactOptional(id, 'jobrelease'),
  ...ON_NODE,
  maxWallClockTime: v.exactOptional(
    v.pipe(duration(), v.check(isShortEnough, `must be at most ${MAX_RELEASE_TIME}`)),
    MAX_RELEASE_TIME,
  ),
  retentionTime: v.exactOptional(duration(), RETENTION),
  userIdentity,
})

function isShortEnough(time: string): boolean {
  return (parseDuration(time) ?? 0) <= (parseDuration(MAX_RELEASE_TIME) ?? 0)
}

interface Retried {
  constraints: { maxWallClockTime: string; retentionTime: string; maxTaskRetryCount?: number }
}

/** The task with a retry count: its own, or the job's. */
export function completeConstraints<Task extends Retried>(
  task: Task,
  job: { maxTaskRetryCount: number },
): Task & { constraints: { maxTaskRetryCount: number } } {
  const { maxTaskRetryCount = job.maxTaskRetryCount, ...times } = task.constraints
  return { ...task, constraints: { ...times, maxTaskRetryCount } }
}
