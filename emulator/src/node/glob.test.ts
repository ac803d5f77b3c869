import { expect, test } from 'vitest'
import { matchFiles, parseGlob, type ListDirectory } from './glob.ts'

const FILES = [
  'a.txt',
  'b.txt',
  'ab.csv',
  'x*.txt',
  '.hidden.txt',
  'sub/a.txt',
  'sub/deep/c.txt',
  'sub/deep/.d.txt',
  '.git/config.txt',
  'ü.txt',
]

/** Lists the files above as if they were on a disk. */
function listerBelow(base: string): ListDirectory {
  return (path) => {
    const names = new Map<string, boolean>()
    const prefix = base + path
    for (const file of FILES.filter((file) => file.startsWith(prefix))) {
      const [name = '', ...more] = file.slice(prefix.length).split('/')
      names.set(name, more.length > 0)
    }
    return Promise.resolve([...names].map(([name, isDirectory]) => ({ name, isDirectory })))
  }
}

async function match(pattern: string): Promise<string[]> {
  const { base, segments } = parseGlob(pattern)
  const found = await matchFiles(segments, listerBelow(base))
  return found.map((name) => base + name).sort()
}

test.for<[string, string[]]>([
  ['a.txt', ['a.txt']],
  ['*.txt', ['a.txt', 'b.txt', 'x*.txt', 'ü.txt']],
  ['?.txt', ['a.txt', 'b.txt', 'ü.txt']],
  ['[ab].txt', ['a.txt', 'b.txt']],
  ['[a-c]*', ['a.txt', 'ab.csv', 'b.txt']],
  ['[!a].txt', ['b.txt', 'ü.txt']],
  ['x[*].txt', ['x*.txt']],
  ['x[*].*', ['x*.txt']],
  ['.*', ['.hidden.txt']],
  ['*', ['a.txt', 'ab.csv', 'b.txt', 'x*.txt', 'ü.txt']],
  ['*/*.txt', ['sub/a.txt']],
  ['sub/*', ['sub/a.txt']],
  ['sub/**', ['sub/a.txt', 'sub/deep/c.txt']],
  ['**/*.txt', ['a.txt', 'b.txt', 'sub/a.txt', 'sub/deep/c.txt', 'x*.txt', 'ü.txt']],
  ['**/deep/*', ['sub/deep/c.txt']],
  ['**/.*', ['.hidden.txt', 'sub/deep/.d.txt']],
  ['.git/*', ['.git/config.txt']],
  ['s**/a.txt', ['sub/a.txt']],
  ['none*', []],
])('%s matches %j', async ([pattern, files]) => {
  expect(await match(pattern)).toEqual(files)
})

test.for<[string, string, boolean]>([
  ['out.txt', '', true],
  ['sub/out.txt', 'sub/', true],
  ['/mnt/x/out.txt', '/mnt/x/', true],
  ['abc[*]', '', true],
  ['../std*.txt', '../', false],
  ['sub/**/x', 'sub/', false],
  ['a[*]b/c?', 'a*b/', false],
])('%s begins at %j', ([pattern, base, isLiteral]) => {
  expect(parseGlob(pattern)).toMatchObject({ base, isLiteral })
})
