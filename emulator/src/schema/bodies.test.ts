import { UNLIMITED, type JobSpec, type PoolSpec, type TaskSpec } from '@malachite/model'
import { expect, test } from 'vitest'
import { parseJob, parseJobPatch, parseJobTerminate, parseJobUpdate } from './job.ts'
import { parseRemoveNodes } from './node.ts'
import { parsePool, parsePoolPatch, parsePoolResize, parsePoolUpdate } from './pool.ts'
import { parseTask, parseTaskCollection, parseTaskUpdate } from './task.ts'

const IDENTITY = { autoUser: { scope: 'pool', elevationLevel: 'nonadmin' } }
const POOL = {
  targetDedicatedNodes: 2,
  vmSize: 'STANDARD_D1_V2',
  virtualMachineConfiguration: {
    nodeAgentSKUId: 'batch.node.ubuntu 22.04',
    imageReference: { sku: '22_04-LTS', offer: 'Ubuntu', publisher: 'Canonical' },
  },
  id: 'Pool-1',
}

/** The text a client sees: two are equal only if their members come in the same order. */
function json(value: unknown): string {
  return JSON.stringify(value, null, 1)
}

test('fills in the defaults of a pool in the order the service answers them', () => {
  const pool: PoolSpec = parsePool(POOL)
  expect(json(pool)).toBe(
    json({
      id: 'Pool-1',
      vmSize: 'standard_d1_v2',
      resizeTimeout: 'PT15M',
      targetDedicatedNodes: 2,
      targetLowPriorityNodes: 0,
      enableAutoScale: false,
      enableInterNodeCommunication: false,
      taskSlotsPerNode: 1,
      taskSchedulingPolicy: { nodeFillType: 'spread' },
      virtualMachineConfiguration: {
        imageReference: { publisher: 'Canonical', offer: 'Ubuntu', sku: '22_04-LTS', version: 'latest' },
        nodeAgentSKUId: 'batch.node.ubuntu 22.04',
      },
    }),
  )
})

test('keeps what has no effect on simulated nodes, but no secret of it', () => {
  const pool = parsePool({
    ...POOL,
    userAccounts: [
      { name: 'u', password: 'secret', linuxUserConfiguration: { uid: 1, gid: 2, sshPrivateKey: 'secret' } },
    ],
    networkConfiguration: { subnetId: '/s', endpointConfiguration: { inboundNATPools: [] } },
    applicationLicenses: ['maya'],
    taskSchedulingPolicy: { nodeFillType: 'Pack' },
    targetNodeCommunicationMode: 'Simplified',
    virtualMachineConfiguration: {
      ...POOL.virtualMachineConfiguration,
      dataDisks: [{ lun: 0, diskSizeGB: 10 }],
      extensions: [
        { name: 'e', publisher: 'p', type: 't', settings: { a: 1 }, protectedSettings: { k: 'secret' } },
      ],
    },
  })
  expect(pool.userAccounts).toEqual([
    { name: 'u', elevationLevel: 'nonadmin', linuxUserConfiguration: { uid: 1, gid: 2 } },
  ])
  expect(pool.virtualMachineConfiguration).toMatchObject({
    dataDisks: [{ lun: 0, caching: 'none', diskSizeGB: 10, storageAccountType: 'standard_lrs' }],
    extensions: [{ name: 'e', publisher: 'p', type: 't', settings: { a: 1 } }],
  })
  expect(pool).toMatchObject({
    networkConfiguration: { subnetId: '/s', dynamicVNetAssignmentScope: 'none' },
    applicationLicenses: ['maya'],
    taskSchedulingPolicy: { nodeFillType: 'pack' },
    targetNodeCommunicationMode: 'simplified',
  })
  expect(JSON.stringify(pool)).not.toContain('secret')
})

test('takes a custom image without a version', () => {
  const image = { virtualMachineImageId: '/images/mine' }
  const pool = parsePool({
    ...POOL,
    virtualMachineConfiguration: { ...POOL.virtualMachineConfiguration, imageReference: image },
  })
  expect(pool.virtualMachineConfiguration.imageReference).toEqual(image)
})

test('keeps empty lists except that of application packages', () => {
  const lists = { certificateReferences: [], applicationPackageReferences: [], metadata: [] }
  expect(parsePoolUpdate(lists)).toEqual({ certificateReferences: [], metadata: [] })
  expect(parsePoolPatch(lists)).toEqual({ certificateReferences: [], metadata: [] })
  expect(
    parseTask({ id: 't', commandLine: 'x', resourceFiles: [], applicationPackageReferences: [] }),
  ).toEqual({
    id: 't',
    commandLine: 'x',
    resourceFiles: [],
    userIdentity: IDENTITY,
    constraints: {},
    requiredSlots: 1,
  })
})

test('completes the start task of a patch, since it replaces the old one as a whole', () => {
  expect(json(parsePoolPatch({ startTask: { environmentSettings: [], commandLine: 'x' } }))).toBe(
    json({
      startTask: {
        commandLine: 'x',
        environmentSettings: [],
        userIdentity: IDENTITY,
        maxTaskRetryCount: 0,
        waitForSuccess: true,
      },
    }),
  )
  expect(parsePoolPatch({})).toEqual({})
})

