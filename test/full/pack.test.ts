// The published packages: packed as they would be published, installed into an empty project, imported by plain Node.
// Everything happens in a copy of the sources, so that neither old build results nor new ones are in the way.

import {
  cp,
  glob,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const NODE = join(ROOT, 'node_modules/.bin/node')

/** Package folder → one name that its users import. */
const PACKAGES: Readonly<Record<string, string>> = {
  'packages/model': 'parseDuration',
  'packages/azurite': 'startAzurite',
  'packages/orchestrator': 'runWorkflow',
  'packages/azure': 'createAzureBatchBackend',
  'packages/local': 'createLocalBatchBackend',
  'packages/dashboard': 'startDashboard',
  'packages/cli': 'main',
  emulator: 'startEmulator',
  'node-task': 'taskScriptPath',
}
const FOLDERS = Object.keys(PACKAGES)

interface Manifest {
  name: string
  version: string
  private?: boolean
  config?: { pnpm?: string }
  exports?: { '.': unknown }
  bin?: Record<string, string>
  dependencies?: Record<string, string>
}

let place: string
let project: string

beforeAll(async () => {
  place = await realpath(await mkdtemp(join(tmpdir(), 'malachite-pack-')))
  project = join(place, 'project')
  await packAll(await copySources(join(place, 'workspace')), join(place, 'tarballs'))
  for (const folder of FOLDERS) await install(folder)
}, 120_000)

afterAll(() => rm(place, { recursive: true, force: true }))

test('every package that is not private is packed here', async () => {
  const found: string[] = []
  for await (const path of glob('{packages/*,emulator,node-task,test}/package.json', { cwd: ROOT })) {
    if ((await readManifest(ROOT, dirname(path))).private !== true) found.push(dirname(path))
  }
  expect(found.sort()).toEqual(FOLDERS.toSorted())
})

test.each(FOLDERS)('%s is published with its license, as JavaScript with types', async (folder) => {
  const files = await filesIn(installedAt(folder))
  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts']))
  expect(files.filter((name) => /(?<!\.d)\.ts$|\.test\.|tsbuildinfo|(^|\/)testing\//.test(name))).toEqual([])
})

test.each(FOLDERS)('%s names its entry and its dependencies for npm', async (folder) => {
  const { exports, dependencies = {} } = await readManifest(installedAt(folder))
  expect(exports).toEqual({ '.': { types: './dist/index.d.ts', default: './dist/index.js' } })
  expect(Object.values(dependencies).filter((range) => !/^\^?\d+\.\d+\.\d+$/.test(range))).toEqual([])
})

test('plain Node imports every package from an empty project', async () => {
  const wanted = FOLDERS.map((folder) => [nameOf(folder), PACKAGES[folder]])
  const script = `
    for (const [name, member] of ${JSON.stringify(wanted)}) {
      const type = typeof (await import(name))[member]
      console.log(name, member, type)
    }`
  await writeFile(join(project, 'main.mjs'), script)
  const { stdout } = await execa(NODE, ['main.mjs'], { cwd: project, env: plainEnvironment() })
  expect(stdout.split('\n')).toEqual(wanted.map(([name, member]) => `${name} ${member} function`))
})

test('the types of every package compile in a strict project', async () => {
  const lines = FOLDERS.map(
    (folder, index) => `import * as p${index} from '${nameOf(folder)}'\nvoid p${index}.${PACKAGES[folder]}`,
  )
  await writeFile(join(project, 'main.ts'), `${lines.join('\n')}\n`)
  const compilerOptions = {
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable'],
    module: 'nodenext',
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  }
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }))
  const { all } = await execa(join(ROOT, 'node_modules/.bin/tsc'), ['-p', project, '--pretty', 'false'], {
    all: true,
    reject: false,
  })
  expect(all).toBe('')
})

test('the installed command says what it can do, and keeps what it compiled in the user’s cache', async () => {
  const { bin = {} } = await readManifest(installedAt('packages/cli'))
  const command = join(installedAt('packages/cli'), bin['malachite'] ?? 'missing')
  const cache = join(place, 'cache')
  const env = { ...plainEnvironment(), XDG_CACHE_HOME: cache }
  const { stdout } = await execa(NODE, [command, '--help'], { cwd: project, env })
  expect(stdout).toContain('malachite')
  expect(stdout).toContain('emulator')
  expect(await readdir(join(cache, 'malachite'))).not.toEqual([])
})

/** The sources without what builds left in them; third-party packages are those of the workspace. */
async function copySources(workspace: string): Promise<string> {
  await mkdir(workspace)
  const files = [
    'package.json',
    'pnpm-workspace.yaml',
    'pnpm-lock.yaml',
    'tsconfig.json',
    'tsconfig.package.json',
    'LICENSE',
  ]
  const built = /\/(dist|output)$/
  for (const name of [...files, ...FOLDERS]) {
    await cp(join(ROOT, name), join(workspace, name), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !built.test(path),
    })
  }
  await symlink(join(ROOT, 'node_modules'), join(workspace, 'node_modules'))
  return workspace
}

async function packAll(workspace: string, tarballs: string): Promise<void> {
  const { name, config } = await readManifest(workspace)
  const pnpm = ['--yes', '--prefer-offline', config?.pnpm ?? 'pnpm', '--config.verify-deps-before-run=false']
  // One after another: each builds the packages that it refers to.
  const all = ['--recursive', '--workspace-concurrency=1', '--filter', `!${name}`]
  await execa('npx', [...pnpm, ...all, 'pack', '--pack-destination', tarballs], { cwd: workspace, all: true })
}

/** Unpacks a package into the project, with what it declares as its third-party dependencies and nothing else. */
async function install(folder: string): Promise<void> {
  const { name, version } = await readManifest(ROOT, folder)
  const target = installedAt(folder)
  await mkdir(target, { recursive: true })
  const tarball = join(place, 'tarballs', `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
  await execa('tar', ['-xzf', tarball, '--strip-components=1', '-C', target])
  const { dependencies = {} } = await readManifest(target)
  for (const dependency of Object.keys(dependencies).filter((name) => !name.startsWith('@malachite/'))) {
    const link = join(target, 'node_modules', dependency)
    await mkdir(dirname(link), { recursive: true })
    await symlink(await realpath(join(ROOT, folder, 'node_modules', dependency)), link)
  }
}

function nameOf(folder: string): string {
  return `@malachite/${folder.replace('packages/', '')}`
}

function installedAt(folder: string): string {
  return join(project, 'node_modules', nameOf(folder))
}

async function readManifest(...path: string[]): Promise<Manifest> {
  return JSON.parse(await readFile(join(...path, 'package.json'), 'utf8')) as Manifest
}

/** Files of a package, relative to it, without the dependencies that `install` linked. */
async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter((name) => !name.startsWith('node_modules/'))
}

/** Without the options that the test runner gives to its own Node. */
function plainEnvironment(): Record<string, string> {
  return { NODE_OPTIONS: '' }
}
