// Users of nodes, ways to reach them, and what else a node tells.

import { expect, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

function openWithNode(more: object = {}) {
  const opened = openVirtualEngine({ script: () => ({ duration: 60_000 }) })
  opened.engine.pools.add(poolBody('p', more))
  opened.seconds(1)
  return { ...opened, nodeId: opened.engine.nodes.list('p').items[0]?.id ?? '' }
}

function code(name: string) {
  return expect.objectContaining({ code: name }) as Error
}

const SECRET = { password: 'correct horse', sshPublicKey: 'ssh-rsa AAAA' }

test('the name of a user is unique on its node, whatever its case', () => {
  const { engine, nodeId } = openWithNode()
  expect(engine.nodes.addUser('p', nodeId, { name: 'Ann', ...SECRET })).toEqual({ name: 'Ann' })
  expect(() => engine.nodes.addUser('p', nodeId, { name: 'ann', ...SECRET })).toThrow(code('NodeUserExists'))
  engine.nodes.updateUser('p', nodeId, 'ANN', { password: 'other' })
  engine.nodes.deleteUser('p', nodeId, 'aNN')
  expect(() => engine.nodes.deleteUser('p', nodeId, 'Ann')).toThrow(code('NodeUserNotFound'))
  expect(() => engine.nodes.updateUser('p', nodeId, 'Ann', {})).toThrow(code('NodeUserNotFound'))
})

test('a user lives for a day, or until its expiry time', () => {
  const { engine, nodeId, seconds } = openWithNode()
  engine.nodes.addUser('p', nodeId, { name: 'day' })
  engine.nodes.addUser('p', nodeId, { name: 'hour', expiryTime: '2026-01-01T01:00:01Z' })
  seconds(3600)
  expect(() => engine.nodes.deleteUser('p', nodeId, 'hour')).toThrow(code('NodeUserNotFound'))
  engine.nodes.addUser('p', nodeId, { name: 'hour' })
  seconds(23 * 3600 - 1)
  engine.nodes.updateUser('p', nodeId, 'day', { expiryTime: '2026-01-02T02:00:00+01:00' })
  seconds(3600)
  expect(() => engine.nodes.updateUser('p', nodeId, 'day', {})).toThrow(code('NodeUserNotFound'))
})

test('a bad expiry time is refused by name', () => {
  const { engine, nodeId } = openWithNode()
  const bad = { name: 'u', expiryTime: '2026-02-30T00:00:00Z' }
  expect(() => engine.nodes.addUser('p', nodeId, bad)).toThrow(
    expect.objectContaining({
      code: 'InvalidPropertyValue',
      details: expect.objectContaining({ PropertyName: 'expiryTime' }) as object,
    }),
  )
  expect(() => engine.nodes.addUser('p', nodeId, SECRET)).toThrow(code('MissingRequiredProperty'))
})

test('users survive a reboot and vanish with the disk', () => {
  const { engine, nodeId, seconds } = openWithNode()
  engine.nodes.addUser('p', nodeId, { name: 'u' })
  engine.nodes.reboot('p', nodeId)
  seconds(1)
  engine.nodes.updateUser('p', nodeId, 'u', {})
  engine.nodes.reimage('p', nodeId)
  seconds(1)
  expect(() => engine.nodes.deleteUser('p', nodeId, 'u')).toThrow(code('NodeUserNotFound'))
})

test('users can be added where the start task failed, to find out why', () => {
  const { engine, seconds } = openVirtualEngine({ script: () => ({ exitCode: 1 }) })
  engine.pools.add(poolBody('p', { startTask: { commandLine: 'false' } }))
  seconds(5)
  const id = engine.nodes.list('p').items[0]?.id ?? ''
  expect(engine.nodes.get('p', id).state).toBe('starttaskfailed')
  expect(engine.nodes.addUser('p', id, { name: 'u' })).toEqual({ name: 'u' })
})

test('nodes are numbered: SSH and the pool’s own ports are reached by the number', () => {
  const natPool = {
    name: 'web',
    protocol: 'TCP',
    backendPort: 8080,
    frontendPortRangeStart: 40_000,
    frontendPortRangeEnd: 40_100,
  }
  const networkConfiguration = { endpointConfiguration: { inboundNATPools: [natPool] } }
  const { engine } = openWithNode({ targetDedicatedNodes: 2, networkConfiguration })
  const [first, second] = engine.nodes
    .list('p')
    .items.sort((a, b) => (a.ipAddress < b.ipAddress ? -1 : 1))
    .map((node) => node.endpointConfiguration?.inboundEndpoints)
  expect(first).toMatchObject([
    { name: 'web.0', protocol: 'tcp', frontendPort: 40_000, backendPort: 8080 },
    { name: 'SSHRule.0', protocol: 'tcp', frontendPort: 50_000, backendPort: 22 },
  ])
  expect(second).toMatchObject([
    { name: 'web.1', frontendPort: 40_001 },
    { name: 'SSHRule.1', frontendPort: 50_001 },
  ])
})

test('the settings for remote login are those of the SSH endpoint', () => {
  const { engine, nodeId } = openWithNode()
  const [ssh] = engine.nodes.get('p', nodeId).endpointConfiguration?.inboundEndpoints ?? []
  expect(engine.nodes.remoteLogin('p', nodeId)).toEqual({
    remoteLoginIPAddress: ssh?.publicIPAddress,
    remoteLoginPort: 50_000,
  })
})

test('a node names its agent once it has booted, and the exact version of its image', () => {
  const { engine, nodeId } = openWithNode()
  const node = engine.nodes.get('p', nodeId)
  expect(node.nodeAgentInfo).toEqual({
    lastUpdateTime: node.lastBootTime,
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
  })
  expect(node.virtualMachineInfo?.imageReference).toEqual({
    publisher: 'canonical',
    offer: 'ubuntu-24_04-lts',
    sku: 'server',
    version: 'latest',
    exactVersion: '1.0.0',
  })
})

test('an image of a certain version has that one; an image of one’s own has none', () => {
  const { engine, seconds } = openVirtualEngine()
  const machine = (imageReference: object) => ({
    virtualMachineConfiguration: { imageReference, nodeAgentSKUId: 'batch.node.ubuntu 24.04' },
  })
  const marketplace = { publisher: 'canonical', offer: 'ubuntu', sku: 'server', version: '24.04.202601010' }
  engine.pools.add(poolBody('a', machine(marketplace)))
  const virtualMachineImageId =
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/G/images/mine'
  engine.pools.add(poolBody('b', machine({ virtualMachineImageId })))
  seconds(1)
  const imageOf = (pool: string) => engine.nodes.list(pool).items[0]?.virtualMachineInfo?.imageReference
  expect(imageOf('a')).toEqual({ ...marketplace, exactVersion: '24.04.202601010' })
  expect(imageOf('b')).toEqual({ virtualMachineImageId })
})

test('extensions of the pool’s machines are on every node that has booted', () => {
  const extension = (name: string) => ({
    name,
    publisher: 'Contoso',
    type: 'Monitor',
    typeHandlerVersion: '1.0',
  })
  const virtualMachineConfiguration = {
    ...poolBody('x').virtualMachineConfiguration,
    extensions: [{ ...extension('one'), protectedSettings: { key: 'secret' } }, extension('two')],
  }
  const { engine, nodeId } = openWithNode({ virtualMachineConfiguration })
  const { items } = engine.nodes.listExtensions('p', nodeId)
  expect(items.map(({ vmExtension }) => vmExtension)).toEqual([extension('one'), extension('two')])
  expect(items[0]).toMatchObject({
    provisioningState: 'Succeeded',
    instanceView: { name: 'one', statuses: [{ code: 'ProvisioningState/succeeded', level: 'Info' }] },
  })
  const page = engine.nodes.listExtensions('p', nodeId, { maxResults: 1 })
  expect(page.items).toMatchObject([{ vmExtension: { name: 'one' } }])
  const rest = engine.nodes.listExtensions('p', nodeId, { skipToken: page.next ?? '' })
  expect(rest.items).toMatchObject([{ vmExtension: { name: 'two' } }])
  expect(engine.nodes.getExtension('p', nodeId, 'TWO').vmExtension.name).toBe('two')
  expect(() => engine.nodes.getExtension('p', nodeId, 'three')).toThrow(code('ResourceNotFound'))
})

test('the logs of a node go to a directory named by account, pool, node and request', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('MyPool'))
  seconds(1)
  const id = engine.nodes.list('MyPool').items[0]?.id ?? ''
  const body = { containerUrl: 'https://a.blob/c?sig=s', startTime: '2026-01-01T00:00:00Z' }
  const upload = engine.nodes.logUpload('MyPool', id, 'request', body)
  expect(upload).toMatchObject({ containerUrl: body.containerUrl, from: Date.UTC(2026, 0, 1), to: Infinity })
  expect(upload.directory).toMatch(new RegExp(`^test-[0-9A-F]{16}/mypool/${id}/request$`))
})

