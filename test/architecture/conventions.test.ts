// Conventions that a linter does not know: where time and chance come from, and how long a file may get.

import { expect, test } from 'vitest'
import { importsOf, linesMatching, readSources, shippedSources } from './sources.ts'

const EVERYTHING = readSources(['packages/*/src/**/*.ts', '{emulator,node-task}/src/**/*.ts', 'test/**/*.ts'])
const LONGEST_FILE = 400

const TIME_OR_CHANCE =
  /\b(Date\.now|performance\.now|setTimeout|setInterval|setImmediate|randomUUID|randomBytes|Math\.random)\b|\bnew Date\(\)|\bTemporal\.Now\b/

test.each(['engine', 'scheduler', 'autoscale', 'simulation', 'profile', 'storage', 'schema', 'odata'])(
  'emulator/src/%s gets time and ids as arguments',
  (folder) => {
    const sources = shippedSources(['emulator']).filter(({ path }) =>
      path.startsWith(`emulator/src/${folder}/`),
    )
    expect(sources).not.toEqual([])
    expect(sources.flatMap((source) => linesMatching(source, TIME_OR_CHANCE))).toEqual([])
  },
)

test('no source has a default export', () => {
  expect(
    shippedSources().flatMap((source) => linesMatching(source, /^export default\b|\bas default\b/)),
  ).toEqual([])
})

test('a package has one index.ts, and it lists its names', () => {
  const sources = shippedSources()
  const indexes = sources.filter(({ path }) => path.endsWith('/index.ts') && !path.endsWith('/src/index.ts'))
  expect(indexes.map(({ path }) => path)).toEqual([])
  expect(sources.flatMap((source) => linesMatching(source, /^export (type )?\*/))).toEqual([])
})

test('relative imports name the file with its extension, built-in modules have their prefix', () => {
  const offending = EVERYTHING.flatMap(importsOf).filter(
    ({ specifier }) =>
      (specifier.startsWith('.') && !/\.(ts|json)$/.test(specifier)) ||
      /^(fs|path|os|url|util|http|net|crypto|events|stream|child_process|assert)(\/|$)/.test(specifier),
  )
  expect(offending.map(({ at, specifier }) => `${at} imports ${specifier}`)).toEqual([])
})

test(`no source is longer than ${LONGEST_FILE} lines`, () => {
  const lengths = shippedSources().map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
  const long = lengths.filter(({ lines }) => lines > LONGEST_FILE)
  expect(long.map(({ path, lines }) => `${path}: ${lines} lines`)).toEqual([])
})

test('no test is singled out or announced', () => {
  const tests = EVERYTHING.filter(({ path }) => path.endsWith('.test.ts'))
  const left = /\b(test|it|describe)(\.\w+)?\.(only|todo)\(/
  expect(tests.flatMap((source) => linesMatching(source, left))).toEqual([])
})
