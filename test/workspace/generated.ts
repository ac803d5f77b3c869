// The parts of the documentation that are made from the code. `npm run docs` writes them; a test compares.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROUTES } from '@malachite/emulator'
import { NOT_EMULATED } from '../../emulator/src/schema/not-emulated.ts'
import { BATCH_ERRORS } from '@malachite/model'

const ROOT = join(import.meta.dirname, '../..')

/** What stands between the markers `<!-- NAME -->` and `<!-- end NAME -->`, and in which file. */
export const GENERATED: { file: string; name: string; text: () => string }[] = [
  { file: 'README.md', name: 'operations', text: operations },
  { file: 'docs/differences.md', name: 'not emulated', text: notEmulated },
  { file: 'docs/errors.md', name: 'errors', text: errors },
]

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

/** One row per resource: what is served, and what answers 501. */
function operations(): string {
  const rows = Object.entries(RESOURCES).map(([resource, label]) => {
    const own = ROUTES.filter((route) => route.operation.split('.')[0] === resource)
    const names = (supported: boolean): string =>
      own
        .filter((route) => route.supported === supported)
        .map((route) => route.operation.split('.')[1])
        .join(', ')
    return `| ${label} | ${names(true) || '–'} | ${names(false) || '–'} |`
  })
  const count = ROUTES.filter((route) => route.supported).length
  return [
    `${count} of the ${ROUTES.length} operations of the service are served; the others answer \`501 NotImplemented\`.`,
    '',
    '| resource | served | 501 so far |',
    '|---|---|---|',
    ...rows,
  ].join('\n')
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
