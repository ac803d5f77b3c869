// A valid body for every operation that takes one, with the function that reads it.

import { parseEnableAutoScale, parseEvaluateAutoScale } from '../../../emulator/src/schema/autoscale.ts'
import { parseCertificate } from '../../../emulator/src/schema/certificate.ts'
import {
  parseJob,
  parseJobDisable,
  parseJobPatch,
  parseJobTerminate,
  parseJobUpdate,
} from '../../../emulator/src/schema/job.ts'
import {
  parseJobSchedule,
  parseJobSchedulePatch,
  parseJobScheduleUpdate,
} from '../../../emulator/src/schema/job-schedule.ts'
import * as node from '../../../emulator/src/schema/node.ts'
import {
  parsePool,
  parsePoolPatch,
  parsePoolResize,
  parsePoolUpdate,
} from '../../../emulator/src/schema/pool.ts'
import { parseTask, parseTaskCollection, parseTaskUpdate } from '../../../emulator/src/schema/task.ts'
import type { Json } from '../bodies.ts'

interface Operation {
  parse: (body: unknown) => unknown
  valid: Json
}

const FILE = { httpUrl: 'http://h/x?sig=s', filePath: 'in/x', fileMode: '0755' }
const USER = { autoUser: { scope: 'pool', elevationLevel: 'admin' } }
const START = {
  commandLine: 'sh -c true',
  resourceFiles: [FILE, { storageContainerUrl: 'http://h/c', blobPrefix: 'p' }],
  environmentSettings: [{ name: 'A', value: 'b' }],
  userIdentity: USER,
  maxTaskRetryCount: 2,
  waitForSuccess: true,
}
const METADATA = [{ name: 'k', value: 'v' }]
const MACHINES = {
  imageReference: { publisher: 'canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' },
  nodeAgentSKUId: 'batch.node.ubuntu 24.04',
  dataDisks: [{ lun: 0, diskSizeGB: 10, caching: 'none' }],
  containerConfiguration: { type: 'dockerCompatible', containerImageNames: ['busybox'] },
  nodePlacementConfiguration: { policy: 'zonal' },
  extensions: [{ name: 'e', publisher: 'p', type: 't', settings: { a: 1 } }],
}
const PORTS = {
  name: 'web',
  protocol: 'tcp',
  backendPort: 8080,
  frontendPortRangeStart: 1000,
  frontendPortRangeEnd: 1100,
  networkSecurityGroupRules: [{ priority: 150, access: 'deny', sourceAddressPrefix: '*' }],
}
const SPECIFICATION = {
  displayName: 'a pool',
  vmSize: 'standard_d2s_v3',
  resizeTimeout: 'PT10M',
  targetDedicatedNodes: 1,
  targetLowPriorityNodes: 2,
  startTask: START,
  applicationPackageReferences: [{ applicationId: 'app', version: '1' }],
  metadata: METADATA,
  taskSlotsPerNode: 4,
  taskSchedulingPolicy: { nodeFillType: 'pack' },
  userAccounts: [{ name: 'u', password: 'p', linuxUserConfiguration: { uid: 1, gid: 2 } }],
  virtualMachineConfiguration: MACHINES,
  networkConfiguration: { endpointConfiguration: { inboundNATPools: [PORTS] } },
}
const TASK = {
  id: 't',
  displayName: 'a task',
  commandLine: 'true',
  resourceFiles: [FILE],
  outputFiles: [
    {
      filePattern: '*.txt',
      destination: { container: { containerUrl: 'http://h/c', path: 'p' } },
      uploadOptions: { uploadCondition: 'taskcompletion' },
    },
  ],
  environmentSettings: [{ name: 'A', value: 'b' }],
  affinityInfo: { affinityId: 'n' },
  constraints: { maxWallClockTime: 'PT1H', retentionTime: 'P1D', maxTaskRetryCount: 3 },
  userIdentity: { username: 'u' },
  exitConditions: { exitCodes: [{ code: 1, exitOptions: { jobAction: 'none', dependencyAction: 'block' } }] },
  dependsOn: { taskIds: ['a'], taskIdRanges: [{ start: 1, end: 5 }] },
  multiInstanceSettings: { numberOfInstances: 2, coordinationCommandLine: 'true' },
  containerSettings: { imageName: 'busybox', containerRunOptions: '--rm' },
  authenticationTokenSettings: { access: ['job'] },
}
const JOB_CHANGE = {
  priority: 5,
  maxParallelTasks: 10,
  allowTaskPreemption: true,
  constraints: { maxWallClockTime: 'PT1H', maxTaskRetryCount: 1 },
  poolInfo: {
    autoPoolSpecification: { autoPoolIdPrefix: 'x', poolLifetimeOption: 'job', pool: SPECIFICATION },
  },
  onAllTasksComplete: 'terminatejob',
  metadata: METADATA,
}
const JOB = {
  ...JOB_CHANGE,
  displayName: 'a job',
  usesTaskDependencies: true,
  onTaskFailure: 'performexitoptionsjobaction',
  commonEnvironmentSettings: [{ name: 'C', value: 'd' }],
  jobManagerTask: { id: 'm', commandLine: 'true', killJobOnCompletion: true, runExclusive: false },
  jobPreparationTask: { commandLine: 'true', waitForSuccess: true, constraints: { maxTaskRetryCount: 1 } },
  jobReleaseTask: { commandLine: 'true', maxWallClockTime: 'PT5M', retentionTime: 'P1D' },
}
const SCHEDULE = { doNotRunUntil: '2026-01-01T00:00:00Z', startWindow: 'PT5M', recurrenceInterval: 'PT1H' }
const THUMBPRINT = { thumbprint: 'ab'.repeat(20), thumbprintAlgorithm: 'sha1' }

