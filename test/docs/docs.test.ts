import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { NOT_RUN } from './not-run.ts'
import { pagesToPlay, PATHS, readPage, stepsOn } from './pages.ts'
import { playPage } from './play.ts'
import { readBlocks } from './blocks.ts'
import { SCENES } from './scenes.ts'

// The expect of the test, as several run at once.
test.concurrent.for(pagesToPlay({ slow: false }))(
  'the commands of $path do what it says',
  { timeout: 120_000 },
  async (page, { expect }) => {
    await expect(playPage(page, { slow: false })).resolves.toBeUndefined()
  },
)

describe('the tables', () => {
  test('name pages that are there', () => {
    const named = [...Object.keys(SCENES), ...NOT_RUN.map(({ page }) => page)]
    expect(named.filter((path) => !PATHS.includes(path))).toEqual([])
  })

  test('name no command that is gone', () => {
    const gone = NOT_RUN.filter(({ page, command }) => !namesOn(page).includes(command))
    expect(gone).toEqual([])
    const prepared = Object.entries(SCENES).flatMap(([page, { before = {}, exitCodes = {} }]) =>
      [...Object.keys(before), ...Object.keys(exitCodes)].map((command) => ({ page, command })),
    )
    expect(prepared.filter(({ page, command }) => !namesOn(page).includes(command))).toEqual([])
  })
})

describe('the blocks', () => {
  const blocks = PATHS.flatMap((path) => readBlocks(path, readPage(path)))

  test('of commands are called sh or console, so that none is overlooked', () => {
    const others = ['bash', 'shell', 'zsh', 'powershell', 'shell-session', 'terminal']
    expect(blocks.filter(({ language }) => others.includes(language)).map(({ at }) => at)).toEqual([])
    const silent = /^(\$ )?(malachite|node_modules\/|npm|npx|az|docker|curl|pip|python3) /
    const unmarked = blocks.filter(
      ({ language, text }) => ['', 'text'].includes(language) && silent.test(text),
    )
    expect(unmarked.filter(({ text }) => !text.startsWith('$ ')).map(({ at }) => at)).toEqual([])
  })

  test('that are files are named by their page, too', () => {
    const nameless = blocks.filter(({ title, page }) => title !== undefined && !page.includes(title))
    expect(nameless.map(({ at, title }) => `${at} ${title}`)).toEqual([])
  })
})

/** The parser of YAML that the linter of docker-compose.yml brings. */
interface Parser {
  parse: (text: string) => unknown
}

describe('the documents', () => {
  const documents = PATHS.flatMap((path) => readBlocks(path, readPage(path)))
  const { parse } = createRequire(import.meta.resolve('dclint'))('yaml') as Parser

  test.each(documents.filter(({ language }) => language === 'yaml'))('$at is YAML', ({ text }) => {
    expect(parse(text)).toEqual(expect.any(Object))
  })

  test.each(documents.filter(({ language }) => language === 'json'))('$at is JSON', ({ text }) => {
    expect(JSON.parse(text)).toEqual(expect.any(Object))
  })
})

function namesOn(path: string): string[] {
  return stepsOn(path).flatMap((step) => (step.kind === 'command' ? [step.name] : []))
}
