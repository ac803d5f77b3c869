// Every cause with its sentence and what to do about it. The codes are part of the interface: programs compare them.
// `{name}` stands for a fact, `{name:unit}` for a number of something.

const NOTHING = 'There is nothing to do.'

const OF_TASKS = {
  TaskRunning: ['Task {taskId} has been running on node {nodeId} since {since}.', NOTHING],
  TaskSucceeded: ['Task {taskId} succeeded.', NOTHING],
  TaskAboutToStart: ['A slot is free for task {taskId}, so it is about to start.', NOTHING],
  JobDisabled: ['Job {jobId} is {jobState}, so task {taskId} is not started.', 'Enable the job.'],
  JobEnded: ['Job {jobId} is {jobState}, so task {taskId} never starts.', 'Add the task to another job.'],
  MaxParallelTasks: [
    'Job {jobId} has {running:running task}, as many as its maxParallelTasks allows.',
    'Wait for one of them, or raise maxParallelTasks of the job.',
  ],
  DependencyMissing: [
    'Task {taskId} {depends} on task {parentId}, which job {jobId} does not have.',
    'Add a task {parentId} to the job, or delete the dependent one and add it without the dependency.',
  ],
  DependencyBlocks: [
    'Task {taskId} {depends} on task {parentId}, which ended with {result} and blocks those that depend on it.',
    'Remove what made task {parentId} fail and reactivate it, or add tasks whose exit conditions have the dependencyAction satisfy.',
  ],
  DependencyCycle: [
    'Task {taskId} waits for itself by its dependencies: {cycle}.',
    'Delete one of these tasks and add it without the dependency.',
  ],
  DependencyNotCompleted: [
    'Task {taskId} {depends} on task {parentId}, which is {parentState}.',
    'Wait; "malachite why task {jobId} {parentId}" tells what that waits for.',
  ],
  FormerTryEnding: [
    'Task {taskId} waits until the process of its former try on node {nodeId} is gone.',
    'Wait; a process that does not end within two seconds is killed.',
  ],
  JobManagerFirst: [
    'Job manager {managerId} of job {jobId} starts before task {taskId} and waits itself.',
    'See what it waits for: "malachite why task {jobId} {managerId}".',
  ],
  JobManagerNeedsDedicatedNode: [
    'Job manager {taskId} may run on dedicated nodes only, and pool {poolId} has none that takes tasks.',
    'Add a dedicated node, or set allowLowPriorityNode of the job manager.',
  ],
  JobManagerNeedsEmptyNode: [
    'Job manager {taskId} needs a node for itself, and all nodes of pool {poolId} that it may use have tasks.',
    'Wait, add a node, or set runExclusive of the job manager to false.',
  ],
  TaskNeedsMoreSlots: [
    'Task {taskId} needs {requiredSlots:slot}, and a node of pool {poolId} has {taskSlotsPerNode}.',
    'Lower requiredSlots of the task, or use a pool with more taskSlotsPerNode.',
  ],
  InterNodeCommunicationDisabled: [
    'Task {taskId} runs on several nodes at once, and the nodes of pool {poolId} may not talk to each other.',
    'Use a pool with enableInterNodeCommunication.',
  ],
  MultiInstanceNeedsSingleSlots: [
    'Task {taskId} runs on several nodes at once, and the nodes of pool {poolId} have {taskSlotsPerNode:slot} each.',
    'Use a pool whose taskSlotsPerNode is 1.',
  ],
  MultiInstanceNeedsMoreNodes: [
    'Task {taskId} needs {needed:node} at once, and pool {poolId} has {current} that take tasks.',
    'Resize the pool, or lower numberOfInstances of the task.',
  ],
  MultiInstanceNeedsIdleNodes: [
    'Task {taskId} needs {needed:idle node} at once, and pool {poolId} has {idle}; tasks that need fewer go first meanwhile.',
    'Wait for running tasks to end, resize the pool, lower numberOfInstances of the task, or give it a pool of its own.',
  ],
  JobPreparationRunning: [
    'Task {taskId} waits for the preparation task of job {jobId} on {nodes}.',
    'Wait; should it hang, read its stdout.txt and stderr.txt in {directory} on the node.',
  ],
  JobPreparationFailed: [
    'The preparation task of job {jobId} failed on every node that could take task {taskId}: {reason}.',
    'Read its stderr.txt in {directory} on node {nodeId}, correct the cause, then reimage the nodes or add others.',
  ],
  SlotsScattered: [
    'Task {taskId} needs {requiredSlots:slot} of one node, and no node of pool {poolId} has more than {free} free; tasks that need fewer go first meanwhile.',
    'Wait for running tasks to end, add a node, lower requiredSlots of the task, or give it a pool of its own.',
  ],
  OtherJobsFirst: [
    'Pool {poolId} has no free slot, and the waiting tasks of job {otherJobId} (priority {otherPriority}) come before those of job {jobId} (priority {priority}).',
    'Add nodes, or give job {jobId} a higher priority.',
  ],
  AllSlotsTaken: [
    'Task {taskId} waits because all slots of the {nodes:node} of pool {poolId} that take tasks are taken.',
    'Wait, add nodes, or use a pool with more taskSlotsPerNode.',
  ],
} as const

