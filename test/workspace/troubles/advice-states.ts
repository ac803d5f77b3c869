// Advice for errors that are about a resource: it is not there, its id is taken, its state does not allow it.

import type { BatchErrorCode } from '@malachite/model'
import type { Advice } from './advice.ts'

const MISSING = {
  PoolNotFound: [
    'No such pool, or it was in memory and the emulator was restarted.',
    'Keep pools with `--location DIR`. Ids are compared regardless of case.',
  ],
  JobNotFound: [
    'No such job, or it was in memory and the emulator was restarted.',
    'Keep jobs with `--location DIR`.',
  ],
  TaskNotFound: [
    'No such task in this job; in a collection it may have been refused by itself.',
    'Read the result of each task that `addTasks` answers.',
  ],
  NodeNotFound: [
    'The node has left its pool; a resized pool has nodes of other ids.',
    'List the nodes again.',
  ],
  JobScheduleNotFound: ['No such job schedule.', 'List them: `az batch job-schedule list`.'],
  NodeUserNotFound: ['The node has no such user, or its `expiryTime` has passed.', 'Add the user again.'],
  ApplicationNotFound: ['No such application package.', 'Add it: `malachite application add`.'],
  CertificateNotFound: [
    'A pool refers to a certificate that was not added.',
    'Add it first, with the same thumbprint.',
  ],
  FileNotFound: [
    'The task has not written the file, or the path begins at the wrong directory.',
    '',
    { url: '/jobs/j/tasks/t/files/result.csv' },
  ],
  PathNotFound: ['No such directory on the node.', '', { url: '/jobs/j/tasks/t/files/results' }],
} as const satisfies Partial<Record<BatchErrorCode, Advice>>

const TAKEN = {
  PoolExists: [
    'The id is taken, also in other letter case.',
    'Use the pool that is there, or delete it and wait until GET answers 404.',
  ],
  JobExists: ['The id is taken, also in other letter case.', 'Take an id per run, e.g. with the time in it.'],
  TaskExists: [
    'The job has a task of this id. Usual after a request was repeated: the first one arrived.',
    'Treat it as success if the task is yours.',
  ],
  JobScheduleExists: ['The id is taken.', 'Update the schedule, or delete it first.'],
  JobWithSameIdExists: [
    'A job has the id of the new schedule.',
    'Take another id: jobs and schedules share theirs.',
  ],
  JobScheduleWithSameIdExists: [
    'A schedule has the id of the new job.',
    'Take another id: jobs and schedules share theirs.',
  ],
  CertificateExists: ['A certificate of this thumbprint was added already.', 'Nothing: it is there.'],
  NodeUserExists: ['The node has a user of this name.', 'Update it.'],
  TaskIdSameAsJobPreparationTask: [
    'The preparation task of the job has this id.',
    'Name one of them otherwise.',
  ],
  TaskIdSameAsJobReleaseTask: ['The release task of the job has this id.', 'Name one of them otherwise.'],
} as const satisfies Partial<Record<BatchErrorCode, Advice>>

