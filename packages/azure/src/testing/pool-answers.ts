// Images, pools and nodes as the service writes them, with the members that our model leaves out.

import { FAILURE, TIME, times, WHEN } from './common-answers.ts'

const START_TASK = {
  commandLine: '/bin/true',
  resourceFiles: [{ httpUrl: 'https://s/a?sig=x', filePath: 'a' }],
  userIdentity: { autoUser: { scope: 'pool', elevationLevel: 'admin' } },
  maxTaskRetryCount: 0,
  waitForSuccess: true,
}

const POOL = {
  id: 'Pool-1',
  eTag: '0x8DEADBEEF000000',
  state: 'active',
  allocationState: 'steady',
  vmSize: 'standard_d2s_v3',
  resizeTimeout: 'PT15M',
  resizeErrors: [{ code: 'AllocationTimedout', message: 'm', values: [{ name: 'n', value: 'v' }] }],
  currentDedicatedNodes: 0,
  targetDedicatedNodes: 2,
  currentLowPriorityNodes: 0,
  targetLowPriorityNodes: 0,
  enableAutoScale: true,
  autoScaleFormula: '$TargetDedicatedNodes = 2',
  autoScaleEvaluationInterval: 'PT15M',
  enableInterNodeCommunication: false,
  taskSlotsPerNode: 4,
  startTask: START_TASK,
  metadata: [{ name: 'a', value: 'b' }],
}
const RUN = {
  results: '$TargetDedicatedNodes=2',
  error: {
    code: 'AutoScalingFormulaEvaluationError',
    message: 'm',
    values: [{ name: 'Message', value: 'v' }],
  },
}
const POOL_TIMES = ['lastModified', 'creationTime', 'stateTransitionTime', 'allocationStateTransitionTime']
const IMAGE = { publisher: 'canonical', offer: 'ubuntu', sku: '22_04-lts', version: 'latest' }

/** A pool on the wire and in our model. */
export const pool = {
  wire: {
    'odata.metadata': 'https://a/$metadata#pools/@Element',
    url: 'https://a/pools/Pool-1',
    ...POOL,
    ...times(POOL_TIMES, TIME),
    autoScaleRun: { ...RUN, timestamp: TIME },
    applicationLicenses: [],
    taskSchedulingPolicy: { nodeFillType: 'Spread' },
    virtualMachineConfiguration: {
      imageReference: { ...IMAGE, exactVersion: '1.2.3' },
      nodeAgentSKUId: 'batch.node.ubuntu 22.04',
    },
  },
  ours: {
    ...POOL,
    ...times(POOL_TIMES, WHEN),
    autoScaleRun: { ...RUN, timestamp: WHEN },
    taskSchedulingPolicy: { nodeFillType: 'spread' },
    virtualMachineConfiguration: { imageReference: IMAGE, nodeAgentSKUId: 'batch.node.ubuntu 22.04' },
  },
}

const NODE = {
  id: 'tvmps_1_d',
  state: 'starttaskfailed',
  schedulingState: 'enabled',
  ipAddress: '10.0.0.4',
  affinityId: 'TVM:tvmps_1_d',
  vmSize: 'standard_d2s_v3',
  totalTasksRun: 1,
  totalTasksSucceeded: 1,
  runningTasksCount: 0,
  runningTaskSlotsCount: 0,
  startTask: START_TASK,
  isDedicated: true,
  errors: [{ code: 'DiskFull', message: 'm', errorDetails: [{ name: 'a', value: 'b' }] }],
}
const NODE_TIMES = ['stateTransitionTime', 'lastBootTime', 'allocationTime']

/** A node whose start task failed, on the wire and in our model. */
export const node = {
  wire: {
    url: 'https://a/pools/Pool-1/nodes/tvmps_1_d',
    ...NODE,
    ...times(NODE_TIMES, TIME),
    recentTasks: [{ taskUrl: 'https://a/t', jobId: 'job', taskId: 'task', taskState: 'completed' }],
    startTaskInfo: {
      state: 'completed',
      startTime: TIME,
      exitCode: 1,
      failureInfo: FAILURE,
      retryCount: 0,
      result: 'failure',
    },
    certificateReferences: [],
    nodeAgentInfo: { version: '1', lastUpdateTime: TIME },
  },
  ours: {
    ...NODE,
    ...times(NODE_TIMES, WHEN),
    recentTasks: [{ jobId: 'job', taskId: 'task', taskState: 'completed' }],
    startTaskInfo: {
      state: 'completed',
      startTime: WHEN,
      exitCode: 1,
      failureInfo: FAILURE,
      retryCount: 0,
      result: 'failure',
    },
    nodeAgentInfo: { version: '1', lastUpdateTime: WHEN },
  },
}

/** One row of the supported images, on the wire and in our model. */
export const image = {
  wire: {
    imageReference: IMAGE,
    verificationType: 'verified',
    nodeAgentSKUId: 'batch.node.ubuntu 22.04',
    capabilities: ['DockerCompatible'],
    batchSupportEndOfLife: '2027-06-01T00:00:00Z',
    osType: 'linux',
  },
  ours: {
    imageReference: IMAGE,
    verificationType: 'verified',
    nodeAgentSKUId: 'batch.node.ubuntu 22.04',
    capabilities: ['DockerCompatible'],
    batchSupportEndOfLife: new Date('2027-06-01T00:00:00Z'),
    osType: 'linux',
  },
}

const NODE_COUNT = {
  creating: 0,
  idle: 1,
  leavingPool: 0,
  offline: 0,
  preempted: 0,
  rebooting: 0,
  reimaging: 0,
  running: 0,
  starting: 1,
  startTaskFailed: 0,
  unusable: 0,
  unknown: 0,
  waitingForStartTask: 0,
  total: 2,
}

/** Node counts of a pool; the same on the wire and in our model. */
export const nodeCounts = { poolId: 'Pool-1', dedicated: NODE_COUNT, lowPriority: NODE_COUNT }
