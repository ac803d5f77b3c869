// The pages of the documentation as a whole: nothing that they point to is missing, and the index has them all.

import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { describeCommands } from '../../packages/cli/src/program/command-tree.ts'
import { commandLine } from '../../packages/cli/src/main.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGES = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: ROOT })].sort()

/** Those whose commands are in running text. */
const REFERENCE = ['docs/README.md', 'docs/architecture.md', 'docs/security.md', 'docs/troubleshooting.md']

test.each(PAGES)('%s links to what is there', (page) => {
  const missing = linksOf(textOf(page)).filter((link) => !leadsSomewhere(page, link))
  expect(missing).toEqual([])
})

test('docs/README.md has every page', () => {
  const index = linksOf(textOf('docs/README.md')).map((link) => normalize(join('docs', link)))
  // Those of one scenario each are listed by the page on scenarios.
  const pages = PAGES.filter(
    (page) => page !== 'docs/README.md' && !/^docs\/scenarios\/(?!README)/.test(page),
  )
  expect(pages.filter((page) => !index.includes(page))).toEqual([])
})

test('docs/architecture.md names folders and files that are there', () => {
  const names = [...textOf('docs/architecture.md').matchAll(/`([\w-]+(?:\/[\w.-]+)*)`/g)].map(
    ([, name = '']) => name,
  )
  const paths = names.filter(
    (name) => name.includes('/') || /^(emulator|node-task|test|engine|http|node|storage)$/.test(name),
  )
  const isThere = (path: string): boolean =>
    ['', 'emulator/src', 'docs'].some((folder) => existsSync(join(ROOT, folder, path)))
  expect(paths.length).toBeGreaterThan(20)
  expect(paths.filter((path) => !isThere(path) && !path.startsWith('@'))).toEqual([])
})

test.each(REFERENCE)('%s names commands that there are', (page) => {
  const known = new Set(describeCommands(commandLine()).map(({ path }) => path))
  const used = [...textOf(page).matchAll(/`malachite ([a-z][a-z-]*(?: [a-z][a-z-]*)*)(?=[ `])(?![ ][a-z])/g)]
  const unknown = used.map(([, path = '']) => path).filter((path) => !known.has(path))
  expect(used).not.toEqual([])
  expect(unknown).toEqual([])
})

function linksOf(text: string): string[] {
  const prose = text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, link = '']) => link)
}

function leadsSomewhere(page: string, link: string): boolean {
  if (/^[a-z]+:/.test(link)) return true
  const [file = '', anchor] = link.split('#')
  const target = file === '' ? page : normalize(join(dirname(page), file))
  if (!existsSync(join(ROOT, target))) return false
  return anchor === undefined || !target.endsWith('.md') || anchorsOf(textOf(target)).has(anchor)
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): Set<string> {
  const headings = text.replaceAll(/^```.*?^```/gms, '').matchAll(/^#+ (.+)$/gm)
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

function textOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8')
}
