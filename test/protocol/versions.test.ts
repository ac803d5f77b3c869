// One emulator, many api-versions: what each accepts and how its answers look.

import { expect, test } from 'vitest'
import { VERSIONS } from '../../emulator/src/http/versions.ts'
import { expectError } from './expectations.ts'
import { addPoolWithNodes, items, jobOf, must, openProtocol, poolOf, runTask, taskOf } from './helpers.ts'

const warnings: string[] = []
const logger = { debug() {}, info() {}, error() {}, warn: (message: string) => void warnings.push(message) }
const { call } = await openProtocol({ logger })
const strict = await openProtocol({ strictApiVersion: true })

const V10 = '2019-08-01.10.0'
const V11 = '2020-03-01.11.0'
const V12 = '2020-09-01.12.0'
const V16 = '2022-10-01.16.0'
const V20 = '2024-07-01.20.0'
const NEWEST = '2025-06-01'

const NEWER_MEMBERS = {
  networkConfiguration: { enableAcceleratedNetworking: true },
  resourceTags: { team: 'a' },
  upgradePolicy: { mode: 'Rolling', rollingUpgradePolicy: { pauseTimeBetweenBatches: 'PT00M05S' } },
  taskSchedulingPolicy: { nodeFillType: 'pack' },
  virtualMachineConfiguration: {
    imageReference: { publisher: 'canonical', offer: 'ubuntu-24_04-lts', sku: 'server' },
    nodeAgentSKUId: 'batch.node.ubuntu 24.04',
    securityProfile: { securityType: 'trustedlaunch', uefiSettings: { vTpmEnabled: true } },
    serviceArtifactReference: { id: '/subscriptions/s/artifact' },
    osDisk: { caching: 'ReadWrite', managedDisk: { storageAccountType: 'standardssd_lrs' }, diskSizeGB: 64 },
    dataDisks: [{ lun: 0, diskSizeGB: 32 }],
  },
}

const [nodeId] = await addPoolWithNodes(call, 'nodes', 1)
await must(call('POST /jobs', { json: jobOf('done', 'nodes') }))
await runTask(call, 'done', taskOf('t'))
await must(call('POST /pools', { json: poolOf('newer', NEWER_MEMBERS), version: V20 }))

const keys = (body: object, ...names: string[]): string[] => names.filter((name) => name in body)

test.each(VERSIONS)('clients of %s are served', async (version) => {
  for (const path of [
    '/pools',
    '/pools/newer',
    `/pools/nodes/nodes/${nodeId}`,
    '/jobs/done',
    '/jobs/done/tasks',
  ])
    expect((await call(`GET ${path}`, { version })).status).toBe(200)
})

test.each(VERSIONS)('what %s answers of a pool, it takes for a new one', async (version) => {
  const id = `copy-${version.replaceAll('.', '-')}`
  const settings = settingsOf((await call('GET /pools/newer', { version })).json())
  await must(call('POST /pools', { json: { ...settings, id }, version }))
  const copy = (await call(`GET /pools/${id}`, { version })).json()
  expect(settingsOf(copy)).toEqual({ ...settings, taskSchedulingPolicy: { nodeFillType: 'Pack' } })
})

/** Members of a pool that are neither its identity nor its condition. */
function settingsOf(pool: object): object {
  const condition = /^(odata|url|eTag|lastModified|id$|current|resizeErrors)|time$|state$/i
  return Object.fromEntries(Object.entries(pool).filter(([name]) => !condition.test(name)))
}

test('before 2020-09-01.12.0 the slots of a node are called tasks', async () => {
  const json = poolOf('old-names', { maxTasksPerNode: 4 })
  await must(call('POST /pools', { json, version: V11 }))
  const old = (await call('GET /pools/old-names', { version: V11 })).json()
  expect(old).toMatchObject({ maxTasksPerNode: 4 })
  expect(old).not.toHaveProperty('taskSlotsPerNode')
  expect((await call('GET /pools/old-names', { version: V12 })).json()).toMatchObject({ taskSlotsPerNode: 4 })
  const [listed = {}] = items((await call("GET /pools?$filter=id eq 'old-names'", { version: V11 })).json())
  expect(listed).toMatchObject({ maxTasksPerNode: 4 })
  const selected = await call('GET /pools/old-names?$select=maxTasksPerNode', { version: V11 })
  expect(selected.json()).toMatchObject({ maxTasksPerNode: 4 })
})

