import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openFakeEngine } from '../testing/fake-engine.ts'
import { createEngineFinder } from './container-engine.ts'
import { createOwner } from './container-owner.ts'

const GONE = spawnSync('/bin/true').pid

/** An engine that can be given containers of any owner. */
async function openEngine() {
  const fake = openFakeEngine()
  vi.stubEnv('PATH', `${fake.directory}:/usr/bin:/bin`)
  const clients = new Set<ReturnType<typeof spawn>>()
  onTestFinished(() => {
    vi.unstubAllEnvs()
    for (const client of clients) client.kill('SIGTERM')
    fake.close()
  })
  const engine = await createEngineFinder('docker')()
  const run = async (labels: Record<string, string>): Promise<string> => {
    const idFile = join(fake.directory, `id-${clients.size}`)
    const options = Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`])
    clients.add(spawn('docker', ['run', '--cidfile', idFile, ...options, 'image', 'sleep', '60']))
    await expect.poll(() => existsSync(idFile) && fake.containers().length).toBe(clients.size)
    return fake.containers().at(-1) ?? ''
  }
  return { fake, engine, run }
}

function labelsOf(nodes: string, owner: string): Record<string, string> {
  return { 'malachite.nodes': nodes, 'malachite.owner': owner }
}

test.each([
  ['one whose emulator is gone', '/elsewhere', `${hostname()}:${GONE}:a`, true],
  ['one of the same nodes, which another emulator must have had before', '/nodes', 'other-host:1:a', true],
  ['one of an emulator that runs beside', '/elsewhere', `${hostname()}:${process.pid}:a`, false],
  ['one of another machine with the same engine', '/elsewhere', `other-host:${GONE}:a`, false],
])('of what is left, %s', async (_, nodes, owner, isRemoved) => {
  const { fake, engine, run } = await openEngine()
  await run(labelsOf(nodes, owner))
  await createOwner('/nodes', 'me').removeLeftovers(engine)
  expect(fake.containers()).toHaveLength(isRemoved ? 0 : 1)
})

test('a container is removed by its name, all of an emulator at its end', async () => {
  const { fake, engine, run } = await openEngine()
  const [owner, other] = [createOwner('/nodes', 'me'), createOwner('/others', 'other')]
  await run(owner.labels('1'))
  await run(owner.labels('2'))
  await run(other.labels('1'))
  await owner.removeLeftovers(engine)
  expect(fake.containers()).toHaveLength(3)
  await owner.remove(engine, '1')
  expect(fake.containers()).toHaveLength(2)
  await owner.removeAll(engine)
  await owner.removeAll(engine)
  expect(fake.containers()).toHaveLength(1)
})

test('no emulator touches containers that are not of one', async () => {
  const { fake, engine, run } = await openEngine()
  await run({ app: 'mine' })
  const owner = createOwner('/nodes', 'me')
  await owner.removeLeftovers(engine)
  await owner.removeAll(engine)
  expect(fake.containers()).toHaveLength(1)
})
