import { expect, test } from 'vitest'
import { parseLogUpload } from './node.ts'
import { NOT_EMULATED } from './not-emulated.ts'
import { parsePool } from './pool.ts'
import { parseTask } from './task.ts'

const TASK = { id: 't', commandLine: 'true' }
const vm = {
  imageReference: { publisher: 'canonical', offer: 'ubuntu', sku: '22_04' },
  nodeAgentSKUId: 'batch.node.ubuntu 22.04',
}
const POOL = { id: 'p', vmSize: 'standard_a1', virtualMachineConfiguration: vm }
const file = (members: object) => ({ ...TASK, resourceFiles: [members] })

const refusals: [keyof typeof NOT_EMULATED, () => unknown][] = [
  ['pool.mountConfiguration', () => parsePool({ ...POOL, mountConfiguration: [{}] })],
  [
    'pool.cloudServiceConfiguration',
    () => parsePool({ id: 'p', vmSize: 's', cloudServiceConfiguration: {} }),
  ],
  [
    'uploadBatchServiceLogs.identityReference',
    () =>
      parseLogUpload({
        containerUrl: 'http://h/c',
        startTime: '2026-01-01T00:00:00Z',
        identityReference: {},
      }),
  ],
  [
    'containerRegistry.identityReference',
    () => parseTask({ ...TASK, containerSettings: { imageName: 'i', registry: { identityReference: {} } } }),
  ],
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
