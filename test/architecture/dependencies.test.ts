// A package.json names exactly what the package's sources import: a missing one breaks the published package only.

import { expect, test } from 'vitest'
import { importsOf, PACKAGES, packageOf, readJson, readSources, shippedSources } from './sources.ts'

interface Manifest {
  name: string
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

/** Imported, but not needed where the package is installed. */
const DEVELOPMENT_ONLY: Readonly<Record<string, readonly string[]>> = {
  // The published package contains the bundle that esbuild made.
  'node-task': ['esbuild'],
  // The same, with everything that runs in the browser.
  'packages/dashboard': [
    '@dagrejs/dagre',
    '@preact/signals',
    '@tanstack/virtual-core',
    'esbuild',
    'preact',
    'uplot',
    'wouter-preact',
  ],
}

/** Needed, although no source imports it. */
const PEERS: Readonly<Record<string, readonly string[]>> = {
  // inversify loads it by itself and declares it as a peer.
  'packages/cli': ['reflect-metadata'],
}

const USED = PACKAGES.map((folder) => ({ folder, used: usedBy(folder) }))

test.each(USED)('$folder depends on what its sources import, and on nothing else', ({ folder, used }) => {
  const needed = used.filter((name) => !DEVELOPMENT_ONLY[folder]?.includes(name))
  const { dependencies = {} } = readJson<Manifest>(`${folder}/package.json`)
  expect(Object.keys(dependencies).sort()).toEqual([...needed, ...(PEERS[folder] ?? [])].sort())
})

test.each(USED)('$folder has development dependencies for the rest', ({ folder, used }) => {
  const rest = used.filter((name) => DEVELOPMENT_ONLY[folder]?.includes(name))
  const { devDependencies = {} } = readJson<Manifest>(`${folder}/package.json`)
  expect(Object.keys(devDependencies)).toEqual(rest)
})

function usedBy(folder: string): string[] {
  const { name: own } = readJson<Manifest>(`${folder}/package.json`)
  const client = readSources(`${folder}/client/**/*.{ts,tsx}`).filter(
    ({ path }) => !path.endsWith('.test.ts'),
  )
  const names = [...shippedSources([folder]), ...client]
    .flatMap(importsOf)
    .map(({ specifier }) => packageOf(specifier))
    .filter((name) => name !== undefined)
  return [...new Set(names)].filter((name) => name !== own).sort()
}
