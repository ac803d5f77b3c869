// Who may import whom. A new arrow is a decision: change the table on purpose, or change the import.

import { expect, test } from 'vitest'
import { importsOf, shippedSources, type Import } from './sources.ts'

const IMPORTS = shippedSources().flatMap(importsOf)

/** Package folder → the packages of this repository that it may import. */
const PACKAGE_ARROWS: Readonly<Record<string, readonly string[]>> = {
  'packages/model': [],
  'packages/azurite': [],
  'node-task': [],
  'packages/orchestrator': ['model'],
  'packages/azure': ['model'],
  emulator: ['model', 'azurite'],
  'packages/dashboard': ['model'],
  'packages/local': ['model', 'azure', 'azurite', 'emulator'],
  'packages/cli': [
    'model',
    'orchestrator',
    'azure',
    'azurite',
    'dashboard',
    'emulator',
    'local',
    'node-task',
  ],
}

/** Folder of the emulator → folders or files of the emulator that it may import; `type` = type imports only. */
const EMULATOR_ARROWS: Readonly<Record<string, readonly string[]>> = {
  http: ['type engine/api.ts', 'odata'],
  engine: ['autoscale', 'scheduler', 'storage', 'schema', 'odata'],
  node: ['type engine/core/effects.ts'],
  storage: ['odata', 'type schema', 'type engine/api.ts'],
  profile: ['type engine/core/rounds.ts', 'type engine/core/effects.ts', 'type engine/api.ts'],
  scheduler: [],
  autoscale: [],
  simulation: ['engine', 'storage'],
  schema: [],
  odata: [],
}

/** Module → the files and folders that may import it, be it for a type. */
const OWNERS: readonly { module: RegExp; what: string; owners: readonly string[] }[] = [
  {
    what: '@azure/storage-blob',
    module: /^@azure\/storage-blob$/,
    owners: ['packages/azure/', 'emulator/src/node/'],
  },
  { what: 'other @azure packages', module: /^@azure\/(?!storage-blob$)/, owners: ['packages/azure/'] },
  { what: 'yauzl', module: /^yauzl$/, owners: ['emulator/src/node/'] },
  { what: 'azurite', module: /^azurite(\/|$)/, owners: ['packages/azurite/'] },
  { what: 'inversify', module: /^inversify$/, owners: ['packages/cli/src/container.ts'] },
  { what: 'commander', module: /^commander$/, owners: ['packages/cli/'] },
  {
    what: 'node:http',
    module: /^node:https?$/,
    owners: [
      'emulator/src/http/exchange.ts',
      'emulator/src/http/ports.ts',
      'emulator/src/testing/',
      'packages/azure/src/',
      'packages/dashboard/src/',
    ],
  },
  { what: 'valibot', module: /^valibot$/, owners: ['emulator/src/schema/'] },
  {
    what: 'node:sqlite',
    module: /^node:sqlite$/,
    // The command has a lock of it, which ends with its process.
    owners: ['emulator/src/storage/', 'packages/cli/src/settings/file-lock.ts'],
  },
  {
    what: 'node:child_process',
    module: /^node:child_process$/,
    owners: ['emulator/src/node/', 'packages/cli/src/child-processes.ts'],
  },
  { what: 'node:worker_threads', module: /^node:worker_threads$/, owners: ['packages/azurite/'] },
  {
    what: 'esbuild',
    module: /^esbuild$/,
    owners: ['node-task/src/bundle.ts', 'packages/dashboard/src/bundle.ts'],
  },
]

/** What folders that only decide may not reach: files, processes, the network. */
const PURE = [
  'emulator/src/engine/',
  'emulator/src/scheduler/',
  'emulator/src/autoscale/',
  'emulator/src/simulation/',
  'emulator/src/profile/',
  'emulator/src/schema/',
  'emulator/src/odata/',
]
const EFFECTS = /^node:(fs|child_process|http|https|net|os|timers|worker_threads|cluster|dgram|tls)\b/

test.each(Object.entries(PACKAGE_ARROWS))('%s imports only the packages it may', (folder, allowed) => {
  const offending = importsIn(`${folder}/src/`).filter(({ specifier }) => {
    const [, name] = /^@malachite\/([^/]+)/.exec(specifier) ?? []
    return name !== undefined && !allowed.includes(name)
  })
  expect(offending.map(describeImport)).toEqual([])
})

test('no package reaches into the files of another', () => {
  const offending = IMPORTS.filter(({ path, specifier, target }) =>
    specifier.startsWith('.')
      ? !target.startsWith(`${folderOf(path)}/`)
      : /^@malachite\/[^/]+\//.test(specifier),
  )
  expect(offending.map(describeImport)).toEqual([])
})

test.each(Object.entries(EMULATOR_ARROWS))(
  'emulator/src/%s imports only what lies below it',
  (folder, allowed) => {
    const offending = importsIn(`emulator/src/${folder}/`).filter(({ target, typeOnly }) => {
      const inner = /^emulator\/src\/(.+)$/.exec(target)?.[1]
      if (inner === undefined || inner.startsWith(`${folder}/`)) return false
      const names = [inner, inner.split('/', 1).join()]
      return !names.some((name) => allowed.includes(name) || (typeOnly && allowed.includes(`type ${name}`)))
    })
    expect(offending.map(describeImport)).toEqual([])
  },
)

test('every folder of the emulator has its row', () => {
  const folders = IMPORTS.map(({ path }) => /^emulator\/src\/([^/]+)\//.exec(path)?.[1])
  const known = new Set(folders.filter((folder) => folder !== undefined))
  expect([...known].sort()).toEqual(Object.keys(EMULATOR_ARROWS).sort())
})

test.each(OWNERS)('$what stays with its owner', ({ module, owners }) => {
  const uses = IMPORTS.filter(({ specifier }) => module.test(specifier))
  const offending = uses.filter(({ path }) => !owners.some((owner) => path.startsWith(owner)))
  expect(offending.map(describeImport)).toEqual([])
})

test.each(PURE)('%s decides and touches no file, process or socket', (folder) => {
  const offending = importsIn(folder).filter(({ specifier }) => EFFECTS.test(specifier))
  expect(offending.map(describeImport)).toEqual([])
})

function importsIn(folder: string): Import[] {
  return IMPORTS.filter(({ path }) => path.startsWith(folder))
}

function folderOf(path: string): string {
  return path.slice(0, path.indexOf('/src/'))
}

function describeImport({ at, specifier, typeOnly }: Import): string {
  return `${at} imports ${typeOnly ? 'types of ' : ''}${specifier}`
}
