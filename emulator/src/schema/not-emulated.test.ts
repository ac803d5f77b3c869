import { expect, test } from 'vitest'
import { parseJob, parseJobPatch } from './job.ts'
import { NOT_EMULATED } from './not-emulated.ts'
import { parsePool, parsePoolPatch } from './pool.ts'
import { parseTask } from './task.ts'

const TASK = { id: 't', commandLine: 'true' }
const JOB = { id: 'j', poolInfo: { poolId: 'p' } }
const vm = {
  imageReference: { publisher: 'canonical', offer: 'ubuntu', sku: '22_04' },
  nodeAgentSKUId: 'batch.node.ubuntu 22.04',
}
const POOL = { id: 'p', vmSize: 'standard_a1', virtualMachineConfiguration: vm }
const file = (members: object) => ({ ...TASK, resourceFiles: [members] })

const refusals: [keyof typeof NOT_EMULATED, () => unknown][] = [
  ['pool.enableAutoScale', () => parsePool({ ...POOL, enableAutoScale: true })],
  ['pool.autoScaleFormula', () => parsePool({ ...POOL, autoScaleFormula: '$x=1' })],
  ['pool.autoScaleEvaluationInterval', () => parsePool({ ...POOL, autoScaleEvaluationInterval: 'PT5M' })],
  ['pool.mountConfiguration', () => parsePool({ ...POOL, mountConfiguration: [{}] })],
  ['pool.applicationPackageReferences', () => parsePool({ ...POOL, applicationPackageReferences: [{}] })],
  ['pool.certificateReferences', () => parsePoolPatch({ certificateReferences: [{}] })],
  [
    'pool.cloudServiceConfiguration',
    () => parsePool({ id: 'p', vmSize: 's', cloudServiceConfiguration: {} }),
  ],
  [
    'virtualMachineConfiguration.containerConfiguration',
    () => parsePool({ ...POOL, virtualMachineConfiguration: { ...vm, containerConfiguration: {} } }),
  ],
  ['startTask.containerSettings', () => parsePoolPatch({ startTask: { containerSettings: {} } })],
  ['job.jobManagerTask', () => parseJob({ ...JOB, jobManagerTask: {} })],
  ['job.jobPreparationTask', () => parseJob({ ...JOB, jobPreparationTask: {} })],
  ['job.jobReleaseTask', () => parseJob({ ...JOB, jobReleaseTask: {} })],
  ['job.usesTaskDependencies', () => parseJob({ ...JOB, usesTaskDependencies: true })],
  ['job.allowTaskPreemption', () => parseJobPatch({ allowTaskPreemption: true })],
  ['job.onTaskFailure', () => parseJob({ ...JOB, onTaskFailure: 'PerformExitOptionsJobAction' })],
  ['poolInfo.autoPoolSpecification', () => parseJob({ id: 'j', poolInfo: { autoPoolSpecification: {} } })],
  ['task.containerSettings', () => parseTask({ ...TASK, commandLine: '', containerSettings: {} })],
  ['task.exitConditions', () => parseTask({ ...TASK, exitConditions: {} })],
  ['task.multiInstanceSettings', () => parseTask({ ...TASK, multiInstanceSettings: {} })],
  ['task.dependsOn', () => parseTask({ ...TASK, dependsOn: { taskIds: ['a'] } })],
  ['task.applicationPackageReferences', () => parseTask({ ...TASK, applicationPackageReferences: [{}] })],
  ['task.authenticationTokenSettings', () => parseTask({ ...TASK, authenticationTokenSettings: {} })],
  ['resourceFile.autoStorageContainerName', () => parseTask(file({ autoStorageContainerName: 'c' }))],
  [
    'resourceFile.identityReference',
    () => parseTask(file({ httpUrl: 'http://h/x', filePath: 'x', identityReference: {} })),
  ],
  [
    'outputFile.identityReference',
    () =>
      parseTask({
        ...TASK,
        outputFiles: [
          {
            filePattern: '*',
            destination: { container: { containerUrl: 'http://h/c', identityReference: {} } },
          },
        ],
      }),
  ],
]

test.each(refusals)('answers 501 with one sentence for %s', (row, parse) => {
  const details = { PropertyName: row.split('.')[1], Reason: NOT_EMULATED[row] }
  expect(parse).toThrow(expect.objectContaining({ code: 'NotImplemented', status: 501, details }))
})

test('has a refusing body for every row of the table of what is not emulated', () => {
  expect(refusals.map(([row]) => row).sort()).toEqual(Object.keys(NOT_EMULATED).sort())
})
