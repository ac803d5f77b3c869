// Jobs, tasks and files as the service writes them, with the members that our model leaves out.

import { FAILURE, TIME, times, WHEN } from './common-answers.ts'

const JOB = {
  id: 'job',
  eTag: '0x8DE',
  state: 'completed',
  previousState: 'active',
  priority: 0,
  maxParallelTasks: -1,
  allowTaskPreemption: false,
  usesTaskDependencies: false,
  constraints: { maxWallClockTime: 'P10675199DT2H48M5.4775807S', maxTaskRetryCount: 0 },
  poolInfo: { poolId: 'Pool-1' },
  onAllTasksComplete: 'noaction',
  onTaskFailure: 'noaction',
}
const JOB_TIMES = ['lastModified', 'creationTime', 'stateTransitionTime', 'previousStateTransitionTime']

/** A job on the wire and in our model. */
export const job = {
  wire: {
    url: 'https://a/jobs/job',
    ...JOB,
    ...times(JOB_TIMES, TIME),
    executionInfo: { startTime: TIME, endTime: TIME, poolId: 'Pool-1', terminateReason: 'UserTerminate' },
  },
  ours: {
    ...JOB,
    ...times(JOB_TIMES, WHEN),
    executionInfo: { startTime: WHEN, endTime: WHEN, poolId: 'Pool-1', terminateReason: 'UserTerminate' },
  },
}

const TASK = {
  id: 'task',
  eTag: '0x8DF',
  state: 'completed',
  previousState: 'running',
  commandLine: 'node x.js',
  constraints: { maxWallClockTime: 'PT1H', retentionTime: 'P7D', maxTaskRetryCount: 0 },
  requiredSlots: 1,
}
const OUTPUT = {
  filePattern: '*.txt',
  destination: { container: { containerUrl: 'https://s/c?sig=x', path: 'p' } },
}
const NODE_INFO = {
  affinityId: 'TVM:n',
  poolId: 'Pool-1',
  nodeId: 'n',
  taskRootDirectory: 'workitems/job/job-1/task',
}

/** A failed task on the wire and in our model. */
export const task = {
  wire: {
    url: 'https://a/jobs/job/tasks/task',
    ...TASK,
    ...times(JOB_TIMES, TIME),
    userIdentity: { username: 'me' },
    outputFiles: [{ ...OUTPUT, uploadOptions: { uploadCondition: 'TaskSuccess' } }],
    executionInfo: {
      startTime: TIME,
      endTime: TIME,
      exitCode: 3,
      containerInfo: { containerId: 'c0ffee', state: 'exited', error: '' },
      failureInfo: FAILURE,
      result: 'failure',
      retryCount: 0,
      requeueCount: 0,
    },
    nodeInfo: { ...NODE_INFO, nodeUrl: 'https://a/n', taskRootDirectoryUrl: 'https://a/n/files/x' },
  },
  ours: {
    ...TASK,
    ...times(JOB_TIMES, WHEN),
    userIdentity: { username: 'me' },
    outputFiles: [{ ...OUTPUT, uploadOptions: { uploadCondition: 'tasksuccess' } }],
    executionInfo: {
      startTime: WHEN,
      endTime: WHEN,
      exitCode: 3,
      containerInfo: { containerId: 'c0ffee', state: 'exited', error: '' },
      failureInfo: FAILURE,
      result: 'failure',
      retryCount: 0,
      requeueCount: 0,
    },
    nodeInfo: NODE_INFO,
  },
}

/** A file and a directory on the wire and in our model. */
export const files = {
  wire: [
    { name: 'wd', url: 'https://a/f/wd', isDirectory: true },
    {
      name: 'stdout.txt',
      url: 'https://a/f/stdout.txt',
      isDirectory: false,
      properties: {
        lastModified: TIME,
        contentLength: '13',
        contentType: 'text/plain',
        fileMode: '0o100644',
      },
    },
  ],
  ours: [
    { name: 'wd', isDirectory: true },
    {
      name: 'stdout.txt',
      isDirectory: false,
      properties: { lastModified: WHEN, contentLength: 13, contentType: 'text/plain', fileMode: '0o100644' },
    },
  ],
}

const COUNTS = { active: 1, running: 2, completed: 3, succeeded: 2, failed: 1 }

/** Task counts of a job; the same on the wire and in our model. */
export const taskCounts = { taskCounts: COUNTS, taskSlotCounts: COUNTS }
