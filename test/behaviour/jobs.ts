import { MANAGERS, POOLS, PREPARATIONS } from './job-tasks.ts'
import { type Chapter, proven } from './rule.ts'
import { ORDER } from './scheduling.ts'

const AUTO_POOLS = 'test/engine/auto-pools.test.ts'
const EXITS = 'test/engine/exit-conditions.test.ts'
const LIFE = 'test/engine/jobs.test.ts'
const PROTOCOL = 'test/protocol/jobs.test.ts'
const RELEASE = 'test/engine/release.test.ts'
const STATES = 'test/engine/job-states.test.ts'

const STATES_OF_JOBS = [
  proven(
    'A new job is active and has no previous state',
    PROTOCOL,
    'GET answers the members in the service’s order, defaults filled in',
  ),
  proven(
    'The previous state of a job is the last one that it stayed in',
    PROTOCOL,
    'a job is disabled at once in name, and previousState skips what lies between',
  ),
  proven('The tasks of a job do not modify it', STATES, 'tasks that come and go do not modify their job'),
  proven('A job names a pool or brings one, not both', AUTO_POOLS, 'a job with %j is refused with %s'),
  proven(
    'The pool of a job need not exist; tasks wait until it does',
    LIFE,
    'a job may name a pool that does not exist yet; its tasks wait',
  ),
  proven(
    'Jobs and job schedules share their ids; each refuses an id of the other kind with a code of its own',
    'test/engine/job-schedules.test.ts',
    'jobs and job schedules share their ids, regardless of case',
  ),
  proven(
    'Disabling with requeue puts the running tasks back, with terminate it ends them, then the job is disabled',
    LIFE,
    'disabling with %s deals with the running task, then the job is disabled',
  ),
  proven(
    'Disabling with wait lets tasks finish first',
    LIFE,
    'disabling with wait lets the running task finish',
  ),
  proven('Disabling knows no other ways than these three', STATES, 'a job cannot be disabled with %s'),
  proven(
    'A task that is requeued by its job counts a requeue, not a retry',
    STATES,
    'a task that is requeued by its job counts as requeued, not as retried',
  ),
  proven(
    'A task that is terminated by its job has failed with TaskEnded',
    STATES,
    'what becomes of the running tasks can be said anew while a job is being disabled',
  ),
  proven(
    'An active, disabling or disabled job can be disabled, one that is being enabled cannot',
    STATES,
    'a job that is being enabled cannot be disabled, one that is active cannot be enabled',
  ),
  proven(
    'An enabled job is active soon, whatever still runs',
    STATES,
    'a job is active soon after it was enabled, whatever still runs since it was disabled',
  ),
  proven(
    'An enabled job does not run tasks that are older than 180 days',
    'test/engine/task-life.test.ts',
    'a job that is enabled again does not run tasks that are older than 180 days',
  ),
  proven(
    'A disabled job takes tasks and runs none',
    STATES,
    'a disabled job takes tasks, but runs none before it is enabled',
  ),
  proven(
    'A terminated job ends its running tasks, leaves the others active for ever and takes no new ones',
    LIFE,
    'terminating ends what runs, leaves what waits and refuses new tasks',
  ),
  proven(
    'A job that is terminated without a reason has UserTerminate',
    PROTOCOL,
    'a job terminated without a reason says who did it',
  ),
  proven(
    'When and why a job ended is told once it is completed',
    STATES,
    'when and why a job has ended is told once it is completed',
  ),
  proven(
    'A job that is being terminated or deleted, or is completed, refuses changes with the code of its state',
    STATES,
    'a job that is %s refuses every change with %s',
  ),
  proven(
    'A job that is deleted is first seen deleting, then not found; a second deletion is refused',
    PROTOCOL,
    'a deleted job keeps its ETag, refuses a second delete, and then is gone',
  ),
  proven(
    'The release task of a job that is deleted runs first',
    RELEASE,
    'a job that is deleted stays until its release tasks are done',
  ),
  proven(
    'A job that was terminated before it is deleted is not released twice',
    RELEASE,
    'deleting a completed job does not run its release task again',
  ),
  proven(
    'With a job its files go from all nodes, whatever their retention time',
    'test/engine/retention.test.ts',
    'a job that was moved to another pool leaves nothing on the nodes of the old one when it is deleted',
  ),
  proven(
    'With force, since 2024-07-01.20.0, a job is completed without waiting for nodes',
    RELEASE,
    'terminating with force completes the job before its release tasks are done',
  ),
  proven(
    'What was lost of a job that was ended by force is not made up for',
    RELEASE,
    'a release task of a job that was ended by force is lost with a reboot, and not made up for',
  ),
  proven(
    'With force, since 2024-07-01.20.0, a job is gone without waiting for nodes',
    RELEASE,
    'deleting with force does not wait for processes',
  ),
  proven(
    'A PUT returns to defaults what it leaves out',
    STATES,
    'a put returns to its default what it leaves out',
  ),
  proven(
    'A PATCH leaves alone what it does not name',
    PROTOCOL,
    'PATCH replaces the members it names, whole',
  ),
  proven(
    'onAllTasksComplete never goes back from terminatejob, not by leaving it out either',
    STATES,
    'terminatejob cannot be taken back, not even by leaving it out of a put',
  ),
  proven(
    'Only a disabled job can go to another pool',
    LIFE,
    'the pool of a job changes only while the job is disabled',
  ),
  proven(
    'An update may repeat the pool of an active job',
    STATES,
    'an update may repeat the pool of an active job',
  ),
  proven(
    'Of a pool that a job brought with it only keepAlive can change',
    AUTO_POOLS,
    '%s cannot be given to a job with its own pool',
  ),
]