const OF_NODES = {
  NodeUsable: ['Node {nodeId} is {state} and takes tasks.', NOTHING],
  NodeFull: ['All {slots:slot} of node {nodeId} are taken.', 'Wait for one of its tasks, or add nodes.'],
  NodeStarting: ['Node {nodeId} is {state}, so it takes no tasks yet.', 'Wait until it is idle.'],
  StartTaskRunning: [
    'The start task of node {nodeId} has been running since {since}, and tasks wait for its success.',
    'Wait; should it hang, read startup/stdout.txt and startup/stderr.txt on the node.',
  ],
  StartTaskFailed: [
    'The start task of node {nodeId} failed: {reason}.',
    'Read startup/stderr.txt on the node, correct the start task of the pool, then reboot the node.',
  ],
  StartTaskFailureIgnored: [
    'Node {nodeId} takes tasks although its start task failed ({reason}), because waitForSuccess is false.',
    'Read startup/stderr.txt on the node; set waitForSuccess to keep tasks off such nodes.',
  ],
  NodeUnusable: [
    'Node {nodeId} is {state}: {error}.',
    'Correct what the error names, then reboot the node or remove it.',
  ],
  NodeLost: [
    'The service has lost contact with node {nodeId}, which restarts by itself at {due}.',
    'Wait, or remove the node.',
  ],
  NodeOffline: [
    'Scheduling is disabled on node {nodeId}, so it takes no tasks.',
    'Enable scheduling on the node.',
  ],
  NodeDraining: [
    'Node {nodeId} takes no more tasks: it is to be {purpose} as soon as {condition}.',
    'Wait, or terminate its tasks.',
  ],
  NodeLeaving: ['Node {nodeId} is leaving its pool.', 'Resize the pool if it is to have another one.'],
  NodePreempted: [
    'The machine of spot node {nodeId} was taken away; another one is expected at {due}.',
    'Wait, or use dedicated nodes.',
  ],
  NodeDeallocated: ['Node {nodeId} is {state}: its machine is switched off.', 'Start the node.'],
} as const

const OF_POOLS = {
  PoolSteady: ['Pool {poolId} is steady, and all of its {current:node} can take tasks.', NOTHING],
  PoolNotFound: [
    'Pool {poolId} of job {jobId} does not exist.',
    'Add a pool of this id, or name another one in the poolInfo of the job.',
  ],
  PoolBeingDeleted: [
    'Pool {poolId} is being deleted and goes with the last of its {current:node}; tasks are not started there any more.',
    'Wait until it is gone; tasks that are to run need another pool.',
  ],
  PoolEmpty: [
    'Pool {poolId} has no nodes, and none were asked for.',
    'Resize the pool, or enable autoscale.',
  ],
  PoolEmptyByFormula: [
    'The autoscale formula of pool {poolId} asks for no nodes: {results}.',
    'Change the formula, or wait for its next evaluation at {nextEvaluation}.',
  ],
  AutoScaleFailed: [
    'The autoscale formula of pool {poolId} failed, so the pool stays as it is: {error}.',
    'Correct the formula; "malachite autoscale simulate" tries it without waiting.',
  ],
  PoolAllocating: [
    'Pool {poolId} has {current:node} and waits for {missing} more that were asked for.',
    'Wait, or stop the resize.',
  ],
  PoolShrinking: [
    'Pool {poolId} waits for {leaving:node} to leave, with {tasks:running task}.',
    'Wait, terminate the tasks, or stop the resize to keep the nodes.',
  ],
  PoolResizeFailed: [
    'The last resize of pool {poolId} ended with {current} of {target:node}: {code}, {message}.',
    'Resize the pool again, with a longer resizeTimeout if the time was too short.',
  ],
  CoreQuotaReached: [
    'The last resize of pool {poolId} ended with {current} of {target:node}: {code}; the quota is {quota:core}, and a node of this size has {coresPerNode}.',
    'Ask for fewer nodes, remove some of other pools, or start the emulator with a higher --quota.',
  ],
  PoolNotAtTarget: [
    'Pool {poolId} has {current:node} where {target} are wanted: its last resize was not carried through.',
    'Resize the pool again.',
  ],
} as const

