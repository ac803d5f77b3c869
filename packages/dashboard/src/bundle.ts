// Makes the files of the browser's half: TypeScript, JSX and CSS become few small files that need nothing else.

import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Browsers of the last two years. */
const TARGET = ['es2023', 'chrome120', 'firefox121', 'safari17']

/**
 * Bundles the client into a directory: `app.js`, `app.css` and what they load later, named by content. Each file is there
 * in whole or not at all; what an earlier bundle left is removed. Needs esbuild and the sources.
 */
export async function bundleClient(directory: string): Promise<void> {
  const { buildSync } = await import('esbuild')
  // The synchronous variant leaves no esbuild process behind.
  const { outputFiles } = buildSync({
    entryPoints: { app: fileURLToPath(new URL('../client/main.tsx', import.meta.url)) },
    outdir: directory,
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: TARGET,
    minify: true,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    logLevel: 'silent',
  })
  await mkdir(directory, { recursive: true })
  // The entry last: whoever finds it new finds everything.
  const files = outputFiles.toSorted((a, b) => Number(isEntry(a.path)) - Number(isEntry(b.path)))
  for (const { path, contents } of files) await writeWhole(path, contents)
  await removeOthers(directory, new Set(files.map(({ path }) => basename(path))))
}

function isEntry(path: string): boolean {
  return basename(path) === 'app.js'
}

async function writeWhole(path: string, contents: Uint8Array): Promise<void> {
  const draft = `${path}.${process.pid}.${performance.now()}.tmp`
  try {
    await writeFile(draft, contents)
    await rename(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
}

async function removeOthers(directory: string, kept: ReadonlySet<string>): Promise<void> {
  const others = (await readdir(directory)).filter((name) => !kept.has(name) && !name.endsWith('.tmp'))
  await Promise.all(others.map((name) => rm(join(directory, name), { force: true })))
}

if (import.meta.main) await bundleClient(fileURLToPath(new URL('../dist/client', import.meta.url)))
