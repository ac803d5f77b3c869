// The page of a package: its exports by kind, each with its signature, its comment and its members.

import type { ApiDeclaration, ApiMember } from './declaration.ts'
import type { DocComment } from './doc-comment.ts'
import type { ApiExport } from './exports.ts'

const SECTIONS: readonly [title: string, ...kinds: ApiDeclaration['kind'][]][] = [
  ['Functions', 'function'],
  ['Classes', 'class'],
  ['Types', 'type'],
  ['Values', 'value'],
]

/** The page as Markdown: what there is, then every export. */
export function apiPage(exports: readonly ApiExport[]): string {
  const sections = SECTIONS.map(([title, ...kinds]) => ({
    title,
    entries: exports.filter(({ kind }) => kinds.includes(kind)),
  })).filter(({ entries }) => entries.length > 0)
  const contents = sections.map(({ title, entries }) => `**${title}**: ${entries.map(linkTo).join(' · ')}`)
  const texts = sections.map(({ title, entries }) => [`## ${title}`, ...entries.map(entryOf)].join('\n\n'))
  return [...contents, ...texts].join('\n\n')
}

/** A row for the list of packages: its functions and classes, and how many types there are. */
export function apiSummary(page: string, exports: readonly ApiExport[]): string {
  const main = exports.filter(({ kind }) => kind === 'function' || kind === 'class')
  const links = main.map(({ name }) => `[\`${name}\`](${page}#${name.toLowerCase()})`)
  const types = exports.filter(({ kind }) => kind === 'type').length
  return [...links, types === 1 ? '1 type' : types > 1 ? `${types} types` : ''].filter(Boolean).join(', ')
}

function linkTo({ name }: ApiExport): string {
  return `[${name}](#${name.toLowerCase()})`
}

function entryOf({ name, signature, doc, members, path }: ApiExport): string {
  const isPlain = members.length > 0 && signature === `interface ${name}`
  const parts = [
    `### ${name}`,
    doc && textOf(doc),
    ...(doc?.params.map(([param, text]) => `- \`${param}\`: ${text}`) ?? []),
    isPlain ? undefined : ['```ts', signature, '```'].join('\n'),
    members.length > 0 ? membersTable(members) : undefined,
    `<sub>[${path}](../../${path})</sub>`,
  ]
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n')
}

function membersTable(members: readonly ApiMember[]): string {
  const rows = members.map(
    ({ signature, doc }) => `| ${code(signature)} | ${doc ? inCell(textOf(doc)) : ''} |`,
  )
  return ['| member | |', '|---|---|', ...rows].join('\n')
}

/** What a comment says, its default in words at the end. */
function textOf({ text, default: value }: DocComment): string {
  return [text, value === undefined ? '' : `Default: ${asValue(value)}.`].filter(Boolean).join(' ')
}

function asValue(value: string): string {
  return /^('[^']*'|\[.*\]|-?[\d_]+|true|false)$/.test(value) ? `\`${value}\`` : value
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``
}

function inCell(text: string): string {
  return text.replaceAll(/\n+/g, ' ').replaceAll('|', '\\|')
}
