// Which task runs where, and when.

import { proven, type Rule } from './rule.ts'

const LIFE = 'test/engine/jobs.test.ts'
const MANY = 'test/engine/many-jobs.test.ts'
const ONCE = 'test/engine/run-once.test.ts'
const PREEMPTION = 'test/engine/preemption.test.ts'
const SCHEDULING = 'test/engine/scheduling.test.ts'

/** The order of jobs and tasks, and the nodes that take them. */
export const ORDER: readonly Rule[] = [
  proven('A higher priority goes first', LIFE, 'tasks of the job with the higher priority go first'),
  proven(
    'A new priority counts from the next free slot on',
    SCHEDULING,
    'a new priority counts from the next free slot on',
  ),
  proven(
    'Jobs of equal priority are served in any order; here the older ones first',
    MANY,
    'a node that comes takes tasks of as many jobs as it has slots for, the older jobs first',
  ),
  proven(
    'A running task is not evicted for one of a higher priority unless its job allows it',
    PREEMPTION,
    'nothing of %s is evicted',
  ),
  proven(
    'A task of a job that allows it makes room for a higher priority, and runs again later',
    PREEMPTION,
    'a task of a higher priority takes the place of the one that started last',
  ),
  proven(
    'A task needs its slots on one node; smaller ones pass it',
    'test/engine/slots.test.ts',
    'a task that needs more slots than a node has waits for ever, others pass it',
  ),
  proven(
    'A large task can starve behind small ones, and is told to be passed',
    'test/engine/explain.test.ts',
    'small tasks pass a large one as long as there are any',
  ),
  proven(
    'spread takes the node with most free slots',
    'emulator/src/scheduler/assign.test.ts',
    'spread fills the emptiest node first',
  ),
  proven(
    'pack takes the fullest node that fits',
    'emulator/src/scheduler/assign.test.ts',
    'pack fills the fullest node that fits',
  ),
  proven(
    'A node takes tasks while it is idle or running and its scheduling enabled',
    SCHEDULING,
    'a node that is %s takes no tasks',
  ),
  proven(
    'A node whose start task is awaited takes none before it has succeeded',
    'test/engine/nodes.test.ts',
    'a node waits for its start task and takes tasks afterwards',
  ),
  proven(
    'A node whose start task failed takes none',
    'test/engine/nodes.test.ts',
    'a start task that fails after its retries leaves the node in starttaskfailed',
  ),
  proven(
    'A node that waits for its tasks to leave, restart or go offline takes no more of them',
    SCHEDULING,
    'a node that is about to %s after its tasks takes no more of them',
  ),
  proven(
    'The limit of parallel tasks does not keep other jobs from their slots',
    MANY,
    'jobs that run as many tasks as they may do not keep others from their slots',
  ),
  proven(
    'Tasks of a job whose pool is being deleted wait',
    SCHEDULING,
    'tasks of a job whose pool is being deleted, or gone, wait without an error',
  ),
  proven(
    'Tasks of a deleted pool run on the next pool of its id',
    'test/engine/pools.test.ts',
    'deleting a pool requeues its tasks; the job survives and runs on the next pool of that id',
  ),
  proven(
    'A task that is tried again or requeued goes back to the queue',
    SCHEDULING,
    'a task that is tried again, or requeued, waits behind those that waited before',
  ),
  proven(
    'A task never runs twice at once, though another node is free',
    ONCE,
    'a task that is requeued because %s waits for its process though another node is free',
  ),
  proven(
    'A reactivated task waits for its former process',
    ONCE,
    'a task that is terminated and reactivated waits for its process',
  ),
  proven(
    'A new task waits for the process of a deleted one of its id',
    ONCE,
    'a new task waits for the process and the files of a deleted one of its id that %s',
  ),
  proven(
    'A multi-instance task waits for the processes of all its nodes',
    ONCE,
    'a multi-instance task waits for the processes of all its nodes',
  ),
  proven(
    'A task of real processes starts on another node only when the former one is gone',
    'test/protocol/run-once.test.ts',
    'a task that is requeued starts on another node only when its process is gone',
  ),
  proven(
    'Scheduling takes its time, here only when a profile asks for it',
    'test/engine/profiles.test.ts',
    'azure: a task waits for the next round of the scheduler, and tasks added meanwhile start with it',
  ),
]
