// Specifications of a pool, a job and a task that use most of what there is.

import type { JobSpec, PoolSpec, TaskSpec } from '@malachite/model'

/** A pool with a start task. */
export const poolSpec: PoolSpec = {
  id: 'Pool-1',
  vmSize: 'standard_d2s_v3',
  virtualMachineConfiguration: {
    imageReference: { publisher: 'canonical', offer: 'ubuntu', sku: '22_04-lts', version: 'latest' },
    nodeAgentSKUId: 'batch.node.ubuntu 22.04',
  },
  targetDedicatedNodes: 2,
  taskSlotsPerNode: 4,
  taskSchedulingPolicy: { nodeFillType: 'pack' },
  resizeTimeout: 'PT5M',
  startTask: {
    commandLine: '/bin/true',
    resourceFiles: [{ httpUrl: 'https://s/a?sig=x', filePath: 'a', fileMode: '0755' }],
    environmentSettings: [{ name: 'A', value: 'b' }],
    userIdentity: { autoUser: { scope: 'pool', elevationLevel: 'admin' } },
    waitForSuccess: true,
  },
  metadata: [{ name: 'a', value: 'b' }],
}
/** A job. */
export const jobSpec: JobSpec = {
  id: 'job',
  poolInfo: { poolId: 'Pool-1' },
  priority: 5,
  constraints: { maxWallClockTime: 'PT1H', maxTaskRetryCount: 1 },
  onAllTasksComplete: 'terminatejob',
}
/** A task with an output file. */
export const taskSpec: TaskSpec = {
  id: 'task',
  commandLine: 'node x.js',
  outputFiles: [
    {
      filePattern: '*.txt',
      destination: { container: { containerUrl: 'https://s/c?sig=x', path: 'p' } },
      uploadOptions: { uploadCondition: 'tasksuccess' },
    },
  ],
  constraints: { maxWallClockTime: 'PT1H', retentionTime: 'P7D', maxTaskRetryCount: -1 },
  affinityInfo: { affinityId: 'TVM:n' },
}
