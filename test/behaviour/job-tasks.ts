// The tasks and pools that belong to a job itself.

import { differs, proven, type Rule } from './rule.ts'

const AUTO_POOLS = 'test/engine/auto-pools.test.ts'
const MANAGER = 'test/engine/job-manager.test.ts'
const PREPARATION = 'test/engine/preparation.test.ts'
const RELEASE = 'test/engine/release.test.ts'
const SCHEDULING = 'test/engine/scheduling.test.ts'
const TASKS_OF_JOBS = 'test/protocol/job-tasks.test.ts'

/** Job manager tasks. */
export const MANAGERS: readonly Rule[] = [
  proven(
    'A job manager is a task of the list from the creation of its job on',
    MANAGER,
    'the job manager is a task of the new job, with the defaults of one and the job’s retries',
  ),
  proven(
    'The job manager goes before the other tasks of its job, also when it is tried again',
    MANAGER,
    'the job manager runs before the other tasks of its job, even if it comes back later',
  ),
  proven(
    'Unless it says otherwise it takes one slot, may run on a spot node and has the retries of its job',
    MANAGER,
    'the job manager is a task of the new job, with the defaults of one and the job’s retries',
  ),
  proven(
    'A job of higher priority goes before it',
    MANAGER,
    'a job of higher priority comes before the job manager of another',
  ),
  differs('A job manager that starts again may evict a running task of the pool', 'none is evicted for it'),
  proven(
    'Its end, whatever the outcome, ends the job as JMComplete with its running tasks',
    MANAGER,
    'the end of the job manager in %s ends the job and its running tasks',
  ),
  proven(
    'With killJobOnCompletion=false the job outlives it',
    MANAGER,
    'with killJobOnCompletion=false the job goes on',
  ),
  proven(
    'A job manager that is tried again or requeued has not ended',
    MANAGER,
    'a job manager that is tried again, or requeued, does not end the job',
  ),
  proven(
    'It has its node for itself unless it says otherwise',
    MANAGER,
    'a job manager has its node for itself and takes one that is empty',
  ),
  proven(
    'With runExclusive=false it shares its node and takes its slots',
    MANAGER,
    'with runExclusive=false other tasks run beside the job manager',
  ),
  proven(
    'With allowLowPriorityNode=false it runs on dedicated nodes only',
    MANAGER,
    'with allowLowPriorityNode=false the job manager waits for a dedicated node',
  ),
  proven(
    'A pool that shrinks lets the node of a job manager go last',
    MANAGER,
    'a pool that shrinks keeps the node of a job manager longest',
  ),
  proven(
    'The release tasks of a job outlive the end of its manager',
    MANAGER,
    'the node of a job manager is prepared like any other, and released at its end',
  ),
]

