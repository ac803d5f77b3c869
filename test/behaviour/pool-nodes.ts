// The part of the chapter on pools that is about their nodes.

import { type Chapter, differs, proven } from './rule.ts'

const STATES = 'test/engine/node-states.test.ts'
const POWER = 'test/engine/nodes-power.test.ts'
const NODE = 'test/engine/nodes.test.ts'
const ACCESS = 'test/engine/nodes-access.test.ts'
const START = 'test/engine/start-task.test.ts'
const SIZE = 'test/engine/pools.test.ts'
const RESIZE = 'test/engine/nodes-resize.test.ts'
const FAILURES = 'test/engine/allocation-failures.test.ts'

export const OF_NODES: Chapter['sections'] = {
  'States of a node': [
    proven(
      'A new node is creating until its machine joins the pool, starting while the agent starts, then idle',
      STATES,
      'a new node is creating, starting, then idle; with a start task it waits for that',
    ),
    proven(
      'A node is starting while the packages of its pool are installed',
      'test/engine/applications.test.ts',
      'a node is starting while the packages of its pool are installed',
    ),
    proven(
      'A node whose start task is awaited is waitingforstarttask and takes no tasks',
      NODE,
      'a node waits for its start task and takes tasks afterwards',
    ),
    proven(
      'A node whose awaited start task has failed is starttaskfailed, not unusable',
      NODE,
      'a start task that fails after its retries leaves the node in starttaskfailed',
    ),
    proven(
      'A node whose start task has failed takes no tasks, but counts among the nodes of its pool',
      STATES,
      'a node whose start task has failed can be removed, takes no tasks before, and counts among the nodes',
    ),
    proven(
      'A node is running while a task runs on it, else idle',
      STATES,
      'a node is running while a task runs on it, then idle',
    ),
    proven(
      'A preparation task leaves its node idle',
      'test/engine/preparation.test.ts',
      'a preparation takes no slot, is no task of the node, and leaves it idle',
    ),
    proven(
      'A release task leaves its node idle',
      'test/engine/release.test.ts',
      'a release task leaves its node idle and is tried only once',
    ),
    proven(
      'A node whose scheduling is disabled becomes offline when its tasks are gone, and idle when it is enabled',
      NODE,
      'a node without scheduling goes offline when its tasks are gone, and back',
    ),
    proven(
      'An idle or running node that restarts is rebooting or reimaging, starting, and runs its start task again',
      STATES,
      'in a %s an idle or running node is %s, starting, and waits for its start task again',
    ),
    proven(
      'A node that goes with a resize, a removal, a formula or its pool is leavingpool',
      STATES,
      'a node that goes by %s is leavingpool, then gone',
    ),
    proven('A node can be removed in every state', STATES, 'a node that is %s can be removed'),
    proven(
      'A preempted spot node stays listed, counts among the current nodes and has its tasks requeued',
      POWER,
      'a preempted spot node loses its tasks, stays listed and comes back as the same node',
    ),
    proven(
      'A preempted node passes through creating and starting again and keeps its id',
      STATES,
      'a preempted node is creating, starting and idle again, with the same id',
    ),
    proven(
      'A node that broke is unusable with its errors',
      FAILURES,
      'a node whose disk is full is unusable, and its tasks wait anew',
    ),
    proven(
      'A node whose packages cannot be installed is unusable',
      'test/engine/applications.test.ts',
      'a node whose packages cannot be installed is unusable until it is rebooted',
    ),
    proven(
      'A node with which contact was lost is unknown, shows no errors and is recovered',
      FAILURES,
      'a node that the service has lost is unknown, shows no error and comes back in its time',
    ),
    proven(
      'A node that is switched off is deallocating, deallocated and, when it is started, starting',
      STATES,
      'a node is deallocating, then deallocated; when it is started it is starting, then idle',
    ),
    differs(
      'A node whose operating system is upgraded is upgradingos',
      'Upgrades of the operating system (`upgradePolicy`)',
    ),
  ],
  'What a node tells': [
    proven(
      'A node may take tasks from its beginning, has the affinity TVM: and its id, and keeps its allocation time',
      STATES,
      'a new node may take tasks, has an affinity id of its own and keeps the time of its allocation',
    ),
    proven(
      'A node has no boot time before it has booted',
      POWER,
      'a preempted node is creating anew: it has not booted yet',
    ),
    proven(
      'Nodes have addresses such as 10.0.0.4, and those of removed nodes are used again',
      STATES,
      'addresses are 10.0.0.4 and up, and those of nodes that have gone are given again',
    ),
    proven(
      'The id of a dedicated node ends in _d, that of a spot node in _p',
      'test/protocol/nodes.test.ts',
      'the id says whether a node is dedicated',
    ),
    proven(
      'A node counts its running tasks with their slots, and in total those that have ended',
      STATES,
      'a node counts its running tasks with their slots, and in total those that have ended',
    ),
    proven(
      'Job managers count as tasks of a node; start, preparation and release tasks do not',
      STATES,
      'start and release tasks are no tasks of a node; a job manager is',
    ),
    proven(
      'Recent tasks are there once a task has run, the oldest first',
      NODE,
      'a node remembers the tasks it ran, oldest first',
    ),
    proven(
      'Subtasks are among the recent tasks, with their number',
      'test/engine/multi-instance.test.ts',
      'each node of the task remembers its part: the primary’s the task, the others’ a subtask',
    ),
  ],
  'Operations on nodes': [
    proven(
      'A reboot or reimage requeues running tasks unless told otherwise',
      POWER,
      '%s requeues running tasks unless told otherwise',
    ),
    proven(
      'A reboot or reimage with terminate ends running tasks',
      POWER,
      '%s with terminate completes running tasks',
    ),
    proven(
      'A reboot or reimage with taskcompletion waits for running tasks',
      POWER,
      '%s with taskcompletion waits for running tasks and takes no new ones',
    ),
    proven(
      'A reboot or reimage with retaineddata waits for the retention time of files as well',
      POWER,
      '%s with retaineddata waits until the files of the tasks may go',
    ),
    proven(
      'A node that is starttaskfailed or unusable can be rebooted',
      POWER,
      'a node that is %s can be rebooted, and is %s then',
    ),
    proven(
      'A reboot keeps the disk, a reimage does not; the start task runs again after both',
      POWER,
      'a reboot keeps the disk, a reimage makes a new one; both pass through starting',
    ),
    proven(
      'A reimage empties the directories of the node',
      'test/protocol/node-access.test.ts',
      'a reimage wipes the disk of the node',
    ),
    proven(
      'Preparation tasks run again on a reimaged node',
      'test/engine/preparation.test.ts',
      'a reimaged node is prepared anew, even where it had failed',
    ),
    proven(
      'Disabling scheduling requeues running tasks unless told otherwise, terminate ends them; the node says at once that it is disabled',
      STATES,
      'disabling scheduling with %s empties the node at once',
    ),
    proven(
      'Disabling scheduling with taskcompletion lets running tasks end',
      NODE,
      'a node without scheduling goes offline when its tasks are gone, and back',
    ),
    proven(
      'Scheduling cannot be disabled with retaineddata',
      STATES,
      'scheduling cannot be disabled until files may go',
    ),
    proven(
      'Scheduling can be disabled only where it is enabled',
      'test/protocol/nodes.test.ts',
      'scheduling is switched off and on; a second time is refused',
    ),
    proven(
      'Scheduling can be enabled only where it is disabled',
      STATES,
      'scheduling is enabled on nodes where it is disabled, and only there',
    ),
    proven(
      'A user of a node lives for a day unless an expiry is given',
      ACCESS,
      'a user lives for a day, or until its expiry time',
    ),
    proven(
      'A user is added, replaced and deleted',
      'test/protocol/node-access.test.ts',
      'a user is added, changed and deleted',
    ),
    differs('A user has the password or key of its latest update', 'Users of nodes'),
    proven(
      'A deallocated node takes no tasks until it is started',
      POWER,
      'a deallocated node stays in the pool without taking tasks until it is started',
    ),
    proven('Only a deallocated node can be started', STATES, 'only a deallocated node can be started'),
    differs(
      'Only an idle or running node is deallocated',
      'deallocated from `idle`, `running`, `offline` and `starting`',
    ),
    differs(
      'Users are added to idle and running nodes only',
      'Users can be added in `idle`, `running`, `offline` and',
    ),
    proven(
      'A node that is created, started, rebooted, reimaged or unusable refuses users and deallocation by that name',
      POWER,
      'a node that is %s answers %s',
    ),
    proven(
      'A node that is on its way to another state cannot be restarted',
      POWER,
      'a node that is %s cannot be restarted: %s',
    ),
    differs(
      'A reboot or reimage is for idle and running nodes',
      'rebooted and reimaged when `offline`, `starttaskfailed` or `unusable` too',
    ),
    proven(
      'Nodes are removed from a steady pool, their tasks requeued and the timeout 15 minutes unless told otherwise',
      RESIZE,
      'removing nodes requeues their tasks unless told otherwise, and waits its time as every resize',
    ),
    proven('Removing nodes lowers the target', SIZE, 'removing nodes lowers the target'),
    proven(
      'A removal names at least one node',
      'test/engine/limits.test.ts',
      'a removal names at least one node',
    ),
    proven(
      'Logs of a node are uploaded into a directory that is named after pool, node and request',
      ACCESS,
      'the logs of a node go to a directory named by account, pool, node and request',
    ),
    proven(
      'The answer to an upload of logs tells their directory and how many files there are',
      'test/protocol/node-access.test.ts',
      'the log of a node’s agent is uploaded: what it ran and when',
    ),
  ],
  'Start task': [
    proven(
      'The start task runs when a node joins, reboots or is reimaged',
      POWER,
      'a reboot keeps the disk, a reimage makes a new one; both pass through starting',
    ),
    proven(
      'The working directory of the start task is made anew each time',
      'emulator/src/node/runtime.test.ts',
      'the start task runs in startup/wd, made anew each time',
    ),
    proven(
      'The start task runs again on a node that is recovered without a reboot by its user',
      FAILURES,
      'a recovered node has the disk that it had and runs its start task again',
    ),
    proven(
      'Tasks wait for the start task, and it is not tried again, unless told otherwise',
      START,
      'unless it is told otherwise, tasks wait for the start task, and it is tried once',
    ),
    proven(
      'With waitForSuccess false tasks run meanwhile, and even if it fails',
      NODE,
      'without waitForSuccess tasks run though the start task fails',
    ),
    proven(
      'With waitForSuccess false the node is idle or running while the start task runs',
      START,
      'without waitForSuccess a node is idle or running while its start task runs',
    ),
    proven(
      'A start task with n retries is tried n+1 times',
      NODE,
      'a start task that fails after its retries leaves the node in starttaskfailed',
    ),
    proven(
      'A start task with -1 retries is tried without limit',
      START,
      'with -1 a start task is tried until it succeeds',
    ),
    proven(
      'Only an exit code is tried again, not what fails before the command',
      START,
      'what fails before the command starts is not tried again',
    ),
    proven(
      'A running start task has a start; end, exit code and result come with its end',
      START,
      'while it runs there is a start, after it an end, an exit code and a result',
    ),
    proven(
      'Each try of a start task has its own start, which is the last retry time as well',
      START,
      'each try has its own start; that of the latest retry is told twice',
    ),
    proven(
      'A retry that succeeds clears the failure',
      NODE,
      'a failure is forgotten when a retry of the start task succeeds',
    ),
    proven(
      'A new start task of a pool is for nodes that join or restart later',
      START,
      'a new start task is for nodes that join or restart later; the others keep what they ran',
    ),
  ],
}
