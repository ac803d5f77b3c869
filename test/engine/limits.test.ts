// How large and how many things may be, where that is nobody else's subject.

import { expect, test } from 'vitest'
import { jobBody, openVirtualEngine, poolBody, taskBody } from '../helpers/virtual-engine.ts'

const refusal = (property: string, reason: string) =>
  expect.objectContaining({
    code: 'InvalidPropertyValue',
    status: 400,
    details: expect.objectContaining({ PropertyName: property, Reason: expect.stringContaining(reason) }),
  })

test('pools, jobs, tasks and job schedules have ids of 1 to 64 letters, digits, - and _', () => {
  const { engine } = openVirtualEngine()
  const add = {
    pool: (id: string) => engine.pools.add(poolBody(id)),
    job: (id: string) => engine.jobs.add(jobBody(id, 'p')),
    task: (id: string) => engine.tasks.add('j', taskBody(id)),
    schedule: (id: string) =>
      engine.jobSchedules.add({ id, schedule: {}, jobSpecification: { poolInfo: { poolId: 'p' } } }),
  }
  engine.jobs.add(jobBody('j', 'p'))
  for (const [kind, call] of Object.entries(add)) {
    for (const id of ['', 'x'.repeat(65), 'a.b', 'a b', 'ä', 'a/b'])
      expect(() => call(id)).toThrow(refusal('id', 'must be 1 to 64 characters'))
    call(`Az09-_${kind}`.padEnd(64, 'x'))
  }
})

test('of two tasks of one job whose ids differ in case only the second is refused; another job takes it', () => {
  const { engine } = openVirtualEngine()
  for (const job of ['j', 'k']) engine.jobs.add(jobBody(job, 'p'))
  engine.tasks.add('j', taskBody('Task'))
  expect(() => engine.tasks.add('j', taskBody('TASK'))).toThrow(
    expect.objectContaining({ code: 'TaskExists' }),
  )
  engine.tasks.add('k', taskBody('TASK'))
  expect(engine.tasks.get('j', 'tASK').id).toBe('Task')
})

test('a display name has at most 1024 characters of any kind, and several things may have the same', () => {
  const { engine } = openVirtualEngine()
  const displayName = 'é'.repeat(1024)
  for (const id of ['a', 'b']) {
    engine.pools.add(poolBody(id, { displayName }))
    engine.jobs.add(jobBody(id, 'p', { displayName }))
    engine.tasks.add(id, taskBody('t', { displayName }))
  }
  expect(engine.tasks.get('a', 't').displayName).toBe(displayName)
  expect(() => engine.jobs.add(jobBody('c', 'p', { displayName: `${displayName}x` }))).toThrow(
    refusal('displayName', 'at most 1024'),
  )
})

test.each([
  ['standard_d2s_v3', 8],
  ['STANDARD_A1', 4],
  ['standard_m128s', 256],
])('a node of the size %s has at most %i slots', (vmSize, slots) => {
  const { engine } = openVirtualEngine()
  engine.pools.add(poolBody('p', { vmSize, taskSlotsPerNode: slots }))
  expect(() => engine.pools.add(poolBody('q', { vmSize, taskSlotsPerNode: slots + 1 }))).toThrow(
    refusal('taskSlotsPerNode', 'must be'),
  )
})

test('a size of unknown cores may have any slots up to 256', () => {
  const { engine } = openVirtualEngine()
  engine.pools.add(poolBody('p', { vmSize: 'large', taskSlotsPerNode: 256 }))
  expect(engine.pools.get('p').taskSlotsPerNode).toBe(256)
})

test('a change of size or slots counts together with what stays', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p', { targetDedicatedNodes: 0, taskSlotsPerNode: 8 }))
  seconds(1)
  for (const patch of [{ vmSize: 'standard_a1' }, { taskSlotsPerNode: 9 }])
    expect(() => engine.pools.patch('p', patch)).toThrow(refusal('taskSlotsPerNode', 'for each core'))
  engine.pools.patch('p', { vmSize: 'standard_a1', taskSlotsPerNode: 4 })
})

test('a start task has at most 32768 characters, its files and environment included', () => {
  const { engine } = openVirtualEngine()
  const withValue = (length: number) => ({
    startTask: { commandLine: 'true', environmentSettings: [{ name: 'BIG', value: 'x'.repeat(length) }] },
  })
  engine.pools.add(poolBody('p', withValue(32_000)))
  expect(() => engine.pools.add(poolBody('q', withValue(32_768)))).toThrow(
    refusal('startTask', 'at most 32768'),
  )
  expect(() => engine.pools.patch('p', withValue(32_768))).toThrow(refusal('startTask', 'at most 32768'))
})

