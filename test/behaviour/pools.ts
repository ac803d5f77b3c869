import { OF_NODES } from './pool-nodes.ts'
import { type Chapter, differs, proven } from './rule.ts'

const START = 'test/engine/start-task.test.ts'
const SIZE = 'test/engine/pools.test.ts'
const RESIZE = 'test/engine/nodes-resize.test.ts'
const QUOTAS = 'test/engine/quotas.test.ts'
const FAILURES = 'test/engine/allocation-failures.test.ts'
const AUTOSCALE = 'test/engine/autoscale.test.ts'
const VERSIONS = 'test/protocol/versions.test.ts'

export const POOLS: Chapter = {
  title: 'Pools and nodes',
  sections: {
    ...OF_NODES,
    'Pools and their size': [
      proven(
        'A pool is added at once and is resizing until its nodes are there',
        SIZE,
        'a new pool is resizing, then steady with its nodes',
      ),
      proven('A pool without nodes is steady at once', SIZE, 'a pool without nodes is steady at once'),
      proven(
        'Tasks start on each node as soon as it is ready, not when all are',
        START,
        'tasks start on each node as soon as that is ready, whatever the others do',
      ),
      proven(
        'A resize that reaches its timeout leaves the pool steady with AllocationTimedout and the nodes that came',
        RESIZE,
        'nodes that do not come within the resize timeout never come',
      ),
      proven(
        'Nodes that wait for their tasks at the timeout stay, with a single error',
        RESIZE,
        'nodes whose tasks outlive the resize timeout stay, and one error says so',
      ),
      proven(
        'A pool with a formula has no resize timeout',
        AUTOSCALE,
        'no resize timeout counts while a formula sets the size',
      ),
      proven(
        'Resize errors are shown once the pool is steady',
        SIZE,
        'errors of a resize are shown only once the pool is steady',
      ),
      proven(
        'The next resize clears the errors of the last one',
        RESIZE,
        'the next resize clears the errors and has its own time',
      ),
      proven(
        'Only a steady pool can be resized',
        SIZE,
        'a pool that is being resized refuses another resize',
      ),
      proven(
        'A resize names at least one target',
        'emulator/src/schema/parse.test.ts',
        'names a missing required member: %s',
      ),
      proven(
        'A pool with a formula cannot be resized by a request',
        AUTOSCALE,
        'a pool with a formula refuses to be resized by hand',
      ),
      proven(
        'A resize changes the target that it names; stopping it passes through stopping, rolls nothing back and says ResizeStopped',
        SIZE,
        'a resize changes only the target that it names, and stopping it takes nothing back',
      ),
      proven(
        'A stopped resize keeps the nodes that came',
        SIZE,
        'stopping a resize keeps what came and reports ResizeStopped once steady',
      ),
      proven(
        'The error of a resize says in words why the desired number of nodes did not come',
        RESIZE,
        'nodes whose tasks outlive the resize timeout stay, and one error says so',
      ),
      proven(
        'A pool that shrinks lets idle nodes go first',
        SIZE,
        'shrinking removes idle nodes and requeues the tasks of the others',
      ),
      proven(
        'A pool that shrinks lets nodes of job managers go last',
        'test/engine/job-manager.test.ts',
        'a pool that shrinks keeps the node of a job manager longest',
      ),
      differs(
        'A preempted spot node is replaced as soon as there is a machine',
        'when it is asked for: `malachite preempt`',
      ),
      proven(
        'A pool that is deleted has its tasks requeued, and its jobs stay and can run elsewhere',
        SIZE,
        'deleting a pool requeues its tasks; the job survives and runs on the next pool of that id',
      ),
      proven(
        'Deleting a pool stops its resize',
        SIZE,
        'a pool that is deleted while it grows gets no more nodes',
      ),
      proven(
        'A pool that is being deleted refuses changes, and a new pool of its id, with PoolBeingDeleted',
        SIZE,
        'a pool that is being deleted refuses changes, and its id is not free before it is gone',
      ),
    ],
    'When machines do not come': [
      proven(
        'An allocation that fails leaves the pool steady with AllocationFailed',
        FAILURES,
        'the first allocation of a pool can fail before there is a pool',
      ),
      proven(
        'Nodes that came before an allocation failed stay',
        FAILURES,
        'some machines may come before an allocation fails, and as many allocations fail as were asked for',
      ),
      proven(
        'An allocation can fail with a code of its own, such as OverconstrainedAllocationRequestError',
        FAILURES,
        'some machines may come before an allocation fails, and as many allocations fail as were asked for',
      ),
      differs(
        'Networks, disks, identities and policies can keep machines from coming, each with its code',
        'allocations and nodes that fail, full disks',
      ),
      proven(
        'Quotas of cores are no error of a request: the nodes that fit come, and the resize has AccountCoreQuotaReached',
        QUOTAS,
        'of the nodes of a pool as many come as the quota of cores allows',
      ),
      proven(
        'Dedicated and spot cores have quotas of their own',
        QUOTAS,
        'the nodes of all pools count with the cores of their size, each kind for itself',
      ),
      differs(
        'Each family of sizes has a quota of cores, AccountVMSeriesCoreQuotaReached',
        'none, or those of `--quota`',
      ),
      proven(
        'A pool above the quota of pools is refused with PoolQuotaReached',
        QUOTAS,
        'there are no more pools than the quota allows; one that is being deleted counts until it is gone',
      ),
      proven(
        'Jobs and schedules that are not completed share a quota, ActiveJobAndScheduleQuotaReached',
        QUOTAS,
        'jobs and job schedules that are not completed share one quota',
      ),
      proven(
        'A job whose own pool the quota refuses has AutoPoolCreationFailedWithQuotaReached',
        QUOTAS,
        'a job whose own pool the quota refuses is completed, and says why',
      ),
      proven(
        'A pool with inter-node communication has at most 100 nodes',
        QUOTAS,
        'a pool whose nodes talk to each other has at most 100 of them',
      ),
      proven(
        'Tasks on a node whose disk is full are requeued',
        FAILURES,
        'a node whose disk is full is unusable, and its tasks wait anew',
      ),
      differs('A disk that fills up makes its node unusable by itself', 'full disks'),
    ],
    'Running tasks of nodes that go': [
      proven(
        'With requeue, the default, tasks wait anew with a higher requeueCount and the node goes at once',
        SIZE,
        'shrinking removes idle nodes and requeues the tasks of the others',
      ),
      proven(
        'With terminate tasks end with TaskEnded and never run again',
        RESIZE,
        '%s with terminate ends the tasks for good',
      ),
      proven(
        'With taskcompletion tasks run to their end, and the node takes no new ones',
        SIZE,
        'taskcompletion lets tasks finish before their node leaves, and gives it no new ones',
      ),
      proven(
        'With retaineddata the node waits for the retention time of all files as well',
        RESIZE,
        '%s with retaineddata waits for the tasks, then for the retention time of their files',
      ),
      proven(
        'The pool is resizing while nodes wait for their tasks',
        RESIZE,
        'while nodes wait for their tasks the pool is resizing and cannot be resized again',
      ),
      proven(
        'A formula chooses what becomes of the tasks of nodes that go',
        AUTOSCALE,
        'the formula says what becomes of the tasks of nodes that go',
      ),
    ],
    'Scheduling and other properties of a pool': [
      proven(
        'A node has one slot unless the pool says more; tasks are spread; nodes do not communicate',
        'emulator/src/schema/bodies.test.ts',
        'fills in the defaults of a pool in the order the service answers them',
      ),
      proven(
        'Slots are fixed with the pool; newer versions change them while it is empty',
        VERSIONS,
        'since 2024-07-01.20.0 a pool without nodes can be rebuilt',
      ),
      proven(
        'A pool that has nodes keeps what its machines are made of',
        VERSIONS,
        'a pool with nodes is not rebuilt, but other members change',
      ),
      proven(
        'Spread gives a task to the emptiest node',
        'emulator/src/scheduler/assign.test.ts',
        'spread fills the emptiest node first',
      ),
      proven(
        'Pack fills a node before it takes the next',
        'emulator/src/scheduler/assign.test.ts',
        'pack fills the fullest node that fits',
      ),
      proven(
        'With jobDefaultOrder creationtime jobs of equal priority run in the order of their creation',
        'test/engine/slots.test.ts',
        'jobs of equal priority run in the order of their creation (%s)',
      ),
      proven(
        'A patch replaces the members that it names',
        'test/protocol/pools.test.ts',
        'PATCH replaces the members it names, whole, and keeps their places',
      ),
      proven(
        'updateproperties replaces all, and without a start task there is none any more',
        'test/protocol/pools.test.ts',
        'updateproperties replaces everything: an absent start task is gone',
      ),
      proven(
        'updateproperties needs the lists of certificates, packages and metadata, a pool its machines',
        'emulator/src/schema/parse.test.ts',
        'names a missing required member: %s',
      ),
      proven('A pool has either targets or a formula', AUTOSCALE, 'a pool has either targets or a formula'),
      differs(
        'A pool without a formula names at least one target',
        'A pool without a target and without a formula is taken',
      ),
      differs('A pool may have machines of cloud services', '`pool.cloudServiceConfiguration`'),
      proven(
        'A container task on a pool that is not made for containers is added, and fails when it is to run',
        'test/protocol/task-rules.test.ts',
        'a container task completes with ContainerPoolNotSupported on a pool that is not made for it',
      ),
      differs(
        'On a pool made for containers tasks and job managers have container settings',
        'A task without container settings runs as a process on a container pool',
      ),
      differs(
        'File systems are mounted when a node joins, reboots or is reimaged',
        '`pool.mountConfiguration`',
      ),
    ],
  },
}
