// The API reference is made of the comments in the sources, so an export without one would be a hole in it.

import { expect, test } from 'vitest'
import { parseDocComment } from './doc-comment.ts'
import type { ApiExport } from './exports.ts'
import { API_PACKAGES, exportsOf } from './packages.ts'
import { apiPage } from './page.ts'
import { inOneLine } from './signature.ts'

test.each(API_PACKAGES)('%s says of everything that it exports what it is', (folder) => {
  const exports = exportsOf(folder)
  const silent = exports.filter(({ doc }) => doc === undefined || doc.text === '')
  expect(exports).not.toEqual([])
  expect(silent.map(({ path, name }) => `${path}: ${name}`)).toEqual([])
})

test.each(['BatchBackend', 'BlobBackend', 'EmulatorOptions', 'WorkflowSettings'])(
  '%s says it of every member',
  (name) => {
    const [entry, ...more] = API_PACKAGES.flatMap(exportsOf).filter((exported) => exported.name === name)
    expect(more).toEqual([])
    const silent = entry?.members.filter(({ doc }) => !doc?.text && doc?.default === undefined)
    expect(silent?.map(({ signature }) => signature)).toEqual([])
  },
)

test('a comment is read as paragraphs, its tags apart', () => {
  const comment = `/**
   * Reads a file,
   * all of it.
   *
   * Then closes it. @param path of the file
   * @default 'a b'
   */`
  expect(parseDocComment(comment)).toEqual({
    text: 'Reads a file, all of it.\n\nThen closes it.',
    default: "'a b'",
    params: [['path', 'of the file']],
  })
  expect(parseDocComment('/** @default no log */')).toEqual({ text: '', default: 'no log', params: [] })
})

test('a member is shown in one line, its own members with semicolons between them', () => {
  const source = `readonly read(
    path: string,
    options?: {
      /** Bytes. */
      offset?: number
      length?: number
    },
  ): Promise<
    string
  >`
  expect(inOneLine(source)).toBe(
    'read(path: string, options?: { offset?: number; length?: number }): Promise<string>',
  )
})

test('a page has its exports by kind, and `|` does not end a cell', () => {
  const doc = { text: 'What it is.', params: [] as [string, string][] }
  const exports: ApiExport[] = [
    {
      name: 'Options',
      kind: 'type',
      signature: 'interface Options',
      doc,
      members: [
        { signature: "mode?: 'a' | 'b'", doc: { text: 'How, a|b.', default: "'a'", params: [] } },
        { signature: 'log?: Log', doc: { text: '', default: 'no log', params: [] } },
      ],
      path: 'a/src/options.ts',
    },
    {
      name: 'open',
      kind: 'function',
      signature: 'function open(): void',
      doc,
      members: [],
      path: 'a/src/open.ts',
    },
  ]
  const page = apiPage(exports)
  expect(page.split('\n').filter((line) => line.startsWith('#'))).toEqual([
    '## Functions',
    '### open',
    '## Types',
    '### Options',
  ])
  expect(page).toContain("| `mode?: 'a' \\| 'b'` | How, a\\|b. Default: `'a'`. |")
  expect(page).toContain('| `log?: Log` | Default: no log. |')
  expect(page).toContain('```ts\nfunction open(): void\n```')
})