const OF_JOBS = {
  JobCompleted: [
    'The job has ended: it takes no tasks, and keeps its id.',
    '',
    { method: 'POST', url: '/jobs', when: 'Adding a job:' },
    { method: 'POST', url: '/jobs/j/addtaskcollection', when: 'Adding tasks:' },
  ],
  JobNotActive: [
    'Only an active job can be disabled, and this one is being enabled.',
    'Wait until its state is `active`.',
  ],
  JobBeingTerminated: [
    'The job is ending: its tasks, then its release tasks.',
    'Wait; `malachite why job JOB` says for what.',
  ],
  JobBeingDeleted: ['The job is being deleted.', '', { method: 'POST', url: '/jobs' }],
  JobScheduleCompleted: ['The schedule has ended.', 'Add another one.'],
  JobScheduleDisabled: ['The schedule is disabled already.', 'Enable it before the change, if it needs one.'],
  JobScheduleBeingTerminated: [
    'The schedule is ending.',
    'Wait; `malachite why schedule SCHEDULE` says for what.',
  ],
  JobScheduleBeingDeleted: ['The schedule is being deleted.', 'Wait until GET answers 404.'],
  JobPreparationTaskOrReleaseTaskNotSpecified: [
    'The status of preparation was asked of a job without a preparation task.',
    'Nothing to ask for.',
  ],
  TaskCompleted: ['The task has ended before it was terminated or updated.', 'Usually fine: it is over.'],
  TaskNotCompleted: [
    'Only tasks that failed can be reactivated; this one has not ended.',
    'Wait, or terminate it first.',
  ],
  TaskSucceeded: ['Only tasks that failed can be reactivated.', 'Add it under another id to run it again.'],
  OperationInvalidForCurrentState: [
    'The state does not allow it: reading files of a task without a node, enabling an active job, deleting a directory that is not empty without `recursive`.',
    '',
    { url: '/jobs/j/tasks/t/files/stdout.txt' },
  ],
} as const satisfies Partial<Record<BatchErrorCode, Advice>>

const RUNNING_AGAIN = 'Wait until its state is `idle`; `malachite why node POOL NODE` says what it waits for.'

const OF_POOLS = {
  PoolBeingResized: ['The pool is still getting to its last size.', '', {}],
  PoolBeingDeleted: ['The pool goes once its nodes have.', '', { method: 'POST', url: '/pools' }],
  OperationNotValidOnPool: [
    'A resize of a pool that has an autoscale formula, or an evaluation for one that has none.',
    'Disable autoscale before the resize; enable it before the evaluation.',
  ],
  InvalidApplicationPackageReferences: [
    'The emulator has no such application package.',
    'Add it: `malachite application add`.',
  ],
  NodeBeingCreated: ['The node is not ready.', RUNNING_AGAIN],
  NodeBeingStarted: ['The node boots, or its start task runs.', RUNNING_AGAIN],
  NodeBeingRebooted: ['The node reboots.', RUNNING_AGAIN],
  NodeBeingReimaged: ['The node gets a new disk.', RUNNING_AGAIN],
  NodeStateUnusable: [
    'The node is `unusable` or `unknown`.',
    'Its `errors` say why; reboot, reimage or remove it.',
  ],
  NodeAlreadyInTargetSchedulingState: [
    'Scheduling on the node is on, or off, already.',
    'Nothing: it is as asked.',
  ],
  OperationNotValidOnNode: [
    'The state of the node does not allow it: it is offline, leaving, preempted or deallocated, or no spot node (`preempt`).',
    '`malachite why node POOL NODE`.',
  ],
  CertificateBeingDeleted: ['The certificate is being deleted.', 'Wait; pools that refer to it go first.'],
  CertificateStateActive: [
    'A deletion was cancelled that nobody had begun.',
    'Nothing: the certificate stays.',
  ],
} as const satisfies Partial<Record<BatchErrorCode, Advice>>

const OF_FILES = {
  TaskFilesUnavailable: ['The node of the task is gone or switched off, and its files with it.', '', {}],
  TaskFilesCleanedup: [
    'The `retentionTime` of the task has passed; 7 days unless it says otherwise.',
    'Raise `constraints.retentionTime`, or upload files by `outputFiles`.',
  ],
  InvalidRange: [
    'The range begins after the end of the file; usual when a file that is followed was made anew.',
    'Begin at 0 again.',
  ],
} as const satisfies Partial<Record<BatchErrorCode, Advice>>

/** The chapters on resources. */
export const STATES = {
  'It is not there': MISSING,
  'It is there already': TAKEN,
  'Jobs and tasks in the wrong state': OF_JOBS,
  'Pools and nodes in the wrong state': OF_POOLS,
  'Files of tasks': OF_FILES,
} as const
