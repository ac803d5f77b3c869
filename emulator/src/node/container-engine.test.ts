import { expect, onTestFinished, test, vi } from 'vitest'
import { DOCKER_INFO, openFakeEngine } from '../testing/fake-engine.ts'
import { createEngineFinder, engineMessage } from './container-engine.ts'

const PODMAN_INFO = { host: { security: { rootless: true } }, version: { Version: '5.0' } }
const CLIENT_ONLY = { ServerVersion: '', ServerErrors: ['Cannot connect to the Docker daemon'] }

/** Looks for an engine where these are the first in PATH. */
function find(choice: Parameters<typeof createEngineFinder>[0], ...engines: [name: string, info: object][]) {
  const fakes = engines.map(([name, info]) => openFakeEngine(name, info))
  vi.stubEnv('PATH', [...fakes.map(({ directory }) => directory), '/usr/bin', '/bin'].join(':'))
  onTestFinished(() => {
    vi.unstubAllEnvs()
    for (const fake of fakes) fake.close()
  })
  return createEngineFinder(choice)()
}

test('Docker comes first when both answer', async () => {
  const engine = await find('auto', ['docker', DOCKER_INFO], ['podman', PODMAN_INFO])
  expect(engine).toMatchObject({ kind: 'docker', program: 'docker', isRootless: false })
})

test('a docker without its service does not count', async () => {
  const engine = await find('auto', ['docker', CLIENT_ONLY], ['podman', PODMAN_INFO])
  expect(engine).toMatchObject({ kind: 'podman', program: 'podman', isRootless: true })
})

test('Podman under the name of docker is known as what it is', async () => {
  expect(await find('docker', ['docker', PODMAN_INFO])).toMatchObject({ kind: 'podman', program: 'docker' })
})

test('a service without privileges is known as such', async () => {
  const info = { ...DOCKER_INFO, SecurityOptions: ['name=seccomp', 'name=rootless'] }
  expect(await find('docker', ['docker', info])).toMatchObject({ kind: 'docker', isRootless: true })
})

test('only the engine that was chosen is asked; without one it is said what is missing', async () => {
  const none = find('docker', ['docker', CLIENT_ONLY], ['podman', PODMAN_INFO])
  await expect(none).rejects.toMatchObject({
    info: {
      code: 'ContainerMiscError',
      details: [
        {
          value: 'No container engine answers (docker: its service does not answer). Start Docker or Podman.',
        },
      ],
    },
  })
})

test('an engine that is started later is found then', async () => {
  const fake = openFakeEngine()
  onTestFinished(() => {
    vi.unstubAllEnvs()
    fake.close()
  })
  vi.stubEnv('PATH', '/nowhere')
  const finder = createEngineFinder('docker')
  await expect(finder()).rejects.toThrow('running the container')
  vi.stubEnv('PATH', `${fake.directory}:/usr/bin:/bin`)
  const [first, second] = [await finder(), await finder()]
  expect(first).toBe(second)
  expect(fake.log()).toHaveLength(1)
})

test('none means none', async () => {
  const none = find('none', ['docker', DOCKER_INFO])
  await expect(none).rejects.toMatchObject({
    info: {
      code: 'ContainerMiscError',
      details: [{ value: 'Containers are switched off (--containerEngine none)' }],
    },
  })
})

test.each([
  ['Error: localhost/x:1: image not known', 'localhost/x:1: image not known'],
  ['docker: Error response from daemon: No such image: x.\n\nRun docker run --help', 'No such image: x.'],
  ['Error: unknown flag: --x\nSee podman run --help', 'unknown flag: --x'],
  ['sh: nofile: not found', undefined],
  ['', undefined],
])('of %j the message is %j', (stderr, message) => {
  expect(engineMessage(stderr)).toBe(message)
})