test('fills in how a resize or a removal of nodes goes, but no size', () => {
  expect(parsePoolResize({ targetLowPriorityNodes: 3 })).toEqual({
    targetLowPriorityNodes: 3,
    resizeTimeout: 'PT15M',
    nodeDeallocationOption: 'requeue',
  })
  expect(parseRemoveNodes({ nodeList: ['n'], nodeDeallocationOption: 'TaskCompletion' })).toEqual({
    nodeList: ['n'],
    resizeTimeout: 'PT15M',
    nodeDeallocationOption: 'taskcompletion',
  })
})

test('fills in the defaults of a job in the order the service answers them', () => {
  const job: Omit<JobSpec, 'poolInfo'> = parseJob({ poolInfo: { poolId: 'p' }, id: 'j', displayName: 'J' })
  expect(json(job)).toBe(
    json({
      id: 'j',
      displayName: 'J',
      priority: 0,
      maxParallelTasks: -1,
      usesTaskDependencies: false,
      allowTaskPreemption: false,
      constraints: { maxWallClockTime: UNLIMITED, maxTaskRetryCount: 0 },
      poolInfo: { poolId: 'p' },
      onAllTasksComplete: 'noaction',
      onTaskFailure: 'noaction',
    }),
  )
})

test('completes only what a job patch names, and everything in a replacement', () => {
  expect(parseJobPatch({ constraints: { maxTaskRetryCount: 5 } })).toEqual({
    constraints: { maxWallClockTime: UNLIMITED, maxTaskRetryCount: 5 },
  })
  expect(parseJobUpdate({ poolInfo: { poolId: 'p' } })).toEqual({
    priority: 0,
    maxParallelTasks: -1,
    allowTaskPreemption: false,
    constraints: { maxWallClockTime: UNLIMITED, maxTaskRetryCount: 0 },
    poolInfo: { poolId: 'p' },
    onAllTasksComplete: 'noaction',
  })
  expect(parseJobTerminate({ terminateReason: 'enough' })).toEqual({ terminateReason: 'enough' })
})

test('takes a whole task in the order the service answers it', () => {
  const task: TaskSpec = parseTask({
    requiredSlots: 2,
    constraints: { maxTaskRetryCount: -1, retentionTime: 'PT01H00M00S' },
    userIdentity: { autoUser: { elevationLevel: 'Admin' } },
    affinityInfo: { affinityId: 'TVM:n' },
    environmentSettings: [{ name: 'A', value: '' }, { name: 'B' }],
    outputFiles: [
      {
        uploadOptions: { uploadCondition: 'TaskFailure' },
        destination: { container: { containerUrl: 'http://h/c?sig=1', path: 'p' } },
        filePattern: '../std*.txt',
      },
    ],
    resourceFiles: [
      { filePath: 'd/x', httpUrl: 'http://h/x?sig=1', fileMode: '0755' },
      { storageContainerUrl: 'http://h/c?sig=1', blobPrefix: 'a/' },
    ],
    commandLine: 'echo',
    displayName: 'Eins',
    id: 't',
  })
  expect(json(task)).toBe(
    json({
      id: 't',
      displayName: 'Eins',
      commandLine: 'echo',
      resourceFiles: [
        { httpUrl: 'http://h/x?sig=1', filePath: 'd/x', fileMode: '0755' },
        { storageContainerUrl: 'http://h/c?sig=1', blobPrefix: 'a/' },
      ],
      outputFiles: [
        {
          filePattern: '../std*.txt',
          destination: { container: { path: 'p', containerUrl: 'http://h/c?sig=1' } },
          uploadOptions: { uploadCondition: 'taskfailure' },
        },
      ],
      environmentSettings: [{ name: 'A', value: '' }, { name: 'B' }],
      affinityInfo: { affinityId: 'TVM:n' },
      userIdentity: { autoUser: { scope: 'pool', elevationLevel: 'admin' } },
      constraints: { retentionTime: 'PT1H', maxTaskRetryCount: -1 },
      requiredSlots: 2,
    }),
  )
})

test.each([
  ['PT06M00S', 'PT6M'],
  ['PT01H00M00S', 'PT1H'],
  ['P3Y6M4DT12H30M5S', 'P1279DT12H30M5S'],
  ['PT90S', 'PT1M30S'],
  [UNLIMITED, UNLIMITED],
])('writes the duration %s as %s', (given, normal) => {
  expect(parseTaskUpdate({ constraints: { maxWallClockTime: given } }).constraints.maxWallClockTime).toBe(
    normal,
  )
})

test('takes null and undefined for absent, at any depth, and leaves no member without a value', () => {
  const task = parseTask({
    id: 't',
    commandLine: 'x',
    displayName: null,
    constraints: { retentionTime: null, maxWallClockTime: undefined },
    userIdentity: undefined,
    containerSettings: null,
  })
  expect(json(Object.entries(task))).toBe(json(Object.entries(parseTask({ id: 't', commandLine: 'x' }))))
  expect(Object.keys(task.constraints)).toEqual([])
})

test('does not change the body it is given', () => {
  const body = { id: 't', commandLine: 'x', constraints: { maxWallClockTime: 'PT60S', retentionTime: null } }
  const before = structuredClone(body)
  parseTask(body)
  expect(body).toEqual(before)
})

test('leaves the tasks of a collection for later, so that one wrong task does not fail the others', () => {
  expect(parseTaskCollection({ value: [{ id: 'a' }, 5] })).toEqual([{ id: 'a' }, 5])
})