const OF_JOBS = {
  JobCompleted: ['Job {jobId} ended at {endedAt}; reason: {reason}.', NOTHING],
  AutoPoolFailed: [
    'The pool that job {jobId} brings with it could not be made: {code}, {message}.',
    'Correct autoPoolSpecification and add the job anew.',
  ],
  TasksRunning: ['Job {jobId} is {state} and has {running:running task}.', 'Wait, or terminate the tasks.'],
  TasksEnding: [
    'Job {jobId} is {state} and waits for {processes:process} of its tasks to end.',
    'Wait; processes that do not heed SIGTERM are killed.',
  ],
  ReleaseTasksRunning: [
    'Job {jobId} is {state} and waits for its release task on {nodes}.',
    'Wait, at most for the maxWallClockTime of the release task; a node that does not come back can be removed.',
  ],
  JobPreparationEnding: [
    'Job {jobId} is {state} and waits for its preparation task to end on {nodes}.',
    'Wait; processes that do not heed SIGTERM are killed.',
  ],
  JobInTransit: ['Job {jobId} is {state} and about to be {next}.', NOTHING],
  JobStaysDisabled: ['Job {jobId} is disabled and does nothing.', 'Enable the job, or terminate it.'],
  JobHasNoTasks: [
    'Job {jobId} has no tasks and stays active until it is terminated.',
    'Add tasks, or terminate the job.',
  ],
  NoActionOnCompletion: [
    'All tasks of job {jobId} are completed, but it stays active because onAllTasksComplete is noaction.',
    'Set onAllTasksComplete to terminatejob, or terminate the job.',
  ],
} as const

const OF_SCHEDULES = {
  ScheduleCompleted: [
    'Job schedule {jobScheduleId} ended at {endedAt} after {runs:job} and makes no more.',
    'Add another schedule if there are to be more.',
  ],
  ScheduleEnding: [
    'Job schedule {jobScheduleId} is {state} and waits for its {jobs:job} to be over.',
    'Wait; "malachite why job ID" tells what a job waits for.',
  ],
  ScheduleDisabled: [
    'Job schedule {jobScheduleId} is disabled, so it makes no jobs.',
    'Enable the schedule.',
  ],
  PreviousJobActive: [
    'Job schedule {jobScheduleId} makes no job because its job {jobId} is {jobState} still, and there is one at a time.',
    'See why that does not end: "malachite why job {jobId}".',
  ],
  NotBeforeStart: [
    'Job schedule {jobScheduleId} makes its first job at {nextRun} (doNotRunUntil).',
    'Wait, or update the schedule.',
  ],
  NextJobLater: ['Job schedule {jobScheduleId} makes its next job at {nextRun}.', NOTHING],
  NoMoreJobs: [
    'Job schedule {jobScheduleId} makes no more jobs.',
    'Update the schedule if there are to be more.',
  ],
} as const

/** The codes with sentence and remedy; those of failed tasks are in failure-causes.ts. */
export const CAUSES = {
  ...OF_TASKS,
  ...OF_NODES,
  ...OF_POOLS,
  ...OF_JOBS,
  ...OF_SCHEDULES,
} satisfies Record<string, readonly [sentence: string, fix: string]>

/** A code of the table. */
export type Cause = keyof typeof CAUSES
