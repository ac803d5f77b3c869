// Users of nodes, ways to log in, extensions, logs, and machines that are switched off: status, headers, bodies.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
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
} from './helpers.ts'

const { call, url, emulator } = await openProtocol()
const VM = (poolOf('x') as { virtualMachineConfiguration: object }).virtualMachineConfiguration
const EXTENSION = { name: 'monitor', publisher: 'Contoso', type: 'Monitor', typeHandlerVersion: '1.0' }
const [nodeId = ''] = await addPoolWithNodes(call, 'Pool', 1, {
  virtualMachineConfiguration: {
    ...VM,
    extensions: [{ ...EXTENSION, protectedSettings: { key: 'SECRET' } }],
  },
})
const NODE = `/pools/Pool/nodes/${nodeId}`
const SECRET = { password: 'correct horse', sshPublicKey: 'ssh-rsa AAAA' }
const LATER = { version: '2024-07-01.20.0' }

test('a user is added, changed and deleted', async () => {
  const json = { name: 'Ann', isAdmin: true, expiryTime: '2099-01-01T00:00:00Z', ...SECRET }
  const added = await call(`POST ${NODE}/users`, { json })
  expectSuccess(added, 201, 'L D')
  expect(added.headers['location']).toBe(`${url}${NODE}/users/Ann`)
  expect(added.headers['dataserviceid']).toBe(`${url}${NODE}/users/Ann`)
  expectError(await call(`POST ${NODE}/users`, { json: { name: 'ANN' } }), 409, 'NodeUserExists', {})
  const changed = await call(`PUT ${NODE}/users/Ann`, { json: { password: 'other' } })
  expectSuccess(changed, 200, 'D')
  expect(changed.headers['dataserviceid']).toBe(`${url}${NODE}/users/Ann`)
  expectSuccess(await call(`DELETE ${NODE}/users/Ann`), 200, '')
  expectError(await call(`DELETE ${NODE}/users/Ann`), 404, 'NodeUserNotFound', {})
  expectError(await call(`PUT ${NODE}/users/Ann`, { json: {} }), 404, 'NodeUserNotFound', {})
})

test('the secrets of a user are in no answer, not even when they are wrong', async () => {
  for (const wrong of [{ name: 1 }, { name: 'u', expiryTime: 'soon' }, { name: 'u', extra: 1 }]) {
    const answer = await call(`POST ${NODE}/users`, { json: { ...SECRET, ...wrong } })
    expect(answer.status).toBe(400)
    expect(answer.text).not.toMatch(/horse|AAAA/)
  }
  const answer = await call(`POST ${NODE}/users`, { json: { name: 'u', password: ['SECRET'] } })
  expectError(answer, 400, 'InvalidPropertyValue')
  expect(answer.text).not.toContain('SECRET')
})

test('remote login names an address and the port of the SSH rule', async () => {
  const answer = await call(`GET ${NODE}/remoteloginsettings`)
  expectSuccess(answer, 200, 'D J')
  expect(answer.headers['dataserviceid']).toBe(`${url}${NODE}/remoteloginsettings`)
  const entity = 'Microsoft.Azure.Batch.Protocol.Entities.RemoteLoginSettings'
  expect(Object.entries(answer.json())).toEqual([
    ['odata.metadata', `${url}/$metadata#${entity}`],
    ['remoteLoginIPAddress', '127.0.0.1'],
    ['remoteLoginPort', 50_000],
  ])
})

test('the remote desktop file is text, offered before 2024-07-01.20.0', async () => {
  const answer = await call(`GET ${NODE}/rdp`)
  expect(answer.status).toBe(200)
  expect(answer.headers['content-type']).toBe('application/octet-stream')
  expect(answer.text).toBe('full address:s:127.0.0.1\r\nLoadBalanceInfo:s:Cookie: mstshash=TVM#TVM_IN_0')
  expect((await call(`GET ${NODE}/rdp`, LATER)).status).toBeGreaterThanOrEqual(400)
})

