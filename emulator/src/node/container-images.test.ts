import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { DOCKER_INFO, openFakeEngine } from '../testing/fake-engine.ts'
import { createEngineFinder } from './container-engine.ts'
import { createImages } from './container-images.ts'

const PODMAN_INFO = { host: { security: { rootless: false } } }
const LOGIN = { server: 'https://r.example/', username: 'u', password: 'SECRET' }

/** The images of an engine, and a directory for logins. */
async function openImages(kind: 'docker' | 'podman' = 'docker') {
  const fake = openFakeEngine(kind, kind === 'docker' ? DOCKER_INFO : PODMAN_INFO)
  const root = mkdtempSync(join(tmpdir(), 'malachite-images-'))
  const closing = new AbortController()
  vi.stubEnv('PATH', `${fake.directory}:/usr/bin:/bin`)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    closing.abort()
    fake.close()
    rmSync(root, { recursive: true, force: true })
  })
  const engine = await createEngineFinder(kind)()
  const pulls = () => fake.log().filter((line) => line.includes('pull '))
  return { fake, root, engine, pulls, closing, open: () => createImages(root, closing.signal) }
}

test.each([
  ['docker', /^--config \S+ pull --quiet image$/],
  ['podman', /^pull --quiet --authfile \S+\/config\.json image$/],
] as const)('%s gets logins in a file that is gone afterwards', async (kind, command) => {
  const { fake, root, engine, pulls, open } = await openImages(kind)
  await open().fetch(engine, 'image', [LOGIN, { server: 'unknown.example', username: 'u' }])
  expect(pulls()).toEqual([expect.stringMatching(command)])
  expect(fake.login()).toEqual({ auths: { 'r.example': { auth: btoa('u:SECRET') } } })
  expect(readdirSync(join(root, '.logins'))).toEqual([])
})

test('without a password the logins of the user count', async () => {
  const { engine, pulls, open } = await openImages()
  await open().fetch(engine, 'image', [{ server: 'r.example', username: 'u' }])
  expect(pulls()).toEqual(['pull --quiet image'])
})

test('of several that want an image at once the first fetches it', async () => {
  const { engine, pulls, open } = await openImages()
  const images = open()
  await Promise.all([1, 2, 3].map(() => images.fetch(engine, 'image', [])))
  await images.fetch(engine, 'image', [])
  expect(pulls()).toHaveLength(1)
})

test('a download that failed is tried again by the next who wants the image', async () => {
  const { fake, engine, open } = await openImages()
  const images = open()
  fake.failPulls('Error response from daemon: manifest unknown')
  await expect(images.fetch(engine, 'image', [])).rejects.toMatchObject({
    info: { code: 'ContainerInvalidImage' },
  })
  fake.failPulls(undefined)
  await expect(images.fetch(engine, 'image', [])).resolves.toBeUndefined()
})

test('a download ends with the emulator, and its logins with it', async () => {
  const { root, engine, closing, open } = await openImages()
  const images = open()
  const fetched = images.fetch(engine, 'slow', [LOGIN]).catch((error: unknown) => error)
  await expect
    .poll(() => existsSync(join(root, '.logins')) && readdirSync(join(root, '.logins')).length)
    .toBe(1)
  closing.abort()
  await images.settled()
  expect(await fetched).toBeInstanceOf(Error)
  expect(readdirSync(join(root, '.logins'))).toEqual([])
})

test('logins that a killed emulator has left are deleted', async () => {
  const { root, open } = await openImages()
  mkdirSync(join(root, '.logins/login-1'), { recursive: true })
  writeFileSync(join(root, '.logins/login-1/config.json'), 'SECRET')
  open()
  expect(existsSync(join(root, '.logins'))).toBe(false)
})
