// Versions that are written in one place, or in places that must agree.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')

interface RootManifest {
  scripts: Record<string, string>
  optionalDependencies: Record<string, string>
  config: { pnpm: string }
}

const MANIFEST = JSON.parse(read('package.json')) as RootManifest
const PACKAGE_FILES = filesOfRepository(/^(packages\/[^/]+|emulator|node-task|test)\/package\.json$/)

test('pnpm is pinned exactly, in the configuration of the root package.json', () => {
  expect(MANIFEST.config.pnpm).toMatch(/^pnpm@\d+\.\d+\.\d+$/)
  // Both would make npm or pnpm itself fail on machines with another Node or pnpm.
  expect(MANIFEST).not.toHaveProperty('packageManager')
  expect(MANIFEST).not.toHaveProperty('devEngines')
})

test('the version of pnpm stands nowhere else in settings and scripts', () => {
  const found = filesOfRepository(/\.(json|ya?ml|sh)$|^\.ci\//).flatMap(pnpmVersionsIn)
  expect(found).toEqual([`package.json: ${MANIFEST.config.pnpm}`])
})

test('what people read names the pinned pnpm, if it names a version', () => {
  const found = filesOfRepository(/\.(md|mjs|ts)$|Dockerfile$/).flatMap(pnpmVersionsIn)
  expect(found.filter((line) => !line.endsWith(`: ${MANIFEST.config.pnpm}`))).toEqual([])
})

test('scripts that start pnpm let npx install it, and prefer what is there', () => {
  const offending = Object.entries(MANIFEST.scripts).filter(
    ([, script]) =>
      script.includes('pnpm') && !script.startsWith('npx --yes --prefer-offline $npm_package_config_pnpm '),
  )
  expect(offending).toEqual([])
})

test('the Node of every platform is the one that pnpm checks engines against', () => {
  const [, nodeVersion] = /^nodeVersion: (\S+)$/m.exec(read('pnpm-workspace.yaml')) ?? []
  const platforms = MANIFEST.optionalDependencies
  expect(Object.keys(platforms).length).toBeGreaterThan(0)
  expect(platforms).toEqual(Object.fromEntries(Object.keys(platforms).map((name) => [name, nodeVersion])))
  expect(process.version).toBe(`v${nodeVersion}`)
})

test('the image has the major version of Node that is pinned', () => {
  const [, major] = /^nodeVersion: (\d+)\./m.exec(read('pnpm-workspace.yaml')) ?? []
  const bases = Array.from(read('emulator/Dockerfile').matchAll(/^FROM (\S+:\S+)/gm), ([, base]) => base)
  expect(new Set(bases)).toEqual(new Set([`node:${major}-slim`]))
})

test('every dependency has one version: packages name the catalog or the workspace', () => {
  const offending = PACKAGE_FILES.flatMap((path) => {
    const { dependencies, devDependencies } = JSON.parse(read(path)) as Partial<Record<string, object>>
    return Object.entries({ ...dependencies, ...devDependencies })
      .filter(([, range]) => !/^(catalog:|workspace:[\^*])$/.test(range as string))
      .map(([name, range]) => `${path}: ${name} ${range as string}`)
  })
  expect(offending).toEqual([])
})

test('published packages share one version, which has its changes written down', () => {
  const manifests = PACKAGE_FILES.map(
    (path) => JSON.parse(read(path)) as { version?: string; private?: boolean },
  )
  const versions = new Set(
    manifests.filter(({ private: hidden }) => hidden !== true).map(({ version }) => version),
  )
  expect(versions.size).toBe(1)
  expect(read('CHANGELOG.md')).toContain(`## ${[...versions].join()}`)
})

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** Files that git knows or would take up with the next commit; not the lock file, which names every version. */
function filesOfRepository(pattern: RegExp): string[] {
  const flags = ['--cached', '--others', '--exclude-standard']
  const paths = execFileSync('git', ['ls-files', ...flags], { cwd: ROOT, encoding: 'utf8' }).split('\n')
  return paths.filter(
    (path) => pattern.test(path) && path !== 'pnpm-lock.yaml' && existsSync(join(ROOT, path)),
  )
}

function pnpmVersionsIn(path: string): string[] {
  return Array.from(read(path).matchAll(/pnpm@\d+\.\d+\.\d+/g), ([version]) => `${path}: ${version}`)
}
