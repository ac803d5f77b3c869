import { expect, test } from 'vitest'
import {
  findVersion,
  isIn,
  lackingMembers,
  NEWEST,
  PARTS,
  rangeOfOperation,
  RENAMED,
  REQUIRED,
  VERSIONS,
  type ApiVersion,
  type Model,
} from './versions.ts'

test('the versions are in order, and the newest is the last', () => {
  expect([...VERSIONS].sort()).toEqual(VERSIONS)
  expect(VERSIONS.at(-1)).toBe(NEWEST)
})

test.each(VERSIONS)('%s is served as itself', (version) => {
  expect(findVersion(version)).toEqual({ version, isKnown: true })
})

test.each(['2025-06-02', '2026-01-01.22.0', '2099-12-31'])('%s is served as the newest', (text) => {
  expect(findVersion(text)).toEqual({ version: NEWEST, isKnown: false })
})

test.each([
  ['latest', 'no date'],
  ['', 'empty'],
  ['2022-10-01', 'of the service that manages accounts'],
  ['2022-10-01.16', 'incomplete'],
  ['2022-10-01.16.0.0', 'too long'],
  ['2015-01-01.1.0', 'older than the oldest'],
  ['2026-13-01', 'no month'],
  ['2026-01-00', 'no day'],
  ['9999-99-99', 'no date'],
  ['constructor', 'what every object inherits'],
])('%j is no version: %s', (text) => {
  expect(findVersion(text)).toBeUndefined()
})

test.each<[string, ApiVersion | undefined, ApiVersion | undefined]>([
  ['pool.add', undefined, undefined],
  ['account.listNodeAgentSkus', undefined, '2019-06-01.9.0'],
  ['account.listSupportedImages', '2019-06-01.9.0', undefined],
  ['computeNodeExtension.list', '2021-06-01.14.0', undefined],
  ['job.getAllLifetimeStatistics', undefined, '2023-05-01.17.0'],
  ['pool.getAllLifetimeStatistics', undefined, '2023-05-01.17.0'],
  ['computeNode.deallocate', '2024-07-01.20.0', undefined],
  ['computeNode.start', '2024-07-01.20.0', undefined],
  ['computeNode.getRemoteDesktop', undefined, '2024-07-01.20.0'],
  ['certificate.cancelDeletion', undefined, '2025-06-01'],
])('%s is there since %s and until %s', (operation, since, until) => {
  expect(rangeOfOperation(operation)).toEqual({ ...(since && { since }), ...(until && { until }) })
})

test('a range begins with a version and ends before one', () => {
  const range = { since: '2020-03-01.11.0', until: '2021-06-01.14.0' } as const
  expect(VERSIONS.filter((version) => isIn(version, range))).toEqual(['2020-03-01.11.0', '2020-09-01.12.0'])
  expect(VERSIONS.every((version) => isIn(version, {}))).toBe(true)
})

test.each<[Model, string, ApiVersion | undefined, ApiVersion | undefined]>([
  ['pool', 'mountConfiguration', '2019-08-01.10.0', undefined],
  ['network', 'publicIPAddressConfiguration', '2020-03-01.11.0', undefined],
  ['task', 'requiredSlots', '2020-09-01.12.0', undefined],
  ['node', 'runningTaskSlotsCount', '2020-09-01.12.0', undefined],
  ['node', 'virtualMachineInfo', '2021-06-01.14.0', undefined],
  ['machine', 'imageReference.exactVersion', '2021-06-01.14.0', undefined],
  ['job', 'maxParallelTasks', '2021-06-01.14.0', undefined],
  ['job', 'allowTaskPreemption', '2022-01-01.15.0', undefined],
  ['task', 'outputFiles[].destination.container.uploadHeaders', '2022-01-01.15.0', undefined],
  ['pool', 'targetNodeCommunicationMode', '2022-10-01.16.0', '2025-06-01'],
  ['pool', 'currentNodeCommunicationMode', '2022-10-01.16.0', '2025-06-01'],
  ['network', 'enableAcceleratedNetworking', '2023-05-01.17.0', undefined],
  ['pool', 'resourceTags', '2023-11-01.18.0', '2025-06-01'],
  ['machine', 'securityProfile', '2023-11-01.18.0', undefined],
  ['machine', 'serviceArtifactReference', '2023-11-01.18.0', undefined],
  ['node', 'virtualMachineInfo.scaleSetVmResourceId', '2023-11-01.18.0', undefined],
  ['pool', 'upgradePolicy', '2024-02-01.19.0', undefined],
  ['poolPatch', 'vmSize', '2024-07-01.20.0', undefined],
  ['jobPatch', 'networkConfiguration', '2024-07-01.20.0', undefined],
  ['task', 'containerSettings.containerHostBatchBindMounts', '2024-07-01.20.0', undefined],
  ['nodeCounts', 'dedicated.deallocated', '2024-07-01.20.0', undefined],
  ['pool', 'taskSchedulingPolicy.jobDefaultOrder', '2025-06-01', undefined],
  ['node', 'certificateReferences', undefined, '2025-06-01'],
  ['task', 'authenticationTokenSettings', undefined, '2025-06-01'],
])('%s has %s since %s and until %s', (model, path, since, until) => {
  const having = VERSIONS.filter((version) => !lackingMembers(model, version).includes(path))
  expect(having).toEqual(
    VERSIONS.filter((version) => isIn(version, { ...(since && { since }), ...(until && { until }) })),
  )
})

test('what is renamed, required or a part is of a model that exists', () => {
  const models = new Set<string>([...Object.keys(PARTS), ...Object.values(PARTS).flatMap(Object.values)])
  const named = [...RENAMED.map(({ model }) => model), ...Object.keys(REQUIRED)]
  expect(named.filter((model) => !models.has(model))).toEqual([])
})