test('at most 100 nodes are removed at once', () => {
  const { engine } = openVirtualEngine()
  const nodeList = Array.from({ length: 101 }, (_, i) => `node-${i}`)
  expect(() => engine.pools.removeNodes('p', { nodeList })).toThrow(refusal('nodeList', 'at most 100 nodes'))
})

test('a resize may take 5 minutes or more, 15 unless it is said', () => {
  const { engine, seconds } = openVirtualEngine()
  engine.pools.add(poolBody('p'))
  expect(engine.pools.get('p').resizeTimeout).toBe('PT15M')
  seconds(1)
  const resize = (resizeTimeout: string) =>
    engine.pools.resize('p', { targetDedicatedNodes: 1, resizeTimeout })
  expect(() => resize('PT4M59S')).toThrow(refusal('resizeTimeout', 'from PT5M'))
  resize('PT5M')
})

test('a command line and its environment may be as long as the body of a request', () => {
  const { engine } = openVirtualEngine()
  engine.jobs.add(jobBody('j', 'p'))
  const environmentSettings = [{ name: 'BIG', value: 'y'.repeat(400_000) }]
  engine.tasks.add('j', taskBody('t', { commandLine: 'x'.repeat(400_000), environmentSettings }))
  expect(engine.tasks.get('j', 't').commandLine).toHaveLength(400_000)
})

test('an image that is offered goes with its own agent only', () => {
  const { engine } = openVirtualEngine()
  const machines = (nodeAgentSKUId: string, sku = 'server') => ({
    virtualMachineConfiguration: {
      imageReference: { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku },
      nodeAgentSKUId,
    },
  })
  engine.pools.add(poolBody('right', machines('batch.node.ubuntu 24.04')))
  expect(() => engine.pools.add(poolBody('wrong', machines('batch.node.ubuntu 22.04')))).toThrow(
    refusal('nodeAgentSKUId', 'The agent of this image is batch.node.ubuntu 24.04.'),
  )
  engine.pools.add(poolBody('unknown', machines('batch.node.ubuntu 22.04', 'of-my-own')))
})

test('the first verified image of a publisher, an offer and the beginning of a sku has an agent', () => {
  const { engine } = openVirtualEngine()
  const images = engine.listSupportedImages().items
  const choose = (publisher: string, offer: string, sku: string) =>
    images.find(
      ({ imageReference: image, verificationType }) =>
        verificationType === 'verified' &&
        image.publisher?.toLowerCase() === publisher &&
        image.offer?.toLowerCase() === offer &&
        image.sku?.toLowerCase().startsWith(sku),
    )?.nodeAgentSKUId
  expect(choose('canonical', 'ubuntuserver', '18.04-lts')).toBe('batch.node.ubuntu 18.04')
  expect(choose('canonical', '0001-com-ubuntu-server-jammy', '22_04')).toBe('batch.node.ubuntu 22.04')
  expect(choose('canonical', 'ubuntu-24_04-lts', 'server')).toBe('batch.node.ubuntu 24.04')
  expect(choose('almalinux', 'almalinux', '9')).toBe('batch.node.el 9')
})

test('an image says whether it is verified, can have containers and until when it is supported', () => {
  const { engine } = openVirtualEngine()
  const images = engine.listSupportedImages().items
  expect(new Set(images.map(({ verificationType }) => verificationType))).toEqual(
    new Set(['verified', 'unverified']),
  )
  expect(new Set(images.map(({ osType }) => osType))).toEqual(new Set(['linux']))
  expect(images.every(({ imageReference }) => imageReference.version === 'latest')).toBe(true)
  expect(images.some(({ capabilities }) => capabilities?.includes('DockerCompatible'))).toBe(true)
  expect(images.find(({ batchSupportEndOfLife }) => batchSupportEndOfLife)?.batchSupportEndOfLife).toMatch(
    /Z$/,
  )
})

test('a removal names at least one node', () => {
  const { engine } = openVirtualEngine()
  engine.pools.add(poolBody('p'))
  expect(() => engine.pools.removeNodes('p', { nodeList: [] })).toThrow(refusal('nodeList', 'at least one'))
})
