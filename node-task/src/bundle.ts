// Makes one self-contained JavaScript file of the task script, for nodes where nothing can be installed.

import { rename, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** The oldest Node that the nodes may have. */
const TARGET = 'node18'

/** Bundles the task script into `outfile`, which never exists half written. Needs esbuild and the sources. */
export async function bundleTaskScript(outfile: string): Promise<void> {
  const { buildSync } = await import('esbuild')
  const temporary = `${outfile}.${process.pid}.${performance.now()}`
  try {
    // The synchronous variant leaves no esbuild process behind.
    buildSync({
      entryPoints: [fileURLToPath(new URL('main.ts', import.meta.url))],
      outfile: temporary,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: TARGET,
      logLevel: 'silent',
      banner: { js: '// The task script of Malachite; built from node-task/src.' },
    })
    await rename(temporary, outfile)
  } finally {
    await rm(temporary, { force: true })
  }
}

if (import.meta.main) {
  await bundleTaskScript(fileURLToPath(new URL('../dist/top-words.mjs', import.meta.url)))
}