/** By a name of the operation. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  pool: { parse: parsePool, valid: { id: 'p', ...SPECIFICATION } },
  poolPatch: {
    parse: parsePoolPatch,
    valid: { startTask: START, metadata: METADATA, vmSize: 'standard_a1' },
  },
  poolUpdate: {
    parse: parsePoolUpdate,
    valid: {
      startTask: START,
      certificateReferences: [],
      applicationPackageReferences: [],
      metadata: METADATA,
    },
  },
  poolResize: {
    parse: parsePoolResize,
    valid: { targetDedicatedNodes: 3, resizeTimeout: 'PT5M', nodeDeallocationOption: 'taskcompletion' },
  },
  removeNodes: { parse: node.parseRemoveNodes, valid: { nodeList: ['a', 'b'], resizeTimeout: 'PT5M' } },
  enableAutoScale: {
    parse: parseEnableAutoScale,
    valid: { autoScaleFormula: 'x=1', autoScaleEvaluationInterval: 'PT6M' },
  },
  evaluateAutoScale: { parse: parseEvaluateAutoScale, valid: { autoScaleFormula: 'x=1' } },
  job: { parse: parseJob, valid: { id: 'j', ...JOB } },
  jobPatch: { parse: parseJobPatch, valid: JOB_CHANGE },
  jobUpdate: { parse: parseJobUpdate, valid: JOB_CHANGE },
  jobDisable: { parse: parseJobDisable, valid: { disableTasks: 'requeue' } },
  jobTerminate: { parse: parseJobTerminate, valid: { terminateReason: 'enough' } },
  jobSchedule: {
    parse: parseJobSchedule,
    valid: { id: 's', schedule: SCHEDULE, jobSpecification: JOB, metadata: METADATA },
  },
  jobSchedulePatch: { parse: parseJobSchedulePatch, valid: { schedule: SCHEDULE, jobSpecification: JOB } },
  jobScheduleUpdate: { parse: parseJobScheduleUpdate, valid: { schedule: SCHEDULE, jobSpecification: JOB } },
  task: { parse: parseTask, valid: TASK },
  taskCollection: { parse: parseTaskCollection, valid: { value: [TASK] } },
  taskUpdate: { parse: parseTaskUpdate, valid: { constraints: TASK.constraints } },
  certificate: {
    parse: parseCertificate,
    valid: { ...THUMBPRINT, data: 'AAAA', certificateFormat: 'pfx', password: 'p' },
  },
  reboot: { parse: node.parseReboot, valid: { nodeRebootOption: 'requeue' } },
  reimage: { parse: node.parseReimage, valid: { nodeReimageOption: 'requeue' } },
  deallocate: { parse: node.parseDeallocate, valid: { nodeDeallocateOption: 'requeue' } },
  user: {
    parse: node.parseNodeUser,
    valid: { name: 'u', password: 'p', isAdmin: true, expiryTime: '2026-01-01T00:00:00Z', sshPublicKey: 'k' },
  },
  userUpdate: {
    parse: node.parseNodeUserUpdate,
    valid: { password: 'p', expiryTime: '2026-01-01T00:00:00Z' },
  },
  logUpload: {
    parse: node.parseLogUpload,
    valid: {
      containerUrl: 'http://h/c?sig=s',
      startTime: '2026-01-01T00:00:00Z',
      endTime: '2026-01-02T00:00:00Z',
    },
  },
  disableScheduling: {
    parse: node.parseDisableScheduling,
    valid: { nodeDisableSchedulingOption: 'requeue' },
  },
}
