// The parts of the documentation that are made from the code. `npm run docs` writes them; a test compares.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROUTES } from '@malachite/emulator'
import { CAUSES } from '../../emulator/src/engine/explain/causes.ts'
import { FAILURE_CAUSES } from '../../emulator/src/engine/explain/failure-causes.ts'
import { NOT_EMULATED } from '../../emulator/src/schema/not-emulated.ts'
import { BATCH_ERRORS } from '@malachite/model'
import { isIn, rangeOfOperation } from '../../emulator/src/http/versions.ts'
import { CHAPTERS } from '../behaviour/chapters.ts'
import type { Rule } from '../behaviour/rule.ts'
import { provenBy, type Witnessed } from '../clients/proofs.ts'
import { API_PAGES } from './api/packages.ts'
import { commandTable, exitCodeTable } from './command-tables.ts'
import { codes, situations } from './troubles/pages.ts'

const ROOT = join(import.meta.dirname, '../..')

/** What stands between the markers `<!-- NAME -->` and `<!-- end NAME -->`, and in which file. */
export const GENERATED: readonly { file: string; name: string; text: () => string }[] = [
  { file: 'README.md', name: 'operations', text: summary },
  { file: 'docs/operations.md', name: 'operations', text: operations },
  { file: 'docs/behaviour.md', name: 'rules', text: behaviour },
  { file: 'docs/differences.md', name: 'not emulated', text: notEmulated },
  { file: 'docs/errors.md', name: 'errors', text: errors },
  { file: 'docs/command-line.md', name: 'commands', text: commandTable },
  { file: 'docs/command-line.md', name: 'exit codes', text: exitCodeTable },
  { file: 'docs/why.md', name: 'causes', text: () => causes(CAUSES) },
  { file: 'docs/why.md', name: 'failures', text: () => causes(FAILURE_CAUSES) },
  { file: 'docs/troubleshooting.md', name: 'situations', text: situations },
  { file: 'docs/troubleshooting.md', name: 'codes', text: codes },
  ...API_PAGES,
]

const LABELS: Record<Witnessed, string> = {
  python: 'azure-batch 13, 14 (Python)',
  pythonNext: 'azure-batch 15 (Python)',
  az: 'az batch 2.45',
}

const RESOURCES: Record<string, string> = {
  account: 'Account',
  pool: 'Pools',
  computeNode: 'Nodes',
  computeNodeExtension: 'Node extensions',
  job: 'Jobs',
  task: 'Tasks',
  file: 'Files of tasks and nodes',
  jobSchedule: 'Job schedules',
  application: 'Applications',
  certificate: 'Certificates',
}

const isServed = ({ supported }: { supported: boolean }): boolean => supported

/** The operations of each resource; those that answer 501 are marked. */
function summary(): string {
  const rows = Object.entries(RESOURCES).map(([resource, label]) => {
    const names = operationsOf(resource).map((route) => verbOf(route) + (isServed(route) ? '' : ' (501)'))
    return `| ${label} | ${names.join(', ')} |`
  })
  const count = ROUTES.filter(isServed).length
  const all = `${count} of ${ROUTES.length} operations, those of all versions together, are served.`
  return [all, '', '| resource | operations |', '|---|---|', ...rows].join('\n')
}

const operationsOf = (resource: string) =>
  ROUTES.filter((route) => route.operation.split('.')[0] === resource)

const verbOf = ({ operation }: { operation: string }): string => operation.split('.')[1] ?? ''

const SUITES: [label: string, calls: (operation: string) => boolean][] = [
  ['@azure/batch 10.2', (operation) => isIn('2022-10-01.16.0', rangeOfOperation(operation))],
  ...(['python', 'pythonNext', 'az'] as const).map((client): [string, (operation: string) => boolean] => {
    const proven = new Set(provenBy(client))
    return [LABELS[client], (operation) => proven.has(operation)]
  }),
]

/** One row per operation: what it is, whether it is served, in which versions, and whose suites call it. */
function operations(): string {
  const rows = Object.keys(RESOURCES)
    .flatMap(operationsOf)
    .map((route) => {
      const { operation, verb, path, status } = route
      const served = isServed(route) ? String(status) : '501'
      const marks = SUITES.map(([, calls]) => (calls(operation) ? '✓' : ''))
      return `| ${[operation, `\`${verb} ${path}\``, served, versionsOf(operation), ...marks].join(' | ')} |`
    })
  const head = ['operation', 'request', 'success', 'api-versions', ...SUITES.map(([label]) => label)]
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---|').join('')}`, ...rows].join('\n')
}

function versionsOf(operation: string): string {
  const { since, until } = rangeOfOperation(operation)
  return [since && `from ${since}`, until && `before ${until}`].filter(Boolean).join(', ') || 'all'
}

/** Each rule of the service with the test that proves it, by chapter and subject. */
function behaviour(): string {
  const chapters = CHAPTERS.map(({ title, sections }) => {
    const tables = Object.entries(sections).map(([section, rules]) => {
      const rows = rules.map((rule) => `| ${bare(rule.says)} | ${proofOf(rule)} |`)
      return [`### ${section}`, '', '| the service | proof |', '|---|---|', ...rows].join('\n')
    })
    return [`## ${title}`, ...tables].join('\n\n')
  })
  return chapters.join('\n\n')
}

function proofOf(rule: Rule): string {
  if ('difference' in rule) return `[different](differences.md): ${bare(rule.difference)}`
  const name = rule.file.replace(/^.*\/|\.test\.ts$/g, '')
  return `[${name}](../${rule.file}): ${bare(rule.title)}`
}

/** A sentence as Markdown shows it in a table, without taking `<id>`, `*` or `|` for its own signs. */
function bare(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll(/[*|]/g, (sign) => `\\${sign}`)
}

function notEmulated(): string {
  const rows = Object.entries(NOT_EMULATED).map(([member, reason]) => `| \`${member}\` | ${reason} |`)
  return ['| member of the request | why it is refused with 501 |', '|---|---|', ...rows].join('\n')
}

function errors(): string {
  const rows = Object.entries(BATCH_ERRORS).map(
    ([code, [status, sentence]]) => `| ${status} | \`${code}\` | ${sentence} |`,
  )
  return ['| HTTP | code | sentence |', '|---|---|---|', ...rows.sort()].join('\n')
}

/** The codes of `malachite why` with what they mean; facts are in italics. */
function causes(table: Readonly<Record<string, readonly [sentence: string, fix: string]>>): string {
  const plain = (text: string): string =>
    text.replaceAll(/\{\w+:([\w ]+)\}/g, '_n_ $1s').replaceAll(/\{(\w+)\}/g, '_$1_')
  const rows = Object.entries(table).map(
    ([code, [sentence, fix]]) => `| \`${code}\` | ${plain(sentence)} | ${plain(fix)} |`,
  )
  return ['| cause | what it says | what to do |', '|---|---|---|', ...rows].join('\n')
}

/** The file's text with its generated part made anew. */
export function render(file: string, name: string, text: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- end ${name} -->`]
  const before = readFileSync(join(ROOT, file), 'utf8')
  const [head, rest] = before.split(start)
  const tail = rest?.split(end)[1]
  if (head === undefined || tail === undefined) throw new Error(`${file} has no part "${name}"`)
  return `${head}${start}\n${text}\n${end}${tail}`
}

/** The file as it is. */
export function current(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}

if (import.meta.main) {
  for (const { file, name, text } of GENERATED) writeFileSync(join(ROOT, file), render(file, name, text()))
}
