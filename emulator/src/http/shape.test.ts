import { expect, test } from 'vitest'
import { fromVersion, nameInVersion, toVersion } from './shape.ts'
import type { ApiVersion } from './versions.ts'

const OLD = '2020-03-01.11.0'
const USUAL = '2022-10-01.16.0'
const NEW = '2025-06-01'

const refusalOf = (path: string) =>
  expect.objectContaining({
    code: 'UnsupportedProperty',
    status: 400,
    details: {
      PropertyName: path.split('.').at(-1),
      Reason: `${path} is not a member of this resource in this api-version.`,
    },
  })

test('a version before task slots calls them tasks, in requests and answers', () => {
  expect(fromVersion(OLD, 'pool.add', { id: 'p', maxTasksPerNode: 4 })).toEqual({
    id: 'p',
    taskSlotsPerNode: 4,
  })
  const answer = toVersion(OLD, 'pools/@Element')({ id: 'p', taskSlotsPerNode: 4, metadata: [] })
  expect(JSON.stringify(answer)).toBe('{"id":"p","maxTasksPerNode":4,"metadata":[]}')
})

test('the account type of a data disk is in an object of its own in the newest version', () => {
  const disks = (disk: object) => ({ virtualMachineConfiguration: { dataDisks: [disk] } })
  const [here, there] = [
    disks({ lun: 0, storageAccountType: 'premium_lrs' }),
    disks({ lun: 0, managedDisk: { storageAccountType: 'premium_lrs' } }),
  ]
  expect(fromVersion(NEW, 'pool.add', there)).toEqual(here)
  expect(toVersion(NEW, 'pools')(here)).toEqual(there)
  expect(toVersion(USUAL, 'pools')(here)).toEqual(here)
})

test.each<[ApiVersion, string, object, string]>([
  [OLD, 'pool.add', { taskSlotsPerNode: 2 }, 'taskSlotsPerNode'],
  [OLD, 'pool.add', { targetNodeCommunicationMode: 'classic' }, 'targetNodeCommunicationMode'],
  [OLD, 'task.add', { requiredSlots: 1 }, 'requiredSlots'],
  [OLD, 'task.addCollection', { value: [{ id: 'a' }, { requiredSlots: 1 }] }, 'requiredSlots'],
  [OLD, 'job.add', { jobManagerTask: { requiredSlots: 1 } }, 'jobManagerTask.requiredSlots'],
  [
    OLD,
    'jobSchedule.add',
    { jobSpecification: { poolInfo: { autoPoolSpecification: { pool: { taskSlotsPerNode: 1 } } } } },
    'jobSpecification.poolInfo.autoPoolSpecification.pool.taskSlotsPerNode',
  ],
  [
    '2021-06-01.14.0',
    'task.add',
    { outputFiles: [{ destination: { container: { uploadHeaders: [] } } }] },
    'outputFiles[].destination.container.uploadHeaders',
  ],
  [
    USUAL,
    'pool.add',
    { networkConfiguration: { enableAcceleratedNetworking: true } },
    'networkConfiguration.enableAcceleratedNetworking',
  ],
  [USUAL, 'pool.patch', { displayName: 'x' }, 'displayName'],
  [USUAL, 'pool.add', { upgradePolicy: { mode: 'manual' } }, 'upgradePolicy'],
  [NEW, 'pool.add', { certificateReferences: [] }, 'certificateReferences'],
  [NEW, 'pool.add', { resourceTags: {} }, 'resourceTags'],
  [
    NEW,
    'pool.add',
    { virtualMachineConfiguration: { dataDisks: [{ storageAccountType: 'premium_lrs' }] } },
    'virtualMachineConfiguration.dataDisks[].storageAccountType',
  ],
])('in %s %s refuses %j', (version, operation, body, path) => {
  expect(() => fromVersion(version, operation, body)).toThrow(refusalOf(path))
})

test('a member of another version that is null is as absent as any', () => {
  expect(fromVersion(OLD, 'task.add', { id: 't', requiredSlots: null })).toEqual({
    id: 't',
    requiredSlots: null,
  })
})

test('a replacement needs no certificates in the version that has none', () => {
  expect(fromVersion(NEW, 'pool.updateProperties', { metadata: [] })).toEqual({
    certificateReferences: [],
    metadata: [],
  })
  expect(fromVersion(USUAL, 'pool.updateProperties', { metadata: [] })).toEqual({ metadata: [] })
})

test.each([undefined, null, 'text', 5, []])('the body %j is left for the schema to refuse', (body) => {
  expect(fromVersion(OLD, 'pool.add', body)).toBe(body)
})

test('a collection that is none, and items that are none, are left for the schema to refuse', () => {
  expect(fromVersion(OLD, 'task.addCollection', { value: 'x' })).toEqual({ value: 'x' })
  expect(fromVersion(OLD, 'task.addCollection', { value: ['x', null] })).toEqual({ value: ['x', null] })
})

test('an answer has no member that its version does not know', () => {
  const node = { id: 'n', runningTaskSlotsCount: 0, certificateReferences: [], virtualMachineInfo: {} }
  expect(toVersion(OLD, 'nodes')(node)).toEqual({ id: 'n', certificateReferences: [] })
  expect(toVersion(USUAL, 'nodes')(node)).toBe(node)
  expect(toVersion(NEW, 'nodes')(node)).toEqual({ id: 'n', runningTaskSlotsCount: 0, virtualMachineInfo: {} })
  const job = { id: 'j', priority: 0, maxParallelTasks: -1, allowTaskPreemption: false }
  expect(toVersion(OLD, 'jobs/@Element')(job)).toEqual({ id: 'j', priority: 0 })
})

test('a schedule shows the job and the pool that it makes in the shape of the version', () => {
  const schedule = {
    id: 's',
    jobSpecification: {
      maxParallelTasks: -1,
      poolInfo: { autoPoolSpecification: { pool: { taskSlotsPerNode: 1 } } },
    },
  }
  expect(toVersion(OLD, 'jobschedules')(schedule)).toEqual({
    id: 's',
    jobSpecification: { poolInfo: { autoPoolSpecification: { pool: { maxTasksPerNode: 1 } } } },
  })
})

test('resources without differences are left as they are', () => {
  const file = { name: 'a' }
  expect(toVersion(OLD, 'files')(file)).toBe(file)
})

test('names of members are those of the version', () => {
  expect(nameInVersion(OLD, 'pools', 'taskSlotsPerNode')).toBe('maxTasksPerNode')
  expect(nameInVersion(USUAL, 'pools', 'taskSlotsPerNode')).toBe('taskSlotsPerNode')
  expect(nameInVersion(OLD, 'tasks', 'requiredSlots')).toBeUndefined()
  expect(nameInVersion(OLD, 'files', 'name')).toBe('name')
})
