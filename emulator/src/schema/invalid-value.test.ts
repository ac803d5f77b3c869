import { expect, test } from 'vitest'
import { parseJob, parseJobDisable } from './job.ts'
import { parseRemoveNodes } from './node.ts'
import { parsePool } from './pool.ts'
import { parseTask, parseTaskCollection, parseTaskUpdate } from './task.ts'

const TASK = { id: 't', commandLine: 'true' }
const JOB = { id: 'j', poolInfo: { poolId: 'p' } }
const POOL = {
  id: 'p',
  vmSize: 'standard_a1',
  virtualMachineConfiguration: {
    imageReference: { publisher: 'canonical', offer: 'ubuntu', sku: '22_04' },
    nodeAgentSKUId: 'batch.node.ubuntu 22.04',
  },
}

const vm = POOL.virtualMachineConfiguration
const file = (members: object) => ({ ...TASK, resourceFiles: [members] })

const output = (members: object) => ({
  ...TASK,
  outputFiles: [
    {
      filePattern: '*',
      destination: { container: { containerUrl: 'https://a.blob/c?sig=SECRET' } },
      uploadOptions: { uploadCondition: 'taskcompletion' },
      ...members,
    },
  ],
})

const INT = 'must be an integer from'
test.each<[() => unknown, string, string | undefined, string]>([
  [
    () => parseTask({ ...TASK, id: 'a b' }),
    'id',
    'a b',
    'id must be 1 to 64 characters of A-Z, a-z, 0-9, - and _.',
  ],
  [() => parseTask({ ...TASK, commandLine: '' }), 'commandLine', '', 'commandLine must not be empty.'],
  [
    () => parseTask({ ...TASK, commandLine: 'a\0' }),
    'commandLine',
    'a\0',
    'commandLine must not contain a NUL character.',
  ],
  [() => parseTask({ ...TASK, commandLine: 5 }), 'commandLine', '5', 'commandLine must be a string.'],
  [
    () => parseTask({ ...TASK, requiredSlots: 0 }),
    'requiredSlots',
    '0',
    `requiredSlots ${INT} 1 to 2147483647.`,
  ],
  [
    () => parseTask({ ...TASK, requiredSlots: '2' }),
    'requiredSlots',
    '2',
    `requiredSlots ${INT} 1 to 2147483647.`,
  ],
  [() => parseTask({ ...TASK, constraints: [] }), 'constraints', undefined, 'constraints must be an object.'],
  [
    () => parseTask({ ...TASK, constraints: { maxWallClockTime: '5m' } }),
    'maxWallClockTime',
    '5m',
    'constraints.maxWallClockTime must be an ISO 8601 duration such as PT15M.',
  ],
  [
    () => parseTaskUpdate({ constraints: { retentionTime: '-PT1H' } }),
    'retentionTime',
    '-PT1H',
    'constraints.retentionTime must be from PT0S to P10675199DT2H48M5.4775807S.',
  ],
  [
    () => parseTaskUpdate({ constraints: { maxTaskRetryCount: -2 } }),
    'maxTaskRetryCount',
    '-2',
    `constraints.maxTaskRetryCount ${INT} -1 to 2147483647.`,
  ],
  [
    () => parseTask({ ...TASK, resourceFiles: {} }),
    'resourceFiles',
    undefined,
    'resourceFiles must be an array.',
  ],
  [
    () => parseTask(file({ httpUrl: 'ftp://h/x?sig=SECRET', filePath: 'x' })),
    'httpUrl',
    'ftp://h/x?…',
    'resourceFiles[0].httpUrl must be an absolute http or https URL.',
  ],
  [
    () =>
      parseTask(file({ httpUrl: 'http://h/x?sig=SECRET', storageContainerUrl: 'http://h/c', filePath: 'x' })),
    'httpUrl',
    'http://h/x?…',
    'resourceFiles[0].httpUrl must not be given with storageContainerUrl.',
  ],
  [
    () => parseTask(file({ httpUrl: 'http://h/x', filePath: 'x', blobPrefix: 'y' })),
    'blobPrefix',
    'y',
    'resourceFiles[0].blobPrefix is only for containers, not for httpUrl.',
  ],
  [
    () => parseTask(file({ httpUrl: 'http://h/x', filePath: 'x/' })),
    'filePath',
    'x/',
    'resourceFiles[0].filePath must name a file.',
  ],
  [
    () => parseTask(file({ httpUrl: 'http://h/x', filePath: 'x', fileMode: '888' })),
    'fileMode',
    '888',
    'resourceFiles[0].fileMode must be octal permissions such as 0755.',
  ],
  [
    () => parseTask(output({ uploadOptions: { uploadCondition: 'always' } })),
    'uploadCondition',
    'always',
    'outputFiles[0].uploadOptions.uploadCondition must be one of tasksuccess, taskfailure, taskcompletion.',
  ],
  [
    () => parseTask({ ...TASK, environmentSettings: [{ name: 'A=B' }] }),
    'name',
    'A=B',
    'environmentSettings[0].name must be a name without =.',
  ],
  [
    () => parseTask({ ...TASK, environmentSettings: [{ name: 'KEY', value: 12_345 }] }),
    'value',
    undefined,
    'environmentSettings[0].value must be a string.',
  ],
  [
    () => parseTask({ ...TASK, userIdentity: {} }),
    'userIdentity',
    undefined,
    'userIdentity must have exactly one of username and autoUser.',
  ],
  [() => parseTaskCollection({ value: [] }), 'value', undefined, 'value must have at least one task.'],
  [
    () => parseTaskCollection({ value: Array.from({ length: 101 }, () => TASK) }),
    'value',
    undefined,
    'value must have at most 100 tasks.',
  ],
  [() => parseJob({ ...JOB, priority: 1.5 }), 'priority', '1.5', `priority ${INT} -1000 to 1000.`],
  [
    () => parseJob({ ...JOB, maxParallelTasks: 0 }),
    'maxParallelTasks',
    '0',
    'maxParallelTasks must be -1 or an integer from 1 to 10000.',
  ],
  [
    () => parseJobDisable({ disableTasks: 'kill' }),
    'disableTasks',
    'kill',
    'disableTasks must be one of requeue, terminate, wait.',
  ],
  [
    () => parsePool({ ...POOL, taskSlotsPerNode: 257 }),
    'taskSlotsPerNode',
    '257',
    `taskSlotsPerNode ${INT} 1 to 256.`,
  ],
  [
    () => parsePool({ ...POOL, resizeTimeout: 'PT4M59S' }),
    'resizeTimeout',
    'PT4M59S',
    'resizeTimeout must be from PT5M to P10675199DT2H48M5.4775807S.',
  ],
  [
    () => parsePool({ ...POOL, userAccounts: [{ name: 'u', password: 12_345 }] }),
    'password',
    undefined,
    'userAccounts[0].password must be a string.',
  ],
  [
    () => parsePool({ ...POOL, userAccounts: [{ name: 'u'.repeat(21), password: 'x' }] }),
    'name',
    'u'.repeat(21),
    'userAccounts[0].name must have at most 20 characters.',
  ],
  [
    () =>
      parsePool({
        ...POOL,
        virtualMachineConfiguration: {
          ...vm,
          imageReference: { ...vm.imageReference, virtualMachineImageId: '/i' },
        },
      }),
    'publisher',
    'canonical',
    'virtualMachineConfiguration.imageReference.publisher must not be given with virtualMachineImageId.',
  ],
  [() => parseRemoveNodes({ nodeList: [] }), 'nodeList', undefined, 'nodeList must name at least one node.'],
  [() => parseRemoveNodes({ nodeList: ['a', 5] }), 'nodeList', '5', 'nodeList[1] must be a string.'],
])('says what is wrong with a value: %s', (parse, name, value, reason) => {
  const details = {
    PropertyName: name,
    ...(value === undefined ? {} : { PropertyValue: value }),
    Reason: reason,
  }
  expect(parse).toThrow(expect.objectContaining({ code: 'InvalidPropertyValue', status: 400, details }))
})

test.each(['../x', 'a/../../x', '/etc/passwd', '\\x', 'a\\..\\x', 'C:x', '..'])(
  'refuses a resource file at %s',
  (filePath) => {
    const details = {
      PropertyName: 'filePath',
      PropertyValue: filePath,
      Reason: 'resourceFiles[0].filePath must be a relative path that does not leave the working directory.',
    }
    expect(() => parseTask(file({ httpUrl: 'http://h/x', filePath }))).toThrow(
      expect.objectContaining({ details }),
    )
  },
)

test.each([
  ['OutOfRangePriority', { priority: 1001 }],
  ['OutOfRangePriority', { priority: -1001 }],
  ['EmptyMetadataKey', { metadata: [{ name: '', value: 'x' }] }],
])('has the code %s of its own for %j', (code, member) => {
  expect(() => parseJob({ ...JOB, ...member })).toThrow(expect.objectContaining({ code, status: 400 }))
})