test('before 2020-09-01.12.0 tasks and nodes say nothing of slots', async () => {
  const paths = ['/jobs/done/tasks/t', `/pools/nodes/nodes/${nodeId}`]
  const slots = ['requiredSlots', 'runningTaskSlotsCount']
  for (const path of paths) {
    expect(keys((await call(`GET ${path}`, { version: V11 })).json(), ...slots)).toEqual([])
    expect(keys((await call(`GET ${path}`, { version: V12 })).json(), ...slots)).toHaveLength(1)
  }
})

test('before 2020-09-01.12.0 the counts of tasks are flat', async () => {
  const old = (await call('GET /jobs/done/taskcounts', { version: V11 })).json()
  expect(old).toEqual({
    'odata.metadata': expect.stringMatching(/#taskcounts\/@Element$/),
    active: 0,
    running: 0,
    completed: 1,
    succeeded: 1,
    failed: 0,
  })
  const now = (await call('GET /jobs/done/taskcounts', { version: V12 })).json()
  expect(Object.keys(now)).toEqual(['odata.metadata', 'taskCounts', 'taskSlotCounts'])
  expect(now['odata.metadata']).toMatch(/#taskcountsresult\/@Element$/)
})

test('a job has the members of its version', async () => {
  const members = ['maxParallelTasks', 'allowTaskPreemption']
  const shown = async (version: string) =>
    keys((await call('GET /jobs/done', { version })).json(), ...members)
  expect(await shown(V12)).toEqual([])
  expect(await shown('2021-06-01.14.0')).toEqual(['maxParallelTasks'])
  expect(await shown('2022-01-01.15.0')).toEqual(members)
})

test('a pool has the members of its version', async () => {
  const shown = async (version: string) =>
    keys(
      (await call('GET /pools/newer', { version })).json(),
      'resourceTags',
      'currentNodeCommunicationMode',
      'upgradePolicy',
    )
  expect(await shown('2022-01-01.15.0')).toEqual([])
  expect(await shown(V16)).toEqual(['currentNodeCommunicationMode'])
  expect(await shown('2023-11-01.18.0')).toEqual(['resourceTags', 'currentNodeCommunicationMode'])
  expect(await shown(V20)).toEqual(['resourceTags', 'currentNodeCommunicationMode', 'upgradePolicy'])
  expect(await shown(NEWEST)).toEqual(['upgradePolicy'])
})

test('settings of machines that came later are answered, and left out for versions before them', async () => {
  type Pool = { virtualMachineConfiguration: object; networkConfiguration: object }
  const shown = async (version: string) => (await call('GET /pools/newer', { version })).json<Pool>()
  const { virtualMachineConfiguration: machine, networkConfiguration: network } = await shown(V20)
  expect(machine).toMatchObject({
    securityProfile: { securityType: 'trustedLaunch', uefiSettings: { vTpmEnabled: true } },
    serviceArtifactReference: { id: '/subscriptions/s/artifact' },
    osDisk: { caching: 'readwrite', managedDisk: { storageAccountType: 'standardssd_lrs' }, diskSizeGB: 64 },
    dataDisks: [{ storageAccountType: 'standard_lrs' }],
  })
  expect(network).toEqual({ dynamicVNetAssignmentScope: 'none', enableAcceleratedNetworking: true })
  const old = await shown(V16)
  expect(old.virtualMachineConfiguration).not.toHaveProperty('securityProfile')
  expect(old.virtualMachineConfiguration).toMatchObject({ osDisk: {} })
  expect(old.networkConfiguration).toEqual({ dynamicVNetAssignmentScope: 'none' })
  expect((await shown(NEWEST)).virtualMachineConfiguration).toMatchObject({
    dataDisks: [{ lun: 0, managedDisk: { storageAccountType: 'standard_lrs' } }],
  })
})

test('upgradePolicy is the last member of a pool, its durations normalised', async () => {
  const pool = (await call('GET /pools/newer', { version: V20 })).json()
  expect(Object.keys(pool).at(-1)).toBe('upgradePolicy')
  expect(pool['upgradePolicy']).toEqual({
    mode: 'rolling',
    rollingUpgradePolicy: { pauseTimeBetweenBatches: 'PT5S' },
  })
})

test.each([
  [V11, 'POST /pools', poolOf('x', { taskSlotsPerNode: 2 }), 'taskSlotsPerNode'],
  [V12, 'POST /pools', poolOf('x', { maxTasksPerNode: 2 }), 'maxTasksPerNode'],
  [
    V10,
    'POST /pools',
    poolOf('x', { networkConfiguration: { publicIPAddressConfiguration: {} } }),
    'publicIPAddressConfiguration',
  ],
  [V16, 'POST /pools', poolOf('x', { upgradePolicy: { mode: 'manual' } }), 'upgradePolicy'],
  [NEWEST, 'POST /pools', poolOf('x', { resourceTags: {} }), 'resourceTags'],
  [
    NEWEST,
    'POST /pools',
    poolOf('x', { targetNodeCommunicationMode: 'classic' }),
    'targetNodeCommunicationMode',
  ],
  [V11, 'POST /jobs', jobOf('x', 'p', { maxParallelTasks: 3 }), 'maxParallelTasks'],
  [V11, 'POST /jobs/done/tasks', taskOf('x', 'true', { requiredSlots: 1 }), 'requiredSlots'],
  [V16, 'PATCH /pools/newer', { displayName: 'x' }, 'displayName'],
  [
    V16,
    'POST /jobs/done/tasks',
    taskOf('x', 'true', { containerSettings: { imageName: 'i', containerHostBatchBindMounts: [] } }),
    'containerHostBatchBindMounts',
  ],
  [V16, 'PATCH /jobs/done', { networkConfiguration: { subnetId: 's' } }, 'networkConfiguration'],
])('%s does not know a member of another version: %s %j', async (version, line, json, name) => {
  const answer = await call(line, { json, version })
  expectError(answer, 400, 'UnsupportedProperty')
  expect(answer.text).toContain(`{"key":"PropertyName","value":"${name}"}`)
})

test.each([
  ['GET /lifetimejobstats', V16, '2023-05-01.17.0'],
  ['GET /lifetimepoolstats', V16, '2023-05-01.17.0'],
  ['GET /certificates', V20, NEWEST],
  ['GET /nodeagentskus', '2018-12-01.8.0', '2019-06-01.9.0'],
])('%s is there in %s and an unknown path in %s', async (line, version, gone) => {
  expect((await call(line, { version })).status).toBe(200)
  expectError(await call(line, { version: gone }), 404, 'ResourceNotFound')
})

test.each([
  ['GET /supportedimages', '2018-12-01.8.0', '2019-06-01.9.0'],
  [`GET /pools/nodes/nodes/${nodeId}/extensions`, V12, '2021-06-01.14.0'],
])('%s is an unknown path in %s and there in %s', async (line, version, since) => {
  expectError(await call(line, { version }), 404, 'ResourceNotFound')
  expect((await call(line, { version: since })).status).toBe(200)
})

test('the oldest version lists the images of each node agent', async () => {
  const body = (
    await call("GET /nodeagentskus?$filter=osType eq 'linux'", { version: '2018-12-01.8.0' })
  ).json()
  const ubuntu = items(body).find(({ id }) => id === 'batch.node.ubuntu 24.04')
  expect(ubuntu).toEqual({
    id: 'batch.node.ubuntu 24.04',
    verifiedImageReferences: expect.arrayContaining([
      { publisher: 'canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' },
    ]),
    osType: 'linux',
  })
})

test('since 2024-07-01.20.0 a container names the directories that it mounts', async () => {
  const containerHostBatchBindMounts = [{ source: 'Task', isReadOnly: true }]
  const json = taskOf('mounts', 'true', {
    containerSettings: { imageName: 'i', containerHostBatchBindMounts },
  })
  await must(call('POST /jobs', { json: jobOf('waiting') }))
  await must(call('POST /jobs/waiting/tasks', { json, version: V20 }))
  const shown = async (version: string) =>
    (await call('GET /jobs/waiting/tasks/mounts', { version })).json()['containerSettings']
  expect(await shown(V20)).toEqual({ imageName: 'i', containerHostBatchBindMounts })
  expect(await shown(V16)).toEqual({ imageName: 'i' })
})

test.each([[['a']], 5, 'text', { a: 1 }])('the tags %j are refused', async (resourceTags) => {
  const answer = await call('POST /pools', { json: poolOf('tagged', { resourceTags }), version: V20 })
  expectError(answer, 400, 'InvalidPropertyValue')
})

test('since 2024-07-01.20.0 a pool without nodes can be rebuilt', async () => {
  const json = {
    displayName: 'New',
    vmSize: 'STANDARD_D4S_V3',
    taskSlotsPerNode: 3,
    taskSchedulingPolicy: { nodeFillType: 'pack' },
    enableInterNodeCommunication: true,
    resourceTags: { a: 'b' },
    upgradePolicy: { mode: 'automatic' },
  }
  await must(call('POST /pools', { json: poolOf('rebuilt') }))
  await expect
    .poll(async () => (await call('PATCH /pools/rebuilt', { json, version: V20 })).status, { timeout: 5000 })
    .toBe(200)
  expect((await call('GET /pools/rebuilt', { version: V20 })).json()).toMatchObject({
    ...json,
    vmSize: 'standard_d4s_v3',
    taskSchedulingPolicy: { nodeFillType: 'Pack' },
  })
})

test('a pool with nodes is not rebuilt, but other members change', async () => {
  const answer = await call('PATCH /pools/nodes', { json: { taskSlotsPerNode: 2 }, version: V20 })
  expectError(answer, 409, 'OperationInvalidForCurrentState')
  await must(call('PATCH /pools/nodes', { json: { metadata: [{ name: 'a', value: 'b' }] }, version: V20 }))
})

test('the newest version replaces properties without naming certificates', async () => {
  const json = { applicationPackageReferences: [], metadata: [] }
  await must(call('POST /pools', { json: poolOf('replaced') }))
  expect((await call('POST /pools/replaced/updateproperties', { json, version: NEWEST })).status).toBe(204)
  expect((await call('POST /pools/replaced/updateproperties', { json })).status).toBe(400)
})

test('the end of a job can be forced since 2024-07-01.20.0', async () => {
  for (const verb of ['POST /jobs/forced/terminate', 'DELETE /jobs/forced']) {
    await must(call('POST /jobs', { json: jobOf('forced') }))
    expectError(await call(`${verb}?force=true`), 400, 'UnsupportedQueryParameter')
    expect((await call(`${verb}?force=true`, { version: V20 })).status).toBe(202)
    await call('DELETE /jobs/forced')
    await expect.poll(async () => (await call('GET /jobs/forced')).status).toBe(404)
  }
})

test('a version that is newer than any is served as the newest, with one warning', async () => {
  const version = '2031-01-01.40.0'
  for (let i = 0; i < 3; i++) await must(call('GET /jobs', { version }))
  expectError(await call('GET /certificates', { version }), 404, 'ResourceNotFound')
  expect(warnings.filter((line) => line.includes(version))).toEqual([
    `api-version ${version} is newer than this program knows: it is answered as ${NEWEST}`,
  ])
})

test('a client that does not sign causes no warning', async () => {
  const version = '2032-01-01.40.0'
  await call('GET /jobs', { version, key: 'd3Jvbmc=' })
  expect(warnings.filter((line) => line.includes(version))).toEqual([])
})

test.each(['2022-10-01', '2014-10-01.1.0', '2024-07-01.21.0'])(
  '%s lies between the known versions and is none of them',
  async (version) => {
    expectError(await call('GET /jobs', { version }), 400, 'InvalidQueryParameterValue', {
      QueryParameterName: 'api-version',
      QueryParameterValue: version,
      Reason: expect.stringContaining(NEWEST),
    })
  },
)

test('a strict emulator refuses versions that it does not know', async () => {
  expect((await strict.call('GET /jobs', { version: NEWEST })).status).toBe(200)
  expectError(
    await strict.call('GET /jobs', { version: '2031-01-01.40.0' }),
    400,
    'InvalidQueryParameterValue',
    {
      QueryParameterName: 'api-version',
      QueryParameterValue: '2031-01-01.40.0',
      Reason: expect.stringContaining('--strictApiVersion'),
    },
  )
})