test('extensions are listed and read by name', async () => {
  const list = await call(`GET ${NODE}/extensions`)
  expectSuccess(list, 200, 'J')
  const [extension = {}, ...others] = items(list.json())
  expect(others).toEqual([])
  expect(Object.keys(extension)).toEqual(['provisioningState', 'vmExtension', 'instanceView'])
  expect(extension['vmExtension']).toEqual(EXTENSION)
  const one = await call(`GET ${NODE}/extensions/monitor`)
  expectSuccess(one, 200, 'J')
  expect(one.json()).toEqual({ 'odata.metadata': expect.any(String) as string, ...extension })
  const selected = await call(`GET ${NODE}/extensions?$select=vmExtension`)
  expect(items(selected.json()).map((item) => Object.keys(item))).toEqual([['vmExtension']])
  expectError(await call(`GET ${NODE}/extensions/none`), 404, 'ResourceNotFound')
  expect(`${list.text}${one.text}`).not.toContain('SECRET')
})

/** A blob container that keeps what is put there, or refuses it. */
async function openContainer(refusal?: string) {
  const blobs = new Map<string, string>()
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const content = await text(request)
    if (refusal !== undefined) {
      response.writeHead(403, { 'content-type': 'application/xml' })
      response.end(`<Error><Code>${refusal}</Code></Error>`)
      return
    }
    blobs.set(decodeURIComponent(new URL(request.url ?? '', 'http://x').pathname), content)
    response.writeHead(201).end()
  }
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { blobs, containerUrl: `http://127.0.0.1:${port}/account/logs?sig=SIGNATURE` }
}

test('the log of a node’s agent is uploaded: what it ran and when', async () => {
  await must(call('POST /jobs', { json: jobOf('logged', 'Pool') }))
  await runTask(call, 'logged', taskOf('t', 'sh -c "exit 4"'))
  const { blobs, containerUrl } = await openContainer()
  const startTime = new Date(Date.now() - 60_000).toISOString()
  const answer = await call(`POST ${NODE}/uploadbatchservicelogs`, { json: { containerUrl, startTime } })
  expectSuccess(answer, 200, 'J')
  const body = answer.json<{ virtualDirectoryName: string; numberOfFilesUploaded: number }>()
  expect(Object.keys(body)).toEqual(['odata.metadata', 'virtualDirectoryName', 'numberOfFilesUploaded'])
  const { virtualDirectoryName, numberOfFilesUploaded } = body
  expect(numberOfFilesUploaded).toBe(1)
  expect(virtualDirectoryName).toMatch(
    new RegExp(`^${emulator.batch.account}-[0-9A-F]{16}/pool/${nodeId}/${answer.headers['request-id']}$`),
  )
  const [[name = '', log = ''] = []] = blobs
  expect(name.startsWith(`/account/logs/${virtualDirectoryName}/agent.`)).toBe(true)
  expect(log).toMatch(/Z booted with a new disk\n/)
  expect(log).toMatch(/Z task logged\/t: started\n.*Z task logged\/t: ended with exit code 4\n/)
})

test('a container that refuses the logs is named as the fault, its SAS is not repeated', async () => {
  const { containerUrl } = await openContainer('AuthorizationFailure')
  const json = { containerUrl, startTime: '2026-01-01T00:00:00Z' }
  const answer = await call(`POST ${NODE}/uploadbatchservicelogs`, { json })
  expectError(answer, 400, 'InvalidPropertyValue', {
    PropertyName: 'containerUrl',
    Reason: 'The logs could not be uploaded to the container: AuthorizationFailure.',
  })
  expect(answer.text).not.toContain('SIGNATURE')
})

test('a managed identity for the upload of logs is refused, not ignored', async () => {
  const json = {
    containerUrl: 'http://127.0.0.1:9/c',
    startTime: '2026-01-01T00:00:00Z',
    identityReference: { resourceId: 'me' },
  }
  expectError(await call(`POST ${NODE}/uploadbatchservicelogs`, { json }), 501, 'NotImplemented')
})

test('a reimage wipes the disk of the node', async () => {
  const [id = ''] = await addPoolWithNodes(call, 'wiped', 1)
  const path = `/pools/wiped/nodes/${id}`
  await must(call('POST /jobs', { json: jobOf('wiped', 'wiped') }))
  await runTask(call, 'wiped', taskOf('t', 'sh -c "echo made > $AZ_BATCH_NODE_SHARED_DIR/file"'))
  expect((await call(`GET ${path}/files/shared%2Ffile`)).text).toBe('made\n')
  expectSuccess(await call(`POST ${path}/reimage`, { json: { nodeReimageOption: 'terminate' } }), 202, 'D')
  await until(call, path, (node) => node['state'] === 'idle')
  expectError(await call(`GET ${path}/files/shared%2Ffile`), 404, 'FileNotFound')
  expectError(await call('GET /jobs/wiped/tasks/t/files/stdout.txt'), 404, 'FileNotFound')
})

