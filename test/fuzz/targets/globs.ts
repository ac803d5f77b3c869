// File patterns of output files, against a directory of awkward names.

import { type ListDirectory, matchFiles, parseGlob } from '../../../emulator/src/node/glob.ts'
import { defineTarget, expectThat, type Target } from '../target.ts'
import { type Language, makeText } from '../texts.ts'

const PATTERNS: Language = {
  valid: [
    '*.txt',
    '**/*.log',
    'wd/out?.[a-c]*',
    '../std*.txt',
    '[!x]*',
    'a[*]b',
    '**',
    'd/**/e/*',
    '*a*a*a*a*a*a*a*a*b',
  ],
  words: [
    '*',
    '**',
    '?',
    '[',
    ']',
    '[!',
    '[a-z]',
    '[z-a]',
    '[]]',
    '/',
    '//',
    '.',
    '..',
    'a',
    'aa',
    'd',
    '\\',
    '{',
    '(',
    '^',
    '*a',
  ],
}

const FILES: Readonly<Record<string, readonly string[]>> = {
  '': ['a'.repeat(255), 'a.txt', '.hidden', 'x*y', 'ab\ncd', '[z]', 'é', '💥'],
  'd/': ['e.log', 'a'.repeat(120)],
  'd/e/': ['deep.txt', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac'],
}
const DIRECTORIES: Readonly<Record<string, readonly string[]>> = { '': ['d', '.git'], 'd/': ['e'] }
const ALL = new Set(Object.entries(FILES).flatMap(([path, names]) => names.map((name) => path + name)))

const list: ListDirectory = (path) =>
  Promise.resolve([
    ...(FILES[path] ?? []).map((name) => ({ name, isDirectory: false })),
    ...(DIRECTORIES[path] ?? []).map((name) => ({ name, isDirectory: true })),
  ])

/** A pattern. */
export function openGlobs(): Target {
  return defineTarget({
    name: 'globs',
    make: (random) => makeText(random, PATTERNS),
    async check(pattern) {
      const { segments, base } = parseGlob(pattern)
      expectThat(base === '' || base.endsWith('/'), 'a base is a directory')
      const found = await matchFiles(segments, list)
      expectThat(
        found.every((name) => ALL.has(name)),
        'only what is there is found',
      )
    },
  })
}
