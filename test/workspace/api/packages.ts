// The packages that the reference describes, each with its page.

import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { readExports, type ApiExport } from './exports.ts'
import { apiPage, apiSummary } from './page.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** Folders of the packages, those first that programs use most. */
export const API_PACKAGES: readonly string[] = [
  'emulator',
  'packages/orchestrator',
  'packages/model',
  'packages/local',
  'packages/azure',
  'packages/azurite',
  'packages/dashboard',
  'packages/cli',
  'node-task',
]

let all: Map<string, ApiExport[]> | undefined

/** What a package exports; the compiler is asked once for all of them. */
export function exportsOf(folder: string): ApiExport[] {
  all ??= readExports(API_PACKAGES)
  return all.get(folder) ?? []
}

/** The pages, relative to the root, each with the text of its generated part. */
export const API_PAGES: readonly { file: string; name: string; text: () => string }[] = [
  { file: 'docs/api/README.md', name: 'packages', text: packageTable },
  ...API_PACKAGES.map((folder) => ({
    file: `docs/api/${pageOf(folder)}`,
    name: 'exports',
    text: () => apiPage(exportsOf(folder)),
  })),
]

function packageTable(): string {
  const rows = API_PACKAGES.map((folder) => {
    const { name, description } = manifestOf(folder)
    const summary = apiSummary(pageOf(folder), exportsOf(folder))
    return `| [${name}](${pageOf(folder)}) | ${description} | ${summary} |`
  })
  return ['| package | what it is | exports |', '|---|---|---|', ...rows].join('\n')
}

function manifestOf(folder: string): { name: string; description: string } {
  return JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as ReturnType<typeof manifestOf>
}

function pageOf(folder: string): string {
  return `${basename(folder)}.md`
}