test('files whose retention time is over are cleaned up', async () => {
  await must(call('POST /jobs', { json: jobOf('short', 'Pool') }))
  const task = taskOf('t', 'echo hello', { constraints: { retentionTime: 'PT0S' } })
  await runTask(call, 'short', task)
  expectError(await call('GET /jobs/short/tasks/t/files/stdout.txt'), 409, 'TaskFilesCleanedup', {})
  expectError(await call('GET /jobs/short/tasks/t/files'), 409, 'TaskFilesCleanedup', {})
  await expect
    .poll(async () => (await call(`GET ${NODE}/files/workitems%2Fshort%2Fjob-1%2Ft%2Fstdout.txt`)).status, {
      timeout: 5000,
    })
    .toBe(404)
})

test('a node is deallocated and started in versions that know it', async () => {
  const [id = ''] = await addPoolWithNodes(call, 'off', 1)
  const path = `/pools/off/nodes/${id}`
  expect((await call(`POST ${path}/deallocate`)).status).toBeGreaterThanOrEqual(400)
  const answer = await call(`POST ${path}/deallocate`, {
    ...LATER,
    json: { nodeDeallocateOption: 'Requeue' },
  })
  expectSuccess(answer, 202, 'D')
  expect(answer.headers['dataserviceid']).toBe(`${url}${path}/deallocate`)
  const node = await until(call, path, (body) => body['state'] === 'deallocated')
  expect(node['schedulingState']).toBe('disabled')
  expectError(await call(`POST ${path}/reboot`), 409, 'OperationNotValidOnNode')
  const counts = items((await call("GET /nodecounts?$filter=poolId eq 'off'", LATER)).json())
  expect(counts[0]).toMatchObject({ dedicated: { deallocated: 1, deallocating: 0, total: 1 } })
  expectSuccess(await call(`POST ${path}/start`, LATER), 202, 'D')
  await until(call, path, (body) => body['state'] === 'idle')
})

test('every operation on a node that does not exist says so', async () => {
  const lines = [
    'POST /users',
    'PUT /users/u',
    'DELETE /users/u',
    'POST /reimage',
    'GET /remoteloginsettings',
  ]
  for (const line of [...lines, 'GET /rdp', 'GET /extensions', 'GET /extensions/e']) {
    const [verb = '', rest = ''] = line.split(' ')
    const json = verb === 'GET' || verb === 'DELETE' || rest === '/reimage' ? undefined : { name: 'u' }
    const body = rest === '/users/u' && json ? {} : json
    const answer = await call(`${verb} /pools/Pool/nodes/none${rest}`, body ? { json: body } : {})
    expectError(answer, 404, 'NodeNotFound', {})
  }
})

test('a preempted node ends the processes of its tasks, and runs them again when it is back', async () => {
  const [id = ''] = await addPoolWithNodes(call, 'spot', 1, {
    targetDedicatedNodes: 0,
    targetLowPriorityNodes: 1,
  })
  await must(call('POST /jobs', { json: jobOf('spot', 'spot') }))
  const commandLine = 'sh -c "echo $$; exec sleep 60"'
  await must(call('POST /jobs/spot/tasks', { json: taskOf('t', commandLine) }))
  const output = (): Promise<string> =>
    call('GET /jobs/spot/tasks/t/files/stdout.txt').then(({ status, text: pid }) =>
      status === 200 ? pid.trim() : '',
    )
  await expect.poll(output, { timeout: 5000 }).toMatch(/^\d+$/)
  const first = await output()
  emulator.engine.nodes.preempt('spot', id, { absence: 300 })
  expect((await call(`GET /pools/spot/nodes/${id}`)).json()).toMatchObject({ state: 'preempted' })
  expect((await call('GET /jobs/spot/tasks/t')).json()).toMatchObject({ state: 'active' })
  expectError(await call('GET /jobs/spot/tasks/t/files/stdout.txt'), 409, 'OperationInvalidForCurrentState')
  await until(call, '/jobs/spot/tasks/t', (task) => task['state'] === 'running')
  await expect.poll(output, { timeout: 5000 }).toMatch(/^\d+$/)
  expect(await output()).not.toBe(first)
  expect(() => process.kill(Number(first), 0)).toThrow('ESRCH')
})
