// The pages of the documentation, and what their commands find when a reader gives them: files, pools, jobs.

import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readBlocks } from './blocks.ts'
import { notRun } from './not-run.ts'
import { SCENES, type Scene } from './scenes.ts'
import { stepsOf, type CommandStep, type Step } from './steps.ts'

export const ROOT = resolve(import.meta.dirname, '../..')

/** A page with what a reader does on it. */
export interface Page {
  /** Relative to the root. */
  path: string
  steps: readonly Step[]
  scene: Scene
}

/** Commands that need more time, or more of the machine, than `npm test` has; `test/full/docs.test.ts` gives them. */
const SLOW = /^(az|npm|npx|pip|python3|pytest|node_modules\/\.bin\/(node|vitest))\b/

export const PATHS: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...globSync('docs/**/*.md', { cwd: ROOT }).sort(),
]

export const readPage = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** What a reader does on a page, from top to bottom. */
export function stepsOn(path: string): Step[] {
  return readBlocks(path, readPage(path)).flatMap(stepsOf)
}

/** Whether a command is left to the full checks. */
export function isSlow({ scene }: Page, { name }: CommandStep): boolean {
  return scene.slow === true || SLOW.test(name)
}

/** The pages with a command that is given, by the full checks or by `npm test`. */
export function pagesToPlay({ slow }: { slow: boolean }): Page[] {
  const pages = PATHS.map((path): Page => ({ path, steps: stepsOn(path), scene: SCENES[path] ?? {} }))
  return pages.filter((page) =>
    page.steps.some(
      (step) => step.kind === 'command' && isSlow(page, step) === slow && !notRun(page.path, step.name),
    ),
  )
}
