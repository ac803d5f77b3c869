// Details of answers that were seen from the service and belong to no other file: codes of their own, casing, refusals of
// pools that the service would not make, users that are not there.

import { expect, test } from 'vitest'
import { expectError, expectSuccess } from './expectations.ts'
import {
  addPoolWithNodes,
  items,
  jobOf,
  must,
  openProtocol,
  poolOf,
  runTask,
  taskOf,
  until,
  type Json,
} from './helpers.ts'

const { call } = await openProtocol()
const userAccounts = [{ name: 'worker', password: 'secret' }]
await addPoolWithNodes(call, 'p', 1, { userAccounts })
await must(call('POST /jobs', { json: jobOf('j', 'p') }))

/** A pool of the usual image, with more in its machines. */
function machines(id: string, more: object): object {
  const { virtualMachineConfiguration } = poolOf(id) as { virtualMachineConfiguration: object }
  return poolOf(id, { virtualMachineConfiguration: { ...virtualMachineConfiguration, ...more } })
}

test('the placement of nodes is written with a capital, however it was sent', async () => {
  const json = machines('zonal', { nodePlacementConfiguration: { policy: 'zonal' } })
  await must(call('POST /pools', { json }))
  await must(call('POST /pools', { json: machines('regional', { nodePlacementConfiguration: {} }) }))
  const policyOf = async (id: string): Promise<unknown> =>
    (await call(`GET /pools/${id}?$select=virtualMachineConfiguration`)).json<{
      virtualMachineConfiguration: { nodePlacementConfiguration: object }
    }>().virtualMachineConfiguration.nodePlacementConfiguration
  expect(await policyOf('zonal')).toEqual({ policy: 'Zonal' })
  expect(await policyOf('regional')).toEqual({ policy: 'Regional' })
})

test('an account of Windows is refused on Linux', async () => {
  const account = { name: 'u', password: 'secret', windowsUserConfiguration: { loginMode: 'batch' } }
  const answer = await call('POST /pools', { json: poolOf('w', { userAccounts: [account] }) })
  expectError(answer, 400, 'InvalidPropertyValue', {
    PropertyName: 'windowsUserConfiguration',
    Reason:
      "The user configuration for user account 'u' has a mismatch with the OS (Windows/Linux) configuration specified in VirtualMachineConfiguration",
  })
})

test('an image without containers is refused with a container configuration', async () => {
  const containerConfiguration = { type: 'dockerCompatible' }
  const refused = await call('POST /pools', { json: machines('c', { containerConfiguration }) })
  expectError(refused, 400, 'InvalidPropertyValue', {
    PropertyName: 'containerConfiguration',
    Reason:
      'The specified imageReference with publisher Canonical offer UbuntuServer sku 18.04-LTS does not support container feature.',
  })
  const imageReference = {
    publisher: 'microsoft-azure-batch',
    offer: 'ubuntu-server-container',
    sku: '20-04-lts',
  }
  const nodeAgentSKUId = 'batch.node.ubuntu 20.04'
  const json = machines('c', { imageReference, nodeAgentSKUId, containerConfiguration })
  expectSuccess(await call('POST /pools', { json }), 201, 'E L D')
})

test('an image of the caller is named by its place in a gallery', async () => {
  const gallery = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/G/images/I'
  const add = (virtualMachineImageId: string): ReturnType<typeof call> =>
    call('POST /pools', { json: machines('own', { imageReference: { virtualMachineImageId } }) })
  const wrong = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/I'
  expectError(await add(wrong), 400, 'InvalidPropertyValue', {
    PropertyName: 'virtualMachineImageId',
    PropertyValue: wrong,
    Reason:
      'The specified resource id must be of the format /subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/galleries/{galleryName}/images/{galleryImageName}/versions/{galleryImageVersionName}',
  })
  expectSuccess(await add(`${gallery}/versions/1.0.0`), 201, 'E L D')
})

test('a priority out of range and a key of metadata that is empty have codes of their own', async () => {
  const values = { PropertyName: 'priority', PropertyValue: '1001' }
  const high = await call('POST /jobs', { json: jobOf('x', 'p', { priority: 1001 }) })
  expectError(high, 400, 'OutOfRangePriority', {
    ...values,
    Reason: 'priority must be from -1000 to 1000.',
  })
  const fraction = await call('PATCH /jobs/j', { json: { priority: 1.5 } })
  expectError(fraction, 400, 'InvalidPropertyValue')
  const empty = await call('PATCH /pools/p', { json: { metadata: [{ name: '', value: 'x' }] } })
  expectError(empty, 400, 'EmptyMetadataKey')
})

test('a task of a user that its pool does not have is taken and fails', async () => {
  const gone = await runTask(call, 'j', taskOf('gone', 'true', { userIdentity: { username: 'nobody-here' } }))
  expect(gone).toMatchObject({
    userIdentity: { username: 'nobody-here' },
    executionInfo: {
      result: 'failure',
      retryCount: 0,
      failureInfo: {
        category: 'UserError',
        code: 'TaskSchedulingConstraintFailed',
        details: [{ name: 'Reason', value: 'The user used to run the task is not found' }],
      },
    },
  })
  expect(gone['executionInfo']).not.toHaveProperty('exitCode')
  const there = await runTask(call, 'j', taskOf('there', 'true', { userIdentity: { username: 'worker' } }))
  expect(there).toMatchObject({ executionInfo: { result: 'success' } })
})

test('a start task of a user that its pool does not have fails the node', async () => {
  const startTask = { commandLine: 'true', userIdentity: { username: 'nobody-here' } }
  await must(call('POST /pools', { json: poolOf('start', { targetDedicatedNodes: 1, startTask }) }))
  const nodes = await until(call, '/pools/start/nodes', (body) =>
    items(body).some(({ state }) => state === 'starttaskfailed'),
  )
  expect(items(nodes)[0]).toMatchObject({
    startTaskInfo: { failureInfo: { code: 'TaskSchedulingConstraintFailed' } },
  })
})

test('a file below a directory that does not exist has no path, one beside others is no file', async () => {
  await runTask(call, 'j', taskOf('files', 'mkdir full'))
  const path = '/jobs/j/tasks/files/files'
  expectError(await call(`GET ${path}/wd%2Fnone%2Fx.txt`), 404, 'PathNotFound')
  expectError(await call(`DELETE ${path}/wd%2Fnone%2Fx.txt`), 404, 'PathNotFound')
  expectError(await call(`GET ${path}/wd%2Ffull%2Fx.txt`), 404, 'FileNotFound')
  expectError(await call(`GET ${path}/x.txt`), 404, 'FileNotFound')
  const head = await call(`HEAD ${path}/wd%2Fnone%2Fx.txt`)
  expect([head.status, head.reason]).toEqual([404, 'The specified path does not exist.'])
})

test('a directory that is not empty is refused with what to do', async () => {
  await runTask(call, 'j', taskOf('full', 'mkdir -p a/b'))
  const answer = await call('DELETE /jobs/j/tasks/full/files/wd%2Fa')
  expectError(answer, 409, 'OperationInvalidForCurrentState')
  const { values } = answer.json<{ values: Json[] }>()
  expect(values).toEqual([
    { key: 'FilePath', value: 'workitems/j/job-1/full/wd/a' },
    { key: 'Reason', value: 'The directory is not empty; recursive=true deletes what is in it, too.' },
  ])
})