const FIELDS = [
  proven(
    'A priority goes from -1000 to 1000, and maxParallelTasks is -1 or above 0',
    PROTOCOL,
    'a new job with %s is refused by the name of the member',
  ),
  proven(
    'Defaults: priority 0, no limit of parallel tasks, no preemption, no wall clock limit, no retries, no dependencies, no actions',
    'emulator/src/schema/bodies.test.ts',
    'fills in the defaults of a job in the order the service answers them',
  ),
  proven(
    'maxParallelTasks bounds what runs at once',
    LIFE,
    'maxParallelTasks bounds the running tasks of a job',
  ),
  proven(
    'An unlimited time is told as the longest duration',
    PROTOCOL,
    'GET answers the members in the service’s order, defaults filled in',
  ),
  proven(
    'A job starts with its creation and tells the pool it runs on',
    PROTOCOL,
    'GET answers the members in the service’s order, defaults filled in',
  ),
  proven(
    'The wall clock time of a job counts from its creation; when it is over, the job ends with MaxWallClockTimeExpiry',
    LIFE,
    'a job ends when its wall clock time is over, counted from its creation',
  ),
  proven(
    'A wall clock time that comes by an update counts from the creation, too',
    STATES,
    'a wall clock time that an update gives counts from the creation of the job',
  ),
  proven(
    'The wall clock time of a disabled job goes on',
    STATES,
    'a disabled job ends, too, when its wall clock time is over',
  ),
  proven(
    'The retries of a job are those of its tasks without their own',
    'test/engine/tasks.test.ts',
    'the retry count comes from the task, else from the job, and is echoed',
  ),
  proven(
    'With terminatejob a job ends after its last task, one without tasks at once, as AllTasksCompleted',
    LIFE,
    'terminatejob ends the job after its last task, and an empty one soon',
  ),
  proven(
    'Tasks that wait for one that failed keep a job from ending by itself',
    STATES,
    'tasks that wait for one that failed keep their job from ending by itself',
  ),
  proven(
    'The pool that a job got is told in its executionInfo only',
    AUTO_POOLS,
    'the job tells the specification with all defaults, and no pool id',
  ),
]

const ACTIONS = [
  proven(
    'A task that failed terminates a job that acts on failures, as TaskFailed',
    EXITS,
    'a task that fails terminates its job with the reason TaskFailed',
  ),
  proven(
    'A failure counts after the last retry only',
    EXITS,
    'a task that fails before its tries are used up does nothing to its job',
  ),
  proven('disable is to disable with requeue', EXITS, 'disable puts the job and its running tasks on hold'),
  proven(
    'none leaves the job alone, and so does success',
    EXITS,
    'none leaves the job alone, and so does a success',
  ),
  proven(
    'Without conditions exit code 0 does nothing, all else terminates',
    'emulator/src/scheduler/exit-conditions.test.ts',
    'without conditions %s has the default consequences',
  ),
  proven(
    'A condition without a job action terminates, unless it is met by a success',
    'emulator/src/scheduler/exit-conditions.test.ts',
    '%s',
  ),
  proven(
    'A job action is refused in a job that does not act on failures',
    EXITS,
    'a job action in such a job is refused, wherever it stands',
  ),
  proven(
    'A job that does not act on failures goes on after one',
    EXITS,
    'in a job without job actions a failure does nothing',
  ),
]

export const JOBS: Chapter = {
  title: 'Jobs',
  sections: {
    'States and operations': STATES_OF_JOBS,
    'Fields and defaults': FIELDS,
    'Failures and job actions': ACTIONS,
    'Job manager task': MANAGERS,
    'Preparation and release': PREPARATIONS,
    'Auto pools': POOLS,
    Scheduling: ORDER,
  },
}
