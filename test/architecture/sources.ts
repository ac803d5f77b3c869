// The source files as text, and what they import: what the tests of this folder compare with their tables.

import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')

/** The folders of the packages that are published, relative to the root. */
export const PACKAGES: readonly string[] = globSync(
  ['packages/*/package.json', 'emulator/package.json', 'node-task/package.json'],
  {
    cwd: ROOT,
  },
)
  .map(dirname)
  .sort()

/** A file, its path relative to the root with `/`. */
export interface Source {
  path: string
  text: string
}

/** One import: where it stands, and what it names. */
export interface Import {
  /** `emulator/src/engine/core/core.ts:12`. */
  at: string
  /** The importing file. */
  path: string
  /** As written: `node:fs`, `@azure/batch`, `../engine/api.ts`. */
  specifier: string
  /** The imported file for a relative specifier, the specifier itself for others. */
  target: string
  typeOnly: boolean
}

/** The files that `pattern` selects, in order of their paths; nothing below `node_modules` or `dist`. */
export function readSources(pattern: string | string[]): Source[] {
  return globSync(pattern, { cwd: ROOT, exclude: ['**/node_modules', '**/dist'] })
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
}

/** What the packages ship: their sources without the tests and the helpers of tests. */
export function shippedSources(packages: readonly string[] = PACKAGES): Source[] {
  return readSources(packages.map((path) => `${path}/src/**/*.ts`)).filter(
    ({ path }) => !path.endsWith('.test.ts') && !path.includes('/src/testing/'),
  )
}

/** Reads a JSON file of the repository. */
export function readJson<Shape>(path: string): Shape {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Shape
}

const IMPORT =
  /^\s*(?:import|export)(?<type> type)? [^'"`]*?\bfrom '(?<from>[^']+)'|^\s*import '(?<bare>[^']+)'|(?<typeof>\btypeof )?\bimport\(\s*'(?<dynamic>[^']+)'|(?:import\.meta|createRequire\(import\.meta\.url\))\.resolve\('(?<resolved>[^']+)'/gm

/** Every import of a file, static, dynamic or resolved, with the line it starts on. */
export function importsOf({ path, text }: Source): Import[] {
  const code = withoutComments(text)
  return [...code.matchAll(IMPORT)].map((match) => {
    const { from, bare, dynamic, resolved, type, typeof: typeOf } = match.groups ?? {}
    const specifier = from ?? bare ?? dynamic ?? resolved ?? ''
    return {
      at: `${path}:${lineOf(code, match.index + match[0].search(/\S/))}`,
      path,
      specifier,
      target: specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : specifier,
      typeOnly: type !== undefined || typeOf !== undefined,
    }
  })
}

/** Lines of `source` that `pattern` matches outside comments, as `path:line: text`. */
export function linesMatching({ path, text }: Source, pattern: RegExp): string[] {
  return withoutComments(text)
    .split('\n')
    .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []))
}

/** The package that a bare specifier names: `@azure/batch` of `@azure/batch/x.js`; undefined for files and `node:`. */
export function packageOf(specifier: string): string | undefined {
  if (/^(\.|node:)/.test(specifier)) return undefined
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** Blanks the lines that are comments; the others keep their numbers. */
function withoutComments(text: string): string {
  return text.replaceAll(/^[ \t]*(?:\/\/|\/?\*).*$/gm, '')
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
