// A reader who does what a page says, command by command, and believes it only if it is so.

import { isWhatWasShown, normalise } from './output.ts'
import { notRun } from './not-run.ts'
import { isSlow, ROOT, type Page } from './pages.ts'
import type { Outcome } from './shell.ts'
import { openStage, type Stage } from './stage.ts'
import type { CommandStep } from './steps.ts'

/** Who plays: `npm test` leaves slow commands out; Python and what else was found for the pages that need it. */
export interface PlayOptions {
  slow: boolean
  env?: Readonly<Record<string, string>>
}

/** Does all of a page. Throws at the first command that fails or prints something else than the page shows. */
export async function playPage(page: Page, { slow, env = {} }: PlayOptions): Promise<void> {
  const { scene } = page
  const stage = await openStage({ root: ROOT, blobs: scene.blobs ?? false, env })
  try {
    await scene.begin?.(stage)
    for (const [index, step] of page.steps.entries()) {
      if (step.kind === 'file') await stage.write(step.name, step.text)
      else if (slow || !isSlow(page, step)) {
        const next = page.steps[index + 1]
        await playCommand(page, step, stage, next?.kind === 'command' && next.name === 'echo $?')
      }
    }
  } finally {
    await stage.close()
  }
}

async function playCommand(page: Page, step: CommandStep, stage: Stage, mayFail: boolean): Promise<void> {
  if (notRun(page.path, step.name)) return
  const { scene } = page
  await scene.before?.[step.name]?.(stage)
  const command = withWords(step.command, stage.words)
  const { exitCode, output } = await give(command, step.name, stage)
  const expected = scene.exitCodes?.[step.name] ?? (mayFail ? exitCode : 0)
  const said = `${step.at}\n$ ${command}\n${output}`
  if (exitCode !== expected) throw new Error(`Exit code ${exitCode} instead of ${expected}: ${said}`)
  if (step.output !== undefined && !isWhatWasShown(step.output, output))
    throw new Error(`The page shows something else:\n${normalise(step.output)}\nthan was printed: ${said}`)
}

// Only what leaves nothing in the repository but files that git ignores. Whatever else npm is to run there is not found.
const IN_CLONE = /^npm (start$|run fuzz .*--runs 1$)/
const SERVER = /^(node_modules\/\.bin\/)?malachite (emulator|ui)\b(?! (stop|status))/
const READY = /^(Batch service is successfully listening|Dashboard of) .*$/m

async function give(command: string, name: string, { shell }: Stage): Promise<Outcome> {
  if (!SERVER.test(name)) return shell.run(command, ...(IN_CLONE.test(name) ? [ROOT] : []))
  await shell.endServers() // as a reader does with Ctrl-C before starting another one
  return name.includes('--detach') ? shell.run(command) : shell.serve(command, READY)
}

function withWords(command: string, words: ReadonlyMap<string, string>): string {
  return [...words].reduce(
    (text, [word, value]) => text.replaceAll(new RegExp(`\\b${word}\\b`, 'g'), value),
    command,
  )
}