test('a log upload needs a time, in the right order', () => {
  const { engine, nodeId } = openWithNode()
  const containerUrl = 'https://a.blob/c?sig=s'
  const upload = (body: object) => () => engine.nodes.logUpload('p', nodeId, 'r', body)
  expect(upload({ containerUrl })).toThrow(code('MissingRequiredProperty'))
  expect(
    upload({ containerUrl, startTime: '2026-01-02T00:00:00Z', endTime: '2026-01-01T00:00:00Z' }),
  ).toThrow(
    expect.objectContaining({
      code: 'InvalidPropertyValue',
      details: expect.objectContaining({ PropertyName: 'endTime' }) as object,
    }),
  )
})

test('the list of nodes reads the tasks of a node only when they are asked for', () => {
  const { engine, seconds } = openWithNode()
  engine.jobs.add(jobBody('j', 'p'))
  engine.tasks.add('j', taskBody('t'))
  seconds(1)
  const [node] = engine.nodes.list('p', { select: ['id', 'state'] }).items
  expect(Object.keys(node ?? {})).toEqual(['id', 'state'])
  expect(engine.nodes.list('p', { select: ['recentTasks'] }).items[0]).toMatchObject({
    recentTasks: [{ taskId: 't', taskState: 'running' }],
  })
})