/** Job preparation and release tasks. */
export const PREPARATIONS: readonly Rule[] = [
  proven(
    'The preparation runs once on each node, with the first task there, which is preparing meanwhile',
    PREPARATION,
    'the preparation runs once on a node, before the first task there, which is preparing meanwhile',
  ),
  proven('Each node is prepared for itself', PREPARATION, 'each node is prepared by itself'),
  proven(
    'A preparation that fails is tried again',
    PREPARATION,
    'a failed preparation is tried again as often as the job says',
  ),
  proven(
    'Where it failed for good the task waits anew, and only tasks of other jobs run',
    PREPARATION,
    'a node that could not be prepared gets no task of this job, but those of others',
  ),
  proven(
    'The task goes to a node that can be prepared, if there is one',
    PREPARATION,
    'tasks go to other nodes than those that could not be prepared, however many slots these have free',
  ),
  proven(
    'Where no node can be prepared the job waits and does not end',
    PREPARATION,
    'a job that no node could be prepared for goes on waiting',
  ),
  proven(
    'Reimaging a node has it prepared anew, also where that had failed; rebooting does not help',
    PREPARATION,
    'a reimaged node is prepared anew, even where it had failed',
  ),
  proven(
    'With waitForSuccess=false tasks run beside it, whatever becomes of it',
    PREPARATION,
    'with waitForSuccess=false tasks run beside the preparation, and whatever becomes of it',
  ),
  proven(
    'After a reboot it runs again unless rerunOnNodeRebootAfterSuccess is false',
    PREPARATION,
    'after a reboot a preparation with rerunOnNodeRebootAfterSuccess=%s runs as said',
  ),
  proven(
    'A preparation that a reboot interrupted runs again in any case',
    PREPARATION,
    'a preparation that a reboot interrupted runs again in any case',
  ),
  proven(
    'The ids are jobpreparation and jobrelease unless given, success is waited for, reboots repeat it',
    TASKS_OF_JOBS,
    'GET answers the tasks of a job with the service’s defaults',
  ),
  proven(
    'No task may have one of these ids',
    PREPARATION,
    'no task of the job may have the id of one of these',
  ),
  proven(
    'A release task needs a preparation task, and may take 15 minutes at most',
    TASKS_OF_JOBS,
    '%s is refused',
  ),
  proven(
    'Without a limit of its own a release task may take 15 minutes',
    RELEASE,
    'a release task may take 15 minutes',
  ),
  proven(
    'The release task runs where a preparation was completed and tasks ran',
    RELEASE,
    'the release task runs on every prepared node, and the job ends when all of them are done',
  ),
  proven(
    'Where no task of the job could run nothing is released',
    RELEASE,
    'no release task runs where no task of the job could run',
  ),
  proven(
    'It runs when a job is terminated, deleted, out of time or done with its tasks',
    RELEASE,
    '%s brings the release task',
  ),
  proven(
    'It runs after the processes of the job have ended',
    RELEASE,
    'the release task starts only when the job’s processes are gone',
  ),
  proven(
    'It takes no slot',
    SCHEDULING,
    'a release task takes no slot: it runs beside the task of another job that fills its node',
  ),
  proven(
    'Its failure does not matter to the job',
    RELEASE,
    'a release task that fails does not keep the job from ending',
  ),
  proven(
    'It is tried only once, whatever the retries of the job',
    RELEASE,
    'a release task leaves its node idle and is tried only once',
  ),
  proven(
    'A job is terminating until all of its release tasks are done, and their status has no retries',
    RELEASE,
    'the release task runs on every prepared node, and the job ends when all of them are done',
  ),
  proven(
    'It runs again if its node reboots meanwhile',
    RELEASE,
    'a release task that a reboot interrupted runs again',
  ),
  proven(
    'It does not run on a node that was reimaged since; nodes that left are not waited for and stay in the status',
    RELEASE,
    'a job waits neither for a node that left nor for one that was emptied',
  ),
  proven(
    'The status of a job without a preparation task is refused',
    TASKS_OF_JOBS,
    'the status of a job without such tasks is refused, that of one that ran nowhere is empty',
  ),
  proven(
    'The status has an entry for each node, with directories, exit codes, results and, for preparations, retries',
    TASKS_OF_JOBS,
    'the preparation runs once on a node before its tasks, the release task at the end of the job',
  ),
  proven(
    'The status tells of a failure with its code',
    TASKS_OF_JOBS,
    'a preparation whose file is not there fails with the reason, and its task waits',
  ),
  proven(
    'Neither of them counts among the tasks of the job',
    SCHEDULING,
    'the tasks of a job count as active or running, its preparation and release do not',
  ),
  proven(
    'Neither of them counts in the metrics of a formula',
    'test/engine/autoscale.test.ts',
    'preparation and release tasks are no tasks for a formula',
  ),
]

/** Pools that jobs bring with them. */
export const POOLS: readonly Rule[] = [
  proven(
    'The id of such a pool is a GUID, behind a prefix and _ if there is one',
    AUTO_POOLS,
    'the id of the pool begins with the prefix, and no two are the same',
  ),
  proven(
    'With the lifetime job the pool comes and goes with the job',
    AUTO_POOLS,
    'a job brings its pool and runs there; the pool goes with the job',
  ),
  proven(
    'The lifetime jobschedule is refused in a job that no schedule made',
    AUTO_POOLS,
    'a job with %j is refused with %s',
  ),
  proven(
    'With the lifetime jobschedule the jobs of a schedule share the pool until that is over',
    AUTO_POOLS,
    'with the lifetime jobschedule all jobs share the pool, which goes with the schedule',
  ),
  proven(
    'keepAlive keeps the pool, and can be changed while the lifetime is that of the job',
    AUTO_POOLS,
    'keepAlive keeps the pool; it can be changed while the job is there',
  ),
  proven(
    'A job whose pool cannot be made is completed with a scheduling error',
    AUTO_POOLS,
    'a job whose pool cannot be made is completed with a scheduling error',
  ),
  proven(
    'The scheduling error tells quotas, packages, certificates, formulas and other settings apart',
    AUTO_POOLS,
    'the scheduling error of a job names what its pool asked for: %s',
  ),
]
