// Where the task script is. In a source checkout it is bundled when it is asked for, so that there is no build step.

import { readdir, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** The file name of the task script, on disk and as a blob. */
export const TASK_SCRIPT_NAME = 'top-words.mjs'

const SCRIPT = fileURLToPath(new URL(`../dist/${TASK_SCRIPT_NAME}`, import.meta.url))

/**
 * The path of the task script, one self-contained file for Node 18 and later. A source checkout bundles it first unless
 * it is newer than its sources; that needs esbuild, the published package does not.
 */
export async function taskScriptPath(): Promise<string> {
  if (isSourceCheckout() && (await isStale())) {
    const { bundleTaskScript } = await import('./bundle.ts')
    await bundleTaskScript(SCRIPT)
  }
  return SCRIPT
}

function isSourceCheckout(): boolean {
  return import.meta.url.endsWith('.ts')
}

async function isStale(): Promise<boolean> {
  const built = await stat(SCRIPT).catch(ignoreMissing)
  if (built === undefined) return true
  const directory = new URL('.', import.meta.url)
  const names = await readdir(directory)
  const sources = await Promise.all(names.map((name) => stat(new URL(name, directory))))
  return sources.some((source) => source.mtimeMs > built.mtimeMs)
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
